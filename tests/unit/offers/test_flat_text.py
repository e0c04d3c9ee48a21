"""A flat text says the same at the same places."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jobmatch_ml.offers.flat_text import MAX_CHARS, flatten, fold_term


def test_capitals_accents_and_quotes_are_replaced_one_for_one() -> None:
    assert flatten("Maîtrise d’ŒUVRE à l’étranger") == "maitrise d'ouvre a l'etranger"


def test_tags_become_blanks_and_items_stay_apart() -> None:
    text = "<ul><li>Excel</li><li>Word</li></ul>"
    flat = flatten(text)
    assert len(flat) == len(text)
    assert flat[text.index("Excel") :].startswith("excel\n")


def test_less_than_signs_of_a_formula_stay() -> None:
    assert flatten("10 < 20 et 30 > 20") == "10 < 20 et 30 > 20"


@given(st.text())
def test_no_character_ever_moves(text: str) -> None:
    assert len(flatten(text)) == len(text)


def test_nothing_is_read_behind_the_limit() -> None:
    assert len(flatten("é" * (MAX_CHARS + 5))) == MAX_CHARS
    assert flatten(None) == ""


def test_a_term_is_folded_as_texts_are() -> None:
    assert fold_term("  Œuvre\nd’Art ") == "ouvre d'art"
