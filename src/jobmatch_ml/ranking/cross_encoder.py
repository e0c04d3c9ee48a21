"""Cross-encoder ranking: each pair of candidate and offer is read together.

More exact than two vectors, and dearer: the cost is one model pass a pair. For a whole corpus it is
meant for small ones; in the cascade it reads the top of a retriever's answer
(:mod:`jobmatch_ml.ranking.retrieve_rerank`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError, RankerNotApplicableError
from jobmatch_ml.ranking.decisive_text import decisive_text
from jobmatch_ml.ranking.full_scan import FullScanRanker
from jobmatch_ml.ranking.registry import RankerContext
from jobmatch_ml.types import Direction, Document, PairScorer, Query


class CrossEncoderRanker(FullScanRanker):
    """Scores each document for each query by reading what decides in both.

    Args:
        scorer: The model.
        direction: Who the queries are; the model reads the candidate first in both directions.
    """

    name = "cross_encoder"

    def __init__(self, scorer: PairScorer, *, direction: Direction = "candidate_to_offer") -> None:
        super().__init__()
        self.scorer = scorer
        self.direction = direction
        self.texts_: dict[str, str] = {}

    @classmethod
    def from_context(cls, context: RankerContext) -> CrossEncoderRanker:
        """Builds the ranker from the context's cross-encoder.

        Raises:
            RankerNotApplicableError: There is none: this ranker has no meaning untrained.
        """
        return cls(scorer_of(context, cls.name), direction=context.direction)

    def score(
        self, queries: Sequence[Query], candidates: Mapping[str, Sequence[str]]
    ) -> dict[str, NDArray[np.float32]]:
        """Scores given documents of the indexed corpus for each query.

        Args:
            queries: Queries, each with candidates.
            candidates: Document ids by query id.

        Returns:
            Scores in the order of the candidates, by query id.

        Raises:
            InputError: A document that is not indexed.
        """
        unknown = {doc for docs in candidates.values() for doc in docs} - self.texts_.keys()
        if unknown:
            raise InputError(f"{len(unknown)} documents are not indexed", field="candidates")
        pairs = [
            self._pair(text, self.texts_[doc_id])
            for query in queries
            for text in [decisive_text(query)]
            for doc_id in candidates[query.query_id]
        ]
        scores = np.asarray(self.scorer.score(pairs), dtype=np.float32)
        ends = np.cumsum([len(candidates[query.query_id]) for query in queries])
        return {
            query.query_id: part
            for query, part in zip(queries, np.split(scores, ends[:-1]), strict=True)
        }

    def _fit(self, documents: Sequence[Document]) -> None:
        self.texts_ = {item.doc_id: decisive_text(item) for item in documents}

    def _scores(self, queries: Sequence[Query]) -> NDArray[np.floating]:
        found = self.score(queries, {query.query_id: self.doc_ids_ for query in queries})
        return np.vstack([found[query.query_id] for query in queries])

    def _pair(self, query: str, document: str) -> tuple[str, str]:
        is_candidate_first = self.direction == "candidate_to_offer"
        return (query, document) if is_candidate_first else (document, query)


def scorer_of(context: RankerContext, name: str) -> PairScorer:
    """Returns the context's cross-encoder.

    Raises:
        RankerNotApplicableError: There is none; the message says how to get one.
    """
    if context.cross_encoder is None:
        raise RankerNotApplicableError(
            f"the ranker '{name}' needs a bundle with a trained cross-encoder: name one with "
            "--model (a bundle's folder, or models:/NAME@ALIAS). `jobmatch pipeline run rerank` "
            "trains one"
        )
    return context.cross_encoder
