"""Hit: was anything relevant among the first k?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def hit(relevance: Mapping[str, int], ranked: Sequence[str], k: int | None = None) -> float:
    """Returns 1.0 when a relevant document is among the first k, else 0.0.

    Args:
        relevance: ``{doc_id: relevance >= 0}``; relevant means > 0.
        ranked: Document ids, best first.
        k: Cut-off; ``None`` means the whole list.

    Example:
        >>> hit({"a": 1}, ["b", "a"], 1)
        0.0
    """
    return float(any(relevance.get(doc_id, 0) > 0 for doc_id in ranked[:k]))
