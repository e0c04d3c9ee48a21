"""Exact search over unit vectors: no index structure, no approximation, repeatable scores.

An exact scan answers in milliseconds up to about 100,000 vectors; beyond that an approximate index
belongs here, behind the same two methods.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from jobmatch_ml.errors import InputError
from jobmatch_ml.ranking.beir import refuse_duplicates
from jobmatch_ml.ranking.full_scan import BLOCK_CELLS, check_top_k
from jobmatch_ml.ranking.order import top_documents
from jobmatch_ml.types import Run

# A block product's last digits depend on the block's shape; no float32 product of unit vectors of
# a few hundred dimensions is off by more than this.
_SLACK = np.float32(1e-5)


class DenseScan:
    """Ranks documents by the scalar product of vectors.

    The product of whole blocks finds the candidates; their scores are then computed again pair by
    pair, in a fixed order of additions. So a score depends on its two vectors alone, not on the
    batch or on the document's place: equal texts tie, and one query scores as in a batch.

    Args:
        doc_ids: Ids, unique, in any order.
        vectors: Float32 ``(n_docs, dim)``.
    """

    def __init__(self, doc_ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        refuse_duplicates(doc_ids, what="doc_id")
        order = sorted(range(len(doc_ids)), key=doc_ids.__getitem__)
        self.doc_ids = [doc_ids[position] for position in order]
        self.vectors = np.ascontiguousarray(vectors[order])

    def search(
        self,
        query_ids: Sequence[str],
        vectors: NDArray[np.float32],
        *,
        top_k: int,
        name: str = "search",
    ) -> Run:
        """Returns the ``top_k`` documents of each query, by score, then by id.

        Args:
            query_ids: Ids, unique.
            vectors: Float32 ``(n_queries, dim)``.
            top_k: How many documents at most, >= 1.
            name: Label of the progress bar, which shows after two seconds.

        Raises:
            InputError: ``top_k`` < 1, no documents, or duplicate query ids.
        """
        check_top_k(top_k, n_docs=len(self.doc_ids))
        refuse_duplicates(query_ids, what="query_id")
        run: Run = {}
        block = max(1, BLOCK_CELLS // len(self.doc_ids))
        with tqdm(total=len(query_ids), desc=name, unit="query", delay=2, leave=False) as bar:
            for start in range(0, len(query_ids), block):
                part = vectors[start : start + block]
                scores = part @ self.vectors.T  # (n_part, n_docs)
                for query_id, vector, row in zip(
                    query_ids[start : start + block], part, scores, strict=True
                ):
                    run[query_id] = self._top(vector, row, top_k)
                bar.update(len(part))
        return run

    def _top(
        self, vector: NDArray[np.float32], scores: NDArray[np.float32], top_k: int
    ) -> dict[str, float]:
        candidates = np.arange(len(scores))
        if top_k < len(scores):
            cut = np.partition(scores, -top_k)[-top_k] - _SLACK
            candidates = np.flatnonzero(scores >= cut)
        exact = (self.vectors[candidates] * vector).sum(axis=1)
        ids = [self.doc_ids[position] for position in candidates.tolist()]
        return top_documents(exact, ids, top_k)


def unit_rows(
    values: Any, *, name: str, n_rows: int | None = None, dimension: int | None = None
) -> NDArray[np.float32]:
    """Checks embeddings and returns them as float32 rows of length one.

    Args:
        values: Anything that numpy reads as ``(n_rows, dimension)`` numbers.
        name: What they are, for the message and as the error's field.
        n_rows: Number of rows expected; ``None`` accepts any.
        dimension: Length expected of each; ``None`` accepts any.

    Raises:
        InputError: Another shape, NaN or infinity, or a vector of zeros (it has no direction).
    """
    try:
        array = np.array(values, dtype=np.float32, ndmin=2)
    except (TypeError, ValueError) as error:
        raise InputError(
            f"{name}: expected rows of {dimension or 'equally many'} numbers each", field=name
        ) from error
    if array.ndim != 2 or (dimension is not None and array.shape[1] != dimension):
        raise InputError(
            f"{name} has the length {array.shape[-1]}; expected {dimension}: embed with the model "
            "that made the index",
            field=name,
        )
    if n_rows is not None and len(array) != n_rows:
        raise InputError(f"{name} has {len(array)} rows; expected {n_rows}", field=name)
    bad = np.flatnonzero(~np.isfinite(array).all(axis=1))
    if len(bad):
        raise InputError(
            f"{name}: {len(bad)} rows hold NaN or infinity, the first is row {bad[0]}", field=name
        )
    norms = np.linalg.norm(array, axis=1, keepdims=True)
    if not norms.all():
        raise InputError(f"{name}: row {int(np.argmin(norms))} is all zeros", field=name)
    unit: NDArray[np.float32] = array / norms
    return unit
