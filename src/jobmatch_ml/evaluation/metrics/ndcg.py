"""nDCG: how much of the best possible graded gain the first k documents hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np


def ndcg(relevance: Mapping[str, int], ranked: Sequence[str], k: int | None = None) -> float:
    """Returns the normalised discounted cumulative gain of one query.

    ``nDCG@k = DCG@k / IDCG@k``, ``DCG@k = Σ_{i=1..k} rel_i / log2(i + 1)``; IDCG is the DCG of the
    judged documents in their best order. The gain is the relevance itself (linear, as in
    trec_eval), so grade 2 counts twice grade 1.

    Järvelin & Kekäläinen (2002), Cumulated gain-based evaluation of IR techniques, ACM TOIS 20(4),
    https://doi.org/10.1145/582415.582418. Differs from the paper in: log2 from the first rank on,
    where the paper leaves the first two ranks undiscounted.

    Args:
        relevance: ``{doc_id: relevance >= 0}`` of the query's judged documents; at least one > 0.
        ranked: Document ids, best first. Unjudged ones count as not relevant.
        k: Cut-off; ``None`` means the whole list.

    Returns:
        A number in [0, 1].

    Example:
        >>> round(ndcg({"a": 2, "b": 1}, ["b", "a"], 10), 4)  # (1 + 2/log2 3) / (2 + 1/log2 3)
        0.8597
    """
    gains = np.array([relevance.get(doc_id, 0) for doc_id in ranked[:k]], dtype=np.float64)
    ideal = np.sort(np.array(list(relevance.values()), dtype=np.float64))[::-1][:k]
    best = _dcg(ideal)
    return _dcg(gains) / best if best > 0 else 0.0


def _dcg(gains: np.ndarray) -> float:
    return float(gains @ (1 / np.log2(np.arange(2, len(gains) + 2))))
