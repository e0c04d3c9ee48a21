"""Cards: entries beside each other, each with dates of its own."""

from __future__ import annotations

from jobmatch_ml.cv.cards import are_cards, card_rows
from jobmatch_ml.cv.pieces import Piece, Row


def row(text: str, x0: float, top: float) -> Row:
    return [Piece(text, x0, top, x0 + 100, top + 10)] if text else []


CARDS = (
    ("Vendeur", "Caissier", 100), ("2019 - 2021", "2017 - 2019", 112), ("Conseil", "Caisse", 124),
    ("Livreur", "", 150), ("2015", "", 162),
)  # fmt: skip
LEFTS = [row(left, 40, top) for left, _, top in CARDS]
RIGHTS = [row(right, 300, top) for _, right, top in CARDS]


def test_sides_that_are_both_dated_are_cards_in_rows() -> None:
    assert are_cards(LEFTS, RIGHTS)
    rows = [left + right for left, right in zip(LEFTS, RIGHTS, strict=True)]
    assert card_rows(rows, LEFTS) == [(0, 3), (3, 5)]


def test_dates_at_the_right_and_columns_with_headings_are_none() -> None:
    dates = [row("2019", 300, top) for _, _, top in CARDS]
    assert not are_cards([row("Vendeur", 40, top) for _, _, top in CARDS], dates)
    assert not are_cards([row("Expérience", 40, 88), *LEFTS], [row("Formation", 300, 88), *RIGHTS])
