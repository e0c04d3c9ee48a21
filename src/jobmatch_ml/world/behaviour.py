"""The log: requests, slates, who looked where, and what came of it, in the order of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.types import Interaction, Surface
from jobmatch_ml.world import policies
from jobmatch_ml.world.config import BehaviourConfig, WorldConfig
from jobmatch_ml.world.facts import CandidateFacts, OfferFacts
from jobmatch_ml.world.funnel import Outcome, simulate_outcome
from jobmatch_ml.world.policies import Ranking, Slate
from jobmatch_ml.world.randomness import Stage, chance, pick_weighted, stream


@dataclass(frozen=True, slots=True)
class Request:
    """One visit: a candidate asks for offers at a moment."""

    at: datetime
    candidate: int
    number: int


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


def draw_requests(config: WorldConfig) -> list[Request]:
    """Draws when candidates come, each within some weeks of their own.

    Weeks that would run over the end of the log go on at its start, so that every day sees as many
    candidates as any other and nobody's search is cut short.
    """
    start = datetime.combine(config.start_date, datetime.min.time(), tzinfo=UTC)
    length_s = config.days * 86_400
    active_s = min(config.activity_days * 86_400, length_s)
    requests: list[Request] = []
    for candidate in range(config.n_candidates):
        rng = stream(config.seed, Stage.REQUESTS, candidate)
        count = 1 + int(rng.poisson(config.requests_per_candidate - 1))
        first = int(rng.integers(length_s))
        seconds = np.sort((first + rng.integers(active_s, size=count)) % length_s)
        for number, second in enumerate(seconds):
            at = start + timedelta(seconds=int(second))
            requests.append(Request(at=at, candidate=candidate, number=number))
    return sorted(requests, key=lambda request: (request.at, request.candidate, request.number))


class LogSimulator:
    """Plays all requests in the order of time.

    Popularity counts what earlier requests have led to; an application counts from the request on
    that led to it, though it may be sent a little later.
    """

    def __init__(
        self,
        config: WorldConfig,
        *,
        offers: Sequence[OfferFacts],
        candidates: Sequence[CandidateFacts],
        grades: Sequence[NDArray[np.int8]],
        rankings: Mapping[str, Ranking],
        ranker_version: str,
    ) -> None:
        self.config = config
        self.offers = offers
        self.candidates = candidates
        self.grades = grades
        self.rankings = rankings
        self.ranker_version = ranker_version
        self.created = np.array([offer.created_at.timestamp() for offer in offers])
        self.domains = np.array([offer.occupation.domain for offer in offers])
        self.counts = np.zeros(len(offers))
        self.taken: dict[int, set[int]] = {}
        self.log_end = datetime.combine(
            config.start_date, datetime.min.time(), tzinfo=UTC
        ) + timedelta(days=config.days)

    def run(self, requests: Sequence[Request]) -> list[Interaction]:
        """Returns one row per offer shown, in the order of time and position."""
        rows: list[Interaction] = []
        for index, request in enumerate(requests):
            rng = stream(self.config.seed, Stage.BEHAVIOUR, index)
            request_id = f"r{index + 1:07d}"
            rows += self._serve(rng, request, request_id, first_row=len(rows) + 1)
        return rows

    def _serve(
        self, rng: np.random.Generator, request: Request, request_id: str, *, first_row: int
    ) -> list[Interaction]:
        config = self.config
        policy = pick_weighted(rng, policies.policy_shares(config.policy))
        searching = chance(rng, config.behaviour.search_share)
        surface = Surface.SEARCH if searching else Surface.TOP_OFFERS
        slate = self._slate(rng, policy, request)
        exponent = config.behaviour.examination[surface.value]
        rows: list[Interaction] = []
        for offset, (offer, score) in enumerate(zip(slate.offers, slate.scores, strict=True)):
            outcome = simulate_outcome(
                rng,
                config.behaviour,
                grade=int(self.grades[request.candidate][offer]),
                examined=chance(rng, propensity(offset + 1, exponent)),
                shown_at=request.at,
                log_end=self.log_end,
            )
            self._remember(request.candidate, offer, outcome)
            rows.append(
                Interaction(
                    impression_id=f"i{first_row + offset:09d}",
                    request_id=request_id,
                    user=self.candidates[request.candidate].candidate_id,
                    offer_external_id=self.offers[offer].offer_id,
                    shown_at=request.at,
                    surface=surface,
                    policy=policy,
                    ranker_version=self._version(policy),
                    position=offset + 1,
                    slate_size=len(slate.offers),
                    match_score=score,
                    **_fields(outcome),
                )
            )
        return rows

    def _slate(self, rng: np.random.Generator, policy: str, request: Request) -> Slate:
        now = request.at.timestamp()
        lifetime_s = self.config.offers.lifetime_days * 86_400
        allowed = (self.created < now) & (self.created > now - lifetime_s)
        # What one has saved or applied to is not shown again.
        allowed[list(self.taken.get(request.candidate, ()))] = False
        size = self.config.slate_size
        candidate = self.candidates[request.candidate]
        if policy == policies.RANKER:
            return policies.ranked_slate(self.rankings[candidate.candidate_id], allowed, size)
        in_domain = self.domains == candidate.occupation.domain
        if policy == policies.POPULARITY:
            return policies.popular_slate(self.counts, allowed & in_domain, size)
        return policies.explored_slate(
            rng, self.config.policy, allowed, in_domain=in_domain, size=size
        )

    def _remember(self, candidate: int, offer: int, outcome: Outcome) -> None:
        if outcome.saved or outcome.applied:
            self.counts[offer] += 1
            self.taken.setdefault(candidate, set()).add(offer)

    def _version(self, policy: str) -> str:
        return self.ranker_version if policy == policies.RANKER else f"{policy}-1"


def _fields(outcome: Outcome) -> dict[str, Any]:
    return {name: getattr(outcome, name) for name in outcome.__slots__}
