"""Templates: choices, slots, numbers, and what is wrong with a broken one."""

from __future__ import annotations

import random

import pytest

from jobmatch_ml.errors import FormatError
from jobmatch_ml.world.phrases_grammar import (
    compile_template,
    expand,
    pick_by_weight,
    pick_many,
)


def test_choices_may_be_nested_and_empty() -> None:
    template = compile_template("[Un|Une[ petite|]] {what}.")
    draw = random.Random(0).random
    written = {expand(template, draw, {"what": "page"}) for _ in range(100)}
    assert written == {"Un page.", "Une page.", "Une petite page."}


def test_numbers_stay_within_both_bounds() -> None:
    draw = random.Random(0).random
    written = {expand(compile_template("{#8-11} h"), draw, {}) for _ in range(200)}
    assert written == {"8 h", "9 h", "10 h", "11 h"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[a|b", "'[' at 0 is not closed"),
        ("a {b", "'{' at 2 is not closed"),
        ("{#9-2}", "is not a range such as {#2-9}"),
        ("{#x-2}", "is not a range"),
    ],
)
def test_a_broken_template_says_where(text: str, problem: str) -> None:
    with pytest.raises(FormatError) as error:
        compile_template(text)
    assert problem in str(error.value)


def test_many_are_different_and_never_more_than_there_are() -> None:
    draw = random.Random(1).random
    assert sorted(pick_many(draw, "abc", 9)) == ["a", "b", "c"]
    assert pick_many(draw, "abc", 0) == []


def test_weights_are_shares() -> None:
    draw = random.Random(2).random
    drawn = [pick_by_weight(draw, [("a", 3.0), ("b", 1.0), ("never", 0.0)]) for _ in range(2000)]
    assert drawn.count("never") == 0
    assert 0.71 < drawn.count("a") / 2000 < 0.79
