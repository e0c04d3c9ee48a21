"""The first documents are reordered by both scores; the rest stays as it was."""

from __future__ import annotations

import numpy as np
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.ranking.bm25 import Bm25Ranker
from jobmatch_ml.ranking.cross_encoder import CrossEncoderRanker
from jobmatch_ml.ranking.registry import RankerContext
from jobmatch_ml.ranking.retrieve_rerank import RetrieveRerankRanker, rerank, standardised
from tests.toy import ToyEncoder, ToyScorer, toy_documents, toy_queries

RETRIEVED = {"a": 0.9, "b": 0.8, "c": 0.7, "d": 0.4, "e": 0.1}


def test_the_blend_is_as_worked_out_by_hand() -> None:
    # Of (0.9, 0.8, 0.7) the z are ±1.2247 and 0; of (1, 2, 3) the same, the other way round.
    scores = rerank(RETRIEVED, np.array([1.0, 2.0, 3.0]), weight=0.75, top_k=3)
    z = np.sqrt(1.5)
    expected = {"c": 0.75 * z - 0.25 * z, "b": 0.0, "a": 0.25 * z - 0.75 * z}
    assert list(scores) == ["c", "b", "a"]
    assert scores == pytest.approx(expected)


def test_what_lies_below_keeps_order_and_distances() -> None:
    scores = rerank(RETRIEVED, np.array([1.0, 2.0, 3.0]), weight=1.0, top_k=5)
    assert list(scores) == ["c", "b", "a", "d", "e"]
    assert scores["a"] - scores["d"] == pytest.approx(0.3)
    assert scores["d"] - scores["e"] == pytest.approx(0.3)


@pytest.mark.parametrize("weight", [0.0, 0.3, 1.0])
def test_a_reader_that_sees_no_difference_changes_nothing(weight: float) -> None:
    scores = rerank(RETRIEVED, np.full(5, 2.5), weight=weight, top_k=5)
    assert sorted(scores, key=lambda name: (-scores[name], name)) == list(RETRIEVED)


def test_weight_zero_is_the_retriever_and_one_the_reader() -> None:
    read = np.array([0.0, 5.0, 1.0])
    assert list(rerank(RETRIEVED, read, weight=0.0, top_k=5)) == list("abcde")
    assert list(rerank(RETRIEVED, read, weight=1.0, top_k=5)) == list("bcade")


def test_a_tie_goes_to_the_smaller_id() -> None:
    assert list(rerank({"y": 1.0, "x": 1.0}, np.zeros(2), weight=0.5, top_k=2)) == ["x", "y"]


def test_equal_scores_say_nothing() -> None:
    assert standardised([3.0, 3.0]).tolist() == [0.0, 0.0]
    assert len(standardised([])) == 0


def test_only_the_first_documents_are_read() -> None:
    scorer = ToyScorer()
    ranker = RetrieveRerankRanker(Bm25Ranker(), CrossEncoderRanker(scorer), depth=2)
    ranker.index(toy_documents())
    run = ranker.rank(toy_queries(), top_k=12)
    assert len(scorer.pairs) == 2 * len(toy_queries())
    assert {len(scores) for scores in run.values()} == {12}


def test_an_encoder_in_the_context_retrieves() -> None:
    context = RankerContext(
        encoder=ToyEncoder(), cross_encoder=ToyScorer(), rerank_depth=7, rerank_weight=0.2
    )
    ranker = RetrieveRerankRanker.from_context(context)
    assert (ranker.retriever.name, ranker.depth, ranker.weight) == ("bi_encoder", 7, 0.2)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("depth", "weight"), [(0, 0.5), (3, 1.5), (3, -0.1)])
def test_settings_out_of_range_are_refused(depth: int, weight: float) -> None:
    with pytest.raises(InputError, match=f"depth is {depth}, weight {weight}"):
        RetrieveRerankRanker(
            Bm25Ranker(), CrossEncoderRanker(ToyScorer()), depth=depth, weight=weight
        )
