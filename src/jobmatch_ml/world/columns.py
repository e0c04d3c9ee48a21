"""The facts of all offers and all candidates, by column: at most 200 bytes a row.

A million offers and a million candidates fit in 400 MB; the writers of texts get a view of one row
at a time, as :class:`OfferFacts` and :class:`CandidateFacts`. Ids are computed from rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.world.config import ORIGINS
from jobmatch_ml.world.facts import CandidateFacts, OfferFacts, Position
from jobmatch_ml.world.tables import CONTRACTS, HOURS, NONE, MarketTables

MAX_OFFER_REQUIRED, MAX_OFFER_WISHED = 8, 4
MAX_POSITIONS, MAX_SKILLS = 8, 20
LANGUAGES = ("fr", "en")
ADDRESSES = ("town", "priority_district")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LETTERS = b"BCDFGHJKLMNPQRSTVWXYZ"
# Ids have three digits and four letters; a fixed step that is prime to their number visits them
# all, so that no two rows share one and none has to be stored.
_N_IDS = 20 * len(_LETTERS) ** 4
_ID_STEP = 2_654_435_761


class _Columns:
    """What both tables do: their length and their size."""

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))  # type: ignore[arg-type]

    @property
    def nbytes(self) -> int:
        """Bytes of all columns together."""
        values = (getattr(self, item.name) for item in fields(self))  # type: ignore[arg-type]
        return sum(value.nbytes for value in values if isinstance(value, np.ndarray))


@dataclass(frozen=True)
class OfferColumns(_Columns):
    """The facts of offers, in the order of publication; fields as in :class:`OfferFacts`.

    ``occupation`` and ``place`` are rows of the market's tables, ``contract`` and ``hours``
    numbers in :data:`CONTRACTS` and :data:`HOURS`; ``required`` ``(n, 8)`` and ``wished``
    ``(n, 4)`` hold skill numbers, padded with -1; ``copy_of`` is -1 for an original. ``ids`` are
    the given ids of real offers; ``None``: computed by :func:`offer_ids`.
    """

    occupation: NDArray[np.int16]
    place: NDArray[np.int16]
    required: NDArray[np.int32]
    wished: NDArray[np.int32]
    years: NDArray[np.int8]
    contract: NDArray[np.int8]
    created_ms: NDArray[np.int64]
    copy_of: NDArray[np.int32]
    salary: NDArray[np.int32]
    remote: NDArray[np.int8]
    hours: NDArray[np.int8]
    licence: NDArray[np.bool_]
    appeal: NDArray[np.float32]
    seed: int = 0
    ids: NDArray[np.bytes_] | None = None

    def identifiers(self, rows: NDArray[np.integer[Any]]) -> NDArray[np.bytes_]:
        """Returns the ids of some rows as ASCII bytes."""
        return offer_ids(self.seed, rows) if self.ids is None else self.ids[rows]

    def view(self, row: int, tables: MarketTables, *, name: str = "") -> OfferFacts:
        """Returns the facts of one offer; ``name`` is its id, where the caller has it already."""
        copied = int(self.copy_of[row])
        return OfferFacts(
            offer_id=name or self.identifiers(np.array([row]))[0].decode(),
            occupation=tables.table.occupations[self.occupation[row]],
            place=tables.places[self.place[row]],
            required=_skill_ids(self.required[row], tables),
            wished=_skill_ids(self.wished[row], tables),
            years=int(self.years[row]),
            contract=CONTRACTS[self.contract[row]],
            created_at=_EPOCH + timedelta(milliseconds=int(self.created_ms[row])),
            copy_of=None if copied == NONE else copied,
            salary=(int(self.salary[row, 0]), int(self.salary[row, 1])),
            remote=int(self.remote[row]),
            hours=HOURS[self.hours[row]],
            licence=bool(self.licence[row]),
            appeal=float(self.appeal[row]),
        )


@dataclass(frozen=True)
class CandidateColumns(_Columns):
    """The facts of candidates; fields as in :class:`CandidateFacts`.

    ``career``, ``start`` and ``end`` are ``(n, 8)``, latest position first, padded with -1;
    ``skills`` ``(n, 20)`` is padded with -1, ``levels`` with 0; ``contracts`` and ``hours`` are bit
    sets. ``declared`` is the occupation that the person chose on the platform (not always the right
    one), ``declared_skills`` a 64-bit sketch of the skills ticked there.
    """

    occupation: NDArray[np.int16]
    second: NDArray[np.int16]
    career: NDArray[np.int16]
    start: NDArray[np.int16]
    end: NDArray[np.int16]
    skills: NDArray[np.int32]
    levels: NDArray[np.int8]
    years: NDArray[np.int8]
    place: NDArray[np.int16]
    radius: NDArray[np.int16]
    salary_min: NDArray[np.int32]
    contracts: NDArray[np.int8]
    remote: NDArray[np.int8]
    hours: NDArray[np.int8]
    licence: NDArray[np.bool_]
    available: NDArray[np.int16]
    declared: NDArray[np.int16]
    declared_skills: NDArray[np.uint64]
    language: NDArray[np.int8]
    woman: NDArray[np.bool_]
    origin: NDArray[np.int8]
    age: NDArray[np.int8]
    disability: NDArray[np.bool_]
    address: NDArray[np.int8]

    def identifiers(self, rows: NDArray[np.integer[Any]]) -> NDArray[np.bytes_]:
        """Returns the ids of some rows (``c00001`` …) as ASCII bytes."""
        return numbered("c", rows + 1, width=max(5, len(str(len(self)))))

    def view(self, row: int, tables: MarketTables) -> CandidateFacts:
        """Returns the facts of one candidate."""
        jobs = tables.table.occupations
        held = np.flatnonzero(self.skills[row] != NONE)
        names = [tables.skills[self.skills[row, column]] for column in held]
        second = int(self.second[row])
        return CandidateFacts(
            candidate_id=self.identifiers(np.array([row]))[0].decode(),
            occupation=jobs[self.occupation[row]],
            career=tuple(
                Position(jobs[self.career[row, n]], int(self.start[row, n]), int(self.end[row, n]))
                for n in np.flatnonzero(self.career[row] != NONE)
            ),
            skills=frozenset(names),
            years=int(self.years[row]),
            place=tables.places[self.place[row]],
            radius_km=float(self.radius[row]),
            woman=bool(self.woman[row]),
            second=None if second == NONE else jobs[second],
            levels=dict(zip(names, self.levels[row, held].tolist(), strict=True)),
            salary_min=int(self.salary_min[row]),
            contracts=frozenset(_members(self.contracts[row], CONTRACTS)),
            remote=int(self.remote[row]),
            hours=frozenset(_members(self.hours[row], HOURS)),
            licence=bool(self.licence[row]),
            available_in_days=int(self.available[row]),
            language=LANGUAGES[self.language[row]],
            origin=ORIGINS[self.origin[row]],
            age=int(self.age[row]),
            disability=bool(self.disability[row]),
            address=ADDRESSES[self.address[row]],
        )


def offer_columns(
    facts: Sequence[OfferFacts], tables: MarketTables, *, ids: Sequence[str] = ()
) -> OfferColumns:
    """Lays out given facts (of real offers) as columns, in their order.

    Args:
        facts: Facts; their occupations, places and skills must be those of the tables.
        tables: The market.
        ids: Ids to keep; empty: those of the facts.
    """
    places = {place: row for row, place in enumerate(tables.places)}
    names = [*ids] or [item.offer_id for item in facts]

    def skills(values: Sequence[str], width: int) -> list[int]:
        numbers = [tables.skill_row[skill] for skill in values][:width]
        return numbers + [NONE] * (width - len(numbers))

    return OfferColumns(
        occupation=np.array([tables.row_of[item.occupation.code] for item in facts], np.int16),
        place=np.array([places[item.place] for item in facts], np.int16),
        required=np.array([skills(item.required, MAX_OFFER_REQUIRED) for item in facts], np.int32),
        wished=np.array([skills(item.wished, MAX_OFFER_WISHED) for item in facts], np.int32),
        years=np.array([min(item.years, 60) for item in facts], np.int8),
        contract=np.array([CONTRACTS.index(item.contract) for item in facts], np.int8),
        created_ms=np.array([milliseconds(item.created_at) for item in facts], np.int64),
        copy_of=np.array([NONE if i.copy_of is None else i.copy_of for i in facts], np.int32),
        salary=np.array([item.salary for item in facts], np.int32),
        remote=np.array([item.remote for item in facts], np.int8),
        hours=np.array([HOURS.index(item.hours) for item in facts], np.int8),
        licence=np.array([item.licence for item in facts], np.bool_),
        appeal=np.array([item.appeal for item in facts], np.float32),
        ids=np.array([name.encode() for name in names], np.bytes_),
    )


def offer_ids(seed: int, rows: NDArray[np.integer[Any]]) -> NDArray[np.bytes_]:
    """Returns ids such as ``186RTLM`` for rows, all different up to 3.8 million rows."""
    number = (rows.astype(np.int64) + 1 + seed % 9_973 * 389) * _ID_STEP % _N_IDS
    letters = np.frombuffer(_LETTERS, dtype=np.uint8)
    text = np.empty((len(rows), 7), dtype=np.uint8)
    for column in (6, 5, 4, 3):
        text[:, column] = letters[number % len(_LETTERS)]
        number = number // len(_LETTERS)
    text[:, 0] = ord("1")
    text[:, 1] = ord("8") + number // 10
    text[:, 2] = ord("0") + number % 10
    return np.ascontiguousarray(text).view("S7").ravel()


def numbered(prefix: str, numbers: NDArray[np.integer[Any]], *, width: int) -> NDArray[np.bytes_]:
    """Returns ids of a letter and a number: ``numbered("i", [7], width=3)`` is ``[b"i007"]``."""
    text = np.empty((len(numbers), width + 1), dtype=np.uint8)
    text[:, 0] = ord(prefix)
    rest = numbers.astype(np.int64)
    for column in range(width, 0, -1):
        text[:, column] = rest % 10 + ord("0")
        rest = rest // 10
    return np.ascontiguousarray(text).view(f"S{width + 1}").ravel()


def skill_sketch(skills: NDArray[np.int32]) -> NDArray[np.uint64]:
    """Returns a 64-bit set of each row's skills; different skills may share a bit."""
    bits = np.uint64(1) << (skills.astype(np.int64) * 40_503 % 64).astype(np.uint64)
    sketch: NDArray[np.uint64] = np.bitwise_or.reduce(
        np.where(skills == NONE, np.uint64(0), bits), axis=1
    )
    return sketch


def milliseconds(moment: datetime) -> int:
    """Returns a moment as milliseconds since 1970 (UTC), exactly."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def concatenate(parts: Sequence[dict[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
    """Joins the columns of chunks, in their order."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _skill_ids(numbers: NDArray[np.int32], tables: MarketTables) -> tuple[str, ...]:
    # Python's integers: looking up one of numpy's takes several times as long.
    return tuple(tables.skills[number] for number in numbers.tolist() if number != NONE)


def _members(bits: int, names: Sequence[str]) -> list[str]:
    return [name for number, name in enumerate(names) if int(bits) >> number & 1]
