"""The feature matrix of (candidate, offers, moment): one row an offer, one column a feature.

The offers' side is computed once; a query costs a few products and look-ups by row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError
from jobmatch_ml.ranking.features.activity import DAY_S, WINDOW_DAYS, Activity, rate
from jobmatch_ml.ranking.features.candidate_facts import CandidateFacts
from jobmatch_ml.ranking.features.offer_facts import CONTRACTS, OfferFacts
from jobmatch_ml.ranking.features.reference_space import ReferenceSpace, distance_km
from jobmatch_ml.ranking.features.specification import NAMES

HALF_LIFE_DAYS = 30.0
Columns = dict[str, NDArray[np.floating]]
Rows = NDArray[np.int64]
_STATED = {
    "years_asked": "experience_years", "salary_min": "salary_min", "salary_max": "salary_max",
    "contract": "contract", "is_apprenticeship": "is_apprenticeship",
    "is_part_time": "is_part_time", "weekly_hours": "weekly_hours", "remote": "remote",
    "asks_shifts": "shift", "asks_licence": "asks_licence", "place_is_exact": "place_is_exact",
    "n_words": "n_words", "title_words": "title_words", "n_fields": "n_fields",
    "duplicates": "duplicates", "is_french": "is_french",
}  # fmt: skip


@dataclass(frozen=True)
class FeatureBuilder:
    """Makes features of the offers of one catalogue.

    Args:
        space: Occupations and skills, the same that the facts were read with.
        offers: The offers' facts.
        activity: What everyone did; ``None``: popularity is NaN.
    """

    space: ReferenceSpace
    offers: OfferFacts
    activity: Activity | None = None

    def __post_init__(self) -> None:
        if self.activity is not None and self.activity.offer_ids != self.offers.offer_ids:
            raise InputError("activity and offers are not of the same catalogue", field="activity")

    def matrix(
        self,
        candidate: CandidateFacts,
        rows: Rows,
        moment: datetime | NDArray[np.float64],
        texts: Mapping[str, NDArray[np.floating]] | None = None,
    ) -> NDArray[np.float32]:
        """Returns the features of some offers for one candidate, ``(n, n_features)``.

        Args:
            candidate: The candidate's facts.
            rows: Offers by row, ``(n,)``.
            moment: When they are ranked; one for all, or seconds since 1970 a row. Nothing of the
                log at or after it is seen.
            texts: Similarities from :meth:`TextIndex.compare`; ``None``: NaN.

        Returns:
            Columns in the order of :data:`~.specification.NAMES`; missing values are NaN.
        """
        at = np.broadcast_to(seconds(moment), len(rows))
        columns: Columns = {name: self.offers.numbers[key][rows] for name, key in _STATED.items()}
        columns |= dict(texts or {})
        columns |= self._skills(candidate, rows)
        columns |= self._occupation(candidate, rows)
        columns |= _conditions(candidate, columns)
        columns |= self._place(candidate, rows)
        columns |= self._time(rows, at)
        columns |= {
            "skills_told": _same(len(candidate.skills), rows),
            "occupations_wished": _same(len(candidate.wished), rows),
            "cv_lines": _same(candidate.n_lines, rows),
        }
        result = np.full((len(rows), len(NAMES)), np.nan, dtype=np.float32)
        for place, name in enumerate(NAMES):
            if name in columns:
                result[:, place] = columns[name]
        return result

    def _skills(self, candidate: CandidateFacts, rows: Rows) -> Columns:
        numbers = {skill: row for row, skill in enumerate(self.space.skills)}
        held = np.zeros(len(self.space.skills), dtype=np.float32)
        held[[numbers[skill] for skill in candidate.skills if skill in numbers]] = 1
        required, wished = self.offers.required[rows], self.offers.wished[rows]
        asked, plus = np.diff(required.indptr), np.diff(wished.indptr)
        match, extra = required @ held, wished @ held
        either = asked + plus + held.sum() - match - extra
        return {
            "skills_required": asked,
            "skills_required_held": match,
            "skills_required_share": _ratio(match, asked),
            "skills_required_missing": asked - match,
            "skills_wished_held": extra,
            "skills_wished_share": _ratio(extra, plus),
            "skills_jaccard": _ratio(match + extra, either),
        }

    def _occupation(self, candidate: CandidateFacts, rows: Rows) -> Columns:
        jobs = self.offers.occupation[rows]
        distance, steps = self.space.code_distance, self.space.steps
        return {
            "rome_distance": self._least(distance, candidate.wished, jobs),
            "mobility_steps": self._least(steps, candidate.wished, jobs),
            "rome_distance_held": self._least(distance, candidate.held, jobs),
            "mobility_steps_held": self._least(steps, candidate.held, jobs),
            "rome_distance_last": self._least(distance, candidate.held[:1], jobs),
        }

    def _least(
        self, table: NDArray[np.float32], codes: Sequence[str], jobs: NDArray[np.int32]
    ) -> NDArray[np.float32]:
        numbers = self.space.code_row
        known = [numbers[code] for code in codes if code in numbers]
        if not known:
            return np.full(len(jobs), np.nan, dtype=np.float32)
        least = np.append(table[known].min(axis=0), np.float32(np.nan))  # row -1: unknown code
        return np.asarray(least[jobs], dtype=np.float32)

    def _place(self, candidate: CandidateFacts, rows: Rows) -> Columns:
        numbers = self.offers.numbers
        distance = distance_km(
            _number(candidate.latitude), _number(candidate.longitude),
            numbers["latitude"][rows], numbers["longitude"][rows],
        )  # fmt: skip
        radius = _same(candidate.radius_km, rows)
        return {
            "distance_km": distance,
            "radius_km": radius,
            "within_radius": _flag(distance <= radius, distance, radius),
        }

    def _time(self, rows: Rows, at: NDArray[np.float64]) -> Columns:
        age = (at - self.offers.created_s[rows]) / DAY_S
        age = np.where(age >= 0, age, np.nan)
        columns: Columns = {"age_days": age, "freshness": 2 ** (-age / HALF_LIFE_DAYS)}
        if self.activity is None:
            return columns
        count = self.activity.count
        shown, viewed = count("shown", rows, at), count("viewed", rows, at)
        taken = count("saved", rows, at) + count("applied", rows, at)
        recent = [count(event, rows, at, days=WINDOW_DAYS) for event in ("saved", "applied")]
        return columns | {
            "shown_before": shown,
            "views_per_showing": rate(viewed, shown, overall=OVERALL_VIEWS),
            "taken_per_showing": rate(taken, shown, overall=OVERALL_TAKEN),
            "taken_14d": recent[0] + recent[1],
        }


OVERALL_VIEWS = 0.08
OVERALL_TAKEN = 0.06
"""Rates that an offer without a past is given. Constants, not the log's own: those of a whole log
would carry its future into its beginning."""


def seconds(moment: datetime | NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns a moment as seconds since 1970.

    Raises:
        InputError: A time without a zone, or one that is not finite.
    """
    if isinstance(moment, datetime):
        if moment.tzinfo is None:
            raise InputError(f"moment {moment} has no time zone; expected UTC", field="moment")
        return np.array(moment.astimezone(UTC).timestamp())
    if not np.isfinite(moment).all():
        raise InputError("a ranking moment is not a finite number of seconds", field="moment")
    return np.asarray(moment, dtype=np.float64)


def _conditions(candidate: CandidateFacts, offer: Columns) -> Columns:
    """Returns what compares the offer's stated conditions with what the CV asks for or has."""
    asked = offer["years_asked"]
    related = _same(candidate.years_related, asked)
    pay, remote = _same(candidate.salary_min, asked), _same(candidate.remote, asked)
    accepted = np.isin(offer["contract"], [CONTRACTS.index(name) for name in candidate.contracts])
    said = _same(1.0 if candidate.contracts else None, asked)
    return {
        "years": _same(candidate.years, asked),
        "years_related": related,
        "years_over": related - asked,
        "years_suffice": _flag(related >= asked, related, asked),
        "salary_asked": pay,
        "salary_margin": offer["salary_max"] / pay - 1,
        "contract_accepted": _flag(accepted, offer["contract"], said),
        "remote_met": _flag(offer["remote"] >= remote, offer["remote"], remote),
        "shifts_met": np.maximum(1 - offer["asks_shifts"], float(candidate.takes_shifts)),
        "licence_met": np.maximum(1 - offer["asks_licence"], float(candidate.has_licence)),
    }


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def _same(value: float | None, like: NDArray[np.generic]) -> NDArray[np.float32]:
    return np.full(len(like), _number(value), dtype=np.float32)


def _flag(holds: NDArray[np.bool_], *parts: NDArray[np.floating]) -> NDArray[np.float32]:
    """Returns 1 or 0, NaN where a part is missing."""
    missing = np.any([np.isnan(part) for part in parts], axis=0)
    return np.where(missing, np.nan, holds).astype(np.float32)


def _ratio(part: NDArray[Any], whole: NDArray[Any]) -> NDArray[np.float32]:
    return np.where(whole > 0, part / np.maximum(whole, 1), np.nan).astype(np.float32)
