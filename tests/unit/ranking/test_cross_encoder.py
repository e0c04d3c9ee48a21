"""The cross-encoder reads the candidate first, whoever searches, and higher is better."""

from __future__ import annotations

import numpy as np
import pytest

from jobmatch_ml.errors import InputError, RankerNotApplicableError
from jobmatch_ml.ranking.cross_encoder import CrossEncoderRanker
from jobmatch_ml.ranking.registry import RankerContext
from jobmatch_ml.types import Direction, Document, Query
from tests.toy import ToyScorer

OFFERS = [Document("o1", "Soudeur", "Brest"), Document("o2", "Comptable", "Lyon")]
PEOPLE = [Query("c1", "Soudeur", "Lyon")]


def ranker(direction: Direction = "candidate_to_offer") -> CrossEncoderRanker:
    made = CrossEncoderRanker(ToyScorer(), direction=direction)
    made.index(OFFERS)
    return made


def test_given_candidates_are_scored_in_their_order() -> None:
    queries = [*PEOPLE, Query("c2", "Comptable", "Lyon")]
    scores = ranker().score(queries, {"c1": ["o2", "o1"], "c2": ["o2"]})
    # Two words each: one of two shared is a cosine of 1/2.
    np.testing.assert_allclose(scores["c1"], [0.5, 0.5], atol=1e-6)
    np.testing.assert_allclose(scores["c2"], [1.0], atol=1e-6)


@pytest.mark.parametrize(
    ("direction", "expected"),
    [
        ("candidate_to_offer", ("Soudeur. Lyon", "Soudeur. Brest")),
        ("offer_to_candidate", ("Soudeur. Brest", "Soudeur. Lyon")),
    ],
)
def test_the_candidate_is_read_first(direction: Direction, expected: tuple[str, str]) -> None:
    made = ranker(direction)
    made.score(PEOPLE, {"c1": ["o1"]})
    assert made.scorer.pairs == [expected]  # type: ignore[attr-defined]


def test_a_higher_score_comes_first() -> None:
    run = ranker().rank([Query("q", "Comptable", "Lyon")], top_k=2)
    assert list(run["q"]) == ["o2", "o1"]


def test_queries_without_candidates_cost_nothing() -> None:
    assert len(ranker().score(PEOPLE, {"c1": []})["c1"]) == 0


def test_a_document_that_is_not_indexed_is_refused() -> None:
    with pytest.raises(InputError, match="1 documents are not indexed"):
        ranker().score(PEOPLE, {"c1": ["o9"]})


def test_without_a_model_the_remedy_is_named() -> None:
    with pytest.raises(RankerNotApplicableError, match="pipeline run rerank"):
        CrossEncoderRanker.from_context(RankerContext())
