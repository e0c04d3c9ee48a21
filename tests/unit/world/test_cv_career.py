"""Careers as told: dates in each form, diplomas before the first position."""

from __future__ import annotations

from datetime import date

import pytest

from jobmatch_ml.reference.occupations import NO_DIPLOMA
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


def schools(diploma: str) -> set[str]:
    """Returns the first words of the schools at which a diploma is taught."""
    templates = load_cv_phrases("fr").schools_of(diploma)
    return {str(template[0]).split(" ")[0] for template in templates}


@pytest.mark.parametrize(
    ("diploma", "taught", "never"),
    [
        ("CAP Couvreur", "CFA", "Université"),
        ("CAPA Jardinier paysagiste", "MFR", "Université"),
        ("BTS MHR", "Lycée", "Université"),
        ("BUT QLIO", "IUT", "AFPA"),
        ("Baccalauréat", "Lycée", "AFPA"),
        ("Brevet des collèges", "Collège", "Université"),
        ("Master RH", "Université", "Lycée"),
        ("CAPES", "Université", "Lycée"),
        ("Diplôme d'État d'infirmier", "Institut", "AFPA"),
        ("Diplôme d'État de docteur en médecine", "Université", "Institut"),
        ("Diplôme d'ingénieur", "INSA", "GRETA"),
        ("École de commerce", "ESC", "Université"),
        ("CACES R489", "AFPA", "Université"),
        ("Something new", "AFPA", "Université"),
    ],
)
def test_diplomas_are_taught_where_they_are_in_france(
    diploma: str, taught: str, never: str
) -> None:
    assert taught in schools(diploma)
    assert never not in schools(diploma)


def test_nobody_was_awarded_no_diploma() -> None:
    job = TABLE.by_code["G1605"]
    assert job.qualifications == (NO_DIPLOMA,)
    assert job.diplomas == ()
    person = make_person(occupation=job, career=())
    told = [item.title for seed in range(30) for item in write(person, seed).document.education]
    assert told
    assert NO_DIPLOMA not in told


def test_teachers_work_at_schools_and_hospitals_are_in_the_town_told() -> None:
    phrases = load_cv_phrases("fr")
    assert phrases.employers_of("K2106") == (phrases.employers["K2106"], True)
    assert phrases.employers_of("J1501") == (phrases.employers["J"], False)
    assert phrases.employers_of("Z9999") == (phrases.employers["any"], False)
    jobs = [job for seed in range(80) for job in write(make_person(), seed).document.experiences]
    hospitals = [job for job in jobs if job.employer.startswith("CH ") and job.place]
    assert hospitals
    assert all(job.place.removeprefix("Le ") in job.employer for job in hospitals)
