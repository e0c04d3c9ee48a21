"""Similarities by row are those of the rankers that score whole corpora."""

from __future__ import annotations

import numpy as np
import pytest

from jobmatch_ml.ranking.bm25 import Bm25Ranker
from jobmatch_ml.ranking.features.texts import DENSE_VIEWS, LEXICAL_VIEWS, TextIndex
from jobmatch_ml.ranking.tfidf_char import CharTfidfRanker
from jobmatch_ml.types import Document, Query
from tests.toy import ToyEncoder, toy_documents, toy_queries

DOCUMENTS = [*toy_documents(), Document("d99", "", "")]
ROWS = np.arange(len(DOCUMENTS))


def compare(query: Query, rows: np.ndarray = ROWS) -> dict[str, np.ndarray]:
    index = TextIndex(ToyEncoder(), None)
    index.index(DOCUMENTS)
    return index.compare(query, index.embed([query]), 0, rows)


@pytest.mark.parametrize(
    ("name", "ranker"), [("bm25", Bm25Ranker()), ("tfidf_char", CharTfidfRanker())]
)
def test_lexical_scores_are_the_rankers_own(
    name: str, ranker: Bm25Ranker | CharTfidfRanker
) -> None:
    ranker.index(DOCUMENTS)
    for query in [*toy_queries()[:3], Query("q", "Boulanger boulanger", "soins sur chantier")]:
        expected = ranker.rank([query], top_k=len(DOCUMENTS))[query.query_id]
        scores = compare(query)[name]
        by_id = {item.doc_id: score for item, score in zip(DOCUMENTS, scores, strict=True)}
        assert by_id == pytest.approx(expected, rel=1e-5, abs=1e-6)


def test_each_view_compares_its_own_texts() -> None:
    # One word each: the cosine is 1 where it is the same word, else 0.
    index = TextIndex(ToyEncoder(), ToyEncoder())
    index.index([Document("d", "maçon", "soudeur"), Document("e", "pain", "levain")])
    query = Query("q", "soudeur", "levain")
    found = index.compare(query, index.embed([query]), 0, np.arange(2))
    assert found["dense_title"].tolist() == [0, 0]
    assert found["dense_title_to_body"].tolist() == [1, 0]
    assert found["dense_body"].tolist() == [0, 1]
    assert found["static_title_to_all"][0] == pytest.approx(np.sqrt(0.5))


def test_rows_are_those_asked_for_and_a_missing_encoder_is_nan() -> None:
    query = toy_queries()[2]
    whole, part = compare(query), compare(query, np.array([5, 2]))
    for name in (*DENSE_VIEWS, *LEXICAL_VIEWS):
        np.testing.assert_allclose(part[name], whole[name][[5, 2]], rtol=1e-5)
    assert np.isnan(whole["static_title"]).all()
