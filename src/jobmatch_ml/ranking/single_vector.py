"""Bi-encoder ranking with one vector a side: the way most published baselines work."""

from __future__ import annotations

from collections.abc import Sequence

from jobmatch_ml.ranking.dense_scan import DenseScan, unit_rows
from jobmatch_ml.ranking.dual_view import encoder_of
from jobmatch_ml.ranking.full_scan import check_request, sort_documents
from jobmatch_ml.ranking.registry import RankerContext
from jobmatch_ml.ranking.views import embed_joined
from jobmatch_ml.types import Document, Query, Run, TextEncoder


class SingleVectorRanker:
    """Scores the cosine of one vector of title and text together, in [−1, 1].

    It is here to reproduce published figures and to show what the second view is worth.

    Args:
        encoder: What embeds the texts.
    """

    name = "zero_shot_single"

    def __init__(self, encoder: TextEncoder) -> None:
        self.encoder = encoder
        self.scan_: DenseScan | None = None

    @classmethod
    def from_context(cls, context: RankerContext) -> SingleVectorRanker:
        """Builds the ranker from the context's encoder, or from the packaged one."""
        return cls(encoder_of(context))

    def index(self, documents: Sequence[Document]) -> None:
        """Embeds the corpus; replaces what was indexed before.

        Raises:
            InputError: The corpus is empty, or two documents share an id.
        """
        ordered = sort_documents(documents)
        vectors = unit_rows(embed_joined(self.encoder, ordered), name="embeddings")
        self.scan_ = DenseScan([item.doc_id for item in ordered], vectors)

    def rank(self, queries: Sequence[Query], *, top_k: int) -> Run:
        """Returns the ``top_k`` best documents of the indexed corpus for each query.

        Raises:
            InputError: ``top_k`` < 1, duplicate query ids, or nothing was indexed.
        """
        check_request(queries, top_k=top_k, n_docs=len(self.scan_.doc_ids) if self.scan_ else 0)
        if not queries or self.scan_ is None:
            return {}
        vectors = unit_rows(embed_joined(self.encoder, queries), name="embeddings")
        ids = [item.query_id for item in queries]
        return self.scan_.search(ids, vectors, top_k=top_k, name=self.name)
