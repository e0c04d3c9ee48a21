"""Popularity: the same order for everyone, by what people took so far."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError, RankerNotApplicableError
from jobmatch_ml.ranking.full_scan import FullScanRanker
from jobmatch_ml.ranking.registry import RankerContext
from jobmatch_ml.types import Document, Query


class PopularityRanker(FullScanRanker):
    """Scores a document by its positive interactions before the ranking moment; unseen ones 0.

    Args:
        interaction_counts: Positive interactions (a weighted count is fine) per ``doc_id``.

    Raises:
        InputError: A count is negative or not finite.
    """

    name = "popularity"

    def __init__(self, interaction_counts: Mapping[str, float]) -> None:
        super().__init__()
        bad = sum(not math.isfinite(count) or count < 0 for count in interaction_counts.values())
        if bad:
            raise InputError(f"{bad} interaction counts are not finite numbers >= 0")
        self.interaction_counts = dict(interaction_counts)

    @classmethod
    def from_context(cls, context: RankerContext) -> PopularityRanker:
        """Builds the ranker from the context's interaction counts.

        Raises:
            RankerNotApplicableError: There is no interaction log.
        """
        if context.interaction_counts is None:
            raise RankerNotApplicableError(
                "the ranker 'popularity' counts interactions, and there is no interaction log "
                "here: it ranks the offers of a prepared data set (notebook evaluate_rankers). "
                "For a corpus alone take bm25, tfidf_char or zero_shot"
            )
        return cls(context.interaction_counts)

    def _fit(self, documents: Sequence[Document]) -> None:
        counts = [self.interaction_counts.get(document.doc_id, 0.0) for document in documents]
        self._popularity = np.asarray(counts, dtype=np.float64)

    def _scores(self, queries: Sequence[Query]) -> NDArray[np.floating]:
        return np.broadcast_to(self._popularity, (len(queries), len(self._popularity)))
