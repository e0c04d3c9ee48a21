"""Reciprocal rank: how far down the first relevant document stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def reciprocal_rank(
    relevance: Mapping[str, int], ranked: Sequence[str], k: int | None = None
) -> float:
    """Returns 1 / rank of the first relevant document, 0 when there is none among the first k.

    Its mean over queries is MRR: Voorhees (1999), The TREC-8 question answering track report.

    Args:
        relevance: ``{doc_id: relevance >= 0}``; relevant means > 0.
        ranked: Document ids, best first.
        k: Cut-off; ``None`` means the whole list.

    Example:
        >>> reciprocal_rank({"b": 1}, ["a", "b"])
        0.5
    """
    for rank, doc_id in enumerate(ranked[:k], start=1):
        if relevance.get(doc_id, 0) > 0:
            return 1 / rank
    return 0.0
