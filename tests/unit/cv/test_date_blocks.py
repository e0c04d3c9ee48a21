"""The column of dates: each line of it belongs to one entry, and none is lost."""

from __future__ import annotations

from itertools import chain

from hypothesis import given, settings
from hypothesis import strategies as st

from jobmatch_ml.cv.date_blocks import date_blocks, is_rest, opens_dates, whole_dates
from jobmatch_ml.cv.pieces import Piece, Row


def column(*lines: tuple[str, float]) -> list[Piece]:
    return [Piece(text, 50, top, 50 + 5 * len(text), top + 10) for text, top in lines]


def blocks(*lines: tuple[str, float]) -> list[list[str]]:
    pieces = column(*lines)
    sides: list[tuple[Row, Row, Row]] = [([], [piece], []) for piece in pieces]
    return [[piece.text for piece in block] for block in date_blocks(pieces, sides)]


def test_what_stands_before_the_first_dates_goes_with_them() -> None:
    assert blocks(("CDI", 0), ("2019 - 2021", 12)) == [["2019 - 2021", "CDI"]]


def test_what_stands_nearer_to_the_next_dates_goes_with_these() -> None:
    assert blocks(
        ("2019 - 2021", 0), ("Lyon", 12), ("CDI", 60), ("temps plein", 72), ("2017 - 2019", 84)
    ) == [["2019 - 2021", "Lyon"], ["2017 - 2019", "CDI", "temps plein"]]


def test_what_stands_nearer_to_the_dates_above_goes_with_those() -> None:
    assert blocks(("2019 - 2021", 0), ("Lyon", 25), ("2017 - 2019", 80)) == [
        ["2019 - 2021", "Lyon"],
        ["2017 - 2019"],
    ]


def test_a_column_without_dates_has_no_groups() -> None:
    assert blocks(("CDI", 0), ("CDD", 12)) == []


def test_an_end_below_a_beginning_is_joined_with_a_dash() -> None:
    assert whole_dates(column(("03/2019", 0), ("06/2021", 12))).text == "03/2019 – 06/2021"
    assert whole_dates(column(("2019 - 2021", 0), ("CDI", 12))).text == "2019 - 2021 CDI"


def test_dates_their_beginnings_and_their_ends_are_told_from_text() -> None:
    assert opens_dates("2019 - 2021")
    assert opens_dates("depuis 2019 (2 ans)")
    assert not opens_dates("CDI")
    assert not opens_dates("x" * 60)
    assert is_rest("en cours")
    assert is_rest("(2 ans)")
    assert not is_rest("Lyon")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["2019 - 2021", "2017", "CDI", "en cours", "(2 ans)", "Lyon"]),
            st.integers(0, 40),
        ),
        max_size=12,
    )
)
def test_no_line_of_the_column_is_lost_or_doubled_below_dates(parts: list[tuple[str, int]]) -> None:
    top, lines = 0, [("2022 - 2023", 0.0)]
    for text, gap in parts:
        top += 10 + gap
        lines.append((text, float(top)))
    assert sorted(chain(*blocks(*lines, ("2001", top + 30.0)))) == sorted(
        [text for text, _ in lines] + ["2001"]
    )
