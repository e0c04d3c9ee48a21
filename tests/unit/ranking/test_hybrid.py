"""The hybrid: standardised components, regimes, weights; by hand where it can be."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError
from jobmatch_ml.ranking.hybrid import COMPONENTS, REGIMES, FusionWeights, HybridRanker
from jobmatch_ml.types import Document, Query
from tests.toy import ToyEncoder, toy_documents, toy_queries


class Table:
    """An encoder whose vectors are written down."""

    name = "table"
    dimension = 2

    def __init__(self, vectors: dict[str, tuple[float, float]]) -> None:
        self.vectors = vectors

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.array([self.vectors[text] for text in texts], np.float32)
        unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit


def same(**parts: float) -> FusionWeights:
    return FusionWeights(dict.fromkeys(REGIMES, parts))


def test_components_are_standardised_and_added() -> None:
    encoder = Table({"q": (1, 0), "a": (1, 0), "b": (0, 1), "c": (-1, 0)})
    documents = [Document(name, name, "") for name in "abc"]
    run = HybridRanker(encoder, None, same(static_title=2)).rank  # nothing indexed yet
    with pytest.raises(InputError, match="nothing was indexed"):
        run([Query("q", "q", "")], top_k=1)
    with pytest.raises(InputError, match="nothing was indexed"):
        HybridRanker(encoder, None, same(static_title=2)).component_scores([Query("q", "q", "")])
    ranker = HybridRanker(encoder, encoder, same(static_title=2, dense_title=1))
    ranker.index(documents)
    found = ranker.rank([Query("q", "q", "")], top_k=3)["q"]
    # Cosines 1, 0, -1 have mean 0 and deviation √(2/3); weights 2 and 1 add to 3.
    expected = 3 / np.sqrt(2 / 3)
    assert found == pytest.approx({"a": expected, "b": 0.0, "c": -expected}, abs=1e-6)


def test_views_meet_as_their_names_say() -> None:
    vectors = {"t": (1, 0), "b": (0, 1), "T": (1, 0), "B": (0, 1), "T2": (0, 1), "B2": (1, 0)}
    encoder = Table(vectors)
    documents = [Document("1", "T", "B"), Document("2", "T2", "B2")]
    query = [Query("q", "t", "b")]

    def first(component: str) -> str:
        ranker = HybridRanker(None, encoder, same(**{component: 1.0}))
        ranker.index(documents)
        return next(iter(ranker.rank(query, top_k=1)["q"]))

    assert first("dense_title") == "1"
    assert first("dense_body") == "1"
    assert first("dense_title_to_body") == "2"


def test_the_querys_title_meets_the_documents_body_and_not_the_other_way_round() -> None:
    vectors = {"t": (1, 0), "b": (0, 1), "T": (1, 0), "B": (1, 0.1), "T2": (0, 1), "B2": (0.1, 1)}
    ranker = HybridRanker(None, Table(vectors), same(dense_title_to_body=1))
    ranker.index([Document("1", "T", "B"), Document("2", "T2", "B2")])
    assert next(iter(ranker.rank([Query("q", "t", "b")], top_k=1)["q"])) == "1"


def test_views_that_are_embedded_together_are_not_mixed_up() -> None:
    documents, queries = toy_documents(), [Query("q", "maçon", "pétrissage du pain")]
    together = HybridRanker(ToyEncoder(), None, same(static_title=1, static_all=1, static_body=1))
    together.index(documents)
    for name, scores in together.component_scores(queries)[0].items():
        alone = HybridRanker(ToyEncoder(), None, same(**{name: 1.0}))
        alone.index(documents)
        assert scores.tolist() == pytest.approx(alone.component_scores(queries)[0][name].tolist())


def test_each_regime_has_its_weights() -> None:
    weights = FusionWeights(
        {
            "bodies": {"static_body": 1},
            "titles": {"static_title_to_all": 1},
            "labels": {"static_title": 1},
        }
    )
    encoder = ToyEncoder()
    ranker = HybridRanker(encoder, None, weights)
    ranker.index([Document("1", "maçon", "coffrage"), Document("2", "serveur", "accueil")])
    scores = ranker.component_scores([Query("a", "x", "coffrage"), Query("b", "accueil", " ")])
    assert [list(row) for row in scores] == [["static_body"], ["static_title_to_all"]]
    assert [int(np.argmax(next(iter(row.values())))) for row in scores] == [0, 1]
    ranker.index([Document("1", "maçon", ""), Document("2", "serveur", "")])
    assert list(ranker.component_scores([Query("a", "maçon", "coffrage")])[0]) == ["static_title"]


def test_a_component_that_says_the_same_of_all_counts_nothing() -> None:
    encoder = Table({"q": (1, 0), "a": (1, 0), "b": (1, 0)})
    ranker = HybridRanker(encoder, None, same(static_title=1, bm25=1))
    ranker.index([Document("1", "a", ""), Document("2", "b", "")])
    assert ranker.rank([Query("q", "q", "")], top_k=2)["q"] == {"1": 0.0, "2": 0.0}


def test_a_missing_encoder_leaves_its_components_out() -> None:
    ranker = HybridRanker(None, ToyEncoder(), same(static_title=1, dense_title=1, bm25=1))
    assert set(ranker.weights["labels"]) == {"dense_title", "bm25"}
    with pytest.raises(InputError, match="no component is left"):
        HybridRanker(None, None, same(static_title=1))


def test_one_query_scores_as_in_a_batch_and_a_cut_keeps_the_scores() -> None:
    ranker = HybridRanker(ToyEncoder(), ToyEncoder(), same(**dict.fromkeys(COMPONENTS, 1.0)))
    ranker.index(toy_documents())
    queries = toy_queries()
    together = ranker.rank(queries, top_k=4)
    for query in queries:
        alone = ranker.rank([query], top_k=12)[query.query_id]
        assert together[query.query_id] == dict(list(alone.items())[:4])


def test_equal_documents_tie_in_order_of_their_ids() -> None:
    ranker = HybridRanker(ToyEncoder(), ToyEncoder(), same(**dict.fromkeys(COMPONENTS, 1.0)))
    ranker.index(
        [*toy_documents(), Document("a", "Maçon", "Coffrage."), Document("z", "Maçon", "Coffrage.")]
    )
    found = ranker.rank([Query("q", "maçon", "coffrage")], top_k=3)["q"]
    assert list(found)[:2] == ["a", "z"]
    assert found["a"] == found["z"]


def test_the_lexical_part_is_asked_once_a_query(monkeypatch: pytest.MonkeyPatch) -> None:
    ranker = HybridRanker(ToyEncoder(), None, same(static_title=1, bm25=1))
    ranker.index(toy_documents())
    asked = []
    scores = ranker._lexical["bm25"]._scores
    monkeypatch.setattr(
        ranker._lexical["bm25"], "_scores", lambda part: asked.extend(part) or scores(part)
    )
    ranker.rank(toy_queries()[:3], top_k=2)
    assert len(asked) == 3


def test_the_fusion_is_the_sum_of_what_it_shows_of_its_components() -> None:
    parts = {name: 1.0 + place for place, name in enumerate(COMPONENTS)}
    ranker = HybridRanker(ToyEncoder(), ToyEncoder(), same(**parts))
    ranker.index(toy_documents())
    queries = [*toy_queries()[:2], Query("t", "boulanger du chantier", "")]
    run = ranker.rank(queries, top_k=12)
    for query, scores in zip(queries, ranker.component_scores(queries), strict=True):
        fused = sum(parts[name] * values for name, values in scores.items())
        expected = dict(zip(ranker.doc_ids_, fused, strict=True))
        assert run[query.query_id] == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    "weights",
    [
        {"bodies": {"bm25": 1.0}},
        {key: {"bm26": 1.0} for key in REGIMES},
        {key: {"bm25": -1.0} for key in REGIMES},
        {key: {"bm25": float("nan")} for key in REGIMES},
        {key: {"bm25": 0.0} for key in REGIMES},
    ],
)
def test_weights_that_make_no_sense_are_refused(weights: dict[str, dict[str, float]]) -> None:
    with pytest.raises(InputError):
        FusionWeights(weights)
