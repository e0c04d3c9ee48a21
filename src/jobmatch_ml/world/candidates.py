"""Who candidates are: a career over one to four positions, skills, a place and a radius."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from jobmatch_ml.reference import Occupation, Place
from jobmatch_ml.world.config import CandidateConfig, WorldConfig
from jobmatch_ml.world.facts import CandidateFacts, Position
from jobmatch_ml.world.offers import popularity_of
from jobmatch_ml.world.randomness import Stage, chance, pick, pick_weighted, stream

# How far people go to work, in km, with frequencies; 2,000 is the whole of France.
RADII = {20.0: 0.25, 30.0: 0.25, 50.0: 0.25, 100.0: 0.15, 2000.0: 0.1}


def draw_candidates(
    config: WorldConfig,
    present: Sequence[Occupation],
    places: Sequence[Place],
    *,
    occupations: Mapping[str, Occupation],
) -> list[CandidateFacts]:
    """Draws the facts of all candidates, in the order of their ids.

    Args:
        config: The world.
        present: Occupations that are wished for.
        places: Where people live.
        occupations: All occupations by code; earlier positions may be in any neighbour.
    """
    weights = popularity_of(present, config.seed)
    shares = {place: place.weight for place in places}
    candidates: list[CandidateFacts] = []
    for index in range(config.n_candidates):
        rng = stream(config.seed, Stage.CANDIDATES, index)
        occupation = pick_weighted(rng, weights)
        career = _draw_career(rng, occupation, config.candidates, occupations)
        candidates.append(
            CandidateFacts(
                candidate_id=f"c{index + 1:05d}",
                occupation=occupation,
                career=career,
                skills=_draw_skills(rng, occupation, career, config.candidates),
                years=_relevant_years(occupation, career),
                place=pick_weighted(rng, shares),
                radius_km=pick_weighted(rng, RADII),
                woman=chance(rng, 0.5),
            )
        )
    return candidates


def _draw_career(
    rng: np.random.Generator,
    occupation: Occupation,
    config: CandidateConfig,
    occupations: Mapping[str, Occupation],
) -> tuple[Position, ...]:
    count = min(config.max_experiences, 1 + int(rng.binomial(3, 0.45)))
    career: list[Position] = []
    # Some are between two jobs: their latest position has ended.
    months_ago = 0 if chance(rng, 0.5) else int(rng.integers(1, 10))
    for rank in range(count):
        held = occupation
        if rank > 0 and chance(rng, config.moved_share):
            held = occupations[pick(rng, occupation.neighbours)]
        length = int(rng.integers(6, 66))
        career.append(Position(held, months_ago + length, months_ago))
        months_ago += length + int(rng.integers(0, 4))
    return tuple(career)


def _draw_skills(
    rng: np.random.Generator,
    occupation: Occupation,
    career: Sequence[Position],
    config: CandidateConfig,
) -> frozenset[str]:
    skills = {skill for skill in occupation.required if chance(rng, config.skill_held_share)}
    skills |= {skill for skill in occupation.wished if chance(rng, config.skill_held_share / 2)}
    for position in career:
        if position.occupation != occupation:
            skills |= {skill for skill in position.occupation.required if chance(rng, 0.6)}
    return frozenset(skills)


def _relevant_years(occupation: Occupation, career: Sequence[Position]) -> int:
    """Counts full years in the occupation, those in other positions by half."""
    months = 0.0
    for position in career:
        length = position.start_months_ago - position.end_months_ago
        months += length if position.occupation == occupation else length / 2
    return int(months // 12)
