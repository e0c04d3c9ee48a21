"""The part that full scans share: order of documents, blocks of queries, refused requests."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError
from jobmatch_ml.ranking import full_scan
from jobmatch_ml.types import Document, Query

DOCUMENTS = [Document("c", "xxx", ""), Document("a", "x", ""), Document("b", "xx", "")]


class ByLength(full_scan.FullScanRanker):
    """Scores a document by how near its title's length is to the query's."""

    name = "by_length"

    def _fit(self, documents: Sequence[Document]) -> None:
        self.lengths = np.array([len(item.title) for item in documents], dtype=float)
        self.blocks: list[int] = []

    def _scores(self, queries: Sequence[Query]) -> NDArray[np.floating]:
        self.blocks.append(len(queries))
        wanted = np.array([[len(item.title)] for item in queries], dtype=float)
        return -np.abs(wanted - self.lengths)


def queries(*lengths: int) -> list[Query]:
    return [Query(f"q{length}", "x" * length, "") for length in lengths]


def test_the_nearest_come_first_and_ties_go_by_id() -> None:
    ranker = ByLength()
    ranker.index(DOCUMENTS)
    run = ranker.rank(queries(2, 3), top_k=2)
    # q2: b is 0 away, a and c are 1 away each; a stands before c
    assert list(run["q2"].items()) == [("b", 0.0), ("a", -1.0)]
    assert list(run["q3"]) == ["c", "b"]


def test_queries_are_scored_in_blocks_with_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    ranker = ByLength()
    ranker.index(DOCUMENTS)
    whole = ranker.rank(queries(1, 2, 3), top_k=3)
    monkeypatch.setattr(full_scan, "BLOCK_CELLS", 6)  # two queries of three documents
    assert ranker.rank(queries(1, 2, 3), top_k=3) == whole
    assert ranker.blocks == [3, 2, 1]


def test_requests_without_meaning_are_refused() -> None:
    ranker = ByLength()
    with pytest.raises(InputError, match="nothing was indexed"):
        ranker.rank(queries(1), top_k=1)
    with pytest.raises(InputError, match="corpus is empty"):
        ranker.index([])
    with pytest.raises(InputError, match="doc_id"):
        ranker.index([*DOCUMENTS, DOCUMENTS[0]])
    ranker.index(DOCUMENTS)
    with pytest.raises(InputError, match="top_k is 0"):
        ranker.rank(queries(1), top_k=0)
    with pytest.raises(InputError, match="query_id"):
        ranker.rank(queries(1, 1), top_k=1)
