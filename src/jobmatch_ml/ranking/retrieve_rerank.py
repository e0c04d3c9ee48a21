"""Retrieve, then rerank: a cheap ranker finds the top, the cross-encoder puts it in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError
from jobmatch_ml.ranking.cross_encoder import CrossEncoderRanker, scorer_of
from jobmatch_ml.ranking.registry import RankerContext, create_ranker
from jobmatch_ml.types import Document, Query, Ranker, Run

DEPTH = 30
"""Documents that are reranked: what a page shows, three times over."""
_FLAT = 1e-9
_Scores: TypeAlias = Sequence[float] | NDArray[np.floating]


class RetrieveRerankRanker:
    """Reorders the first documents of a retriever by a blend of both scores.

    Among the ``depth`` first, each side's scores are brought to mean 0 and deviation 1, and a
    document scores ``weight · z(cross-encoder) + (1 − weight) · z(retriever)``. What comes after
    keeps the retriever's order, its scores shifted below.

    Args:
        retriever: Finds the documents.
        reader: Reads the first of them.
        depth: How many are reranked, >= 1.
        weight: The cross-encoder's share in [0, 1], chosen on validation data.

    Raises:
        InputError: ``depth`` or ``weight`` is out of range.
    """

    name = "retrieve_rerank"

    def __init__(
        self,
        retriever: Ranker,
        reader: CrossEncoderRanker,
        *,
        depth: int = DEPTH,
        weight: float = 0.5,
    ) -> None:
        if depth < 1 or not 0 <= weight <= 1:
            raise InputError(
                f"depth is {depth}, weight {weight}; expected a number >= 1 and one in [0, 1]"
            )
        self.retriever = retriever
        self.reader = reader
        self.depth = depth
        self.weight = weight

    @classmethod
    def from_context(cls, context: RankerContext) -> RetrieveRerankRanker:
        """Builds the ranker: `bi_encoder` retrieves where there is an encoder, else `hybrid`.

        Raises:
            RankerNotApplicableError: There is no cross-encoder.
        """
        reader = CrossEncoderRanker(scorer_of(context, cls.name), direction=context.direction)
        retriever = create_ranker("bi_encoder" if context.encoder else "hybrid", context)
        return cls(retriever, reader, depth=context.rerank_depth, weight=context.rerank_weight)

    def index(self, documents: Sequence[Document]) -> None:
        """Prepares the corpus for both; replaces what was indexed before.

        Raises:
            InputError: The corpus is empty, or two documents share an id.
        """
        self.retriever.index(documents)
        self.reader.index(documents)

    def rank(self, queries: Sequence[Query], *, top_k: int) -> Run:
        """Returns the ``top_k`` best documents of the indexed corpus for each query.

        Raises:
            InputError: ``top_k`` < 1, duplicate query ids, or nothing was indexed.
        """
        # At least the reranked ones, so that a shorter list is the beginning of a longer one.
        found = self.retriever.rank(queries, top_k=top_k if top_k < 1 else max(top_k, self.depth))
        tops = {query_id: list(scores)[: self.depth] for query_id, scores in found.items()}
        read = self.reader.score(queries, tops) if queries else {}
        return {
            query_id: rerank(scores, read[query_id], weight=self.weight, top_k=top_k)
            for query_id, scores in found.items()
        }


def rerank(
    retrieved: Mapping[str, float], read: NDArray[np.floating], *, weight: float, top_k: int
) -> dict[str, float]:
    """Reorders the beginning of one query's answer.

    Args:
        retrieved: The retriever's scores, in rank order.
        read: The cross-encoder's scores of the first ``len(read)`` of them.
        weight: Its share in [0, 1].
        top_k: How many are returned.

    Returns:
        Scores in the new order, ties by id.

    Example:
        >>> rerank({"a": 9.0, "b": 8.0, "c": 1.0}, np.array([0.0, 5.0]), weight=1.0, top_k=3)
        {'b': 1.0, 'a': -1.0, 'c': -8.0}
    """
    ids, values = list(retrieved), list(retrieved.values())
    depth = len(read)
    blend = weight * standardised(read) + (1 - weight) * standardised(values[:depth])
    order = sorted(range(depth), key=lambda place: (-blend[place], ids[place]))
    scores = {ids[place]: float(blend[place]) for place in order}
    lowest = min(scores.values(), default=0.0)
    for (_, above), (doc_id, value) in list(pairwise(zip(ids, values, strict=True)))[depth - 1 :]:
        # By steps, so that what tied there ties here and rounding cannot turn an order round.
        lowest -= above - value
        scores[doc_id] = lowest
    return dict(list(scores.items())[:top_k])


def standardised(scores: _Scores, *, like: _Scores | None = None) -> NDArray[np.float64]:
    """Returns scores with mean 0 and deviation 1; equal scores say nothing and become zeros.

    Args:
        scores: The scores.
        like: Scores whose mean and deviation become 0 and 1 instead.
    """
    values = np.asarray(scores, dtype=np.float64)
    reference = values if like is None else np.asarray(like, dtype=np.float64)
    deviation = reference.std() if len(reference) else 0.0
    if deviation <= _FLAT:
        return np.zeros(len(values))
    result: NDArray[np.float64] = (values - reference.mean()) / deviation
    return result
