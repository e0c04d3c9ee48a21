"""What a model of a CV left behind goes; what somebody said stays, set as French wants it."""

from __future__ import annotations

import time

import pytest

from jobmatch_ml.assistant import CandidateData, EvidenceLine, from_request
from jobmatch_ml.assistant.offer import OfferContext
from jobmatch_ml.assistant.tailoring import tailor_cv
from jobmatch_ml.assistant.tailoring_clean import typeset, without_placeholders

OFFER = OfferContext("Vendeur", description="Vente en magasin")


@pytest.mark.parametrize(
    "left",
    [
        "Lorem ipsum dolor sit amet, consectetur adipiscing elit.",
        "JobDescription",
        "degree/job title, institution/employer, localization",
        "Intitulé du poste",
        "Nom de l'entreprise",
        "[Nom de l'école]",
        "Décrivez vos missions ici",
        "Company Name",
        "XXXX",
    ],
)
def test_words_of_a_model_are_no_facts(left: str) -> None:
    cleaned = without_placeholders(from_request({"skills": ["Vente", left]}))
    assert [line.text for line in cleaned.data.lines] == ["Vente"]
    assert [text for _, text in cleaned.removed] == [left]


@pytest.mark.parametrize(
    "said",
    [
        "Université de Lyon",
        "Location de véhicules",
        "Diplôme d'État d'infirmier",
        "Responsable des missions locales",
        "Mission : mise en page de textes",
        "Ville de Lyon",
        "Ajout de textes sur votre site",
        "Location",
        "5 years of experience",
    ],
)
def test_what_could_be_a_fact_stays(said: str) -> None:
    data = from_request({"skills": ["Vente", said]})
    assert without_placeholders(data).data is data


def test_in_a_model_that_was_not_filled_in_labels_go_and_facts_beside_them_stay() -> None:
    data = from_request(
        {
            "skills": ["JobDescription", "Diploma", "Location"],
            "experiences": [{"position": "Vendeur", "description": "years Galeries, Lyon"}],
        }
    )
    cleaned = without_placeholders(data)
    assert [line.text for line in cleaned.data.lines] == ["Vendeur\nGaleries, Lyon"]
    assert {text for _, text in cleaned.removed} == {
        "years",
        "JobDescription",
        "Diploma",
        "Location",
    }


def test_the_person_is_told_what_was_left_out() -> None:
    data = from_request({"first_name": "Ana", "skills": ["Vente", "Company Name", "Lorem ipsum"]})
    tailored = tailor_cv(data, OFFER, level=1)
    assert tailored.document.skills == ("Vente",)
    assert any("« Company Name », « Lorem ipsum »" in text for text in tailored.warnings)
    assert [change.before for change in tailored.diff] == ["Company Name", "Lorem ipsum"]


def test_what_is_said_in_a_conversation_is_never_looked_at() -> None:
    data = from_request({"skills": ["Vente"]}).with_said(["Company Name"])
    assert without_placeholders(data).data is data


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Freelance IT– Développement", "Freelance IT – Développement"),
        ("2019–2021", "2019–2021"),
        ("Programmation , Autodidacte , .", "Programmation, Autodidacte."),
        ("40% de gain", "40 % de gain"),
        ("-5 % de pertes", "-5 % de pertes"),
        ("- Caisse", "Caisse"),
        ("Panopticon (Publication)", "Panopticon (Publication)"),
        ("courant)", "courant"),
        ("Outils: Word", "Outils : Word"),
        ("https://example.org à 10:30", "https://example.org à 10:30"),
        ("C++, .NET, C#", "C++, .NET, C#"),
        ("Autoformation | Night City", "Autoformation, Night City"),
    ],
)
def test_signs_are_set_and_no_word_changes(typed: str, shown: str) -> None:
    assert typeset(typed) == shown


def test_an_address_that_a_reader_put_elsewhere_stands_with_the_contacts() -> None:
    data = from_request(
        {"first_name": "Ana", "skills": ["Vente", "W example.org", "socket.io", "ASP.NET"]}
    )
    document = tailor_cv(data, OFFER, level=1).document
    assert document.contacts == ("example.org",)
    assert document.skills == ("Vente", "socket.io", "ASP.NET")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Tél. : 06 39 98 41 27", "06 39 98 41 27"),
        ("Email: ana@example.org", "ana@example.org"),
        ("Location: Paris, France", "Paris, France"),
        ("LinkedIn : https://example.org/in/ana", "https://example.org/in/ana"),
        ("Permis B", "Permis B"),
    ],
)
def test_a_contact_stands_without_the_name_of_its_field(written: str, shown: str) -> None:
    line = EvidenceLine("contact-1", "contact", written)
    data = CandidateData(first_name="Ana", lines=(line, EvidenceLine("skill-1", "skill", "Vente")))
    assert tailor_cv(data, OFFER, level=1).document.contacts == (shown,)


@pytest.mark.parametrize(
    "text",
    ["," * 50_000 + "x", ", " * 25_000 + "x", " " * 50_000 + "x", "|" * 50_000, " – " * 20_000],
)
def test_signs_without_end_take_no_longer_than_words(text: str) -> None:
    before = time.process_time()
    typeset(text)
    assert time.process_time() - before < 2


def test_a_minus_stays_whichever_sign_it_is() -> None:
    assert [typeset(f"{sign}5% de pertes") for sign in "-–"] == ["-5 % de pertes", "–5 % de pertes"]
    assert typeset("– Vente") == "Vente"


@pytest.mark.parametrize(
    ("row", "is_left"),
    [
        ("Click or tap here to enter text.", True),
        ("Enter text", True),
        ("Type your text here", True),
        ("Tapez du texte", True),
        ("Type letters, minutes and text documents", False),
        ("Enter orders and text into SAP", False),
        ("University degree", False),
        ("School diploma", False),
        ("Degree, institution", True),
    ],
)
def test_english_work_and_degrees_are_no_words_of_a_model(row: str, is_left: bool) -> None:
    data = from_request({"first_name": "Ann", "education": ["BSc Physics"], "interests": [row]})
    assert bool(without_placeholders(data).removed) == is_left
