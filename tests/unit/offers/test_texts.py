"""An offer's two views: the title without gender marks, the text with the skills it lacks."""

from __future__ import annotations

import pytest

from jobmatch_ml.offers import offer_document
from jobmatch_ml.offers.texts import tidy_title
from jobmatch_ml.types import Document, Offer


@pytest.mark.parametrize(
    ("title", "tidied"),
    [
        ("Administrateur système (F/H) (H/F)", "Administrateur système"),
        ("Technicien Sécurité Débutant H/F (H/F)", "Technicien Sécurité Débutant"),
        ("Développeur / Développeuse web (h/f)", "Développeur / Développeuse web"),
        ("Ingénieur H/F - Lyon", "Ingénieur - Lyon"),
        ("Préparateur polyvalent (h/f/d)", "Préparateur polyvalent"),
        ("Senior Data Engineer (H/F/NB)", "Senior Data Engineer"),
        ("Technicien Assainissement (F-H-X) (H/F)", "Technicien Assainissement"),
        ("Applicateur H.F", "Applicateur"),
        ("F/h technologue", "technologue"),
        ("Big Data (h/ f)", "Big Data"),
        ("Chef de projet ( F/H)", "Chef de projet"),
        ("Analyste Data  (M/F) (H/F)", "Analyste Data"),
        ("Technicien(ne) réseau (I.M.L.) (H/F)", "Technicien(ne) réseau (I.M.L.)"),
        ("Administrateur S/R (H/F)", "Administrateur S/R"),
        ("Suivi T.I.A.C", "Suivi T.I.A.C"),
        ("Vendeur au CHF", "Vendeur au CHF"),
        ("Serveur/Serveuse", "Serveur/Serveuse"),
        ("Employé(e) de rayon", "Employé(e) de rayon"),
        ("H/F", "H/F"),
        ("Chef d'équipe  \t de nuit", "Chef d'équipe de nuit"),
    ],
)
def test_gender_marks_go_and_words_stay(title: str, tidied: str) -> None:
    assert tidy_title(title) == tidied
    assert tidy_title(tidied) == tidied


def test_the_text_ends_with_the_skills_that_the_description_does_not_contain() -> None:
    offer = Offer(
        "7",
        "Développeur H/F",
        "Vous maîtrisez PYTHON.\n",
        required_skills=("Python", "Bases de données"),
        wished_skills=("Anglais", "Bases de données"),
    )
    assert offer_document(offer) == Document(
        "7",
        "Développeur",
        "Vous maîtrisez PYTHON.\nCompétences : Bases de données ; Anglais",
    )


def test_an_offer_without_description_and_skills_has_an_empty_text() -> None:
    assert offer_document(Offer("7", "Vendeur", "")) == Document("7", "Vendeur", "")
    only_skill = Offer("7", "Vendeur", "", wished_skills=("Caisse",))
    assert offer_document(only_skill).text == "Compétences : Caisse"
