"""An English CV: its dates in French, its sentences as they are, and a word to the person."""

from __future__ import annotations

import pytest

from jobmatch_ml.assistant import from_request
from jobmatch_ml.assistant.letter import write_letter
from jobmatch_ml.assistant.offer import OfferContext
from jobmatch_ml.assistant.tailoring import tailor_cv
from jobmatch_ml.assistant.tailoring_english import french_dates, is_english, with_french_facts

OFFER = OfferContext("Secrétaire", description="Courrier et agenda")
PERSON = {
    "first_name": "Ann",
    "experiences": [
        {
            "position": "Secretary",
            "entity": "Moneau",
            "dates": "since August 2023",
            "description": "Booked appointments and kept schedules for the board of the company\n"
            "Answered the phone and directed visitors to the right office with a smile",
        },
        {"position": "Clerk", "entity": "Floxio", "dates": "from Sept. 2019 to July 2021"},
    ],
}


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Oct 2018 - Mar 2020", "octobre 2018 - mars 2020"),
        ("until May 2020", "jusqu'en mai 2020"),
        ("2019 - present", "2019 - aujourd'hui"),
        ("De juillet 2016 à juillet 2021", "De juillet 2016 à juillet 2021"),
        ("mars 2019", "mars 2019"),
    ],
)
def test_dates_are_told_in_french_and_french_ones_left_alone(written: str, shown: str) -> None:
    assert french_dates(written) == shown


def test_an_english_cv_has_french_dates_its_own_sentences_and_a_warning() -> None:
    tailored = tailor_cv(from_request(PERSON), OFFER, level=2)
    first, second = tailored.document.experiences
    assert (first.period, second.period) == (
        "depuis août 2023",
        "de septembre 2019 à juillet 2021",
    )
    assert first.bullets[0].startswith("Booked appointments")
    assert any("est en anglais" in text for text in tailored.warnings)


def test_the_letter_tells_the_same_dates_and_the_lock_bears_them_out() -> None:
    letter = write_letter(from_request(PERSON), OFFER)
    assert "chez Moneau depuis août 2023." in letter.text
    assert "chez Floxio de septembre 2019 à juillet 2021." in letter.text
    assert letter.removed == ()


def test_languages_and_their_levels_are_named_in_french() -> None:
    data = from_request({"skills": ["Sales"], "languages": ["English: Native", "French (basic)"]})
    languages = tailor_cv(data, OFFER, level=1).document.languages
    assert [(item.name, item.level) for item in languages] == [
        ("Anglais", "langue maternelle"),
        ("Français", "notions"),
    ]


def test_a_french_cv_is_left_alone() -> None:
    data = from_request({"skills": ["Gestion de la paie et des plannings"]})
    assert with_french_facts(data) is data
    assert not is_english(data)


def test_months_of_both_languages_stay_as_a_french_cv_has_them() -> None:
    def dates(*written: str) -> list[str]:
        jobs = [{"position": "Vendeuse", "entity": "Fnac", "dates": text} for text in written]
        lines = with_french_facts(from_request({"experiences": jobs})).lines
        return [line.dates for line in lines if line.kind == "experience" and line.dates]

    assert dates("oct. 2020 – févr. 2025", "sept. 2013 – janv. 2018") == [
        "oct. 2020 – févr. 2025",
        "sept. 2013 – janv. 2018",
    ]
    assert dates("oct. 2020 – Feb 2025")[0] == "octobre 2020 – février 2025"


def test_a_french_cv_with_english_words_is_no_english_one() -> None:
    mixed = "Suivi du reporting for the board, dans le cadre des projets et avec les équipes. "
    data = from_request({"skills": [mixed * 5, "Gestion de la relation en anglais"]})
    assert not is_english(data)
    assert is_english(from_request({"skills": ["Head of the sales team in the north. " * 4]}))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("English: fluent (TOEIC 950)", "Anglais: courant (TOEIC 950)"),
        ("English, Cambridge English: Advanced", "Anglais, Cambridge English: Advanced"),
        ("English - Pearson Test of English 76", "Anglais - Pearson Test of English 76"),
    ],
)
def test_a_certificate_keeps_its_name(written: str, shown: str) -> None:
    data = with_french_facts(from_request({"languages": [written]}))
    assert data.lines[0].text == shown
