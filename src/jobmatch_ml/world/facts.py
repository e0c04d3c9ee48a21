"""The hidden state of a world: what is true of an offer and of a candidate, beyond their texts.

True relevance and behaviour depend on these facts; rankers only ever see the texts and fields that
are written from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from jobmatch_ml.reference import Occupation, Place


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """What an offer is really about.

    Args:
        offer_id: Seven characters, as France Travail's.
        occupation: The occupation that is recruited.
        place: Where the work is.
        required: Ids of the skills it takes.
        wished: Ids of the skills that are a plus.
        years: Years of experience it takes.
        contract: Contract type (CDI, CDD, MIS, SAI, LIB).
        created_at: When it was published (UTC).
        copy_of: Position of the offer it repeats, when it is a near-duplicate.
    """

    offer_id: str
    occupation: Occupation
    place: Place
    required: tuple[str, ...]
    wished: tuple[str, ...]
    years: int
    contract: str
    created_at: datetime
    copy_of: int | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """One position of a career: occupation, and its months counted back from the CV's date."""

    occupation: Occupation
    start_months_ago: int
    end_months_ago: int


@dataclass(frozen=True, slots=True)
class CandidateFacts:
    """What a candidate really can do and wants.

    Args:
        candidate_id: ``c00001`` …
        occupation: The occupation wished for.
        career: Positions, latest first.
        skills: Ids of all skills, told in the CV or not.
        years: Years in the occupation wished for or a neighbouring one.
        place: Where the person lives.
        radius_km: How far the work may be; 2,000 means anywhere in France.
        woman: Which gender titles are written in.
    """

    candidate_id: str
    occupation: Occupation
    career: tuple[Position, ...]
    skills: frozenset[str]
    years: int
    place: Place
    radius_km: float
    woman: bool
