"""Click logs of a known position-based model: the truth that estimators are held to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

EXPONENTS = {"top_offers": 0.5, "search": 0.8}
POOL = 30
DAY_US = 86_400_000_000


def true_curve(surface: str, length: int = 10) -> NDArray[np.float64]:
    return np.asarray(np.arange(1, length + 1.0) ** -EXPONENTS[surface])


@dataclass(frozen=True)
class ClickLog:
    """A log and what it does not show: each row's attraction and the propensity of its position."""

    table: pa.Table
    attraction: NDArray[np.float64]
    propensity: NDArray[np.float64]


def simulate_clicks(
    n_requests: int,
    *,
    seed: int = 0,
    slate_size: int = 10,
    explore: float = 0.3,
    swap: float = 0.3,
    level: float = -1.0,
) -> ClickLog:
    """Simulates slates of a noisy ranker (some swapped) and random ones, and clicks on them.

    ``level`` moves all attractions: 0 is about one half, -2 about one in nine.
    """
    rng = np.random.default_rng(seed)
    shape = (n_requests, POOL)
    logit = level + rng.normal(0, 1.2, shape)
    score = np.round(logit + rng.normal(0, 0.5, shape), 3)
    offer = rng.integers(0, 40, shape) * POOL + np.arange(POOL)  # no offer twice in a pool
    searching = rng.random(n_requests) < 0.4
    exploring = rng.random(n_requests) < explore
    order = np.where(exploring[:, None], rng.random(shape).argsort(1), np.argsort(-score, 1))
    order = order[:, :slate_size]
    swapped = np.flatnonzero(~exploring & (rng.random(n_requests) < swap))
    pair = rng.random((len(swapped), slate_size)).argsort(1)[:, :2]
    first, second = pair[:, 0], pair[:, 1]
    order[swapped, first], order[swapped, second] = order[swapped, second], order[swapped, first]
    rows = np.arange(n_requests)[:, None]
    attraction = 1 / (1 + np.exp(-logit[rows, order]))
    propensity = np.where(
        searching[:, None],
        true_curve("search", slate_size),
        true_curve("top_offers", slate_size),
    )
    click = rng.random(attraction.shape) < attraction * propensity
    shown_score = np.where(exploring[:, None], np.nan, score[rows, order])
    policy = np.where(exploring, "explore", "platform").astype(object)
    policy[swapped] = "platform_swap"
    day = np.sort(rng.integers(20_000, 20_060, n_requests))
    n_rows = n_requests * slate_size
    repeat = lambda values: np.repeat(values, slate_size)  # noqa: E731  # a name for one idiom
    table = pa.table(
        {
            "impression_id": pa.array(np.arange(n_rows)).cast(pa.string()),
            "request_id": pa.array(repeat(np.arange(n_requests))).cast(pa.string()),
            "user": pa.array(repeat(np.arange(n_requests) % 97)).cast(pa.string()),
            "offer_external_id": pa.array(offer[rows, order].ravel()).cast(pa.string()),
            "shown_at": pa.array(repeat(day) * DAY_US).cast(pa.timestamp("us", tz="UTC")),
            "surface": pa.array(repeat(np.where(searching, "search", "top_offers"))),
            "policy": pa.array(repeat(policy)),
            "position": pa.array(np.tile(np.arange(1, slate_size + 1), n_requests), pa.int32()),
            "slate_size": pa.array(np.full(n_rows, slate_size), pa.int32()),
            "match_score": pa.array(shown_score.ravel(), from_pandas=True),
            "viewed": pa.array(click.ravel()),
        }
    )
    return ClickLog(table, attraction.ravel(), propensity.ravel())


def replace_column(table: pa.Table, name: str, values: object) -> pa.Table:
    """Returns the table with one column replaced, of the same type."""
    index = table.schema.get_field_index(name)
    return table.set_column(index, name, pa.array(values, table.schema.field(name).type))
