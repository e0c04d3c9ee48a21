"""A seeded random order: the floor that every ranker and every test must beat."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.ranking.full_scan import FullScanRanker
from jobmatch_ml.ranking.registry import RankerContext
from jobmatch_ml.types import Document, Query


class RandomRanker(FullScanRanker):
    """Scores drawn uniformly in [0, 1), from the seed and the query's id.

    The id is part of the seed so that a query's order does not depend on its batch.

    Args:
        seed: Another seed gives other orders.
    """

    name = "random"

    def __init__(self, seed: int = 0) -> None:
        super().__init__()
        self.seed = seed

    @classmethod
    def from_context(cls, context: RankerContext) -> RandomRanker:
        """Builds the ranker with the context's seed."""
        return cls(context.seed)

    def _fit(self, documents: Sequence[Document]) -> None:
        self._n_docs = len(documents)

    def _scores(self, queries: Sequence[Query]) -> NDArray[np.floating]:
        return np.stack([self._draw(query.query_id) for query in queries])

    def _draw(self, query_id: str) -> NDArray[np.float64]:
        digest = hashlib.sha256(f"{self.seed}\n{query_id}".encode()).digest()
        return np.random.default_rng(int.from_bytes(digest[:16], "big")).random(self._n_docs)
