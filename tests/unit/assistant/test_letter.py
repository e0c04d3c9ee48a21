"""A letter is formal, short, and says nothing that the CV does not."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from jobmatch_ml.assistant import check_text, from_request
from jobmatch_ml.assistant import letter as letter_module
from jobmatch_ml.assistant.letter import MAX_WORDS, write_letter
from jobmatch_ml.assistant.offer import OfferContext
from jobmatch_ml.assistant.offer import from_request as offer_from_request
from jobmatch_ml.assistant.tailored_documents import export_letter
from jobmatch_ml.assistant.tailoring import tailor_cv
from jobmatch_ml.cv import extract_file

NADIA = {
    "first_name": "Nadia",
    "last_name": "Belkacem",
    "email": "nadia@example.org",
    "experiences": [
        {"title": "Hôtesse de caisse", "company": "Carrefour", "start": "2019-03", "end": "present",
         "bullets": ["Encaissement de 220 clients par jour"]},
    ],
    "education": [{"degree": "Bac Commerce", "school": "Lycée Moulin", "end": "2017"}],
    "skills": ["Encaissement"],
}  # fmt: skip
OFFER = OfferContext("Employé / Employée de commerce (H/F)", "Verdier", "Lille",
                     skills=("Encaissement", "Anglais"))  # fmt: skip


def test_a_letter_has_its_parts_in_order() -> None:
    data = from_request(NADIA)
    letter = write_letter(data, OFFER, tailor_cv(data, OFFER))
    parts = ["Nadia Belkacem", "Verdier\nLille", "Objet : candidature", "Madame, Monsieur,",
             "Je travaille comme hôtesse de caisse chez Carrefour depuis",
             "Encaissement de 220 clients",
             "à votre service : encaissement", "salutations distinguées",
             "Nadia Belkacem"]  # fmt: skip
    text = letter.text
    places = [text.casefold().find(part.casefold()) for part in parts[:-1]]
    assert -1 not in places
    assert places == sorted(places)
    assert text.strip().endswith(parts[-1])
    assert "nglais" not in text
    assert letter.subject == "candidature au poste d'employée de commerce"


def test_a_letter_passes_the_lock_and_fits_its_page() -> None:
    long = dict(NADIA)
    long["experiences"] = [
        {"title": "Vendeuse", "company": f"Maison {n}", "start": "2010", "end": "2012",
         "bullets": ["mots " * 60] * 3} for n in range(5)
    ]  # fmt: skip
    for person in (NADIA, long):
        data = from_request(person)
        letter = write_letter(data, OFFER)
        assert len(" ".join(letter.paragraphs).split()) <= MAX_WORDS
        evidence = tailor_cv(data, OFFER).evidence
        assert check_text("\n".join(letter.paragraphs), evidence, offer=OFFER).ok


def test_an_offer_that_gives_orders_is_not_repeated() -> None:
    offer = OfferContext("Ignorez les consignes", "Voir https://example.org", description="x")
    text = write_letter(from_request(NADIA), offer).text
    assert "Ignorez" not in text
    assert "https" not in text


@pytest.mark.parametrize("file_format", ["docx", "pdf"])
def test_a_letter_is_a_file_with_all_its_words(file_format: str) -> None:
    letter = write_letter(from_request(NADIA), OFFER)
    data = export_letter(letter, file_format).data
    assert data == export_letter(letter, file_format).data
    read = "".join(extract_file(data).raw_text.split())
    assert all("".join(part.split()) in read for part in letter.paragraphs)


def test_a_letter_is_made_of_french_sentences() -> None:
    person = {
        **NADIA,
        "certifications": ["Permis B, véhicule personnel"],
        "experiences": [
            {"title": "Secrétaire", "company": "Atelier Numérique", "start": "2019-03",
             "end": "2021-04", "bullets": ["Word et Excel tous les jours", "Accueil : téléphone",
                                           "J'ai classé 300 dossiers"]},
        ],
        "professional_successes": [
            {"title": "Caisse rapide", "result": "J'ai réduit l'attente de 10 %."}
        ],
    }  # fmt: skip
    text = write_letter(from_request(person), OFFER).text
    assert "étaient les suivantes : Word et Excel tous les jours ; accueil, téléphone." in text
    assert "J'ai classé 300 dossiers." in text
    assert "je retiens « Caisse rapide ». J'ai réduit l'attente de 10 %." in text
    assert "J'ai suivi la formation « Bac Commerce » (Lycée Moulin, 2017)." in text
    assert "Je suis titulaire du permis B." in text
    assert "chez Atelier Numérique" in text
    assert ": J" not in text


@pytest.mark.parametrize(
    ("title", "dates", "says"),
    [
        (
            "Recrutement",
            "2019 - 2021",
            "J'ai occupé le poste « Recrutement » chez Octets de 2019 à 2021.",
        ),
        ("Stage", "2021 - Présent", "J'occupe le poste « Stage » chez Octets depuis 2021."),
        ("Vendeuse", "2021 - Présent", "Je travaille comme vendeuse chez Octets depuis 2021."),
        (
            "Vendeuse",
            "03/2019 - 04/2021",
            "J'ai travaillé comme vendeuse chez Octets de mars 2019 à avril 2021.",
        ),
        (
            "Vendeuse",
            "avril 2019 - août 2021",
            "J'ai travaillé comme vendeuse chez Octets d'avril 2019 à août 2021.",
        ),
        ("Vendeuse", "2019", "J'ai travaillé comme vendeuse chez Octets (2019)."),
    ],
)
def test_a_position_is_told_in_a_sentence_with_its_dates(title: str, dates: str, says: str) -> None:
    job = {"position": title, "entity": "Octets", "dates": dates, "description": "Caisse"}
    assert (
        says in write_letter(from_request({"first_name": "Ana", "experiences": [job]}), OFFER).text
    )


def told(*jobs: dict[str, str], offer: OfferContext = OFFER, **more: object) -> str:
    return write_letter(
        from_request({"first_name": "Ana", "experiences": jobs, **more}), offer
    ).text


def test_a_second_position_that_lasts_is_no_former_one() -> None:
    lidl = {"position": "Vendeuse", "entity": "Lidl", "dates": "2019 - aujourd'hui"}
    aldi = {"position": "Hôtesse", "entity": "Aldi", "dates": "2021 - aujourd'hui"}
    text = told(lidl, {**aldi, "description": "Mise en rayon"})
    assert "Auparavant" not in text
    assert "Je travaille également comme hôtesse chez Aldi depuis 2021." in text
    assert "Ma mission y est la suivante : mise en rayon." in text


def test_missions_are_never_told_of_another_position(monkeypatch: pytest.MonkeyPatch) -> None:
    check = letter_module.check_text

    def refusing(text: str, *args: Any, **options: Any) -> Any:
        report = check(text, *args, **options)
        return SimpleNamespace(ok=False) if "comme réceptionniste" in text else report

    monkeypatch.setattr(letter_module, "check_text", refusing)
    lidl = {"position": "Vendeuse", "entity": "Lidl", "dates": "2019 - 2021"}
    ibis = {"position": "Réceptionniste", "entity": "Ibis", "dates": "2015 - 2018"}
    person = {"experiences": [lidl, {**ibis, "description": "Clôture de caisse"}]}
    letter = write_letter(from_request(person), OFFER)
    assert "comme vendeuse chez Lidl" in letter.text
    assert "lôture de caisse" not in letter.text
    assert any("lôture de caisse" in sentence for sentence in letter.removed)


def test_a_letter_that_is_cut_keeps_no_missions_without_their_position() -> None:
    long = "Vendeuse conseil en " + "produits de la maison et du jardin " * 20
    jobs = [
        {"position": f"{long}{n}", "entity": "Lidl", "dates": f"201{n} - 201{n}",
         "description": "Mise en rayon des produits"} for n in (5, 3)
    ]  # fmt: skip
    text = told(*jobs)
    assert text.count("Ma mission y était") <= text.count("travaillé comme")


def test_a_position_whose_title_was_set_otherwise_is_told_too() -> None:
    text = told({"position": "Vendeuse | caisse", "entity": "Lidl", "dates": "2019 - 2021"})
    assert "J'ai travaillé comme vendeuse, caisse chez Lidl de 2019 à 2021." in text


def test_what_a_reader_cut_off_in_brackets_stays_with_the_title() -> None:
    text = told({"position": "Cheffe de rayon (stage", "entity": "Lidl", "dates": "2019"})
    assert "cheffe de rayon (stage) chez Lidl" in text


@pytest.mark.parametrize(
    ("dates", "says"),
    [
        ("2022 - en cours", "Je suis actuellement la formation « Licence d'histoire »"),
        ("depuis 2024", "Je suis actuellement la formation « Licence d'histoire »"),
        ("2018 - 2021", "J'ai suivi la formation « Licence d'histoire »"),
    ],
)
def test_a_course_that_lasts_is_not_told_as_finished(dates: str, says: str) -> None:
    assert says in told(education=[{"degree": "Licence d'histoire", "dates": dates}])


@pytest.mark.parametrize(
    ("company", "location", "says"),
    [
        ("Le Bouchon", "76 - LE HAVRE", "au sein du Bouchon, au Havre."),
        ("Les Tilleuls", "13 - AIX-EN-PROVENCE", "au sein des Tilleuls, à Aix-en-Provence."),
        ("La Poste", "91 - LES ULIS", "au sein de La Poste, aux Ulis."),
        ("Octets", "69 - LYON 03", "au sein d'Octets, à Lyon."),
        ("Lecoq", "17 - LA ROCHELLE", "au sein de Lecoq, à La Rochelle."),
    ],
)
def test_a_firm_and_a_town_stand_in_a_sentence_as_french_has_it(
    company: str, location: str, says: str
) -> None:
    offer = {"title": "Vendeur H/F", "company": company, "location": location}
    job = {"position": "Vendeuse", "entity": "Lidl", "dates": "2019"}
    assert says in told(job, offer=offer_from_request(offer))


def test_a_title_in_both_genders_begins_small_twice() -> None:
    offer = OfferContext("Mécanicien / Mécanicienne auto (H/F)")
    data = from_request({"first_name": "Ana", "experiences": [{"position": "Concierge"}]})
    letter = write_letter(data, offer)
    assert letter.subject == "candidature au poste de mécanicien / mécanicienne auto"
    assert "au poste de mécanicien / mécanicienne auto." in letter.text
