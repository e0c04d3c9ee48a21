"""The observable oracle: the best ranking that anyone could make from what texts and fields tell.

No ranker can reach the true relevance, since texts leave things out. The observable oracle knows
the true rule (``world.relevance``) and reads without error, but only what is told: a fact that an
offer or a CV keeps to itself is replaced by how often it holds among pairs of the same kinship. It
ranks by the expected grade,

    E[grade] = sum P(fit) P(violations) max(base(kinship, fit) - violations, 0)

with the parts of the fit (skills, place, years) and the five hard wishes taken for independent.
How far a ranker is from it is what better reading could still gain.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.errors import FormatError
from jobmatch_ml.evaluation.hidden_market import HiddenMarket, read_hidden_market
from jobmatch_ml.evaluation.truth import read_true_relevance
from jobmatch_ml.reference import OccupationTable, Place
from jobmatch_ml.types import Run
from jobmatch_ml.world.relevance import HOME, RELATED, WISHED, grade_pairs, pair_facts

FloatArray = NDArray[np.float64]
WISHES = ("salary", "contract", "remote", "hours", "licence")
"""The hard wishes; each is also the name of the fact of an offer that it is about."""

PREFERENCES = ("place", "salary", "contract", "remote")
"""What a candidate's preferences always tell (``candidates.jsonl``)."""

N_SKILL_BINS = 6
PRIOR = 10
"""Offers' worth of the overall rate that a rate is drawn towards."""

N_CALIBRATION = 200
"""Candidates from whom the base rates are taken."""


@dataclass(frozen=True)
class BaseRates:
    """How often things hold, by kinship: rows :data:`RELATED` and :data:`WISHED` (0 is not used).

    Args:
        kinship: Share of all pairs of each kinship, ``(3,)``.
        skilled: By bin of told skills that match, ``(3, 1 + N_SKILL_BINS)``.
        near: ``(3,)``.
        senior: ``(3,)``.
        violated: By wish, ``(3, 5)``.
    """

    kinship: FloatArray
    skilled: FloatArray
    near: FloatArray
    senior: FloatArray
    violated: FloatArray


def facts_oracle(
    world_dir: Path,
    *,
    top_k: int = 1000,
    table: OccupationTable | None = None,
    places: Sequence[Place] | None = None,
) -> Run:
    """Ranks by the true grade, from the hidden facts: nDCG 1, or facts and judgements disagree.

    Arguments and errors: :func:`oracle_run`.
    """
    hidden = read_hidden_market(world_dir, table=table, places=places)
    return _run(world_dir, hidden, lambda row: _true_grades(hidden, row), top_k=top_k)


def oracle_run(
    world_dir: Path,
    *,
    top_k: int = 1000,
    people: Collection[str] | None = None,
    table: OccupationTable | None = None,
    places: Sequence[Place] | None = None,
) -> Run:
    """Ranks by the expected grade given what is told, for every judged candidate.

    Args:
        world_dir: A built world with its truth.
        top_k: Offers kept a candidate; those that cannot be relevant are left out.
        people: Whom to rank for; ``None``: every judged candidate.
        table: The occupations it was built on; default: the embedded table.
        places: The towns it was built on; default: the embedded ones.

    Raises:
        MissingFileError: The world holds no truth.
        FormatError: Its facts are not those of these tables.
    """
    hidden = read_hidden_market(world_dir, table=table, places=places)
    rates = base_rates(hidden)
    return _run(
        world_dir,
        hidden,
        lambda row: expected_of(hidden, rates, row),
        top_k=top_k,
        people=people,
    )


def expected_of(hidden: HiddenMarket, rates: BaseRates, candidate: int) -> FloatArray:
    """Returns the expected grade of every offer for one candidate (by row), ``(n_offers,)``."""
    facts = pair_facts(hidden.market, *_pairs(hidden, candidate))
    bins, violated = _skill_bins(hidden, candidate), _violated(hidden, candidate)
    expected = np.zeros((3, len(bins)))
    for kin in (RELATED, WISHED):
        same = facts.kinship == kin

        def chance(fact: str, holds: NDArray[np.bool_], rate: float) -> FloatArray:
            return _chance(hidden, candidate, fact, holds, among=same, rate=rate)  # noqa: B023  # called in this turn

        parts = (
            rates.skilled[kin][bins],
            chance("place", _near(hidden, candidate), rates.near[kin]),
            chance("years", facts.senior, rates.senior[kin]),
        )
        wishes = [
            chance(wish, violated[:, number], rates.violated[kin, number])
            for number, wish in enumerate(WISHES)
        ]
        expected[kin] = expected_grades(kin, parts, wishes)
    known = np.take_along_axis(expected, facts.kinship[None].astype(np.int64), axis=0)[0]
    told = hidden.offer_told["occupation"] & hidden.candidate_told["occupation"][candidate]
    return np.where(told, known, rates.kinship @ expected)


def expected_grades(
    kin: int, parts: Sequence[FloatArray], wishes: Sequence[FloatArray]
) -> FloatArray:
    """Returns E[grade] from the probabilities of the parts of the fit and of violated wishes.

    Args:
        kin: :data:`WISHED` or :data:`RELATED`.
        parts: Probability of each part of the fit, ``(n,)`` each.
        wishes: Probability that each wish is violated, ``(n,)`` each.

    Example:
        >>> one, half = np.ones(1), np.full(1, 0.5)
        >>> expected_grades(WISHED, [one, one, half], [half]).tolist()  # 3.5 - 0.5
        [3.0]
    """
    fits, violations = _count_distribution(parts), _count_distribution(wishes)
    total = np.zeros(fits.shape[1])
    for fit, share in enumerate(fits):
        base = 1 + fit if kin == WISHED else max(fit - 1, 0)
        for number, chance in enumerate(violations):
            total += share * chance * max(base - number, 0)
    return total


def base_rates(hidden: HiddenMarket) -> BaseRates:
    """Counts how often each part holds, over the pairs of some candidates with all offers."""
    n_people = len(hidden.candidate_ids)
    count = min(N_CALIBRATION, n_people)
    pairs = np.zeros((3, 1 + N_SKILL_BINS))
    skilled = np.zeros_like(pairs)
    others = np.zeros((3, 2 + len(WISHES)))
    for row in np.arange(count) * n_people // count:
        facts = pair_facts(hidden.market, *_pairs(hidden, int(row)))
        cell = facts.kinship * (1 + N_SKILL_BINS) + _skill_bins(hidden, int(row))
        pairs += np.bincount(cell, minlength=pairs.size).reshape(pairs.shape)
        skilled += np.bincount(cell, weights=facts.skilled, minlength=pairs.size).reshape(
            pairs.shape
        )
        columns = np.column_stack([facts.near, facts.senior, _violated(hidden, int(row))])
        for kin in (RELATED, WISHED):
            others[kin] += columns[facts.kinship == kin].sum(axis=0)
    by_kin = np.maximum(pairs.sum(axis=1), 1)
    shares = others / by_kin[:, None]
    overall = skilled.sum(axis=1, keepdims=True) / by_kin[:, None]
    return BaseRates(
        kinship=pairs.sum(axis=1) / max(pairs.sum(), 1),
        # Two pairs at the overall rate stand in for bins that hardly occur.
        skilled=(skilled + 2 * overall) / (pairs + 2),
        near=shares[:, 0],
        senior=shares[:, 1],
        violated=shares[:, 2:],
    )


def _count_distribution(chances: Sequence[FloatArray]) -> FloatArray:
    """Returns P(k of the independent events happen), ``(len(chances) + 1, n)``."""
    counts = np.ones((1, len(chances[0])))
    for chance in chances:
        grown = np.zeros((len(counts) + 1, counts.shape[1]))
        grown[:-1] += counts * (1 - chance)
        grown[1:] += counts * chance
        counts = grown
    return counts


def _pairs(hidden: HiddenMarket, candidate: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    n_offers = len(hidden.offer_ids)
    return np.full(n_offers, candidate), np.arange(n_offers)


def _chance(
    hidden: HiddenMarket,
    candidate: int,
    fact: str,
    holds: NDArray[np.bool_],
    *,
    among: NDArray[np.bool_],
    rate: float,
) -> FloatArray:
    """Returns how likely something holds for each offer, given what is told, ``(n_offers,)``.

    Args:
        hidden: The world.
        candidate: Row of the candidate.
        fact: The fact that it depends on, on both sides.
        holds: Whether it really does; looked at only where the fact is told, and for rates.
        among: Offers of the kinship in question.
        rate: How often it holds where the candidate's side is not told.
    """
    told = hidden.offer_told[fact]
    if fact not in PREFERENCES and not hidden.candidate_told[fact][candidate]:
        return np.full(len(holds), rate)
    # An offer that is silent is like the other silent ones of its kinship; where these are few,
    # like all silent ones: else the rate would be the hidden fact itself.
    overall = holds[~told].mean() if not told.all() else 0.0
    silent = holds[~told & among]
    guess = (silent.sum() + PRIOR * overall) / (len(silent) + PRIOR)
    return np.where(told, holds.astype(np.float64), guess)


def _near(hidden: HiddenMarket, candidate: int) -> NDArray[np.bool_]:
    """Returns whether each offer's place is in reach, or it says that all is done from home."""
    people, jobs = hidden.market.candidates, hidden.market.offers
    distance = hidden.market.tables.distance[people.place[candidate], jobs.place]
    at_home = (jobs.remote == HOME) & hidden.offer_told["remote"]
    return np.asarray((distance <= people.radius[candidate]) | at_home)


def _skill_bins(hidden: HiddenMarket, candidate: int) -> NDArray[np.int64]:
    """Returns bins of the share of an offer's told skills that the CV tells; 0: it tells none."""
    holds = np.zeros(len(hidden.market.tables.skills))
    holds[hidden.candidate_skills[candidate]] = 1
    matched = np.r_[0.0, np.cumsum(holds[hidden.offer_skills])]
    low, high = hidden.offer_bounds[:-1], hidden.offer_bounds[1:]
    share = (matched[high] - matched[low]) / np.maximum(high - low, 1)
    bins = 1 + np.minimum((share * N_SKILL_BINS).astype(np.int64), N_SKILL_BINS - 1)
    return np.where(high > low, bins, 0)


def _violated(hidden: HiddenMarket, candidate: int) -> NDArray[np.bool_]:
    """Returns which hard wishes each offer violates, ``(n_offers, 5)`` in :data:`WISHES`' order."""
    people, jobs = hidden.market.candidates, hidden.market.offers
    return np.column_stack(
        [
            jobs.salary[:, 1] < people.salary_min[candidate],
            people.contracts[candidate] >> jobs.contract & 1 == 0,
            jobs.remote < people.remote[candidate],
            people.hours[candidate] >> jobs.hours & 1 == 0,
            jobs.licence & ~people.licence[candidate],
        ]
    )


def _run(
    world_dir: Path,
    hidden: HiddenMarket,
    score: Callable[[int], FloatArray],
    *,
    top_k: int,
    people: Collection[str] | None = None,
) -> Run:
    """Ranks for every judged candidate what scores above 0, ties by offer id."""
    rows = {name: row for row, name in enumerate(hidden.candidate_ids.tolist())}
    by_id = np.argsort(hidden.offer_ids)
    run: Run = {}
    judged = read_true_relevance(world_dir)
    wanted = set(judged if people is None else people)
    for query_id in (name for name in judged if name in wanted):
        if query_id not in rows:
            raise FormatError(
                f"{world_dir}: candidate {query_id} is judged but has no facts; build it again"
            )
        scores = score(rows[query_id])[by_id]
        best = np.argsort(-scores, kind="stable")[:top_k]
        kept = by_id[best[scores[best] > 0]]
        run[query_id] = {
            name: float(value)
            for name, value in zip(
                hidden.offer_ids[kept].tolist(), scores[best[scores[best] > 0]], strict=True
            )
        }
    return run


def _true_grades(hidden: HiddenMarket, candidate: int) -> FloatArray:
    return grade_pairs(hidden.market, *_pairs(hidden, candidate)).astype(np.float64)
