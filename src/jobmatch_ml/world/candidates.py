"""Who candidates are: careers, skills, wishes; and who they are besides, which changes no grade.

Drawn by chunks of fixed size, each with random streams of its own; identity has a stream apart.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.world.columns import (
    MAX_POSITIONS,
    MAX_SKILLS,
    CandidateColumns,
    concatenate,
    skill_sketch,
)
from jobmatch_ml.world.config import ORIGINS, CandidateConfig, WorldConfig
from jobmatch_ml.world.offers import base_shares, place_shares, remote_share
from jobmatch_ml.world.randomness import Stage, choose, cumulative, stream
from jobmatch_ml.world.tables import CONTRACTS, NONE, MarketTables

CHUNK = 65_536

# How far people go to work, in km, with frequencies; 2,000 is the whole of France.
RADII = {20: 0.25, 30: 0.25, 50: 0.25, 100: 0.15, 2000: 0.1}
AVAILABLE_DAYS = {0: 0.45, 30: 0.3, 60: 0.15, 90: 0.1}
# Shares of people who accept each contract type, hours and remote work beside what is usual.
CONTRACTS_ACCEPTED = (1.0, 0.8, 0.6, 0.5, 0.25)
HOURS_ACCEPTED = (1.0, 0.65, 0.55)
LICENCE_SHARE = 0.82
LOWEST_WISH = 22_000
"""Nobody asks for less than the French minimum wage: 21,622 euros a year in 2025, full time."""
SKILL_TICKED = 0.7
"""Share of the skills had that people tick on the platform."""

Columns = dict[str, NDArray[Any]]


def draw_candidates(
    config: WorldConfig, tables: MarketTables, *, shares: NDArray[np.float64] | None = None
) -> CandidateColumns:
    """Draws the facts of all candidates, in the order of their ids.

    Args:
        config: The world.
        tables: Its tables.
        shares: ``(n_occupations,)`` how often each occupation is wished for; default: as often as
            it is offered.
    """
    wished = cumulative((base_shares(config, tables) if shares is None else shares)[None, :])
    parts = [
        _draw_chunk(
            config, tables, start // CHUNK, n=min(CHUNK, config.n_candidates - start), wished=wished
        )
        for start in range(0, config.n_candidates, CHUNK)
    ]
    return CandidateColumns(**concatenate(parts))


def _draw_chunk(
    config: WorldConfig,
    tables: MarketTables,
    chunk: int,
    *,
    n: int,
    wished: NDArray[np.float64],
) -> Columns:
    rng = stream(config.seed, Stage.CANDIDATES, chunk)
    people = config.candidates
    job = choose(wished, np.zeros(n, int), rng.random(n))
    columns: Columns = {"occupation": job.astype(np.int16)}
    columns |= _career(rng, tables, people, job)
    columns |= _skills(rng, tables, people, columns)
    columns["years"] = _relevant_years(columns)
    columns["second"] = _second(rng, tables, people, columns)
    places = cumulative(place_shares(config, tables))
    columns["place"] = choose(places, job, rng.random(n)).astype(np.int16)
    columns |= _wishes(rng, tables, columns)
    columns |= _declared(rng, tables, people, columns)
    columns |= _identity(stream(config.seed, Stage.IDENTITY, chunk), tables, people, columns)
    return columns


def _career(
    rng: np.random.Generator, tables: MarketTables, config: CandidateConfig, job: NDArray[np.int64]
) -> Columns:
    """Walks back along the mobility graph, from the latest position to the first."""
    n = len(job)
    count = np.minimum(config.max_experiences, 1 + rng.binomial(3, 0.45, size=n))
    career = np.full((n, MAX_POSITIONS), NONE, dtype=np.int16)
    start, end = career.copy(), career.copy()
    # Some are between two jobs: their latest position has ended.
    months_ago = np.where(rng.random(n) < 0.5, 0, rng.integers(1, 10, size=n))
    held = job
    for rank in range(config.max_experiences):
        moved = rng.random(n) < (config.changer_share if rank == 0 else config.moved_share)
        held = np.where(moved, _neighbour(rng, tables, held), held)
        length = rng.integers(6, 66, size=n)
        there = rank < count
        career[there, rank] = held[there]
        start[there, rank] = (months_ago + length)[there]
        end[there, rank] = months_ago[there]
        months_ago = months_ago + length + rng.integers(0, 4, size=n)
    return {"career": career, "start": start, "end": end}


def _neighbour(
    rng: np.random.Generator, tables: MarketTables, job: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Draws a neighbour of each occupation; one without neighbours stays itself."""
    near = tables.neighbours[job]
    count = (near != NONE).sum(axis=1)
    column = (rng.random(len(job)) * count).astype(np.int64)
    drawn = near[np.arange(len(job)), column].astype(np.int64)
    return np.where(count > 0, drawn, job)


def _skills(
    rng: np.random.Generator, tables: MarketTables, config: CandidateConfig, columns: Columns
) -> Columns:
    """Draws skills held, of the occupation wished for and of those of the career, with levels."""
    job, career = columns["occupation"], columns["career"]
    n = len(job)
    positions = [career[:, rank] for rank in range(config.max_experiences)]
    elsewhere = [np.where(held == job, NONE, held) for held in positions]
    pools = [tables.required[job], tables.wished[job]]
    pools += [np.where(held[:, None] == NONE, NONE, tables.required[held]) for held in elsewhere]
    shares = [config.skill_held_share, config.skill_held_share / 2] + [0.6] * len(elsewhere)
    found = np.concatenate(pools, axis=1)
    chances = np.concatenate(
        [np.full(pool.shape[1], share) for pool, share in zip(pools, shares, strict=True)]
    )
    found = np.where(rng.random(found.shape) < chances, found, NONE)
    # Each skill once: sorted by number, a repeated one falls out; those not had come last.
    order = np.sort(np.where(found == NONE, np.iinfo(np.int32).max, found), axis=1)
    order[:, 1:][order[:, 1:] == order[:, :-1]] = np.iinfo(np.int32).max
    order = np.sort(order, axis=1)[:, :MAX_SKILLS]
    if order.shape[1] < MAX_SKILLS:
        padding = np.full((n, MAX_SKILLS - order.shape[1]), np.iinfo(np.int32).max, np.int32)
        order = np.concatenate([order, padding], axis=1)
    skills = np.where(order == np.iinfo(np.int32).max, NONE, order).astype(np.int32)
    levels = 1 + (rng.random(skills.shape) < 0.75) + (rng.random(skills.shape) < 0.3)
    return {"skills": skills, "levels": np.where(skills == NONE, 0, levels).astype(np.int8)}


def _relevant_years(columns: Columns) -> NDArray[np.int8]:
    """Counts full years in the occupation wished for, those in other positions by half."""
    career, job = columns["career"], columns["occupation"]
    months = np.where(career == NONE, 0, columns["start"] - columns["end"]).astype(np.int64)
    # Doubled, so that halves stay whole numbers.
    doubled = (months * np.where(career == job[:, None], 2, 1)).sum(axis=1)
    years: NDArray[np.int8] = (doubled // 24).astype(np.int8)
    return years


def _second(
    rng: np.random.Generator, tables: MarketTables, config: CandidateConfig, columns: Columns
) -> NDArray[np.int16]:
    """Draws the other job that some look for: one held earlier, or two steps of mobility away."""
    job, career = columns["occupation"].astype(np.int64), columns["career"]
    n = len(job)
    away = _neighbour(rng, tables, _neighbour(rng, tables, job))
    other = np.where((career != NONE) & (career != job[:, None]), career, NONE)
    earlier = other.max(axis=1).astype(np.int64)
    second = np.where((earlier != NONE) & (rng.random(n) < 0.5), earlier, away)
    looks = (rng.random(n) < config.second_profile_share) & (second != job)
    # Only what there are offers of is worth a profile.
    looks &= np.isin(second, tables.present)
    return np.where(looks, second, NONE).astype(np.int16)


def _wishes(rng: np.random.Generator, tables: MarketTables, columns: Columns) -> Columns:
    job, years = columns["occupation"], columns["years"].astype(np.int64)
    n = len(job)
    low, high = tables.salary[job].T
    usual = low + (high - low) * np.minimum(1, 0.08 * years + 0.2)
    asked = np.round(usual * (0.75 + 0.3 * rng.random(n)) / 500) * 500
    asked = np.maximum(asked, LOWEST_WISH)
    contracts = 1 << np.argmax(tables.contracts[job], axis=1)
    for number, share in enumerate(CONTRACTS_ACCEPTED[: len(CONTRACTS)]):
        contracts |= (rng.random(n) < share).astype(np.int64) << number
    hours = np.zeros(n, dtype=np.int64)
    for number, share in enumerate(HOURS_ACCEPTED):
        hours |= (rng.random(n) < share).astype(np.int64) << number
    at_home, mark = remote_share(tables, job), rng.random(n)
    drives = rng.random(n) < LICENCE_SHARE
    drives |= (columns["skills"] == tables.licence_skill).any(axis=1)
    return {
        "salary_min": np.where(rng.random(n) < 0.35, 0, asked).astype(np.int32),
        "contracts": contracts.astype(np.int8),
        "hours": hours.astype(np.int8),
        "remote": ((mark < 0.3 * at_home) * 1 + (mark < 0.05 * at_home)).astype(np.int8),
        "licence": drives,
        "radius": _weighted(rng, RADII, n).astype(np.int16),
        "available": _weighted(rng, AVAILABLE_DAYS, n).astype(np.int16),
    }


def _weighted(rng: np.random.Generator, shares: dict[int, float], n: int) -> NDArray[np.int64]:
    sums = cumulative(np.array([list(shares.values())]))
    drawn: NDArray[np.int64] = np.array(list(shares))[choose(sums, np.zeros(n, int), rng.random(n))]
    return drawn


def _declared(
    rng: np.random.Generator, tables: MarketTables, config: CandidateConfig, columns: Columns
) -> Columns:
    """Draws what people told the platform: an occupation, right in most cases, and some skills."""
    job = columns["occupation"].astype(np.int64)
    right = rng.random(len(job)) < config.declared_right_share
    ticked = (columns["skills"] != NONE) & (rng.random(columns["skills"].shape) < SKILL_TICKED)
    return {
        "declared": np.where(right, job, _neighbour(rng, tables, job)).astype(np.int16),
        "declared_skills": skill_sketch(np.where(ticked, columns["skills"], NONE)),
    }


def _identity(
    rng: np.random.Generator, tables: MarketTables, config: CandidateConfig, columns: Columns
) -> Columns:
    """Draws who people are; nothing here has a part in true relevance."""
    n = len(columns["occupation"])
    first_job = 17 + tables.level[columns["occupation"]] // 2 + rng.integers(0, 9, size=n)
    # Time before the first position, at home or abroad, that no CV tells.
    gap = np.minimum(rng.exponential(5.0, size=n), 30)
    age = first_job + columns["start"].max(axis=1) / 12 + gap
    shares = np.array([[config.origin_shares[name] for name in ORIGINS]])
    return {
        "woman": rng.random(n) < 0.5,
        "origin": choose(cumulative(shares), np.zeros(n, int), rng.random(n)).astype(np.int8),
        "age": np.clip(age, 18, 67).astype(np.int8),
        "disability": rng.random(n) < config.disability_share,
        "address": (rng.random(n) < config.district_share).astype(np.int8),
        "language": (rng.random(n) < config.english_share).astype(np.int8),
    }
