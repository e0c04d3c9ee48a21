"""Texts as tokens, and tokens as batches: cut or in chunks, by length, within a budget.

Padding is most of what a careless encoder computes: of French titles and bodies in shuffled batches
of 32, two thirds. Sorted by length it is a tenth. And a batch of long texts need not be as large as
one of short ones: what counts is the number of tokens that are computed at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

# No language writes more letters a word piece, so that what comes after cannot be in the window;
# a text of megabytes then costs no more than a long one.
_LETTERS_A_TOKEN = 64


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Texts as token ids; a text longer than the window may be several pieces.

    Args:
        ids: Token ids of each piece, special tokens included.
        owners: For each piece the position of its text, ascending.
    """

    ids: tuple[NDArray[np.int32], ...]
    owners: NDArray[np.int64]

    @property
    def lengths(self) -> list[int]:
        """Tokens of each piece."""
        return [len(ids) for ids in self.ids]


def split_texts(
    tokenizer: Any, texts: Sequence[str], *, max_length_tokens: int, max_chunks: int = 1
) -> Pieces:
    """Tokenises texts into pieces that fit the window.

    Args:
        tokenizer: A fast tokenizer of transformers.
        texts: Texts.
        max_length_tokens: The window, special tokens included.
        max_chunks: Pieces kept of each text, the first ones; 1 cuts at the window.
    """
    if not texts:
        return Pieces((), np.zeros(0, dtype=np.int64))
    most = _LETTERS_A_TOKEN * max_length_tokens * max_chunks
    options: dict[str, Any] = {"return_overflowing_tokens": True} if max_chunks > 1 else {}
    encoded = tokenizer(
        [text[:most] for text in texts],
        truncation=True,
        max_length=max_length_tokens,
        return_attention_mask=False,
        return_token_type_ids=False,
        **options,
    )
    rows = encoded["input_ids"]
    owners = encoded["overflow_to_sample_mapping"] if options else range(len(rows))
    seen: dict[int, int] = {}
    ids, kept = [], []
    for row, owner in zip(rows, owners, strict=True):
        seen[owner] = seen.get(owner, 0) + 1
        if seen[owner] <= max_chunks:
            ids.append(np.asarray(row, dtype=np.int32))
            kept.append(owner)
    return Pieces(tuple(ids), np.asarray(kept, dtype=np.int64))


def plan_batches(
    lengths: Sequence[int], *, batch_size: int, token_budget: int, by_length: bool = True
) -> list[list[int]]:
    """Groups texts into batches of similar length.

    Args:
        lengths: Tokens of each text.
        batch_size: Texts a batch at most, >= 1.
        token_budget: Tokens a batch at most, padding included; one text always fits.
        by_length: Off keeps the given order, to measure what sorting is worth.

    Returns:
        Positions in batches, the longest texts first, so that a lack of memory shows at once. Equal
        lengths keep their order.

    Example:
        >>> plan_batches([2, 9, 3, 8], batch_size=8, token_budget=18)
        [[1, 3], [2, 0]]
    """
    order = list(range(len(lengths)))
    if by_length:
        order.sort(key=lambda position: -lengths[position])
    batches: list[list[int]] = []
    longest = 0
    for position in order:
        longest = max(longest, lengths[position])
        size = len(batches[-1]) + 1 if batches else 0
        if not batches or size > batch_size or size * longest > token_budget:
            batches.append([])
            longest = lengths[position]
        batches[-1].append(position)
    return batches


def pad(
    pieces: Sequence[NDArray[np.int32]], *, pad_id: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Returns token ids ``(n, longest)`` padded on the right, and the mask of what is no padding.

    Example:
        >>> pad([np.array([5, 6], dtype=np.int32), np.array([7], dtype=np.int32)], pad_id=0)[0]
        array([[5, 6],
               [7, 0]])
    """
    shape = (len(pieces), max(map(len, pieces)))
    ids = np.full(shape, pad_id, dtype=np.int64)
    mask = np.zeros(shape, dtype=np.int64)
    for row, piece in enumerate(pieces):
        ids[row, : len(piece)] = piece
        mask[row, : len(piece)] = 1
    return ids, mask
