"""Where occupations, skills and towns stand to each other, as numbers that arrays can hold.

Built from a table of occupations: the embedded one, or all fiches of an imported ROME. Nothing here
knows a person or an offer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.offers.flat_text import flatten, fold_term
from jobmatch_ml.offers.skill_terms import Term, Vocabulary
from jobmatch_ml.reference import (
    OccupationLookup,
    OccupationTable,
    RomeTables,
    SkillLookup,
    load_places,
    load_table,
)

MOST_STEPS = 4
"""Mobility steps are counted up to here; farther occupations count as this far."""
SAME, FIELD, DOMAIN, ELSEWHERE = 0, 1, 2, 3
"""Distance of two ROME codes: the same, the same domaine professionnel (3 characters), the same
grand domaine (1 character), none."""
_MIN_TITLE_SCORE = 80.0


@dataclass(frozen=True)
class ReferenceSpace:
    """Occupations and skills by number, with their distances.

    Args:
        codes: ROME codes in ascending order.
        code_distance: ``(n, n)`` :data:`SAME` to :data:`ELSEWHERE`.
        steps: ``(n, n)`` steps on the mobility graph, 0 to :data:`MOST_STEPS`.
        skills: Skill ids in ascending order.
    """

    codes: tuple[str, ...]
    code_distance: NDArray[np.float32]
    steps: NDArray[np.float32]
    skills: tuple[str, ...]
    _titles: OccupationLookup
    _skill_names: SkillLookup
    _skill_words: Vocabulary
    _named: dict[str, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def build(
        cls, table: OccupationTable | None = None, *, rome: RomeTables | None = None
    ) -> ReferenceSpace:
        """Builds the space of a table; default: the embedded one.

        Args:
            table: Occupations with neighbours and skills.
            rome: The imported ROME, whose appellations are looked up too.
        """
        table = table or load_table()
        codes = tuple(sorted(table.by_code))
        skills = tuple(sorted(table.skills))
        words = Vocabulary()
        for skill_id in skills:
            skill = table.skills[skill_id]
            for wording in dict.fromkeys((skill.offer, *skill.cv, skill.en)):
                # A single short word ("Caisse") is as often something else.
                if wording and len(fold_term(wording)) > 2:
                    words.add(wording, Term(skill_id, "knowledge"))
        return cls(
            codes=codes,
            code_distance=_code_distance(codes),
            steps=_mobility_steps(codes, table),
            skills=skills,
            _titles=OccupationLookup(table, rome=rome),
            _skill_names=SkillLookup(table, rome=rome),
            _skill_words=words,
        )

    @property
    def code_row(self) -> dict[str, int]:
        """Number of each code."""
        return {code: row for row, code in enumerate(self.codes)}

    def occupations_of(self, title: str, *, limit: int = 3) -> tuple[str, ...]:
        """Returns the codes that a title may mean, best first; empty: no title that is known.

        Only codes whose match is as good as the best one's count: a title that names one occupation
        exactly does not also name those that are spelled alike.
        """
        found = self._titles.find(title, limit=limit, min_score=_MIN_TITLE_SCORE)
        known = [match for match in found if match.key in self._rows]
        best = max((match.score for match in known), default=0.0)
        return tuple(dict.fromkeys(match.key for match in known if match.score >= best - 1.0))

    def skills_in(self, text: str) -> frozenset[str]:
        """Returns the skills whose wordings stand in a text, in offers' or in CVs' words."""
        return frozenset(each.term.skill for each in self._skill_words.find(flatten(text), text))

    def skills_named(self, names: Sequence[str]) -> frozenset[str]:
        """Returns the skills that the names of a list mean; names of none are left out."""
        found: set[str] = set()
        for name in names:
            if name not in self._named:  # lists of offers repeat each other
                self._named[name] = self._skills_of(name)
            found |= self._named[name]
        return frozenset(found)

    def _skills_of(self, name: str) -> frozenset[str]:
        # Exactly or normalised alone: letters in common make another skill of a short name.
        matches = self._skill_names.find(name, limit=1, min_score=100.0)
        return self.skills_in(name).union(m.key for m in matches if m.source == "own")

    @property
    def _rows(self) -> dict[str, int]:
        return _rows_of(self.codes)


@lru_cache(maxsize=4)
def _rows_of(codes: tuple[str, ...]) -> dict[str, int]:
    return {code: row for row, code in enumerate(codes)}


def _code_distance(codes: tuple[str, ...]) -> NDArray[np.float32]:
    distance = np.full((len(codes), len(codes)), ELSEWHERE, dtype=np.float32)
    for length, value in ((1, DOMAIN), (3, FIELD), (None, SAME)):
        heads = np.array([code[:length] for code in codes])
        distance[heads[:, None] == heads[None, :]] = value
    return distance


def _mobility_steps(codes: tuple[str, ...], table: OccupationTable) -> NDArray[np.float32]:
    rows = _rows_of(codes)
    near: list[set[int]] = [set() for _ in codes]
    for code in codes:
        for other in table.by_code[code].neighbours:
            if other in rows:  # mobility is taken both ways: who may go may come
                near[rows[code]].add(rows[other])
                near[rows[other]].add(rows[code])
    steps = np.full((len(codes), len(codes)), MOST_STEPS, dtype=np.float32)
    for start in range(len(codes)):
        steps[start, start] = 0
        seen, reached = {start}, {start}
        for count in range(1, MOST_STEPS):
            reached = {row for each in reached for row in near[each]} - seen
            steps[start, sorted(reached)] = count
            seen |= reached
    return steps


@lru_cache(maxsize=1)
def towns() -> dict[str, tuple[float, float]]:
    """Returns coordinates by postal code and by folded name, of the towns that are known.

    A department's first two figures stand for its largest known town.
    """
    found: dict[str, tuple[float, float]] = {}
    for place in sorted(load_places(), key=lambda each: (-each.weight, each.name)):
        at = (place.latitude, place.longitude)
        for key in (place.postal_code, fold_term(place.name), place.department):
            found.setdefault(key, at)
    return found


def distance_km(
    latitude: float,
    longitude: float,
    latitudes: NDArray[np.floating],
    longitudes: NDArray[np.floating],
) -> NDArray[np.float64]:
    """Returns great-circle distances from one point to many, kilometres, by the haversine formula.

    Example:
        >>> distance_km(48.876, 2.359, np.array([48.876]), np.array([2.359])).tolist()
        [0.0]
    """
    lat1, lat2 = np.radians(latitude), np.radians(latitudes)
    half_lat, half_lon = (lat2 - lat1) / 2, np.radians(np.asarray(longitudes) - longitude) / 2
    chord = np.sin(half_lat) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin(half_lon) ** 2
    return np.asarray(2 * 6371.0 * np.arcsin(np.sqrt(chord)), dtype=np.float64)
