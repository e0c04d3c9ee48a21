"""Titles: both genders, markers, abbreviations, accents."""

from __future__ import annotations

import pytest

from jobmatch_ml.reference.titles import fold, gender_forms, load_abbreviations, normalise


@pytest.mark.parametrize(
    ("title", "forms"),
    [
        ("Développeur / Développeuse web", ("Développeur web", "Développeuse web")),
        ("Chef / Cheffe d'équipe", ("Chef d'équipe", "Cheffe d'équipe")),
        (
            "Conseiller principal / Conseillère principale d'éducation (CPE)",
            ("Conseiller principal d'éducation (CPE)", "Conseillère principale d'éducation (CPE)"),
        ),
        (
            "directeur technique/directrice technique",
            ("directeur technique", "directrice technique"),
        ),
        ("Dentiste animalier / Animalière", ("Dentiste animalier", "Dentiste Animalière")),
        ("Homme / Femme de ménage", ("Homme de ménage", "Femme de ménage")),
        ("Agent(e) de quai", ("Agent de quai", "Agente de quai")),
        ("Conseiller(ère) clientèle", ("Conseiller clientèle", "Conseillère clientèle")),
        ("Animateur(trice)", ("Animateur", "Animatrice")),
        ("Vendeur(euse)", ("Vendeur", "Vendeuse")),
        ("Technicien·ne", ("Technicien", "Technicienne")),
        (
            "Laveur / Laveuse de vitres polyvalent(e)",
            ("Laveur de vitres polyvalent", "Laveuse de vitres polyvalente"),
        ),
        ("Boulanger H/F", ("Boulanger",)),
        ("Boulanger (F/H)", ("Boulanger",)),
        (
            "Responsable d'atelier en plastique/caoutchouc",
            ("Responsable d'atelier en plastique/caoutchouc",),
        ),
        ("Directeur / Directrice de site(s)", ("Directeur de site", "Directrice de site")),
        ("Développeur Node.js", ("Développeur Node.js",)),
        ("Valet / Femme de chambre", ("Valet de chambre", "Femme de chambre")),
        ("", ("",)),
    ],
)
def test_a_title_of_both_genders_gives_each_alone(title: str, forms: tuple[str, ...]) -> None:
    assert gender_forms(title) == forms


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("  Maître d’Œuvre (H/F) ", "maitre d oeuvre"),
        ("Resp. Qualité", "responsable qualite"),
        ("RSSI", "responsable de la securite des systemes d information"),
        ("C++ / C#", "c++ c#"),
        ("AS", "aide soignant"),
        ("🙂", ""),
    ],
)
def test_spellings_of_one_name_have_one_key(text: str, key: str) -> None:
    assert normalise(text) == key
    assert normalise(key) == key


def test_folding_is_for_comparing_only() -> None:
    assert fold("ÉLÈVE Cœur") == "eleve coeur"
    assert all(short == fold(short) for short in load_abbreviations())
