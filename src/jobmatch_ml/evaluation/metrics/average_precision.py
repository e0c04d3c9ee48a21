"""Average precision: precision at each relevant document, averaged over all relevant ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def average_precision(
    relevance: Mapping[str, int], ranked: Sequence[str], k: int | None = None
) -> float:
    """Returns the average precision of one query.

    ``AP@k = (1/R) Σ_{i<=k, rel_i>0} (relevant among the first i) / i`` with R the number of all
    relevant documents, found or not, as in trec_eval's ``map_cut``: a list that stops early is
    marked down. Its mean over queries is MAP (Buckley & Voorhees 2000,
    https://doi.org/10.1145/345508.345543).

    Args:
        relevance: ``{doc_id: relevance >= 0}``; relevant means > 0.
        ranked: Document ids, best first.
        k: Cut-off; ``None`` means the whole list.

    Example:
        >>> average_precision({"a": 1, "c": 1}, ["a", "b", "c"])  # (1/1 + 2/3) / 2
        0.8333333333333333
    """
    n_relevant = sum(grade > 0 for grade in relevance.values())
    found = 0
    total = 0.0
    for rank, doc_id in enumerate(ranked[:k], start=1):
        if relevance.get(doc_id, 0) > 0:
            found += 1
            total += found / rank
    return total / n_relevant if n_relevant else 0.0
