"""Who chooses what is shown: the platform's own logger, a text ranker, popularity, or chance.

Every policy works on a block of requests of one day. What it knows is of the evening before: what
others saved and applied to, and what the person has saved or applied to (not shown again). Only
offers that are live at the very second are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.types import Document, Query, Ranker
from jobmatch_ml.world.config import PolicyMixture, WorldConfig
from jobmatch_ml.world.live import LiveOffers
from jobmatch_ml.world.log import EXPLORE, PLATFORM, POPULARITY, RANKER
from jobmatch_ml.world.relevance import HOME, Market
from jobmatch_ml.world.sessions import Requests
from jobmatch_ml.world.tables import NONE

# What the platform weighs, and how far it looks: the newest offers of each kind.
SAME, NEIGHBOUR, DOMAIN = 1.0, 0.55, 0.25
FAR, FAR_KM, FRESH, SKILLS = 0.45, 100.0, 0.15, 0.35
POOL_LOCAL, POOL_SAME, POOL_DOMAIN = 48, 48, 48
POOL_NEIGHBOURS, POOL_NEIGHBOUR_LOCAL, POOL_NEIGHBOUR = 6, 8, 6
POPULAR = 80
"""How many offers of a domain the list of the popular ones holds."""

_SLOTS = 1024
_SCALE = 10_000.0
_NOTHING = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Rankings:
    """A text ranker's order of all offers for every candidate, to a depth.

    Args:
        offers: ``(n_candidates, depth)`` rows of offers, best first, padded with -1.
        scores: ``(n_candidates, depth)``.
        version: What the log calls the ranker.
    """

    offers: NDArray[np.int32]
    scores: NDArray[np.float32]
    version: str


@dataclass(frozen=True)
class Slates:
    """Slates of a block of requests, ``(n_requests, slate_size)``; -1 past the end of a slate."""

    offers: NDArray[np.int32]
    scores: NDArray[np.float32]


def rank_for_policy(
    ranker: Ranker, documents: Sequence[Document], queries: Sequence[Query], *, depth: int
) -> Rankings:
    """Ranks all offers for all candidates once; each request then shows the best live ones.

    Ranking once is what makes a large log cheap. It only means that word statistics are those of
    the whole world, which changes an order of live offers very little. Scores are rounded, and
    ordered again after it, because their last bits may differ between machines.
    """
    ranker.index(documents)
    rows = {document.doc_id: row for row, document in enumerate(documents)}
    places = {query.query_id: row for row, query in enumerate(queries)}
    offers = np.full((len(queries), min(depth, len(documents))), NONE, dtype=np.int32)
    scores = np.zeros(offers.shape, dtype=np.float32)
    for query_id, scored in ranker.rank(queries, top_k=offers.shape[1]).items():
        ordered = sorted((-round(score, 3), rows[doc_id]) for doc_id, score in scored.items())
        offers[places[query_id], : len(ordered)] = [row for _, row in ordered]
        scores[places[query_id], : len(ordered)] = [-score for score, _ in ordered]
    version = f"{getattr(ranker, 'name', type(ranker).__name__)}-1"
    return Rankings(offers=offers, scores=scores, version=version)


@dataclass(frozen=True)
class Knowledge:
    """What the policies know on a day.

    Args:
        live: The offers of the day.
        counts: ``(n_offers,)`` how often each was saved or applied to, by the evening before.
        taken: Sorted keys ``candidate * n_offers + offer`` of what people saved or applied to.
    """

    live: LiveOffers
    counts: NDArray[np.int32]
    taken: NDArray[np.int64]


def choose_slates(
    rng: np.random.Generator,
    config: WorldConfig,
    market: Market,
    requests: Requests,
    knowledge: Knowledge,
    *,
    rankings: Rankings | None = None,
) -> Slates:
    """Fills the slates of a block of requests, each by its own policy."""
    shape = (len(requests), config.slate_size)
    slates = Slates(np.full(shape, NONE, np.int32), np.full(shape, np.nan, np.float32))
    for policy in (PLATFORM, RANKER, POPULARITY, EXPLORE):
        rows = np.flatnonzero(requests.policy == policy)
        if len(rows) == 0:
            continue
        asked = requests.part(rows)
        if policy == PLATFORM:
            offers, scores = _platform(config, market, asked, knowledge)
        elif policy == RANKER and rankings is not None:
            offers, scores = _ranker(config, market, asked, knowledge, rankings)
        elif policy == POPULARITY:
            offers, scores = _popular(config, market, asked, knowledge)
        else:
            offers, scores = _explore(rng, config, market, asked, knowledge)
        slates.offers[rows], slates.scores[rows] = offers, scores
    return slates


Chosen = tuple[NDArray[np.int32], NDArray[np.float32]]


def _platform(
    config: WorldConfig, market: Market, requests: Requests, knowledge: Knowledge
) -> Chosen:
    pool = _platform_pool(market, requests, knowledge.live)
    # Each offer once: in order of rows, those that two ways have found stand side by side.
    pool = np.sort(pool, axis=1)
    pool[:, 1:][pool[:, 1:] == pool[:, :-1]] = NONE
    shown = _allowed(config, market, requests, knowledge, pool)
    scores = platform_scores(config, market, requests, pool)
    ticks = np.round(scores * _SCALE).astype(np.int64)
    # One whole number per offer, all different: best score first, then the lower row. So the
    # choice does not depend on how a machine sorts equal scores.
    keys = np.where(shown, -ticks * _SLOTS + np.arange(pool.shape[1]), _NOTHING)
    depth = min(pool.shape[1], (int(requests.page.max()) + 1) * config.slate_size)
    best = np.sort(np.partition(keys, depth - 1, axis=1)[:, :depth], axis=1)
    best = _page(best, requests.page, config.slate_size)
    found = best != _NOTHING
    slots = np.where(found, best & (_SLOTS - 1), 0)
    offers = np.take_along_axis(pool, slots, axis=1)
    return (
        np.where(found, offers, NONE).astype(np.int32),
        np.where(found, -(best // _SLOTS) / _SCALE, np.nan).astype(np.float32),
    )


def _platform_pool(market: Market, requests: Requests, live: LiveOffers) -> NDArray[np.int32]:
    """Gathers offers worth scoring: of the declared occupation, its neighbours and its domain."""
    people, tables = market.candidates, market.tables
    declared = people.declared[requests.candidate].astype(np.int64)
    region = tables.region[people.place[requests.candidate]]
    near = tables.neighbours[declared][:, :POOL_NEIGHBOURS].astype(np.int64)
    parts = [
        live.newest_local(declared, region, POOL_LOCAL),
        live.newest_of_occupation(declared, POOL_SAME),
        live.newest_of_domain(tables.domain[declared], POOL_DOMAIN),
    ]
    for column in range(near.shape[1]):
        parts.append(live.newest_local(near[:, column], region, POOL_NEIGHBOUR_LOCAL))
        parts.append(live.newest_of_occupation(near[:, column], POOL_NEIGHBOUR))
    return np.concatenate(parts, axis=1)


def platform_scores(
    config: WorldConfig, market: Market, requests: Requests, pool: NDArray[np.int32]
) -> NDArray[np.float32]:
    """Scores offers by what the platform knows, ``(n_requests, width)``: structured and noisy.

    It knows the occupation and the skills that people declared (not always right, never all), where
    they live, and how fresh an offer is. A noise that belongs to the pair stands for the rest.
    """
    people, jobs, tables = market.candidates, market.offers, market.tables
    who = requests.candidate[:, None]
    declared = people.declared[who]
    job = jobs.occupation[pool]
    affinity = np.where(
        job == declared,
        np.float32(SAME),
        np.where(
            tables.kinship[declared, job],
            np.float32(NEIGHBOUR),
            np.where(tables.domain[job] == tables.domain[declared], np.float32(DOMAIN), 0),
        ),
    )
    distance = tables.distance[people.place[who], jobs.place[pool]]
    far = np.where(jobs.remote[pool] == HOME, 0, np.minimum(distance / np.float32(FAR_KM), 1))
    ticked, asked = people.declared_skills[who], market.sketches[pool]
    overlap = np.bitwise_count(ticked & asked) / np.maximum(np.bitwise_count(asked), 1)
    age = requests.at_s[:, None] - market.created_s[pool]
    fresh = 1 - age / np.float32(config.offers.lifetime_days * 86_400)
    noise = pair_noise(market.seed, who, pool) * config.policy.platform_noise
    score = affinity - FAR * far + FRESH * fresh + SKILLS * overlap + noise
    rounded: NDArray[np.float32] = score.astype(np.float32)
    return rounded


def pair_noise(
    seed: int, candidates: NDArray[np.int32], offers: NDArray[np.int32]
) -> NDArray[np.float32]:
    """Returns a number in (-1, 1) that belongs to a pair for ever: triangular, mean 0."""
    with np.errstate(over="ignore"):
        mixed = (
            candidates.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
            + offers.astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)
            + np.uint64(seed * 0x165667B19E3779F9 % 2**64)
        )
        mixed ^= mixed >> np.uint64(31)
        mixed *= np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(29)
        mixed *= np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(32)
    low = (mixed & np.uint64(0xFFFFFF)).astype(np.float32)
    high = (mixed >> np.uint64(40)).astype(np.float32)
    noise: NDArray[np.float32] = (low + high) / np.float32(2**24) - np.float32(1)
    return noise


def _ranker(
    config: WorldConfig,
    market: Market,
    requests: Requests,
    knowledge: Knowledge,
    rankings: Rankings,
) -> Chosen:
    pool = rankings.offers[requests.candidate]
    shown = _allowed(config, market, requests, knowledge, pool)
    slots = _first(shown, requests.page, config.slate_size)
    return _taken_from(pool, rankings.scores[requests.candidate], slots)


def _popular(
    config: WorldConfig, market: Market, requests: Requests, knowledge: Knowledge
) -> Chosen:
    """Shows what others of the domain saved and applied to most; ties: the newest first."""
    tables = market.tables
    domain = tables.domain[market.candidates.declared[requests.candidate]]
    pool = knowledge.live.popular(knowledge.counts, POPULAR)[domain]
    shown = _allowed(config, market, requests, knowledge, pool)
    slots = _first(shown, requests.page, config.slate_size)
    return _taken_from(pool, knowledge.counts[pool].astype(np.float32), slots)


def _explore(
    rng: np.random.Generator,
    config: WorldConfig,
    market: Market,
    requests: Requests,
    knowledge: Knowledge,
) -> Chosen:
    """Draws offers at random, a share of them from the candidate's domain, in random order."""
    domain = market.tables.domain[market.candidates.declared[requests.candidate]]
    pool = knowledge.live.draw(
        rng,
        domain,
        width=5 * config.slate_size,
        domain_share=config.policy.explore_domain_share,
    )
    shown = _allowed(config, market, requests, knowledge, pool)
    for column in range(1, pool.shape[1]):
        shown[:, column] &= (pool[:, :column] != pool[:, column, None]).all(axis=1)
    slots = _first(shown, np.zeros(len(requests), np.int8), config.slate_size)
    # The own domain is used up first, so late draws are more often from elsewhere: without another
    # shuffle the position would tell something of the offer.
    order = np.where(slots == _NOTHING, 1, rng.random(slots.shape)).argsort(axis=1, kind="stable")
    slots = np.take_along_axis(slots, order, axis=1)
    return _taken_from(pool, np.full(pool.shape, np.nan, np.float32), slots)


def _allowed(
    config: WorldConfig,
    market: Market,
    requests: Requests,
    knowledge: Knowledge,
    pool: NDArray[np.int32],
) -> NDArray[np.bool_]:
    """Returns which offers of a pool may be shown: live at that second, and not taken before."""
    created = market.created_s[pool]
    now = requests.at_s[:, None]
    shown: NDArray[np.bool_] = (pool != NONE) & (created < now)
    shown &= created > now - config.offers.lifetime_days * 86_400
    n_offers = len(market.offers)
    people = np.unique(requests.candidate).astype(np.int64)
    bounds = np.searchsorted(knowledge.taken, [people * n_offers, (people + 1) * n_offers])
    held = np.concatenate(
        [knowledge.taken[low:high] for low, high in bounds.T if low < high]
        or [np.zeros(0, dtype=np.int64)]
    )
    if len(held):
        keys = requests.candidate[:, None].astype(np.int64) * n_offers + pool
        at = np.minimum(np.searchsorted(held, keys), len(held) - 1)
        shown &= held[at] != keys
    return shown


def _first(shown: NDArray[np.bool_], page: NDArray[np.int8], size: int) -> NDArray[np.int64]:
    """Returns the columns of a page of allowed offers, in their order; past the end: nothing."""
    columns = np.where(shown, np.arange(shown.shape[1], dtype=np.int64), _NOTHING)
    return _page(np.sort(columns, axis=1), page, size)


def _page(ordered: NDArray[np.int64], page: NDArray[np.int8], size: int) -> NDArray[np.int64]:
    """Cuts a page out of each row; a page past the end is the first one again."""
    start = page.astype(np.int64) * size
    start[start >= (ordered != _NOTHING).sum(axis=1)] = 0
    columns = start[:, None] + np.arange(size)
    inside = columns < ordered.shape[1]
    cut = np.take_along_axis(ordered, np.where(inside, columns, 0), axis=1)
    return np.where(inside, cut, _NOTHING)


def _taken_from(
    pool: NDArray[np.int32], scores: NDArray[np.float32], slots: NDArray[np.int64]
) -> Chosen:
    found = slots != _NOTHING
    columns = np.where(found, slots, 0)
    offers = np.where(found, np.take_along_axis(pool, columns, axis=1), NONE)
    chosen = np.where(found, np.take_along_axis(scores, columns, axis=1), np.float32(np.nan))
    return offers.astype(np.int32), chosen.astype(np.float32)


def swap_two(
    rng: np.random.Generator, policy: PolicyMixture, slates: Slates, used: NDArray[np.int8]
) -> NDArray[np.bool_]:
    """Swaps two random positions in a share of the platform's and the ranker's slates, in place.

    Returns:
        ``(n_requests,)`` which slates were changed.
    """
    n = len(used)
    length = (slates.offers != NONE).sum(axis=1)
    chosen = rng.random(n) < policy.swap_share
    chosen &= np.isin(used, (PLATFORM, RANKER)) & (length > 1)
    first = (rng.random(n) * length).astype(np.int64)
    second = (rng.random(n) * (length - 1)).astype(np.int64)
    second += second >= first
    rows = np.flatnonzero(chosen)
    for values in (slates.offers, slates.scores):
        left, right = values[rows, first[rows]].copy(), values[rows, second[rows]].copy()
        values[rows, first[rows]], values[rows, second[rows]] = right, left
    return chosen
