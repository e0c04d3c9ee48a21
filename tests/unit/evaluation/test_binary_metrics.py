"""Reciprocal rank, average precision, recall and hit worked out by hand."""

from __future__ import annotations

import pytest

from jobmatch_ml.evaluation.metrics import average_precision, hit, recall, reciprocal_rank

RELEVANCE = {"a": 2, "b": 1, "c": 0, "z": 1}  # three relevant; z is not in the list
RANKED = ["c", "a", "x", "b"]


def test_reciprocal_rank_is_one_over_the_first_hit() -> None:
    assert reciprocal_rank(RELEVANCE, RANKED) == 1 / 2
    assert reciprocal_rank(RELEVANCE, RANKED, 1) == 0.0


def test_average_precision_divides_by_all_relevant_documents() -> None:
    """Hits at ranks 2 and 4: (1/2 + 2/4) / 3."""
    assert average_precision(RELEVANCE, RANKED) == pytest.approx(1 / 3, abs=1e-12)
    assert average_precision(RELEVANCE, RANKED, 3) == pytest.approx(1 / 6, abs=1e-12)


def test_recall_counts_what_was_found_of_all_relevant() -> None:
    assert recall(RELEVANCE, RANKED) == pytest.approx(2 / 3)
    assert recall(RELEVANCE, RANKED, 2) == pytest.approx(1 / 3)


def test_hit_is_one_or_nothing() -> None:
    assert [hit(RELEVANCE, RANKED, k) for k in (1, 2, 4)] == [0.0, 1.0, 1.0]
