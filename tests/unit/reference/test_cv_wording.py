"""CV wordings: verbs become nouns, explanations go, and the words differ from the offer's."""

from __future__ import annotations

import csv
from importlib import resources

import pytest

from jobmatch_ml.reference.cv_wording import reword_skill, reword_task

TABLES = resources.files("jobmatch_ml.reference") / "tables"


@pytest.mark.parametrize(
    ("offer", "wordings"),
    [
        ("Entretenir les haies", {"Entretien des haies", "Maintenance des haies"}),
        ("Abattre un arbre", {"Abattage d'un arbre"}),
        ("Inspecter l'ouvrage", {"Inspection de l'ouvrage", "Contrôle de l'ouvrage"}),
        ("Effectuer la tonte", {"Tonte", "Exécution de la tonte"}),
        ("Participer à un inventaire", {"Participation à un inventaire",
                                        "Contribution à un inventaire"}),
        ("Faciliter la compréhension", {"Aide à la compréhension"}),
        ("Faciliter le transfert", {"Aide au transfert"}),
        ("Veiller au respect du plan", {"Respect du plan"}),
        ("Tailler et former la vigne", {"Taille et formation de la vigne"}),
        ("Abattre le tri et la collecte", {"Abattage du tri et de la collecte"}),
        ("Mettre en place un atelier", {"Mise en place d'un atelier", "Instauration d'un atelier"}),
        ("Former efficacement les clients (vente)", {"Formation de la clientèle"}),
        ("Former des équipes internationales", {"Formation d'équipes internationales"}),
        ("Collaborer avec des partenaires", {"Collaboration avec des partenaires",
                                             "Travail avec des partenaires"}),
    ],
)  # fmt: skip
def test_a_task_is_reworded_as_in_cvs(offer: str, wordings: set[str]) -> None:
    assert reword_task(offer) in wordings
    assert reword_task(offer) == reword_task(offer)


@pytest.mark.parametrize(
    "text", ["Coder", "Être disponible", "Revêtir la combinaison", "Soudage", "X", "mise en œuvre"]
)
def test_what_no_rule_fits_is_worded_otherwise_all_the_same(text: str) -> None:
    assert reword_task(text).lower() != text.lower()
    assert all(word.lower() != text.lower() for word in reword_skill(text))
    assert reword_skill(text)


def test_a_skill_loses_its_empty_head_and_may_become_an_acronym() -> None:
    assert reword_skill("Techniques de soudage")[0] == "Soudage"
    assert "GMAO" in reword_skill("Gestion de maintenance assistée par ordinateur (GMAO)")
    assert reword_skill("Conduire un tracteur")[0] in {"Conduite d'un tracteur",
                                                      "Pilotage d'un tracteur"}  # fmt: skip


@pytest.mark.parametrize(("name", "least"), [("cv_verbs.csv", 150), ("cv_synonyms.csv", 80)])
def test_the_tables_have_every_key_once(name: str, least: int) -> None:
    rows = list(csv.reader((TABLES / name).read_text(encoding="utf-8").splitlines()))
    keys = [row[0] for row in rows]
    assert len(keys) == len(set(keys)) > least
    assert {len(row) for row in rows} == {2}
