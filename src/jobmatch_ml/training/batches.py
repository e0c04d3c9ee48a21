"""Batches for in-batch negatives: no two pairs of one batch may be each other's right answer.

With in-batch negatives every other document of a batch is taken for wrong. Two pairs of the same
occupation make that a lie, so a batch holds each key (the offer's ROME code) at most once: the
sampling counterpart of masking false negatives.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np


def plan_batches(
    keys: Sequence[str], batch_size: int, *, rng: np.random.Generator
) -> list[list[int]]:
    """Cuts row numbers into full batches whose keys all differ.

    Each batch takes one row from each of the keys with the most rows left, so that frequent keys do
    not pile up at the end. Rows that fit into no full batch are left out.

    Args:
        keys: Key of each row; an empty key counts as unique.
        batch_size: Rows a batch, >= 1.
        rng: Source of the order of rows within a key, of batches, and of ties between keys.

    Returns:
        Batches of row numbers, in random order; each row at most once.
    """
    waiting: dict[str, list[int]] = defaultdict(list)
    for row in rng.permutation(len(keys)).tolist():
        waiting[keys[row] or f"row {row}"].append(row)
    batches: list[list[int]] = []
    while len(waiting) >= batch_size:
        names = list(waiting)
        left = np.array([len(waiting[name]) for name in names])
        order = np.lexsort((rng.random(len(names)), -left))
        chosen = [names[position] for position in order[:batch_size]]
        batches.append([waiting[name].pop() for name in chosen])
        for name in chosen:
            if not waiting[name]:
                del waiting[name]
    return [batches[position] for position in rng.permutation(len(batches))]


def crop_words(text: str, n_words: int, *, rng: np.random.Generator) -> str:
    """Returns a random run of words, so that short windows still see whole texts over time.

    Random cropping as a view of a document follows Izacard et al. 2022 (Contriever,
    https://arxiv.org/abs/2112.09118). Differs from the paper in: words, not tokens; one crop.
    """
    words = text.split()
    if len(words) <= n_words:
        return " ".join(words)
    start = int(rng.integers(0, len(words) - n_words + 1))
    return " ".join(words[start : start + n_words])
