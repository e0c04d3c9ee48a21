"""BM25 against its formula."""

from __future__ import annotations

import logging
import math

import pytest

from jobmatch_ml.ranking.bm25 import Bm25Ranker, words
from jobmatch_ml.types import Document, Query


def test_scores_follow_the_formula() -> None:
    """Three documents of 3, 1 and 2 words: avgdl = 2. `pain` is in two of them, twice in a.

    idf = ln(1 + (3 - 2 + 0.5) / (2 + 0.5)) = ln 1.6
    a: tf 2, |d| 3: 2 / (2 + 1.5 (0.25 + 0.75 * 3 / 2)) = 2 / 4.0625
    b: tf 1, |d| 1: 1 / (1 + 1.5 (0.25 + 0.75 * 1 / 2)) = 1 / 1.9375
    """
    ranker = Bm25Ranker()
    ranker.index(
        [
            Document("a", "Pain", "pain cuit"),
            Document("b", "PAIN", ""),
            Document("c", "acier", "inox"),
        ]
    )
    scores = ranker.rank([Query("q", "pain", "")], top_k=3)["q"]
    idf = math.log(1.6)
    assert scores == pytest.approx({"b": idf / 1.9375, "a": idf * 2 / 4.0625, "c": 0.0}, rel=1e-6)


def test_a_repeated_query_word_counts_each_time() -> None:
    ranker = Bm25Ranker()
    ranker.index([Document("a", "pain", ""), Document("b", "acier", "")])
    once, twice = (
        ranker.rank([Query("q", text, "")], top_k=1)["q"]["a"] for text in ("pain", "pain pain")
    )
    assert twice == pytest.approx(2 * once, rel=1e-6)


def test_unknown_words_score_nothing() -> None:
    ranker = Bm25Ranker()
    ranker.index([Document("a", "pain", "")])
    assert ranker.rank([Query("q", "zzz", "yyy")], top_k=1)["q"] == {"a": 0.0}


def test_words_are_lower_cased_and_keep_accents() -> None:
    assert words("L'ÉTÉ, B2V!") == ["l", "été", "b2v"]


def test_the_library_does_not_log_behind_our_back(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        Bm25Ranker().index([Document("a", "pain", "")])
    assert caplog.records == []
