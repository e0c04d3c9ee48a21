"""What offers are about: occupation, place, skills, experience, contract, time of publication.

Drawn by chunks of fixed size, each with a random stream of its own.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.world.columns import (
    MAX_OFFER_REQUIRED,
    MAX_OFFER_WISHED,
    OfferColumns,
    concatenate,
    milliseconds,
)
from jobmatch_ml.world.config import WorldConfig
from jobmatch_ml.world.randomness import Stage, choose, cumulative, shuffled_columns, stream
from jobmatch_ml.world.tables import NONE, MarketTables

CHUNK = 65_536
DAY_MS = 86_400_000

# Years of experience that offers ask for, with their frequencies; 0: beginners welcome.
YEARS_ASKED = {0: 0.42, 1: 0.18, 2: 0.15, 3: 0.15, 5: 0.08, 8: 0.02}
WEEKDAYS = (1.0, 1.05, 1.05, 1.0, 0.9, 0.35, 0.12)
"""How much is published from Monday to Sunday."""
CAPITAL_REGION, CAPITAL_PREMIUM = "Île-de-France", 1.08
MANUAL_LEVEL = 4

# By domain, A to N: share of the work that can be done from home, of shifts, of part time, and of
# offers that take a driving licence though no skill says so.
_REMOTE = (0, 0.1, 0.5, 0.05, 0.5, 0.02, 0, 0.08, 0.03, 0.03, 0.08, 0.1, 0.55, 0.05)
_SHIFT = (0.1, 0.1, 0, 0.3, 0.02, 0.05, 0.55, 0.4, 0.25, 0.5, 0.25, 0.35, 0.02, 0.4)
_PART_TIME = (0.1, 0.15, 0.1, 0.25, 0.1, 0.03, 0.25, 0.03, 0.03, 0.2, 0.35, 0.15, 0.1, 0.08)
_LICENCE = (0.2, 0.03, 0.02, 0.05, 0.02, 0.3, 0.02, 0.03, 0.35, 0.08, 0.25, 0.05, 0.04, 0.3)
# The month in which a domain recruits most.
_PEAK_MONTH = (8, 10, 2, 11, 9, 4, 6, 9, 5, 1, 9, 6, 9, 11)


def by_domain(values: tuple[float, ...], domains: NDArray[np.int8]) -> NDArray[np.float64]:
    """Looks up a domain's figure; letters after N count as the last one."""
    return np.array(values, dtype=np.float64)[np.minimum(domains, len(values) - 1)]


def remote_share(tables: MarketTables, job: NDArray[np.integer[Any]]) -> NDArray[np.float64]:
    """Returns how much of the work of each occupation can be done from home.

    What labourers and skilled workers (levels 1 to 4) do, they do on the spot.
    """
    share: NDArray[np.float64] = np.where(
        tables.level[job] > MANUAL_LEVEL, by_domain(_REMOTE, tables.domain[job]), 0
    )
    return share


def draw_offers(config: WorldConfig, tables: MarketTables) -> OfferColumns:
    """Draws the facts of all offers, in the order of publication."""
    created_ms = publication_times(config)
    shares = cumulative(occupation_shares(config, tables))
    parts = [
        _draw_chunk(config, tables, start // CHUNK, created_ms[start : start + CHUNK], shares)
        for start in range(0, config.n_offers, CHUNK)
    ]
    columns = concatenate(parts)
    originals = _originals(config)
    copies = np.flatnonzero(originals != NONE)
    for name, values in columns.items():
        # A copy repeats a recent offer, as recruiters do to stay on top of the list.
        if name != "created_ms":
            values[copies] = values[originals[copies]]
    return OfferColumns(**columns, copy_of=originals, seed=config.seed)


def first_day(config: WorldConfig) -> int:
    """Returns the first moment of the log, milliseconds since 1970."""
    return milliseconds(datetime.combine(config.start_date, datetime.min.time(), tzinfo=UTC))


def publication_times(config: WorldConfig) -> NDArray[np.int64]:
    """Spreads publications over the log and the offers' lifetime before it, on working hours."""
    rng = stream(config.seed, Stage.PUBLICATION)
    before = config.offers.lifetime_days
    days = np.arange(-before, config.days)
    weekdays = (config.start_date.weekday() + days) % 7
    sums = cumulative(np.array(WEEKDAYS)[weekdays][None, :])
    marks = rng.random(config.n_offers)
    drawn = choose(sums, np.zeros(config.n_offers, dtype=np.int64), marks) - before
    of_day = rng.integers(7 * 3_600_000, 19 * 3_600_000, size=config.n_offers)
    return np.sort(first_day(config) + drawn * DAY_MS + of_day)


def base_shares(config: WorldConfig, tables: MarketTables) -> NDArray[np.float64]:
    """Returns how common each occupation is, ``(n_occupations,)``; 0 for those not present."""
    rng = stream(config.seed, Stage.MARKET)
    ranks = rng.permutation(len(tables.present))
    top = max(1, len(ranks) - 1)
    shares = np.zeros(tables.n_occupations)
    shares[tables.present] = config.market.frequency_ratio ** (ranks / top)
    normalised: NDArray[np.float64] = shares / shares.sum()
    return normalised


def occupation_shares(config: WorldConfig, tables: MarketTables) -> NDArray[np.float64]:
    """Returns the share of each occupation by day, ``(lifetime + days, n_occupations)``.

    ``share = base * (1 + amplitude * cos(2 pi (t - peak))) * exp(drift * t)`` with the time t in
    years, the peak that of the domain, and a drift of each occupation.
    """
    rng = stream(config.seed, Stage.MARKET, 1)
    drift = rng.normal(0, config.market.drift, size=tables.n_occupations)
    days = np.arange(-config.offers.lifetime_days, config.days)
    of_year = (config.start_date - date(config.start_date.year, 1, 1)).days
    peaks = by_domain(tuple(float(month) for month in _PEAK_MONTH), tables.domain) / 12
    phase = (of_year + days)[:, None] / 365.25 - peaks[None, :]
    season = 1 + config.market.season_amplitude * np.cos(2 * np.pi * phase)
    growth = np.exp(drift[None, :] * days[:, None] / 365.25)
    shares: NDArray[np.float64] = base_shares(config, tables) * season * growth
    return shares


def _originals(config: WorldConfig) -> NDArray[np.int32]:
    """Returns the offer that each offer repeats, -1 for those that repeat none."""
    rng = stream(config.seed, Stage.COPIES)
    rows = np.arange(config.n_offers)
    repeats = (rng.random(config.n_offers) < config.offers.duplicate_share) & (rows > 0)
    back = 1 + (rng.random(config.n_offers) * np.minimum(rows, 40)).astype(np.int64)
    original = np.where(repeats, np.maximum(rows - back, 0), NONE)
    # A copy of a copy is a copy of the first.
    while True:
        further = np.where(original == NONE, NONE, original[np.maximum(original, 0)])
        if not (further != NONE).any():
            return original.astype(np.int32)
        original = np.where(further == NONE, original, further)


def _draw_chunk(
    config: WorldConfig,
    tables: MarketTables,
    chunk: int,
    created_ms: NDArray[np.int64],
    shares: NDArray[np.float64],
) -> dict[str, NDArray[Any]]:
    rng = stream(config.seed, Stage.OFFERS, chunk)
    n = len(created_ms)
    day = (created_ms - first_day(config)) // DAY_MS + config.offers.lifetime_days
    job = choose(shares, day, rng.random(n))
    place = choose(cumulative(place_shares(config, tables)), job, rng.random(n))
    years = np.array(list(YEARS_ASKED))[
        choose(cumulative(np.array([list(YEARS_ASKED.values())])), np.zeros(n, int), rng.random(n))
    ]
    # Executives are rarely hired without any experience.
    senior = np.array([0, 2, 3])[rng.integers(3, size=n)]
    years = np.where(tables.level[job] == 9, np.maximum(years, senior), years)
    required, wished = _skills(rng, tables, job)
    domains = tables.domain[job]
    licence = rng.random(n) < by_domain(_LICENCE, domains)
    licence |= (required == tables.licence_skill).any(axis=1)
    sigma = config.market.appeal_sigma
    return {
        "occupation": job.astype(np.int16),
        "place": place.astype(np.int16),
        "required": required,
        "wished": wished,
        "years": years.astype(np.int8),
        "contract": choose(cumulative(tables.contracts), job, rng.random(n)).astype(np.int8),
        "created_ms": created_ms,
        "salary": _salary(rng, tables, job=job, place=place, years=years),
        "remote": _remote(rng, remote_share(tables, job)),
        "hours": _hours(rng, domains),
        "licence": licence,
        # The mean of exp(N(-s^2/2, s)) is 1.
        "appeal": np.exp(rng.normal(-sigma * sigma / 2, sigma, size=n)).astype(np.float32),
    }


def place_shares(config: WorldConfig, tables: MarketTables) -> NDArray[np.float64]:
    """Returns the share of each place in an occupation's jobs, regions weighted as configured."""
    mean = tables.place_shares.mean(axis=0, keepdims=True)
    shares: NDArray[np.float64] = mean * (tables.place_shares / mean) ** (
        config.market.region_strength
    )
    return shares


def _skills(
    rng: np.random.Generator, tables: MarketTables, job: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Draws what is asked for: nearly all that is usual, now and then what is only a plus."""
    n = len(job)
    usual = tables.required[job]
    usual = shuffled_columns(rng, usual, present=usual != NONE)
    count = (usual != NONE).sum(axis=1) - (rng.random(n) < 0.3)
    usual[np.arange(usual.shape[1]) >= np.maximum(count, 1)[:, None]] = NONE
    extra = tables.wished[job]
    extra = shuffled_columns(rng, extra, present=extra != NONE)
    n_extra = rng.integers(0, 4, size=n)
    extra[np.arange(extra.shape[1]) >= n_extra[:, None]] = NONE
    # One thing more that is indispensable here, and a mere plus elsewhere.
    promoted = rng.random(n) < 0.5
    required = np.concatenate([usual, np.full((n, 1), NONE, np.int32)], axis=1)
    place = np.minimum((usual != NONE).sum(axis=1), MAX_OFFER_REQUIRED - 1)
    chosen = np.flatnonzero(promoted & (extra[:, 0] != NONE))
    required[chosen, place[chosen]] = extra[chosen, 0]
    extra[chosen, 0] = NONE
    extra = shuffled_columns(rng, extra, present=extra != NONE)
    return _fit(required, MAX_OFFER_REQUIRED), _fit(extra, MAX_OFFER_WISHED)


def _fit(values: NDArray[np.int32], width: int) -> NDArray[np.int32]:
    filled = np.full((len(values), width), NONE, dtype=np.int32)
    kept = min(width, values.shape[1])
    filled[:, :kept] = values[:, :kept]
    return filled


def _salary(
    rng: np.random.Generator,
    tables: MarketTables,
    *,
    job: NDArray[np.int64],
    place: NDArray[np.int64],
    years: NDArray[np.int64],
) -> NDArray[np.int32]:
    low, high = tables.salary[job].T
    standing = np.minimum(1, 0.08 * years + 0.45 * rng.random(len(job)))
    capital = np.array([place.region == CAPITAL_REGION for place in tables.places])[place]
    base = (low + (high - low) * standing) * np.where(capital, CAPITAL_PREMIUM, 1)
    top = base * (1 + 0.15 * rng.random(len(job)))
    return (np.round(np.stack([base, top], axis=1) / 100) * 100).astype(np.int32)


def _remote(rng: np.random.Generator, share: NDArray[np.float64]) -> NDArray[np.int8]:
    mark = rng.random(len(share))
    return ((mark < share).astype(np.int8) + (mark < share * 0.15)).astype(np.int8)


def _hours(rng: np.random.Generator, domains: NDArray[np.int8]) -> NDArray[np.int8]:
    """Draws the number in :data:`HOURS`."""
    shift, mark = by_domain(_SHIFT, domains), rng.random(len(domains))
    part = shift + by_domain(_PART_TIME, domains)
    return np.where(mark < shift, 1, np.where(mark < part, 2, 0)).astype(np.int8)
