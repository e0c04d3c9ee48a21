"""The one order of all rankers: score descending, then ``doc_id`` ascending."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def top_documents(
    scores: NDArray[np.floating], doc_ids: Sequence[str], top_k: int
) -> dict[str, float]:
    """Returns the ``top_k`` best documents of one query, in rank order.

    Args:
        scores: One finite score a document, ``(n_docs,)``.
        doc_ids: Their ids **in ascending order**, so that a stable sort breaks ties by id.
        top_k: How many to keep at most, >= 1.

    Returns:
        ``{doc_id: score}`` by decreasing score, ties by ascending id.

    Example:
        >>> top_documents(np.array([0.5, 0.9, 0.5]), ["a", "b", "c"], 2)
        {'b': 0.9, 'a': 0.5}
    """
    if top_k < len(scores):
        # Everything that scores at least the k-th best: ties at the cut are settled by the sort.
        cut = np.partition(scores, -top_k)[-top_k]
        kept = np.flatnonzero(scores >= cut)
    else:
        kept = np.arange(len(scores))
    order = kept[np.argsort(-scores[kept], kind="stable")][:top_k]
    return {doc_ids[position]: float(scores[position]) for position in order.tolist()}
