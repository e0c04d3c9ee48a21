"""What the words of a head's part say of it."""

from __future__ import annotations

import pytest

from jobmatch_ml.cv.head_scores import find_towns, is_place, weigh


@pytest.mark.parametrize(
    ("title", "employer"),
    [
        ("Chargée de projets événementiels", "Le Voyage à Nantes"),
        ("Brand executive", "Halden & Price Ltd"),
        ("Secrétaire comptable", "Transports Cadiou"),
        ("Zingueur", "Maison Petit"),
    ],
)
def test_positions_and_employers_weigh_differently(title: str, employer: str) -> None:
    first, second = weigh(title), weigh(employer)
    assert first.role - first.entity > second.role - second.entity


def test_degrees_are_weighed_where_education_is_told() -> None:
    degree, school = (weigh(text, degrees=True) for text in ("BTS Tourisme", "Lycée Jean-Moulin"))
    assert degree.role > school.role
    assert school.entity > degree.entity


def test_a_diploma_of_three_words_is_no_school() -> None:
    diploma, school = (
        weigh(text, degrees=True) for text in ("High School Diploma", "Nelson High School")
    )
    assert diploma.role > diploma.entity
    assert school.entity > school.role


def test_a_town_is_neither_position_nor_employer() -> None:
    assert weigh("69003 Lyon").place > 0 > weigh("69003 Lyon").entity
    assert is_place("Lyon, France")
    assert not is_place("Fnac, Lyon")


def test_towns_abroad_and_before_their_state_are_places() -> None:
    for text in ("Istanbul", "Bruxelles, Belgique", "Santa Clara, CA", "New York, NY 10001"):
        assert is_place(text), text
    for text in ("Research Intern, CA", "Santa Clara, XX", "santa clara, CA"):
        assert not is_place(text), text
    (town,) = find_towns("Halden Research, intern – Santa Clara, CA | 2020")
    assert town.group(0) == "Santa Clara, CA"


def test_a_firm_that_is_named_like_a_town_is_an_employer() -> None:
    assert not is_place("Orange")
    assert is_place("84100 Orange")


def test_a_long_sentence_is_no_part_of_a_head() -> None:
    assert weigh("Suivi " * 30).role < 0
