"""Batches for in-batch negatives: no two pairs of one batch may be each other's right answer.

With in-batch negatives every other document of a batch is taken for wrong. Two pairs of the same
occupation, of the same person, of people who ask for the same thing, or an offer that the other
pair's person took too, make that a lie. So a batch holds only pairs that do not refuse each other:
the sampling counterpart of masking false negatives.

Real logs are skewed: where two occupations are most of the pairs, batches of distinct occupations
leave most pairs unused. Then batches are drawn at random, and the loss masks who refuses whom.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class BatchRow:
    """What decides whether two training pairs may share a batch.

    Args:
        key: The group that is spread over the batches (the offer's ROME code).
        marks: What the row is: its key, person, wish and offer, as distinct texts.
        refuses: Marks that no other row of its batch may have.
    """

    key: str
    marks: frozenset[str]
    refuses: frozenset[str]


@dataclass(frozen=True, eq=False)
class TextBatch:
    """The texts of one training step, all of one view.

    Args:
        view: Name of the view; it decides the length that texts are padded to.
        ids: What each row is, as `candidate/offer`, for messages.
        anchors: Text of each row's candidate.
        positives: Text of the offer that is right for it.
        negatives: Texts of offers that are wrong for the rows that do not refuse them.
        refused: `(n_rows, n_negatives)` booleans: True where a negative may be right for the row.
        refused_rows: `(n_rows, n_rows)` booleans, symmetric: True where one row's offer may be
            right for the other; `None` where no rows of the batch refuse each other.
    """

    view: str
    ids: tuple[str, ...]
    anchors: tuple[str, ...]
    positives: tuple[str, ...]
    negatives: tuple[str, ...] = ()
    refused: NDArray[np.bool_] | None = None
    refused_rows: NDArray[np.bool_] | None = None


MASKED_BELOW = 0.6
"""Share of the pairs that batches without a refusal must use; where they use fewer, the loss masks
instead."""


def plan_pass(
    rows: Sequence[BatchRow], batch_size: int, *, rng: np.random.Generator
) -> list[list[int]]:
    """Plans one pass: batches without refusals if they use most rows, else random ones.

    Args:
        rows: The training pairs.
        batch_size: Rows a batch, >= 1.
        rng: Source of order and ties.

    Returns:
        Full batches of row numbers, each row at most once.
    """
    apart = plan_batches(rows, batch_size, rng=rng)
    if batch_size * len(apart) >= MASKED_BELOW * len(rows):
        return apart
    mixed = rng.permutation(len(rows)).tolist()
    ends = range(batch_size, len(rows) + 1, batch_size)
    return [mixed[end - batch_size : end] for end in ends]


def refused_rows(rows: Sequence[BatchRow]) -> NDArray[np.bool_] | None:
    """Says which rows of a batch refuse each other; `None` where none do."""
    found = np.zeros((len(rows), len(rows)), dtype=bool)
    for one, row in enumerate(rows):
        for other in range(one):
            refused = not (
                row.marks.isdisjoint(rows[other].refuses)
                and rows[other].marks.isdisjoint(row.refuses)
            )
            found[one, other] = found[other, one] = refused
    return found if found.any() else None


def plan_batches(
    rows: Sequence[BatchRow], batch_size: int, *, rng: np.random.Generator
) -> list[list[int]]:
    """Cuts row numbers into full batches of rows that do not refuse each other.

    Each batch takes one row from each of the keys with the most rows left, so that frequent keys do
    not pile up at the end. Rows that fit into no full batch are left out.

    Args:
        rows: The training pairs.
        batch_size: Rows a batch, >= 1.
        rng: Source of the order of rows within a key, of batches, and of ties between keys.

    Returns:
        Batches of row numbers, in random order; each row at most once.
    """
    waiting: dict[str, list[int]] = defaultdict(list)
    for row in rng.permutation(len(rows)).tolist():
        waiting[rows[row].key].append(row)
    batches: list[list[int]] = []
    while len(waiting) >= batch_size:
        names = list(waiting)
        left = np.array([len(waiting[name]) for name in names])
        order = np.lexsort((rng.random(len(names)), -left))
        batch = _fill(rows, waiting, [names[position] for position in order], batch_size)
        if len(batch) < batch_size:
            break
        batches.append(batch)
        _take(waiting, rows, batch)
    return [batches[position] for position in rng.permutation(len(batches))]


def usable_batch_size(keys: Sequence[str], wanted: int) -> int:
    """Returns the batch size that the keys allow: `wanted`, or a smaller one that wastes little.

    A batch holds each key once, so with fewer keys than `wanted` a smaller size must do; taking all
    keys would let the rarest one decide how many batches there are. The largest size that uses at
    least nine tenths of the rows that any size can use is taken: negatives are worth some rows.

    Example:
        >>> usable_batch_size(["a"] * 5 + ["b"] * 5 + ["c"] * 5 + ["d"], 32)
        3
    """
    counts = Counter(keys)
    if len(counts) >= wanted:
        return wanted
    used = {size: size * _n_batches(counts, size) for size in range(2, len(counts) + 1)}
    enough = 0.9 * max(used.values(), default=0)
    return max((size for size, rows in used.items() if rows >= enough), default=1)


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


def _fill(
    rows: Sequence[BatchRow], waiting: dict[str, list[int]], names: Sequence[str], size: int
) -> list[int]:
    batch: list[int] = []
    marks: set[str] = set()
    refused: set[str] = set()
    for name in names:
        for row in reversed(waiting[name]):
            if rows[row].marks.isdisjoint(refused) and rows[row].refuses.isdisjoint(marks):
                batch.append(row)
                marks |= rows[row].marks
                refused |= rows[row].refuses
                break
        if len(batch) == size:
            break
    return batch


def _take(waiting: dict[str, list[int]], rows: Sequence[BatchRow], batch: Sequence[int]) -> None:
    for row in batch:
        waiting[rows[row].key].remove(row)
        if not waiting[rows[row].key]:
            del waiting[rows[row].key]


def _n_batches(counts: Counter[str], size: int) -> int:
    # The most batches B of `size` distinct keys: keys used B times at most must give B · size rows.
    n_batches = 0
    while sum(min(count, n_batches + 1) for count in counts.values()) >= size * (n_batches + 1):
        n_batches += 1
    return n_batches
