"""The two views, with the toy encoder whose cosines are known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.ranking.dual_view import DualViewRanker
from jobmatch_ml.ranking.single_vector import SingleVectorRanker
from jobmatch_ml.ranking.views import embed_joined, embed_views
from jobmatch_ml.types import Document, Query
from tests.toy import ToyEncoder

DOCUMENTS = [
    Document("both", "soudeur", "inox acier"),
    Document("title", "soudeur", "farine levain"),
    Document("body", "boulanger", "inox acier"),
    Document("none", "boulanger", "farine levain"),
]


def ranker(title_weight: float) -> DualViewRanker:
    made = DualViewRanker(ToyEncoder(), title_weight=title_weight)
    made.index(DOCUMENTS)
    return made


@pytest.mark.parametrize("weight", [0.0, 0.25, 0.5, 1.0])
def test_the_score_is_the_weighted_sum_of_both_cosines(weight: float) -> None:
    """Title cosines are 1 or 0; the query's body `inox` has cosine 1/√2 with `inox acier`."""
    scores = ranker(weight).rank([Query("q", "soudeur", "inox")], top_k=4)["q"]
    body = (1 - weight) / math.sqrt(2)
    expected = {"both": weight + body, "title": weight, "body": body, "none": 0.0}
    assert scores == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("view", ["title", "body"])
def test_changing_one_view_of_the_query_changes_the_answer(view: str) -> None:
    made = ranker(0.5)
    titles, bodies = embed_views(made.encoder, [Query("q", "soudeur", "inox acier")])
    others = embed_views(made.encoder, [Query("q", "boulanger", "farine levain")])
    before = made.rank_embeddings(["q"], titles, bodies, top_k=4)
    changed = (others[0], bodies) if view == "title" else (titles, others[1])
    assert made.rank_embeddings(["q"], *changed, top_k=4) != before


def test_vectors_and_texts_give_the_same_run() -> None:
    made = ranker(0.3)
    query = Query("q", "soudeur", "acier")
    vectors = embed_views(made.encoder, [query])
    assert made.rank_embeddings(["q"], *vectors, top_k=4) == made.rank([query], top_k=4)


def test_a_cosine_does_not_see_the_length_of_a_vector() -> None:
    made = ranker(0.5)
    titles, bodies = embed_views(made.encoder, [Query("q", "soudeur", "acier")])
    scaled = made.rank_embeddings(["q"], 4 * titles, 8 * bodies, top_k=4)
    assert scaled == made.rank_embeddings(["q"], titles, bodies, top_k=4)


def test_an_empty_view_is_represented_by_the_other_one() -> None:
    titles, bodies = embed_views(
        ToyEncoder(), [Document("a", "soudeur", " "), Document("b", "", "inox")]
    )
    np.testing.assert_array_equal(titles, bodies)


def test_scores_stay_within_minus_one_and_one() -> None:
    made = ranker(0.5)
    titles, bodies = embed_views(made.encoder, [Query("q", "soudeur", "inox acier")])
    for sign in (1, -1):
        scores = made.rank_embeddings(["q"], sign * titles, sign * bodies, top_k=4)["q"]
        assert max(abs(score) for score in scores.values()) == pytest.approx(1, abs=1e-6)


def test_a_vector_of_another_length_is_refused_with_the_length_expected() -> None:
    with pytest.raises(InputError, match="length 3; expected 2048"):
        ranker(0.5).rank_embeddings(["q"], [[1.0, 0, 0]], [[1.0, 0, 0]], top_k=1)


@pytest.mark.parametrize("weight", [-0.1, 1.5, math.nan])
def test_a_weight_outside_zero_and_one_is_refused(weight: float) -> None:
    with pytest.raises(InputError, match="title_weight"):
        DualViewRanker(ToyEncoder(), title_weight=weight)


def test_indexing_vectors_refuses_repeated_ids() -> None:
    vectors = np.eye(2, ToyEncoder.dimension, dtype=np.float32)
    with pytest.raises(InputError, match="doc_id not unique"):
        DualViewRanker(ToyEncoder()).index_embeddings(["a", "a"], vectors, vectors)


def test_the_single_vector_joins_title_and_text() -> None:
    """`soudeur` against `soudeur inox acier`: 1/√3."""
    made = SingleVectorRanker(ToyEncoder())
    made.index(DOCUMENTS)
    scores = made.rank([Query("q", "soudeur", "")], top_k=1)["q"]
    assert scores == pytest.approx({"both": 1 / math.sqrt(3)}, abs=1e-6)


def test_joined_texts_have_one_vector_each() -> None:
    assert embed_joined(ToyEncoder(), DOCUMENTS).shape == (4, ToyEncoder.dimension)
