"""nDCG worked out by hand."""

from __future__ import annotations

import math

import pytest

from jobmatch_ml.evaluation.metrics import ndcg

LOG3 = math.log2(3)


def test_grades_are_gains_and_ranks_are_discounted() -> None:
    """DCG = 1/log2(2) + 2/log2(3); best = 2/log2(2) + 1/log2(3)."""
    expected = (1 + 2 / LOG3) / (2 + 1 / LOG3)
    assert ndcg({"a": 2, "b": 1}, ["b", "a"], 10) == pytest.approx(expected, abs=1e-12)


def test_the_ideal_holds_relevant_documents_that_were_not_retrieved() -> None:
    """DCG = 1; best = 1 + 1/log2(3)."""
    expected = 1 / (1 + 1 / LOG3)
    assert ndcg({"a": 1, "z": 1}, ["a"], 10) == pytest.approx(expected, abs=1e-12)


def test_the_ideal_is_cut_as_the_list_is() -> None:
    """At k = 1 one relevant document of three is all that can be there."""
    assert ndcg({"a": 1, "b": 1, "c": 1}, ["a", "x"], 1) == 1.0


def test_the_discount_of_the_tenth_rank() -> None:
    ranked = [*(f"x{n}" for n in range(9)), "a"]
    assert ndcg({"a": 1}, ranked, 10) == pytest.approx(1 / math.log2(11), abs=1e-12)
    assert ndcg({"a": 1}, ranked, 9) == 0.0
