"""Seeded draws. Every offer, candidate and log has a stream of its own.

A stream is named by the world's seed, a stage and an index, so that what one offer draws does not
move the next one: parts can be made in any order, or in parallel, with the same result.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import TypeVar

import numpy as np

ItemT = TypeVar("ItemT")


class Stage(IntEnum):
    """What a stream is for. Numbers are part of the world's definition: never reuse one."""

    OFFERS = 1
    OFFER_TEXT = 2
    CANDIDATES = 3
    CV_TEXT = 4
    REQUESTS = 5
    BEHAVIOUR = 6
    IDS = 7


def stream(seed: int, stage: Stage, index: int = 0) -> np.random.Generator:
    """Returns the generator of one item of one stage."""
    return np.random.default_rng([seed, int(stage), index])


def fast_stream(seed: int, stage: Stage, index: int = 0) -> random.Random:
    """Returns a generator for the writing of one item: cheap to make and to draw scalars from.

    Only its method ``random`` may be used where the same bytes are promised: what the other methods
    draw has changed between Python versions.
    """
    # Words, not keys: nothing here is to be kept from anyone.
    return random.Random((seed << 96) | (int(stage) << 64) | index)  # noqa: S311


def pick(rng: np.random.Generator, items: Sequence[ItemT]) -> ItemT:
    """Returns one item, all equally likely."""
    return items[int(rng.integers(len(items)))]


def pick_weighted(rng: np.random.Generator, weights: Mapping[ItemT, float]) -> ItemT:
    """Returns one key, drawn by its weight (>= 0, not all 0)."""
    total = sum(weights.values())
    mark = rng.random() * total
    for item, weight in weights.items():
        mark -= weight
        if mark < 0:
            return item
    return next(reversed(list(weights)))


def pick_some(rng: np.random.Generator, items: Sequence[ItemT], count: int) -> list[ItemT]:
    """Returns ``count`` different items in random order, or all when there are fewer."""
    order = rng.permutation(len(items))[: max(0, count)]
    return [items[int(position)] for position in order]


def chance(rng: np.random.Generator, probability: float) -> bool:
    """Returns whether something with this probability happens."""
    return bool(rng.random() < probability)
