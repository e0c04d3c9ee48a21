"""What both encoders are fitted by: the loss, and which pairs are no negatives of each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.training.adaptation.pairs import AdaptationPair

_MASKED = -1e4  # a scaled cosine that no softmax sees


def negatives_mask(
    batch: Sequence[AdaptationPair], mask: Literal["neighbours", "keys", "none"] = "neighbours"
) -> NDArray[np.bool_]:
    """Returns ``(n, n)``: True where the pair in the row may count the column's as wrong.

    Pairs of one key, and of keys that are neighbours, mean nearly the same; counting them as wrong
    would teach a lie. The diagonal is False too: it is what is right.

    Args:
        batch: The pairs.
        mask: ``keys`` leaves neighbours in, ``none`` equal keys too; both only to measure what the
            whole mask is worth.
    """
    if mask == "none":
        return ~np.eye(len(batch), dtype=bool)
    codes: dict[str, int] = {}
    numbers = np.array([codes.setdefault(pair.key, len(codes)) for pair in batch])
    related = numbers[:, None] == numbers[None, :]
    near = [{codes[key] for key in pair.neighbours if key in codes} for pair in batch]
    for row, places in enumerate(near):
        if places and mask == "neighbours":
            related[row] |= np.isin(numbers, list(places))
    allowed: NDArray[np.bool_] = ~(related | related.T)
    return allowed


def symmetric_loss(left: Any, right: Any, negatives: NDArray[np.bool_], *, scale: float) -> Any:
    """Returns the mean softmax loss of both directions.

    Args:
        left: Unit vectors ``(n, dimension)``, a torch tensor with gradients.
        right: The vectors that belong to them, same shape.
        negatives: ``(n, n)`` as :func:`negatives_mask` gives it.
        scale: Inverse temperature.
    """
    import torch

    allowed = torch.from_numpy(negatives | np.eye(len(negatives), dtype=bool))
    scores = (scale * left @ right.T).masked_fill(~allowed.to(left.device), _MASKED)
    target = torch.arange(len(scores), device=left.device)
    cross_entropy = torch.nn.functional.cross_entropy
    return (cross_entropy(scores, target) + cross_entropy(scores.T, target)) / 2
