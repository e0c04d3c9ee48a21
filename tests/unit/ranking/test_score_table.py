"""Scores of pairs: what the ranker said, and nothing where it said nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from jobmatch_ml.ranking.score_table import score_table
from jobmatch_ml.types import Document, Query, Run
from tests.log_factory import make_log


class Fake:
    """Scores ``10 * query + document`` and leaves document c out."""

    def index(self, documents: Sequence[Document]) -> None:
        self.ids = [document.doc_id for document in documents]

    def rank(self, queries: Sequence[Query], *, top_k: int) -> Run:
        return {
            query.query_id: {
                name: 10.0 * int(query.query_id[1:]) + "abc".index(name)
                for name in self.ids[:top_k]
                if name != "c"
            }
            for query in queries
        }


def test_each_row_gets_the_score_of_its_pair() -> None:
    documents = [Document(name, name, "") for name in "bca"]
    queries = [Query(f"q{number}", "t", "") for number in (2, 1)]
    table = score_table(Fake(), documents, queries)
    log = make_log(
        {"user": "q1", "offer_external_id": "b"},
        {"user": "q2", "offer_external_id": "a"},
        {"user": "q2", "offer_external_id": "c"},
        {"user": "q3", "offer_external_id": "a"},
        {"user": "q1", "offer_external_id": "bb"},
    )
    assert table.of(log)[:2].tolist() == [11.0, 20.0]
    assert np.isnan(table.of(log)[2:]).all()
