"""Periods in French and English, and the months that they mean."""

from __future__ import annotations

import time

import pytest

from jobmatch_ml.cv.dates import PERIOD, find_period, is_dated, is_period

NOW = None


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Depuis mars 2021", (2021, 3), NOW),
        ("since March 2021", (2021, 3), NOW),
        ("févr. 2021 - aujourd'hui", (2021, 2), NOW),
        ("fevr 2021 – aujourd’hui", (2021, 2), NOW),
        ("09/2019 – 06/2022", (2019, 9), (2022, 6)),
        ("09.2019 - 06.2022", (2019, 9), (2022, 6)),
        ("2019-09 → 2022-06", (2019, 9), (2022, 6)),
        ("01/09/2019 au 30/06/2022", (2019, 9), (2022, 6)),
        ("03/2019 – 11/2021 (2 ans et 9 mois)", (2019, 3), (2021, 11)),
        ("D'avril 2019 à août 2020", (2019, 4), (2020, 8)),
        ("du 1er mai 2019 au 31 août 2019", (2019, 5), (2019, 8)),
        ("from June 2018 to September 2019", (2018, 6), (2019, 9)),
        ("Jan 2018 – Present", (2018, 1), NOW),
        ("mars - juin 2021", (2021, 3), (2021, 6)),
        ("été 2020", (2020, 6), (2020, 8)),
        ("2019 - 2022", (2019, None), (2022, None)),
        ("2015", (2015, None), (2015, None)),
        ("2022 - 2019", (2019, None), (2022, None)),
    ],
)
def test_a_period_is_read_whole_and_means_its_months(
    text: str, start: tuple[int, int | None], end: tuple[int, int | None] | None
) -> None:
    found = find_period(text)
    assert found is not None
    assert (found.start, found.end) == (start, end)
    assert is_period(text)


@pytest.mark.parametrize(
    "text", ["", "69003 Lyon", "06 12 34 56 78", "2 500 mots par jour", "le mois de mai", "12019"]
)
def test_what_is_no_period_is_none(text: str) -> None:
    assert find_period(text) is None
    assert not is_period(text)
    assert not is_dated(text)


def test_small_words_are_not_cut_out_of_longer_ones() -> None:
    match = PERIOD.search("Chef de terrain 04/2021")
    assert match is not None
    assert match.group(0) == "04/2021"


def test_a_year_inside_a_sentence_dates_no_entry() -> None:
    assert not is_dated("Gestion du budget 2019 de la ville")
    assert not is_dated("2019 sales grew by a third")
    assert is_dated("Vendeur, Fnac (2019)")
    assert is_dated("2019 : Vendeur")
    assert is_dated("Suivi du budget de 2019 à 2021 avec la ville")


@pytest.mark.parametrize("text", ["2019 – " * 25_000, "de " * 60_000, "mai (" * 40_000])
def test_endless_periods_are_searched_in_linear_time(text: str) -> None:
    started = time.process_time()
    assert sum(1 for _ in PERIOD.finditer(text)) < 25_001
    assert time.process_time() - started < 15


def test_a_year_between_signs_dates_a_line() -> None:
    assert is_dated("Serveur | 2019 | Flo")
    assert is_dated("Serveur · 2019 · Flo")
    assert not is_dated("Serveur en 2019 chez Flo")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("09/19 - 06/22", (2019, 9), (2022, 6)),
        ("03/98 – 11/99", (1998, 3), (1999, 11)),
        ("sept. 2021 > août 2023", (2021, 9), (2023, 8)),
        ("03/22 - actuellement", (2022, 3), None),
        ("Depuis le 01/03/2021", (2021, 3), None),
        ("01/03/2018 au 28/02/2021", (2018, 3), (2021, 2)),
        ("mars 2021 - auj.", (2021, 3), None),
    ],
)
def test_short_years_arrows_and_whole_days_are_read(
    text: str, start: tuple[int, int], end: tuple[int, int] | None
) -> None:
    assert is_period(text)
    assert is_dated(text)
    period = find_period(text)
    assert period is not None
    assert (period.start, period.end) == (start, end)


@pytest.mark.parametrize("text", ["Note 12/20", "de 15/20 à 17/20", "version 15.5 - 18.2"])
def test_marks_out_of_twenty_and_versions_are_no_dates(text: str) -> None:
    assert find_period(text) is None
