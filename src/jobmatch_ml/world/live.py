"""The offers of a day, laid out so that the newest of an occupation are found at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.world.relevance import Market
from jobmatch_ml.world.tables import NONE

DAY_S = 86_400
Keys = NDArray[np.integer[Any]]


@dataclass(frozen=True)
class _Shelf:
    """Offers ordered by a key, then by time: ``starts[key]`` to ``starts[key + 1]``."""

    offers: NDArray[np.int32]
    starts: NDArray[np.int64]

    def newest(self, keys: Keys, count: int) -> NDArray[np.int32]:
        """Returns the newest offers of each key, ``(n_keys, count)``, padded with -1."""
        known = keys >= 0
        keys = np.where(known, keys, 0)
        slots = self.starts[keys + 1][:, None] - 1 - np.arange(count)
        there = (slots >= self.starts[keys][:, None]) & known[:, None]
        if not len(self.offers):
            return np.full(slots.shape, NONE, dtype=np.int32)
        return np.where(there, self.offers[np.where(there, slots, 0)], NONE).astype(np.int32)


class LiveOffers:
    """The offers that are live at some time of a day."""

    def __init__(self, market: Market, day: int, *, lifetime_days: int) -> None:
        tables = market.tables
        order, created = market.by_time
        low, high = np.searchsorted(created, [(day - lifetime_days) * DAY_S, (day + 1) * DAY_S])
        self.offers = order[low:high].astype(np.int32)
        job = market.offers.occupation[self.offers].astype(np.int64)
        self._n_regions = int(tables.region.max()) + 1
        region = tables.region[market.offers.place[self.offers]]
        self._local = self._shelf(
            job * self._n_regions + region, tables.n_occupations * self._n_regions
        )
        self._jobs = self._shelf(job, tables.n_occupations)
        self.domains = tables.domain[job]
        self._domains = self._shelf(self.domains.astype(np.int64), int(tables.domain.max()) + 1)
        self._popular: dict[int, NDArray[np.int32]] = {}

    def _shelf(self, keys: NDArray[np.int64], n_keys: int) -> _Shelf:
        order = np.argsort(keys, kind="stable")
        return _Shelf(self.offers[order], np.searchsorted(keys[order], np.arange(n_keys + 1)))

    def newest_local(self, jobs: Keys, regions: Keys, count: int) -> NDArray[np.int32]:
        """Returns the newest offers of occupations in regions, padded with -1."""
        return self._local.newest(np.where(jobs >= 0, jobs * self._n_regions + regions, -1), count)

    def newest_of_occupation(self, jobs: Keys, count: int) -> NDArray[np.int32]:
        """Returns the newest offers of occupations, padded with -1."""
        return self._jobs.newest(jobs, count)

    def newest_of_domain(self, domains: Keys, count: int) -> NDArray[np.int32]:
        """Returns the newest offers of domains, padded with -1."""
        return self._domains.newest(domains, count)

    def popular(self, counts: NDArray[np.int32], width: int) -> NDArray[np.int32]:
        """Returns each domain's most wanted offers, ``(n_domains, width)``; ties: the newest."""
        if width not in self._popular:
            n_domains = len(self._domains.starts) - 1
            lists = np.full((n_domains, width), NONE, dtype=np.int32)
            newest_first = -np.arange(len(self.offers))
            order = np.lexsort((newest_first, -counts[self.offers], self.domains))
            for domain in range(n_domains):
                low, high = self._domains.starts[domain : domain + 2]
                best = self.offers[order[low : min(high, low + width)]]
                lists[domain, : len(best)] = best
            self._popular[width] = lists
        return self._popular[width]

    def draw(
        self, rng: np.random.Generator, domains: Keys, *, width: int, domain_share: float
    ) -> NDArray[np.int32]:
        """Draws offers for requests, ``(n, width)``: of their domain, or else of any other."""
        shape = (len(domains), width)
        marks, inside = rng.random(shape), rng.random(shape) < domain_share
        if not len(self.offers):
            return np.full(shape, NONE, dtype=np.int32)
        low, high = (
            self._domains.starts[domains][:, None],
            self._domains.starts[domains + 1][:, None],
        )
        own = self._domains.offers[
            np.minimum(low + (marks * (high - low)).astype(np.int64), len(self.offers) - 1)
        ]
        place = (marks * len(self.offers)).astype(np.int64)
        other = np.where(self.domains[place] == domains[:, None], NONE, self.offers[place])
        return np.where(inside, np.where(high > low, own, NONE), other).astype(np.int32)
