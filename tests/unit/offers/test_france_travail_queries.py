"""Queries: their parameters, how they are split, and what Content-Range says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from jobmatch_ml.errors import FormatError, InputError
from jobmatch_ml.offers.france_travail_queries import (
    DEPARTMENTS,
    ContentRange,
    OfferQuery,
    check_department,
    check_rome,
)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


QUERY = OfferQuery("M1805", moment("2026-11-01T00:00:00"), moment("2026-11-03T00:00:01"))


def test_parameters_are_those_of_the_api_with_plain_colons() -> None:
    assert QUERY.parameters(150) == (
        "codeROME=M1805&minCreationDate=2026-11-01T00:00:00Z&maxCreationDate=2026-11-03T00:00:01Z"
        "&range=150-299&sort=1"
    )


def test_the_last_page_is_the_api_s_limit() -> None:
    assert "range=3000-3149" in QUERY.parameters(3000)


def test_halves_share_their_border() -> None:
    first, second = QUERY.split()
    assert (first.since, second.until) == (QUERY.since, QUERY.until)
    assert first.until == second.since == moment("2026-11-02T00:00:00")


def test_splitting_a_window_ends_at_a_minute_then_goes_by_department() -> None:
    query, steps = QUERY, 0
    while query.department is None:
        query, steps = query.split()[0], steps + 1
    assert steps == 13  # 172,801 s / 2^12 = 42 s: twelve halvings, then departments
    assert query.department == "01"
    assert query.split()[0].is_last_resort
    assert query.split()[0].split() == []


def test_departments_are_followed_by_the_query_itself_for_offers_without_a_place() -> None:
    short = OfferQuery("M1805", moment("2026-11-01T00:00:00"), moment("2026-11-01T00:01:00"))
    parts = short.split()
    assert [part.department for part in parts] == [*DEPARTMENTS, None]
    assert [part.is_last_resort for part in parts] == [False] * len(DEPARTMENTS) + [True]
    assert len(DEPARTMENTS) == 101
    assert {"01", "2A", "2B", "95", "971", "976"} < set(DEPARTMENTS)


def test_a_query_survives_the_cursor_file() -> None:
    for query in (QUERY, *QUERY.split(), OfferQuery("A1101", QUERY.since, QUERY.until, "2A", True)):
        assert OfferQuery.from_dict(query.to_dict()) == query


def test_a_query_reads_as_a_sentence() -> None:
    assert str(QUERY) == "M1805 from 2026-11-01T00:00:00Z to 2026-11-03T00:00:01Z"
    assert "M1805 in department 69 from" in str(OfferQuery("M1805", QUERY.since, QUERY.until, "69"))


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("offres 0-149/353", (0, 149, 353)),
        ("offres 150-150/151", (150, 150, 151)),
        ("offres */0", (None, None, 0)),
    ],
)
def test_content_range_is_read(header: str, expected: tuple[int | None, ...]) -> None:
    found = ContentRange.parse(header)
    assert (found.first, found.last, found.total) == expected


@pytest.mark.parametrize(
    "header", ["", "offres", "offres 0-149", "offres 0-149/*", "offres 9-1/20", "offres 0-20/20"]
)
def test_another_content_range_is_refused(header: str) -> None:
    with pytest.raises(FormatError, match="Content-Range"):
        ContentRange.parse(header)


def test_codes_are_spelt_as_the_api_does() -> None:
    assert check_rome(" m1805 ") == "M1805"
    assert [check_department(code) for code in ("1", "2a", "974")] == ["01", "2A", "974"]


@pytest.mark.parametrize("code", ["", "M180", "O1805", "M18055", "développeur"])
def test_another_rome_code_is_refused(code: str) -> None:
    with pytest.raises(InputError, match="is no ROME code: expected a letter from A to N"):
        check_rome(code)


@pytest.mark.parametrize("code", ["", "20", "96", "69003"])
def test_another_department_is_refused(code: str) -> None:
    with pytest.raises(InputError, match="is no department code"):
        check_department(code)
