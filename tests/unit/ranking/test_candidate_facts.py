"""What a CV tells: wishes in words, dated positions, the town; never who the person is."""

from __future__ import annotations

import pytest

from jobmatch_ml.cv import extract_text
from jobmatch_ml.ranking.features.candidate_facts import CandidateFacts, read_candidate_facts
from tests.feature_market import TODAY, baker_cv, space

CV = """Jeanne Martin
{title}
jeanne@example.org
{place}

Profil
{wish}

Expériences professionnelles
Boulangère, Maison Blanche, Paris
2019 - 2021
- Pétrissage
"""


def facts(
    title: str = "Boulangère", place: str = "69003 Lyon", wish: str = "Motivée."
) -> CandidateFacts:
    text = CV.format(title=title, place=place, wish=wish)
    return read_candidate_facts(
        extract_text(text), space(), candidate_id="c1", title=title, today=TODAY
    )


def test_overlapping_positions_count_once() -> None:
    read = read_candidate_facts(
        baker_cv(), space(), candidate_id="c1", title="Boulanger", today=TODAY
    )
    assert read.years == read.years_related == 3.25  # January 2022 to March 2025
    assert (read.latitude, read.longitude) == (48.8760, 2.3590)


@pytest.mark.parametrize(
    ("wish", "name", "expected"),
    [
        ("Mobile à 40 km alentour.", "radius_km", 40.0),
        ("Mobilité nationale.", "radius_km", 2000.0),
        ("Prétentions salariales : 32 500 € brut par an.", "salary_min", 32_500.0),
        ("Salaire souhaité : 35 k€.", "salary_min", 35_000.0),
        ("Je vends 25 000 croissants par an.", "salary_min", None),
        ("Je cherche un CDI ou une mission d'intérim.", "contracts", ("CDI", "MIS")),
        ("100 % télétravail souhaité.", "remote", 2),
        ("Télétravail apprécié.", "remote", 1),
        ("Motivée.", "remote", None),
    ],
)
def test_wishes_are_read_where_they_are_said(wish: str, name: str, expected: object) -> None:
    assert getattr(facts(wish=wish), name) == expected


def test_both_genders_of_a_title_name_one_occupation() -> None:
    assert facts(title="Boulangère").wished == facts(title="Boulanger").wished == ("D1102",)


def test_a_title_that_names_no_occupation_leaves_the_last_position() -> None:
    assert facts(title="Candidature spontanée").wished == ("D1102",)


def test_an_unknown_town_is_found_by_its_department() -> None:
    assert facts(place="69999 Nullepart").latitude == pytest.approx(45.75, abs=0.2)
    assert facts(place="99999 Ailleurs").latitude is None


def test_nothing_that_identifies_the_person_is_kept() -> None:
    assert "Martin" not in str(facts())
    assert "example.org" not in str(facts())
