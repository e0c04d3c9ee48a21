"""Character TF-IDF: what it is good for."""

from __future__ import annotations

import pytest

from jobmatch_ml.ranking.tfidf_char import CharTfidfRanker
from jobmatch_ml.types import Document, Query


@pytest.fixture
def ranker() -> CharTfidfRanker:
    made = CharTfidfRanker()
    made.index([Document("b", "Boulangère", ""), Document("s", "Soudeur", "")])
    return made


def test_the_text_itself_scores_one(ranker: CharTfidfRanker) -> None:
    assert ranker.rank([Query("q", "Soudeur", "")], top_k=1)["q"]["s"] == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("title", ["boulanger", "BOULANGÈRES", "boulangre"])
def test_inflected_and_misspelt_forms_are_found(ranker: CharTfidfRanker, title: str) -> None:
    scores = ranker.rank([Query("q", title, "")], top_k=2)["q"]
    assert list(scores) == ["b", "s"]
    assert scores["s"] == 0 < scores["b"]
