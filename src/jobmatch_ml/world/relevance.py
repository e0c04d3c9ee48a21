"""True relevance of an offer for a candidate, graded 0 to 4 by facts, not by texts.

======================================  ===================================================
the offer's occupation                   grade before wishes
======================================  ===================================================
wished for (main or second profile)      1 + skills + near + senior                (1 to 4)
a neighbour of one, or held earlier      skills + near + senior - 1, at least 0    (0 to 2)
any other                                0
======================================  ===================================================

*skills*: the candidate's skills cover at least 60 % of those it takes, where some knowledge (level
1) counts half; *near*: the place lies within the candidate's radius, or the work is done from home;
*senior*: the years of experience suffice; each counts 1 or 0. Each hard wish of the candidate that
the offer violates (salary, contract, remote work, hours, driving licence) takes 1 away, down to 0.
Who the candidate is (gender, origin, age, address, disability) has no part in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.world.columns import CandidateColumns, OfferColumns, skill_sketch
from jobmatch_ml.world.config import BehaviourConfig
from jobmatch_ml.world.tables import NONE, MarketTables

MAX_GRADE = 4
SKILL_COVERAGE = 0.6
"""Share of an offer's required skills that counts as having the skills."""
LEVEL_CREDIT = (0.0, 0.5, 1.0, 1.0)
"""What a skill of level 0 (not had) to 3 (expert) counts."""

WISHED, RELATED, OTHER = 2, 1, 0
"""Kinship of an offer's occupation to the candidate."""
HOME = 2
"""``remote`` of an offer whose work is all done from home."""

Rows = NDArray[np.integer[Any]]
# Pairs that are looked at together: what they need stays in the processor's cache.
_BLOCK = 1 << 16


@dataclass(frozen=True)
class PairFacts:
    """What decides the grade of pairs; all arrays ``(n_pairs,)``.

    Args:
        kinship: :data:`WISHED`, :data:`RELATED` or :data:`OTHER`.
        skilled: The skills suffice.
        near: The place can be reached, or need not be.
        senior: The experience suffices.
        violations: Hard wishes that the offer violates, 0 to 5.
    """

    kinship: NDArray[np.int8]
    skilled: NDArray[np.bool_]
    near: NDArray[np.bool_]
    senior: NDArray[np.bool_]
    violations: NDArray[np.int8]

    def grades(self) -> NDArray[np.int8]:
        """Returns the grades 0 to 4, by the table above."""
        fit = self.skilled.astype(np.int8) + self.near + self.senior
        related = np.maximum(fit - 1, 0)
        wished = self.kinship == WISHED
        before = np.where(wished, 1 + fit, np.where(self.kinship == RELATED, related, 0))
        return np.maximum(before - self.violations, 0).astype(np.int8)


@dataclass(frozen=True)
class Market:
    """The hidden state of a world: its tables and the facts of all its offers and candidates."""

    tables: MarketTables
    offers: OfferColumns
    candidates: CandidateColumns
    start_ms: int
    seed: int = 0

    @cached_property
    def created_s(self) -> NDArray[np.int32]:
        """``(n_offers,)`` publication, seconds from the start of the log, rounded up."""
        return (-((self.start_ms - self.offers.created_ms) // 1000)).astype(np.int32)

    @cached_property
    def by_time(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Offers in the order of publication, and their times in that order."""
        order = np.argsort(self.created_s, kind="stable")
        return order, self.created_s[order]

    @cached_property
    def sketches(self) -> NDArray[np.uint64]:
        """``(n_offers,)`` a 64-bit set of the skills that each offer asks for."""
        return skill_sketch(np.concatenate([self.offers.required, self.offers.wished], axis=1))

    @cached_property
    def offers_by_occupation(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Offers ordered by occupation, and where each occupation starts in that order."""
        order = np.argsort(self.offers.occupation, kind="stable")
        bounds = np.arange(self.tables.n_occupations + 1)
        return order, np.searchsorted(self.offers.occupation[order], bounds)


def pair_facts(market: Market, candidates: Rows, offers: Rows) -> PairFacts:
    """Compares candidates and offers, row by row; both ``(n_pairs,)``."""
    people, jobs, tables = market.candidates, market.offers, market.tables
    remote = jobs.remote[offers]
    distance = tables.distance[people.place[candidates], jobs.place[offers]]
    return PairFacts(
        kinship=kinship(market, candidates, jobs.occupation[offers]),
        # A hair of slack: 3 of 5 must count as 60 %.
        skilled=skill_coverage(market, candidates, offers) >= SKILL_COVERAGE - 1e-6,
        near=(distance <= people.radius[candidates]) | (remote == HOME),
        senior=jobs.years[offers] <= people.years[candidates],
        violations=_violations(market, candidates, offers),
    )


def kinship(market: Market, candidates: Rows, occupations: Rows) -> NDArray[np.int8]:
    """Returns how each occupation is related to what each candidate wishes and has done."""
    people, near = market.candidates, market.tables.kinship
    wish, second = people.occupation[candidates], people.second[candidates]
    wished = (occupations == wish) | (occupations == second)
    related = near[wish, occupations] | (near[second, occupations] & (second != NONE))
    for rank in range(people.career.shape[1]):
        related |= people.career[candidates, rank] == occupations
    return np.where(wished, WISHED, np.where(related, RELATED, OTHER)).astype(np.int8)


def skill_coverage(market: Market, candidates: Rows, offers: Rows) -> NDArray[np.float32]:
    """Returns the share of each offer's required skills that a candidate has; 1 if it takes none.

    Example:
        Required a, b, c; had a (level 3), b (level 1): ``(1 + 0.5) / 3 = 0.5``.
    """
    coverage = np.empty(len(candidates), dtype=np.float32)
    for start in range(0, len(candidates), _BLOCK):
        block = slice(start, start + _BLOCK)
        coverage[block] = _coverage(market, candidates[block], offers[block])
    return coverage


def _coverage(market: Market, candidates: Rows, offers: Rows) -> NDArray[np.float32]:
    required = market.offers.required[offers]  # (n_pairs, 8)
    held = market.candidates.skills[candidates]  # (n_pairs, 20)
    credit = np.array(LEVEL_CREDIT, dtype=np.float32)[market.candidates.levels[candidates]]
    total = np.zeros(len(offers), dtype=np.float32)
    for column in range(required.shape[1]):
        asked = required[:, column, None]
        total += np.where((held == asked) & (asked != NONE), credit, 0).sum(axis=1)
    needed = (required != NONE).sum(axis=1)
    share: NDArray[np.float32] = np.where(needed == 0, 1, total / np.maximum(needed, 1))
    return share


def _violations(market: Market, candidates: Rows, offers: Rows) -> NDArray[np.int8]:
    people, jobs = market.candidates, market.offers
    violated: NDArray[np.int8] = (jobs.salary[offers, 1] < people.salary_min[candidates]).astype(
        np.int8
    )
    violated += ~_accepts(people.contracts[candidates], jobs.contract[offers])
    violated += jobs.remote[offers] < people.remote[candidates]
    violated += ~_accepts(people.hours[candidates], jobs.hours[offers])
    violated += jobs.licence[offers] & ~people.licence[candidates]
    return violated


def _accepts(accepted: NDArray[np.int8], kind: NDArray[np.int8]) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (accepted >> kind & 1).astype(np.bool_)
    return found


def grade_pairs(market: Market, candidates: Rows, offers: Rows) -> NDArray[np.int8]:
    """Returns the true relevance of pairs; both arguments ``(n_pairs,)``."""
    return pair_facts(market, candidates, offers).grades()


def relevant_offers(market: Market, candidate: int) -> tuple[NDArray[np.int64], NDArray[np.int8]]:
    """Returns the offers that are relevant to a candidate at all, by row, and their grades > 0."""
    rows = np.sort(_kindred_offers(market, candidate))
    grades = grade_pairs(market, np.full(len(rows), candidate), rows)
    return rows[grades > 0], grades[grades > 0]


def _kindred_offers(market: Market, candidate: int) -> NDArray[np.int64]:
    order, starts = market.offers_by_occupation
    jobs = np.arange(market.tables.n_occupations)
    related = kinship(market, np.full(len(jobs), candidate), jobs) != OTHER
    parts = [order[starts[job] : starts[job + 1]] for job in np.flatnonzero(related)]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


def grade_rows(market: Market, candidates: Rows) -> NDArray[np.int8]:
    """Returns the true relevance of every offer for some candidates, ``(n_rows, n_offers)``."""
    grades = np.zeros((len(candidates), len(market.offers)), dtype=np.int8)
    for row, candidate in enumerate(candidates):
        offers, values = relevant_offers(market, int(candidate))
        grades[row, offers] = values
    return grades


def attraction_of(
    config: BehaviourConfig, grades: NDArray[np.int8], appeal: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Returns P(view | examined) = ``view[grade] * appeal``, at most 1.

    Example:
        >>> config = BehaviourConfig(view=(0, 0.25, 0.4, 0.6, 0.8))
        >>> attraction_of(config, np.array([1, 4]), np.array([0.5, 2.0])).tolist()
        [0.125, 1.0]
    """
    attraction: NDArray[np.float32] = np.array(config.view, dtype=np.float32)[grades] * appeal
    return np.minimum(attraction, 1, dtype=np.float32)


def attraction_rows(market: Market, config: BehaviourConfig, candidates: Rows) -> NDArray[Any]:
    """Returns P(view | examined) of every offer for some candidates, ``(n_rows, n_offers)``."""
    return attraction_of(config, grade_rows(market, candidates), market.offers.appeal[None, :])
