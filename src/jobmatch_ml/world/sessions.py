"""When people come: requests in sessions, minutes apart, over some weeks of each one's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.world.config import PolicyMixture, WorldConfig
from jobmatch_ml.world.log import EXPLORE
from jobmatch_ml.world.randomness import Stage, choose, cumulative, stream

CHUNK = 65_536
DAY_S = 86_400
# Nobody comes at night; what a visit leads to at once is over on the same day.
EARLIEST_S, USUAL_S, LATEST_S = 23_400, 43_200, 81_000
LAST_S = 86_000
MAX_PAGE = 5


@dataclass(frozen=True)
class Requests:
    """Visits in the order of time; all arrays ``(n_requests,)``.

    Args:
        at_s: Seconds from the start of the log.
        candidate: Row of the candidate.
        policy: Who chooses the slate, a number in ``log.POLICIES``.
        surface: A number in ``log.SURFACES``.
        page: How many slates of this policy the same session has seen before.
    """

    at_s: NDArray[np.int32]
    candidate: NDArray[np.int32]
    policy: NDArray[np.int8]
    surface: NDArray[np.int8]
    page: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.at_s)

    def part(self, rows: slice | NDArray[np.int64]) -> Requests:
        """Returns some requests, in their order."""
        return Requests(
            self.at_s[rows],
            self.candidate[rows],
            self.policy[rows],
            self.surface[rows],
            self.page[rows],
        )


def draw_requests(config: WorldConfig, *, n_candidates: int, seed: int) -> Requests:
    """Draws when each candidate comes, and who chooses what is shown then.

    Weeks that would run over the end of the log go on at its start, so that every day sees as many
    candidates as any other and nobody's search is cut short.
    """
    parts = [
        _draw_chunk(config, seed, start, min(CHUNK, n_candidates - start))
        for start in range(0, n_candidates, CHUNK)
    ]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    # Stable: of two people at the same second, the one with the lower number comes first.
    order = np.argsort(columns["at_s"], kind="stable")
    return Requests(**{name: values[order] for name, values in columns.items()})


def _draw_chunk(config: WorldConfig, seed: int, start: int, n: int) -> dict[str, NDArray[Any]]:
    rng = stream(seed, Stage.REQUESTS, start // CHUNK)
    count = 1 + rng.poisson(config.requests_per_candidate - 1, size=n)
    owner = np.repeat(np.arange(n), count)
    total = len(owner)
    opens = rng.random(total) < 1 / config.behaviour.session_requests
    opens[np.concatenate([[0], np.cumsum(count)[:-1]])] = True
    session = np.cumsum(opens) - 1
    first = np.flatnonzero(opens)
    active = min(config.activity_days, config.days)
    day = rng.integers(config.days, size=n)[owner[first]] + rng.integers(active, size=len(first))
    second = rng.triangular(EARLIEST_S, USUAL_S, LATEST_S, size=len(first)).astype(np.int64)
    # Time since the first request of the session: running sums, less what ran before it.
    gap = np.where(opens, 0, 15 + rng.exponential(150.0, size=total).astype(np.int64))
    running = np.cumsum(gap)
    since = running - running[first][session]
    at_s = (day % config.days)[session] * DAY_S + np.minimum(second[session] + since, LAST_S)
    shares = cumulative(np.array([policy_shares(config.policy)]))
    policy = choose(shares, np.zeros(total, dtype=np.int64), rng.random(total))
    return {
        "at_s": at_s.astype(np.int32),
        "candidate": (start + owner).astype(np.int32),
        "policy": policy.astype(np.int8),
        "surface": (rng.random(total) < config.behaviour.search_share).astype(np.int8),
        "page": _pages(session, policy),
    }


def policy_shares(policy: PolicyMixture) -> tuple[float, float, float, float]:
    """Returns the probability of each policy, in the order of their numbers."""
    return (policy.platform, policy.ranker, policy.popularity, policy.explore)


def _pages(session: NDArray[np.int64], policy: NDArray[np.int64]) -> NDArray[np.int8]:
    """Counts earlier requests of the same session and policy."""
    key = session * 4 + policy
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    starts = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    places = np.arange(len(key))
    page = np.empty(len(key), dtype=np.int64)
    page[order] = places - places[starts][np.cumsum(starts) - 1]
    page[policy == EXPLORE] = 0
    return np.minimum(page, MAX_PAGE).astype(np.int8)
