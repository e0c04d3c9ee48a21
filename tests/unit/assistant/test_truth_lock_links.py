"""What stands together must agree; what the candidate's own numbers say together may be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from jobmatch_ml.assistant import candidate, check_text

TODAY = date(2026, 11, 1)
DATA = candidate.from_request(
    {
        "first_name": "Awa",
        "location": "Lyon",
        "experiences": [
            {"title": "Chargée de recrutement", "company": "Textiles Morel", "start": "2020-01",
             "end": "2023-12", "description": "Délai de recrutement réduit de 52 à 34 jours"},
            {"title": "Vendeuse", "company": "Tissus Brun", "start": "2012-01", "end": "2019-12",
             "description": "Encadrement de 22 femmes et valets de chambre\nMagasin de 2 600 m²"},
        ],
        "skills": ["Word", "Paie", "Droit du travail"],
        "education": [{"degree": "Diplôme d'État d'auxiliaire de puériculture", "end": "2011"}],
        "certifications": [{"name": "CACES R482 catégorie A", "date": "2021"}],
        "professional_successes": [{"title": "Moins d'absences",
            "situation": "Le service connaissait 14 % d'absences.",
            "result": "Les absences sont tombées à 6 %."}],
    }
)  # fmt: skip


@dataclass(frozen=True)
class Offer:
    title: str = "Comptable"
    company: str = "Verrerie de Saône"
    location: str = "Mâcon"


def unsupported(text: str, offer: Offer | None = None) -> list[str]:
    report = check_text(text, DATA, offer=offer, today=TODAY)
    return [claim.text for claim in report.unsupported]


@pytest.mark.parametrize(
    "text",
    [
        "Le délai a été réduit de dix-huit jours.",
        "Les absences ont reculé de huit points.",
        "Les absences ont été plus que divisées par deux.",
        "Le délai est passé de 52 à 34 jours.",
        "Mon magasin s'étend sur deux mille six cents mètres carrés.",
        "J'ai encadré vingt-deux personnes.",
        "J'ai travaillé près de huit ans chez Tissus Brun.",
        "Recruteuse chez Textiles Morel, j'ai tenu les délais.",
    ],
)
def test_what_the_candidates_numbers_say_together_is_borne_out(text: str) -> None:
    assert unsupported(text) == []


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Le délai a été réduit de vingt-huit jours.", "vingt-huit jours"),
        ("Les absences ont été divisées par cinq.", "cinq"),
        ("J'ai travaillé plus de sept ans chez Textiles Morel.", "sept ans"),
        ("J'ai gardé des enfants pendant quinze ans.", "quinze ans"),
        ("Word, Paie, langue des signes, droit du travail.", "langue des signes"),
        ("Titulaire du CACES R482 F (2021).", "CACES R482 F"),
        ("Directrice des opérations chez Textiles Morel.", "Directrice des opérations"),
        ("Awa est directrice de magasin chez Tissus Brun.", "directrice de magasin"),
        ("VENDEUSE CHEZ GALERIES LUMIERE DEPUIS 2012", "GALERIES LUMIERE"),
        ("CISSP (2021).", "CISSP"),
        ("Chez La Poste, j'ai tenu un guichet.", "Poste"),
        ("J'ai encadré 2600 vendeurs.", "2600"),
        ("I led a team of forty engineers.", "forty"),
        ("Je ne parle pas qu'anglais.", "anglais"),
        ("Je n'ai jamais quitté Google.", "Google"),
    ],
)
def test_what_nothing_says_is_unsupported(text: str, claim: str) -> None:
    assert claim in unsupported(text)


@pytest.mark.parametrize(
    "text",
    [
        "La Verrerie de Saône recrute pour son site de Mâcon.",
        "Vous demandez un chef pour vingt personnes.",
        "Votre annonce demande la maîtrise de Sage.",
        "Verrerie de Saône habille trois générations de clientes.",
        "Être comptable à la Verrerie de Saône, voilà mon but.",
        "Mener une équipe de douze, comme le prévoit la Verrerie de Saône, me plairait.",
    ],
)
def test_what_is_said_of_the_offer_is_no_claim_about_the_person(text: str) -> None:
    assert unsupported(text, Offer()) == []


@pytest.mark.parametrize(
    "text",
    [
        "J'ai travaillé à la Verrerie de Saône.",
        "Comptable à la Verrerie de Saône depuis 2012.",
        "Vous cherchez un comptable : j'ai dirigé vingt personnes.",
        "Votre annonce m'intéresse, car je maîtrise Sage.",
        "Verrerie de Saône m'a formée à la vente.",
        "Vous trouverez en moi une comptable.",
        "Vous cherchez vingt ans de métier, je les ai.",
        "Verrerie de Saône a fait de moi une comptable.",
    ],
)
def test_an_offer_lends_the_person_neither_employer_nor_number_nor_tool(text: str) -> None:
    assert unsupported(text, Offer())


def test_the_text_of_an_offer_bounds_what_is_said_of_it() -> None:
    @dataclass(frozen=True)
    class Whole(Offer):
        description: str = "Vous dirigez une équipe de 12 personnes."

    assert unsupported("Vous demandez un chef pour 12 personnes.", Whole()) == []
    assert unsupported("Vous demandez un chef pour 40 personnes.", Whole())


@pytest.mark.parametrize(
    "text",
    [
        "Vous recherchez un expert Oracle, ce que je suis.",
        "Vous recherchez un expert Oracle, et c'est exactement mon profil.",
        "Vous demandez Oracle et il est acquis.",
        "Votre offre exige un doctorat, obtenu en 2015.",
        "Vous trouverez ci-joint le CV d'un expert Oracle.",
    ],
)
def test_what_the_offer_asks_is_not_the_writers_by_a_turn_of_phrase(text: str) -> None:
    assert unsupported(text, Offer())


@pytest.mark.parametrize(
    "text",
    [
        "Je maîtrise la paie moléculaire.",
        "Je suis titulaire d'un Master 2 en droit du travail.",
        "Les absences sont tombées à zéro.",
        "Neuf absences sur dix ont disparu.",
    ],
)
def test_a_known_thing_with_an_unknown_kind_field_or_end_is_unsupported(text: str) -> None:
    assert unsupported(text)


@pytest.mark.parametrize(
    "text", ["Les absences ont baissé de plus de 50 %.", "Votre croissance m'attire."]
)
def test_a_part_worked_out_and_what_is_the_recruiters_pass(text: str) -> None:
    assert not unsupported(text)
