"""Bi-encoder ranking with two views: cosine of the titles and cosine of the bodies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError, RankerNotApplicableError
from jobmatch_ml.ranking.dense_scan import DenseScan, unit_rows
from jobmatch_ml.ranking.full_scan import check_request, sort_documents
from jobmatch_ml.ranking.registry import RankerContext
from jobmatch_ml.ranking.views import embed_views
from jobmatch_ml.types import Document, Query, Run, TextEncoder


class DualViewRanker:
    """Scores ``w · cos(title, title) + (1 − w) · cos(body, body)``, in [−1, 1].

    Two views because one vector of a whole offer forgets its title: on real offers the two cosines
    rank better than one vector of the joined text (:mod:`jobmatch_ml.ranking.single_vector`).

    Args:
        encoder: What embeds the texts.
        title_weight: w in [0, 1]; 0.5 until one was chosen on validation data.

    Raises:
        InputError: ``title_weight`` is outside [0, 1].
    """

    name = "dual_view"

    def __init__(self, encoder: TextEncoder, *, title_weight: float = 0.5) -> None:
        if not 0 <= title_weight <= 1:
            raise InputError(
                f"title_weight is {title_weight}; expected a number in [0, 1]", field="title_weight"
            )
        self.encoder = encoder
        self.title_weight = title_weight
        self.scan_: DenseScan | None = None
        self.dimension_ = 0
        self.rows_: dict[str, int] = {}

    def index(self, documents: Sequence[Document]) -> None:
        """Embeds the corpus; replaces what was indexed before.

        Raises:
            InputError: The corpus is empty, or two documents share an id.
        """
        ordered = sort_documents(documents)
        titles, bodies = embed_views(self.encoder, ordered)
        self.index_embeddings([item.doc_id for item in ordered], titles, bodies)

    def rank(self, queries: Sequence[Query], *, top_k: int) -> Run:
        """Returns the ``top_k`` best documents of the indexed corpus for each query.

        Raises:
            InputError: ``top_k`` < 1, duplicate query ids, or nothing was indexed.
        """
        check_request(queries, top_k=top_k, n_docs=self._n_docs)
        if not queries:
            return {}
        titles, bodies = embed_views(self.encoder, queries)
        return self.rank_embeddings(
            [item.query_id for item in queries], titles, bodies, top_k=top_k
        )

    def index_embeddings(
        self, doc_ids: Sequence[str], title_embeddings: Any, body_embeddings: Any
    ) -> None:
        """Indexes documents whose embeddings are there already (a cached index).

        Args:
            doc_ids: Ids, unique.
            title_embeddings: ``(n_docs, dim)``.
            body_embeddings: ``(n_docs, dim)``.

        Raises:
            InputError: No documents, duplicate ids, or embeddings of a wrong shape or with NaN.
        """
        if not doc_ids:
            raise InputError("the corpus is empty; expected at least one document")
        dimension = self.encoder.dimension
        titles, bodies = (
            unit_rows(values, name=name, n_rows=len(doc_ids), dimension=dimension)
            for name, values in (
                ("title_embeddings", title_embeddings),
                ("body_embeddings", body_embeddings),
            )
        )
        self.scan_ = DenseScan(doc_ids, np.hstack([titles, bodies]))
        self.dimension_ = dimension
        self.rows_ = {doc_id: row for row, doc_id in enumerate(self.scan_.doc_ids)}

    def view_cosines(
        self, doc_ids: Sequence[str], title_embedding: Any, body_embedding: Any
    ) -> list[tuple[float, float]]:
        """Returns what a score is made of: the cosine of the titles and that of the bodies.

        Args:
            doc_ids: Indexed documents, for example those that :meth:`rank_embeddings` returned.
            title_embedding: ``(1, dim)``, one query's.
            body_embedding: ``(1, dim)``, the same query's.

        Raises:
            InputError: Nothing indexed, an unknown document, or vectors as in
                :meth:`rank_embeddings`.
        """
        if self.scan_ is None:
            raise InputError("nothing was indexed: call index(documents) first")
        unknown = [doc_id for doc_id in doc_ids if doc_id not in self.rows_]
        if unknown:
            raise InputError(f"{len(unknown)} documents are not indexed", field="doc_ids")
        title, body = (
            unit_rows(values, name=name, n_rows=1, dimension=self.dimension_)[0]
            for name, values in (
                ("title_embedding", title_embedding),
                ("body_embedding", body_embedding),
            )
        )
        vectors = self.scan_.vectors[[self.rows_[doc_id] for doc_id in doc_ids]]
        titles, bodies = np.hsplit(vectors, 2)
        # Not a matrix product: its last bits depend on where the arrays lie in memory.
        cosines = ((titles * title).sum(axis=1), (bodies * body).sum(axis=1))
        return list(zip(*(values.tolist() for values in cosines), strict=True))

    def rank_embeddings(
        self,
        query_ids: Sequence[str],
        title_embeddings: Any,
        body_embeddings: Any,
        *,
        top_k: int,
    ) -> Run:
        """Ranks for queries that come as vectors (the matching service).

        Vectors need not be of unit length: a cosine does not see the length.

        Args:
            query_ids: Ids, unique.
            title_embeddings: ``(n_queries, dim)``.
            body_embeddings: ``(n_queries, dim)``.
            top_k: How many documents at most, >= 1.

        Raises:
            InputError: ``top_k`` < 1, nothing indexed, duplicate query ids, or vectors of a wrong
                length, with NaN, or all zeros; the message names the length expected.
        """
        if self.scan_ is None:
            raise InputError("nothing was indexed: call index(documents) before rank(queries)")
        titles, bodies = (
            unit_rows(values, name=name, n_rows=len(query_ids), dimension=self.dimension_)
            for name, values in (
                ("title_embedding", title_embeddings),
                ("body_embedding", body_embeddings),
            )
        )
        weighted = self._weight(titles, bodies)
        return self.scan_.search(query_ids, weighted, top_k=top_k, name=self.name)

    @property
    def _n_docs(self) -> int:
        return 0 if self.scan_ is None else len(self.scan_.doc_ids)

    def _weight(
        self, titles: NDArray[np.float32], bodies: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        # Weights on the query's side alone: one product of (title, body) rows gives the score.
        weight = np.float32(self.title_weight)
        return np.hstack([weight * titles, (1 - weight) * bodies])


class ZeroShotRanker(DualViewRanker):
    """The pretrained encoder as it is, no training: what every trained encoder must beat."""

    name = "zero_shot"

    @classmethod
    def from_context(cls, context: RankerContext) -> ZeroShotRanker:
        """Builds the ranker from the context's encoder, or from the packaged one."""
        return cls(encoder_of(context), title_weight=context.title_weight)


class BiEncoderRanker(DualViewRanker):
    """An encoder trained on this task, as a bundle holds it."""

    name = "bi_encoder"

    @classmethod
    def from_context(cls, context: RankerContext) -> BiEncoderRanker:
        """Builds the ranker from the context's encoder.

        Raises:
            RankerNotApplicableError: There is none: this ranker has no meaning untrained.
        """
        if context.encoder is None:
            raise RankerNotApplicableError(
                "the ranker 'bi_encoder' needs a trained bundle: name one with --model (a bundle's "
                "folder, or models:/NAME@ALIAS). Untrained it is called 'zero_shot'"
            )
        return cls(context.encoder, title_weight=context.title_weight)


def encoder_of(context: RankerContext) -> TextEncoder:
    """Returns the context's encoder, else loads the packaged one."""
    if context.encoder is not None:
        return context.encoder
    from jobmatch_ml.ranking.encoder import load_packaged_encoder

    return load_packaged_encoder()
