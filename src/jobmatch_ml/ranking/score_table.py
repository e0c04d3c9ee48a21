"""A ranker's scores of people and offers, looked up for the rows of a log.

A ranker answers with lists; calibration, counterfactual estimates and error analysis ask for the
score of one pair, and of many at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from tqdm import tqdm

from jobmatch_ml.types import Document, Query, Ranker

_BATCH = 64


@dataclass(frozen=True)
class ScoreTable:
    """Scores of every person with every offer.

    Args:
        people: Query ids, ascending.
        offers: Document ids, ascending.
        scores: ``(n_people, n_offers)`` float32; NaN where the ranker's answer did not hold it.
    """

    people: NDArray[np.str_]
    offers: NDArray[np.str_]
    scores: NDArray[np.float32]

    def of(self, table: pa.Table) -> NDArray[np.float64]:
        """Returns the score of each row's (user, offer), NaN where there is none.

        Args:
            table: Rows in the log's schema.
        """
        rows, known = _places(self.people, table["user"])
        columns, offered = _places(self.offers, table["offer_external_id"])
        found = self.scores[rows, columns].astype(np.float64)
        return np.where(known & offered, found, np.nan)


def score_table(
    ranker: Ranker, documents: Sequence[Document], queries: Sequence[Query]
) -> ScoreTable:
    """Ranks the whole corpus for each query and keeps all scores.

    Four bytes a pair: for thousands of people and offers, not for millions.

    Raises:
        InputError: As the ranker's.
    """
    ranker.index(documents)
    offers = np.array(sorted(document.doc_id for document in documents))
    ordered = sorted(queries, key=lambda query: query.query_id)
    scores = np.full((len(ordered), len(offers)), np.nan, dtype=np.float32)
    for start in tqdm(range(0, len(ordered), _BATCH), desc="score", delay=2, leave=False):
        batch = ordered[start : start + _BATCH]
        run = ranker.rank(batch, top_k=len(offers))
        for row, query in enumerate(batch, start=start):
            answer = run[query.query_id]
            places = np.searchsorted(offers, np.array(list(answer), dtype=offers.dtype))
            scores[row, places] = list(answer.values())
    return ScoreTable(np.array([query.query_id for query in ordered]), offers, scores)


def _places(
    names: NDArray[np.str_], column: pa.ChunkedArray
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Returns where each value stands among sorted names, and whether it does."""
    encoded = column.combine_chunks().dictionary_encode()
    values = np.array(encoded.dictionary.to_pylist(), dtype=names.dtype if len(names) else str)
    place = np.minimum(np.searchsorted(names, values), max(len(names) - 1, 0))
    codes = np.asarray(encoded.indices.to_numpy(), dtype=np.int64)
    exact = np.array(encoded.dictionary.to_pylist(), dtype=object) == names[place].astype(object)
    return place[codes], np.asarray(exact, dtype=bool)[codes]
