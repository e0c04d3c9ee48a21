"""True relevance of an offer for a candidate, graded 0 to 4 by facts, not by texts.

=====================  ==========================================================
the offer's occupation  grade
=====================  ==========================================================
the one wished for      1 + skills + near + senior                      (1 to 4)
a neighbour, or held    skills + near + senior - 1, at least 0          (0 to 2)
any other               0
=====================  ==========================================================

*skills*: the candidate has at least 60 % of the skills it takes; *near*: the place lies within the
candidate's radius; *senior*: the years of experience suffice; each counts 1 or 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.reference import Occupation, Place, distance_km
from jobmatch_ml.world.facts import CandidateFacts, OfferFacts

MAX_GRADE = 4
SKILL_COVERAGE = 0.6
"""Share of an offer's required skills that counts as having the skills."""

WISHED, RELATED, OTHER = 2, 1, 0
"""Kinship of an offer's occupation to the candidate."""


def grade_pairs(
    kinship: NDArray[np.int8],
    *,
    skilled: NDArray[np.bool_],
    near: NDArray[np.bool_],
    senior: NDArray[np.bool_],
) -> NDArray[np.int8]:
    """Grades candidate-offer pairs by the table above; all arrays ``(n_pairs,)``.

    Example:
        >>> yes, no = np.array([True]), np.array([False])
        >>> int(grade_pairs(np.array([2], np.int8), skilled=yes, near=no, senior=yes)[0])
        3
    """
    fit = skilled.astype(np.int8) + near.astype(np.int8) + senior.astype(np.int8)
    related = np.maximum(fit - 1, 0)
    grades = np.where(kinship == WISHED, 1 + fit, np.where(kinship == RELATED, related, 0))
    return grades.astype(np.int8)


@dataclass(frozen=True)
class OfferArrays:
    """The offers' facts as arrays, so that one candidate is graded against all at once."""

    codes: NDArray[np.str_]
    required: NDArray[np.float32]  # (n_offers, n_skills), 1 where required
    skill_columns: Mapping[str, int]
    place_rows: NDArray[np.int64]
    places: Sequence[Place]
    years: NDArray[np.int64]


def offer_arrays(offers: Sequence[OfferFacts], skills: Sequence[str]) -> OfferArrays:
    """Lays out the facts of offers for :func:`grade_offers`; ``skills`` are all ids there are."""
    columns = {skill: column for column, skill in enumerate(skills)}
    required = np.zeros((len(offers), len(columns)), dtype=np.float32)
    places = sorted({offer.place for offer in offers}, key=lambda place: place.commune)
    rows = {place: row for row, place in enumerate(places)}
    for row, offer in enumerate(offers):
        for skill in offer.required:
            required[row, columns[skill]] = 1
    return OfferArrays(
        codes=np.array([offer.occupation.code for offer in offers]),
        required=required,
        skill_columns=columns,
        place_rows=np.array([rows[offer.place] for offer in offers], dtype=np.int64),
        places=places,
        years=np.array([offer.years for offer in offers], dtype=np.int64),
    )


def grade_offers(candidate: CandidateFacts, offers: OfferArrays) -> NDArray[np.int8]:
    """Returns the true relevance of every offer for one candidate, ``(n_offers,)``."""
    kinship = np.zeros(len(offers.codes), dtype=np.int8)
    kinship[np.isin(offers.codes, sorted(related_codes(candidate)))] = RELATED
    kinship[offers.codes == candidate.occupation.code] = WISHED
    held = np.zeros(len(offers.skill_columns), dtype=np.float32)
    for skill in candidate.skills:
        held[offers.skill_columns[skill]] = 1
    needed = offers.required.sum(axis=1)
    coverage = (offers.required @ held) / np.maximum(needed, 1)
    distances = np.array([distance_km(candidate.place, place) for place in offers.places])
    return grade_pairs(
        kinship,
        # A hair of slack: 3 of 5 in float32 must count as 60 %.
        skilled=(coverage >= SKILL_COVERAGE - 1e-6) | (needed == 0),
        near=distances[offers.place_rows] <= candidate.radius_km,
        senior=offers.years <= candidate.years,
    )


def related_codes(candidate: CandidateFacts) -> set[str]:
    """Returns the codes next to the wished occupation, and those held earlier."""
    held: list[Occupation] = [position.occupation for position in candidate.career]
    codes = {*candidate.occupation.neighbours, *(occupation.code for occupation in held)}
    return codes - {candidate.occupation.code}
