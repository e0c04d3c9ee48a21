"""Dates: a year, with its month where one is written; a number that counts things is none."""

from __future__ import annotations

import pytest

from jobmatch_ml.assistant.claims_dates import find_dates


@pytest.mark.parametrize(
    ("text", "year", "month"),
    [
        ("depuis mars 2019", 2019, 3),
        ("le 12/05/2020", 2020, 5),
        ("2018-09", 2018, 9),
        ("obtenu en 2011", 2011, None),
        ("août 2022", 2022, 8),
    ],
)
def test_a_date_is_read_with_its_month(text: str, year: int, month: int | None) -> None:
    (found,) = find_dates(text)
    assert (found.year, found.month) == (year, month)


@pytest.mark.parametrize("text", ["2000 références", "2000 €", "un parc de 2050 %"])
def test_a_number_that_counts_is_no_year(text: str) -> None:
    assert find_dates(text) == []


def test_months_count_from_january_where_none_is_written() -> None:
    first, second = find_dates("2019, puis mars 2019")
    assert second.months - first.months == 2
