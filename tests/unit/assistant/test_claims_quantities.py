"""Numbers with what they count, and dates, in figures and in words."""

from __future__ import annotations

import pytest

from jobmatch_ml.assistant.claims_dates import find_dates
from jobmatch_ml.assistant.claims_quantities import Quantity, find_quantities
from jobmatch_ml.assistant.claims_text import tokenize


def quantities(text: str) -> list[Quantity]:
    return find_quantities(text, tokenize(text), find_dates(text))


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("trois caisses", 3, ""),
        ("30 % de hausse", 30, "percent"),
        ("trente pour cent de hausse", 30, "percent"),
        ("30 pour cent", 30, "percent"),
        ("1 200 colis", 1200, ""),
        ("1\u202f200 colis", 1200, ""),
        ("1.200 colis", 1200, ""),
        ("12,5 k€", 12_500, "money"),
        ("deux millions d'euros", 2_000_000, "money"),
        ("2 millions d'euros", 2_000_000, "money"),
        ("trois cent vingt clients", 320, ""),
        ("quatre-vingt-dix colis", 90, ""),
        ("soixante et onze lits", 71, ""),
        ("une dizaine de lits", 10, ""),
        ("équipe de 12 personnes", 12, "people"),
        ("une équipe de douze", 12, "people"),
        ("5 ans d'expérience", 5, "year"),
        ("35h par semaine", 35, "hour"),
        ("2000 références", 2000, ""),
    ],
)
def test_a_number_is_read_with_its_unit(text: str, value: float, unit: str) -> None:
    (found,) = quantities(text)
    assert (found.value, found.unit) == (value, unit)


@pytest.mark.parametrize("text", ["un bâtiment neuf", "un client", "R489", "la 3D", "en mars 2021"])
def test_what_counts_nothing_is_no_number(text: str) -> None:
    assert quantities(text) == []


def test_more_than_is_heard() -> None:
    (found,) = quantities("plus de 10 ans")
    assert found.at_least


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("de mars 2021 à 04/2023", [(2021, 3), (2023, 4)]),
        ("2020-05", [(2020, 5)]),
        ("le 12 août 2019", [(2019, 8)]),
        ("12/09/2018", [(2018, 9)]),
        ("depuis 2019", [(2019, None)]),
        ("2017 - 2020", [(2017, None), (2020, None)]),
        ("févr. 2022", [(2022, 2)]),
        ("2000 €, 2000 pièces, 1234", []),
    ],
)
def test_a_date_is_read_in_all_its_forms(text: str, dates: list[tuple[int, int | None]]) -> None:
    assert [(found.year, found.month) for found in find_dates(text)] == dates
