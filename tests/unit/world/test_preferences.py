"""Preferences: the facts as the platform's form has them."""

from __future__ import annotations

from datetime import date

from jobmatch_ml.world.preferences import preferences_row
from tests.cv_people import make_person


def test_preferences_state_the_hard_wishes() -> None:
    person = make_person(available_in_days=30)
    assert preferences_row(person, date(2025, 9, 15)) == {
        "salaryMin": 24000,
        "availabilityDate": "2025-10-15",
        "remote": "partial",
        "contractTypes": ["CDD", "CDI"],
        "place": "Créteil",
        "radiusKm": 30.0,
    }


def test_no_wish_is_stated_as_none() -> None:
    row = preferences_row(make_person(salary_min=0, contracts=frozenset(), remote=0), date.min)
    assert (row["salaryMin"], row["contractTypes"], row["remote"]) == (None, [], "none")
