"""Recall: the share of the relevant documents that was retrieved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def recall(relevance: Mapping[str, int], ranked: Sequence[str], k: int | None = None) -> float:
    """Returns the share of the query's relevant documents among the first k.

    What the first stage of a cascade is judged by: a document that it misses is lost for good.

    Args:
        relevance: ``{doc_id: relevance >= 0}``; relevant means > 0.
        ranked: Document ids, best first.
        k: Cut-off; ``None`` means the whole list.

    Example:
        >>> recall({"a": 1, "z": 2}, ["a", "b"], 2)
        0.5
    """
    relevant = {doc_id for doc_id, grade in relevance.items() if grade > 0}
    return len(relevant.intersection(ranked[:k])) / len(relevant) if relevant else 0.0
