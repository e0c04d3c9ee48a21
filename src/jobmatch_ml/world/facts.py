"""The hidden state of a world: what is true of an offer and of a candidate, beyond their texts.

True relevance and behaviour depend on these facts; rankers only ever see the texts and fields that
are written from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
        salary: Gross salary per year that is paid, lowest and highest, euros.
        remote: How much of the work is done from home: 0 none, 1 some days, 2 all.
        hours: ``day``, ``shift`` (nights, weekends, 3x8) or ``part_time``.
        licence: Whether a driving licence is required.
        appeal: How attractive the advertisement is to anyone, around 1 (multiplies views).
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
    salary: tuple[int, int] = (0, 0)
    remote: int = 0
    hours: str = "day"
    licence: bool = False
    appeal: float = 1.0


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
        second: Occupation of a second profile, for those who also look for another job.
        levels: Level of each skill held, 1 (some) to 3 (expert).
        salary_min: Lowest yearly gross salary that is accepted, euros; 0: any.
        contracts: Contract types that are accepted; empty: any.
        remote: Wish for work from home: 0 none, 1 some days at least, 2 all.
        hours: Hours that are accepted, of ``day``, ``shift``, ``part_time``.
        licence: Whether the person has a driving licence.
        available_in_days: Days from the start of the log until the person can start.
        language: Language of the CV, ``fr`` or ``en``.
        origin: Group of origin that the names suggest: ``french``, ``north_african``,
            ``sub_saharan``, ``southern_european`` or ``asian`` (never part of true relevance).
        age: Years (never part of true relevance).
        disability: Recognised disability status (never part of true relevance).
        address: ``town`` or ``priority_district`` (never part of true relevance).
    """

    candidate_id: str
    occupation: Occupation
    career: tuple[Position, ...]
    skills: frozenset[str]
    years: int
    place: Place
    radius_km: float
    woman: bool
    second: Occupation | None = None
    levels: Mapping[str, int] = field(default_factory=dict, hash=False)
    salary_min: int = 0
    contracts: frozenset[str] = frozenset()
    remote: int = 0
    hours: frozenset[str] = frozenset({"day"})
    licence: bool = True
    available_in_days: int = 0
    language: str = "fr"
    origin: str = "french"
    age: int = 35
    disability: bool = False
    address: str = "town"
