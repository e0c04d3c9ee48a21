"""A labour market's occupations, skills and places as arrays: what facts are drawn from.

Everything comes from the :class:`OccupationTable` and the places that are given, so the same code
makes a market of a handful of occupations or of all of ROME.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError, suggest
from jobmatch_ml.reference import OccupationTable, Place
from jobmatch_ml.reference.places import EARTH_RADIUS_KM

CONTRACTS = ("CDI", "CDD", "MIS", "SAI", "LIB")
HOURS = ("day", "shift", "part_time")
MAX_NEIGHBOURS, MAX_REQUIRED, MAX_WISHED = 8, 12, 8
"""How much of an occupation is kept: a classification may name dozens of skills of one job."""

LICENCE_SKILL = "driving_licence"
NONE = -1
"""Stands for "no occupation", "no skill" in the arrays."""


@dataclass(frozen=True)
class MarketTables:
    """Occupations, skills and places, by row.

    Args:
        table: The occupations and skills themselves.
        places: Towns where people live and work.
        present: Rows of the occupations that offers and wishes are drawn from.
        skills: Skill ids, by column number.
        neighbours: ``(n_occupations, 8)`` rows of neighbouring occupations, padded with -1.
        required: ``(n_occupations, 12)`` skills that are usually asked for, padded with -1.
        wished: ``(n_occupations, 8)`` skills that are a plus, padded with -1.
        contracts: ``(n_occupations, 5)`` share of each of :data:`CONTRACTS`.
        salary: ``(n_occupations, 2)`` usual gross salary per year, lowest and highest, euros.
        level: ``(n_occupations,)`` qualification, 1 (labourer) to 9 (executive).
        domain: ``(n_occupations,)`` number of the ROME domain: 0 is A.
        distance: ``(n_places, n_places)`` great-circle distance, km.
        region: ``(n_places,)`` number of the region.
        place_shares: ``(n_occupations, n_places)`` share of the jobs of an occupation by place.
    """

    table: OccupationTable
    places: tuple[Place, ...]
    present: NDArray[np.int64]
    skills: tuple[str, ...]
    neighbours: NDArray[np.int16]
    required: NDArray[np.int32]
    wished: NDArray[np.int32]
    contracts: NDArray[np.float64]
    salary: NDArray[np.int32]
    level: NDArray[np.int8]
    domain: NDArray[np.int8]
    distance: NDArray[np.float32]
    region: NDArray[np.int16]
    place_shares: NDArray[np.float64]

    @property
    def n_occupations(self) -> int:
        """Number of occupations of the table, present or not."""
        return len(self.level)

    @cached_property
    def kinship(self) -> NDArray[np.bool_]:
        """``(n_occupations, n_occupations)``: whether the second is a neighbour of the first."""
        near = np.zeros((self.n_occupations, self.n_occupations), dtype=np.bool_)
        rows, columns = np.nonzero(self.neighbours >= 0)
        near[rows, self.neighbours[rows, columns]] = True
        return near

    @cached_property
    def row_of(self) -> dict[str, int]:
        """Row of each occupation, by its code."""
        return {item.code: row for row, item in enumerate(self.table.occupations)}

    @cached_property
    def skill_row(self) -> dict[str, int]:
        """Number of each skill, by its id."""
        return {skill: row for row, skill in enumerate(self.skills)}

    @property
    def licence_skill(self) -> int:
        """Number of the skill "driving licence"; a number that no skill has where it is unknown."""
        return self.skill_row.get(LICENCE_SKILL, len(self.skills))


def market_tables(
    table: OccupationTable, places: Sequence[Place], codes: Sequence[str] = ()
) -> MarketTables:
    """Lays out a table of occupations and places as arrays.

    Args:
        table: Any table of occupations.
        places: Any towns.
        codes: Occupations that offers and wishes have; empty: all.

    Raises:
        InputError: A code is not in the table, or there are no occupations or places.
    """
    if not table.occupations or not places:
        raise InputError(
            f"{len(table.occupations)} occupations and {len(places)} places were given; "
            "a world needs at least one of each",
            field="occupations",
        )
    rows = {item.code: row for row, item in enumerate(table.occupations)}
    for code in codes:
        if code not in rows:
            raise InputError(suggest(code, rows, kind="occupation"), field="occupations")
    skills = tuple(sorted(table.skills))
    numbers = {skill: number for number, skill in enumerate(skills)}
    jobs = table.occupations
    regions = sorted({place.region for place in places})
    contracts = np.array([[job.contracts.get(kind, 0.0) for kind in CONTRACTS] for job in jobs])
    # A table that names none of the usual contracts gets permanent ones.
    contracts[contracts.sum(axis=1) == 0, 0] = 1
    return MarketTables(
        table=table,
        places=tuple(places),
        present=np.array(sorted({rows[code] for code in codes} or range(len(jobs)))),
        skills=skills,
        neighbours=_padded(
            [[rows[code] for code in job.neighbours if code in rows] for job in jobs],
            MAX_NEIGHBOURS,
        ).astype(np.int16),
        required=_padded([[numbers[s] for s in job.required] for job in jobs], MAX_REQUIRED),
        wished=_padded([[numbers[s] for s in job.wished] for job in jobs], MAX_WISHED),
        contracts=contracts / contracts.sum(axis=1, keepdims=True),
        salary=np.array([job.salary for job in jobs], dtype=np.int32),
        level=np.array([job.level for job in jobs], dtype=np.int8),
        domain=np.array([ord(job.domain) - ord("A") for job in jobs], dtype=np.int8),
        distance=_distances(places),
        region=np.array([regions.index(place.region) for place in places], dtype=np.int16),
        place_shares=_place_shares(table, places),
    )


def _padded(lists: Sequence[Sequence[int]], width: int) -> NDArray[np.int32]:
    filled = np.full((len(lists), width), NONE, dtype=np.int32)
    for row, values in enumerate(lists):
        kept = list(dict.fromkeys(values))[:width]
        filled[row, : len(kept)] = kept
    return filled


def _distances(places: Sequence[Place]) -> NDArray[np.float32]:
    """Returns all great-circle distances, km, by the formula of ``reference.distance_km``."""
    latitude = np.radians([place.latitude for place in places])
    longitude = np.radians([place.longitude for place in places])
    half_lat = (latitude[:, None] - latitude[None, :]) / 2
    half_lon = (longitude[:, None] - longitude[None, :]) / 2
    chord = (
        np.sin(half_lat) ** 2
        + np.cos(latitude)[:, None] * np.cos(latitude)[None, :] * np.sin(half_lon) ** 2
    )
    # Whole hundred metres: sines may differ in the last bit between machines, grades may not.
    km: NDArray[np.float32] = (2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(chord))).round(1)
    return km.astype(np.float32)


def _place_shares(table: OccupationTable, places: Sequence[Place]) -> NDArray[np.float64]:
    weights = np.array([place.weight for place in places], dtype=np.float64)
    factors = np.array(
        [[job.regions.get(place.region, 1.0) for place in places] for job in table.occupations]
    )
    shares: NDArray[np.float64] = weights * factors
    shares /= shares.sum(axis=1, keepdims=True)
    return shares
