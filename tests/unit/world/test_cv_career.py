"""Careers as told: dates in each form, diplomas before the first position."""

from __future__ import annotations

from datetime import date

import pytest

from jobmatch_ml.world.cv_career import _ENGLISH_FORMS, _FRENCH_FORMS
from jobmatch_ml.world.cv_draft import CvDraft
from jobmatch_ml.world.cv_phrases import load_cv_phrases
from tests.cv_people import PLACES, QUIET, TABLE, TODAY, make_person, write

START, END = date(2019, 4, 1), date(2021, 11, 1)


def draft_in(language: str) -> CvDraft:
    return CvDraft(
        lambda: 0.5,
        make_person(language=language),
        QUIET,
        load_cv_phrases(language),
        TABLE.skills,
        PLACES,
        TODAY,
    )


@pytest.mark.parametrize(
    ("number", "ended", "lasting"),
    [
        (0, "04/2019 - 11/2021", "04/2019 - aujourd'hui"),
        (2, "04.2019 - 11.2021", "04.2019 - aujourd'hui"),
        (3, "avril 2019 – novembre 2021", "avril 2019 – aujourd'hui"),
        (4, "avr. 2019 - nov. 2021", "avr. 2019 - aujourd'hui"),
        (6, "D'avril 2019 à novembre 2021", "Depuis avril 2019"),
        (7, "2019 - 2021", "2019 - aujourd'hui"),
        (8, "04/2019 – 11/2021 (2 ans et 7 mois)", "04/2019 – aujourd'hui (6 ans et 5 mois)"),
    ],
)
def test_french_dates_are_written_as_people_do(number: int, ended: str, lasting: str) -> None:
    form = _FRENCH_FORMS[number]
    assert form(draft_in("fr"), START, END) == ended
    assert form(draft_in("fr"), START, None) == lasting


@pytest.mark.parametrize(
    ("number", "ended", "lasting"),
    [
        (1, "Apr 2019 – Nov 2021", "Apr 2019 – present"),
        (3, "from April 2019 to November 2021", "since April 2019"),
        (5, "04/2019 – 11/2021 (2 years 7 months)", "04/2019 – present (6 years 5 months)"),
    ],
)
def test_english_dates_are_written_in_english(number: int, ended: str, lasting: str) -> None:
    form = _ENGLISH_FORMS[number]
    assert form(draft_in("en"), START, END) == ended
    assert form(draft_in("en"), START, None) == lasting


def test_positions_start_and_end_when_the_facts_say() -> None:
    first, second = write(make_person()).document.experiences
    assert (first.start, first.end) == (date(2021, 7, 1), None)
    assert (second.start, second.end) == (date(2019, 1, 1), date(2021, 5, 1))


def test_diplomas_are_older_than_the_first_position() -> None:
    for seed in range(20):
        years = [item.year for item in write(make_person(), seed).document.education]
        assert years[0] <= 2019
        assert years == sorted(years, reverse=True)


def test_employers_are_many() -> None:
    names = {
        job.employer
        for seed in range(150)
        for job in write(make_person(), seed).document.experiences
    }
    assert len(names) > 200
