"""The log, day by day: requests, slates, who looked where, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.world.columns import ADDRESSES, CandidateColumns
from jobmatch_ml.world.config import BIAS_GROUPS, ORIGINS, BehaviourConfig, WorldConfig
from jobmatch_ml.world.funnel import play_funnel
from jobmatch_ml.world.live import LiveOffers
from jobmatch_ml.world.log import (
    PLATFORM,
    PLATFORM_SWAP,
    RANKER_SWAP,
    SURFACES,
    LogColumns,
    join_logs,
)
from jobmatch_ml.world.policies import Knowledge, Rankings, Slates, choose_slates, swap_two
from jobmatch_ml.world.randomness import Stage, stream
from jobmatch_ml.world.relevance import Market, attraction_of, pair_facts
from jobmatch_ml.world.sessions import Requests, draw_requests
from jobmatch_ml.world.tables import NONE

DAY_S = 86_400
BLOCK = 1024
"""Requests that are played together; each block has a random stream of its own."""


def propensity(position: int, exponent: float) -> float:
    """Returns the probability that a position is looked at: ``position ** -exponent``.

    Example:
        >>> propensity(1, 0.6), propensity(4, 0.5)
        (1.0, 0.5)
    """
    return float(position**-exponent)


def propensity_rows(config: BehaviourConfig, slate_size: int) -> list[tuple[str, int, float]]:
    """Returns (surface, position, propensity) for every position of every surface."""
    return [
        (surface, position, round(propensity(position, exponent), 9))
        for surface, exponent in sorted(config.examination.items())
        for position in range(1, slate_size + 1)
    ]


def propensity_table(config: BehaviourConfig, slate_size: int) -> NDArray[np.float64]:
    """Returns the propensities by number of the surface and position, from 1."""
    table = np.ones((len(SURFACES), slate_size + 1))
    for surface, position, value in propensity_rows(config, slate_size):
        table[SURFACES.index(surface), position] = value
    return table


def recruiter_factors(config: BehaviourConfig, people: CandidateColumns) -> NDArray[np.float64]:
    """Returns the factor on the recruiters' decisions for each candidate; 1 without bias."""
    ages = np.searchsorted([30, 45, 55], people.age, side="right")
    groups = {
        "origin": np.array(ORIGINS)[people.origin],
        "gender": np.where(people.woman, "woman", "man"),
        "age": np.array(BIAS_GROUPS["age"])[ages],
        "disability": np.where(people.disability, "yes", "no"),
        "address": np.array(ADDRESSES)[people.address],
    }
    factors = np.ones(len(people))
    for attribute, by_group in config.recruiter_bias.items():
        for group, factor in by_group.items():
            factors[groups[attribute] == group] *= factor
    return factors


def simulate_log(
    market: Market,
    config: WorldConfig,
    *,
    seed: int | None = None,
    rankings: Rankings | None = None,
    follow_up_days: int = 0,
) -> LogColumns:
    """Plays a whole log in memory, without files.

    Args:
        market: The facts of all offers and candidates (``make_market``).
        config: Days, requests, policies and behaviour; they need not be those the market was made
            with, so one market serves many experiments.
        seed: Seed of the requests and of behaviour; default: the configuration's.
        rankings: What a text ranker would show, where the policy mixture has one.
        follow_up_days: How long outcomes are still recorded after the last request: the same log,
            read later.
    """
    log = stream_log(market, config, seed=seed, rankings=rankings, follow_up_days=follow_up_days)
    return join_logs(list(log))


def stream_log(
    market: Market,
    config: WorldConfig,
    *,
    seed: int | None = None,
    rankings: Rankings | None = None,
    follow_up_days: int = 0,
) -> Iterator[LogColumns]:
    """Plays a log and yields it by blocks of requests, in the order of time."""
    seed = config.seed if seed is None else seed
    requests = draw_requests(config, n_candidates=len(market.candidates), seed=seed)
    simulator = _Simulator(market, config, seed=seed, rankings=rankings)
    simulator.end_s += follow_up_days * DAY_S
    days = np.searchsorted(requests.at_s, np.arange(config.days + 1) * DAY_S)
    for day in range(config.days):
        yield from simulator.play_day(day, requests, int(days[day]), int(days[day + 1]))


class _Simulator:
    """Keeps what people did on earlier days: popularity, and what not to show again."""

    def __init__(
        self, market: Market, config: WorldConfig, *, seed: int, rankings: Rankings | None
    ) -> None:
        self.market = market
        self.config = config
        self.seed = seed
        self.rankings = rankings
        self.end_s = config.days * DAY_S
        self.propensities = propensity_table(config.behaviour, config.slate_size)
        self.factors = recruiter_factors(config.behaviour, market.candidates)
        self.counts = np.zeros(len(market.offers), dtype=np.int32)
        self.taken = np.zeros(0, dtype=np.int64)
        self.pending: dict[int, list[NDArray[np.int64]]] = {}

    def play_day(self, day: int, requests: Requests, low: int, high: int) -> Iterator[LogColumns]:
        """Plays the requests ``low`` to ``high``, those of one day."""
        self._begin(day)
        live = LiveOffers(self.market, day, lifetime_days=self.config.offers.lifetime_days)
        knowledge = Knowledge(live=live, counts=self.counts, taken=self.taken)
        for number, start in enumerate(range(low, high, BLOCK)):
            rng = stream(self.seed, Stage.BEHAVIOUR, (day << 24) + number)
            asked = requests.part(slice(start, min(start + BLOCK, high)))
            block = self._play(rng, asked, start, knowledge)
            self._remember(block)
            yield block

    def _begin(self, day: int) -> None:
        """Takes in what happened by the evening before, and forgets offers that are over."""
        known = self.pending.pop(day - 1, [])
        if known:
            keys = np.concatenate(known)
            offers = keys % len(self.market.offers)
            np.add.at(self.counts, offers, 1)
            merged = np.sort(np.concatenate([self.taken, keys]))
            self.taken = merged[np.concatenate([[True], merged[1:] != merged[:-1]])]
        over = (day - self.config.offers.lifetime_days) * DAY_S
        offers = self.taken % len(self.market.offers)
        self.taken = self.taken[self.market.created_s[offers] > over]

    def _remember(self, block: LogColumns) -> None:
        rows = np.flatnonzero(block.saved | block.applied)
        when = np.where(block.saved[rows], block.saved_s[rows], block.applied_s[rows]) // DAY_S
        keys = block.candidate[rows].astype(np.int64) * len(self.market.offers) + block.offer[rows]
        for day in np.unique(when):
            self.pending.setdefault(int(day), []).append(keys[when == day])

    def _play(
        self, rng: np.random.Generator, requests: Requests, first: int, knowledge: Knowledge
    ) -> LogColumns:
        config, market = self.config, self.market
        slates = choose_slates(rng, config, market, requests, knowledge, rankings=self.rankings)
        swapped = swap_two(rng, config.policy, slates, requests.policy)
        policy = requests.policy.copy()
        swap_of = np.where(policy == PLATFORM, PLATFORM_SWAP, RANKER_SWAP)
        policy[swapped] = swap_of[swapped]
        request, place = np.nonzero(slates.offers != NONE)
        offers, people = slates.offers[request, place], requests.candidate[request]
        facts = pair_facts(market, people, offers)
        grades = facts.grades()
        attraction = attraction_of(config.behaviour, grades, market.offers.appeal[offers])
        surface, position = requests.surface[request], place + 1
        outcomes = play_funnel(
            rng,
            config.behaviour,
            grades=grades,
            violations=facts.violations,
            attraction=attraction,
            propensity=self.propensities[surface, position],
            bias=self.factors[people],
            shown_s=requests.at_s[request],
            end_s=self.end_s,
        )
        return LogColumns(
            candidate=people,
            offer=offers,
            request=(first + request).astype(np.int32),
            shown_s=requests.at_s[request],
            surface=surface,
            policy=policy[request],
            position=position.astype(np.int16),
            slate_size=_lengths(slates)[request],
            score=slates.scores[request, place],
            grade=grades,
            attraction=attraction,
            **outcomes,
        )


def _lengths(slates: Slates) -> NDArray[np.int16]:
    lengths: NDArray[np.int16] = (slates.offers != NONE).sum(axis=1).astype(np.int16)
    return lengths
