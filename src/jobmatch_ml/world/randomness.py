"""Seeded draws. Every offer, candidate and log has a stream of its own.

A stream is named by the world's seed, a stage and an index, so that what one offer draws does not
move the next one: parts can be made in any order, or in parallel, with the same result.
"""

from __future__ import annotations

import random
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Stage(IntEnum):
    """What a stream is for. Numbers are part of the world's definition: never reuse one."""

    OFFERS = 1
    OFFER_TEXT = 2
    CANDIDATES = 3
    CV_TEXT = 4
    REQUESTS = 5
    BEHAVIOUR = 6
    MARKET = 8
    PUBLICATION = 9
    IDENTITY = 10
    COPIES = 12


def stream(seed: int, stage: Stage, index: int = 0) -> np.random.Generator:
    """Returns the generator of one item of one stage."""
    return np.random.default_rng([seed, int(stage), index])


def fast_stream(seed: int, stage: Stage, index: int = 0) -> random.Random:
    """Returns a generator for the writing of one item: cheap to make and to draw scalars from.

    Only its method ``random`` may be used where the same bytes are promised: what the other methods
    draw has changed between Python versions.
    """
    # Words, not keys: nothing here is to be kept from anyone.
    return random.Random((seed << 96) | (int(stage) << 64) | index)


def cumulative(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns running sums of the last axis, scaled to end at 1: what :func:`choose` takes."""
    sums = np.cumsum(shares, axis=-1)
    return sums / sums[..., -1:]


def choose(
    sums: NDArray[np.float64], rows: NDArray[np.integer[Any]], marks: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Draws one column for each of many rows of a table of cumulative shares.

    Args:
        sums: ``(n_rows, n_columns)`` from :func:`cumulative`.
        rows: ``(n,)`` the row that each draw is from.
        marks: ``(n,)`` uniform draws in [0, 1).

    Example:
        >>> sums = cumulative(np.array([[1.0, 3.0], [1.0, 0.0]]))
        >>> choose(sums, np.array([0, 0, 1]), np.array([0.2, 0.3, 0.9])).tolist()
        [0, 1, 0]
    """
    n_columns = sums.shape[1]
    # One sorted line for all rows: row r lies between r and r + 1.
    line = (sums + np.arange(len(sums))[:, None]).ravel()
    found = np.searchsorted(line, rows + marks, side="right") - rows.astype(np.int64) * n_columns
    drawn: NDArray[np.int64] = np.clip(found, 0, n_columns - 1)
    return drawn


def shuffled_columns(
    rng: np.random.Generator, values: NDArray[Any], *, present: NDArray[np.bool_]
) -> NDArray[Any]:
    """Returns each row's present values in random order, the others after them."""
    marks = rng.random(values.shape)
    marks[~present] = 2
    return np.take_along_axis(values, np.argsort(marks, axis=1, kind="stable"), axis=1)
