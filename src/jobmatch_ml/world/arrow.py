"""Facts and log as Arrow tables: what the Parquet files of a world hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jobmatch_ml.interactions import INTERACTION_SCHEMA
from jobmatch_ml.world.columns import ADDRESSES, LANGUAGES, numbered
from jobmatch_ml.world.config import ORIGINS
from jobmatch_ml.world.log import NEVER, POLICIES, SURFACES, UNKNOWN, LogColumns
from jobmatch_ml.world.relevance import Market
from jobmatch_ml.world.tables import CONTRACTS, HOURS, NONE

TOLD = (
    "occupation", "place", "radius", "contract", "years", "salary", "remote", "hours", "licence",
)  # fmt: skip
"""Facts that a text or record may tell; the skills told are listed beside them."""

_MOMENT = pa.timestamp("us", tz="UTC")
_WORDS = pa.list_(pa.string())

IMPRESSION_SCHEMA = pa.schema(
    [
        pa.field("impression_id", pa.string(), nullable=False),
        pa.field("attraction", pa.float32(), nullable=False),
        pa.field("examined", pa.bool_(), nullable=False),
        pa.field("grade", pa.int8(), nullable=False),
        pa.field("discriminated", pa.bool_(), nullable=False),
    ]
)


def interaction_table(
    log: LogColumns, market: Market, versions: Sequence[str], *, first_row: int
) -> pa.Table:
    """Returns rows of the log in ``INTERACTION_SCHEMA``.

    Args:
        log: Some rows.
        market: The world.
        versions: Version of the ranker behind each of ``POLICIES``.
        first_row: Number of the first row in the whole log, from 0.
    """
    people, offers = market.candidates, market.offers
    unscored = np.isnan(log.score)
    columns: dict[str, Any] = {
        "impression_id": _ids(numbered("i", first_row + 1 + np.arange(len(log)), width=9)),
        "request_id": _ids(numbered("r", log.request + 1, width=8)),
        "user": _ids(people.identifiers(log.candidate)),
        "offer_external_id": _ids(offers.identifiers(log.offer)),
        "shown_at": _moments(log.shown_s, market.start_ms),
        "surface": _named(SURFACES, log.surface),
        "policy": _named(POLICIES, log.policy),
        "ranker_version": _named(versions, log.policy),
        "position": log.position.astype(np.int32),
        "slate_size": log.slate_size.astype(np.int32),
        # Four decimals of the 32-bit score: what was shown, not what a conversion adds.
        "match_score": pa.array(np.round(log.score.astype(np.float64), 4), mask=unscored),
        "viewed": log.viewed,
        "time_spent_seconds": log.dwell_s,
        "saved": log.saved,
        "applied": log.applied,
        "got_interview": pa.array(log.interview == 1, mask=log.interview == UNKNOWN),
        "got_hired": pa.array(log.hired == 1, mask=log.hired == UNKNOWN),
    }
    for name in ("viewed", "saved", "applied", "interview", "hired", "closed"):
        columns[f"{name}_at"] = _moments(getattr(log, f"{name}_s"), market.start_ms)
    return _table(columns, INTERACTION_SCHEMA)


def impression_table(log: LogColumns, *, first_row: int) -> pa.Table:
    """Returns the truth of rows of the log, in their order."""
    columns = {
        "impression_id": _ids(numbered("i", first_row + 1 + np.arange(len(log)), width=9)),
        "attraction": log.attraction,
        "examined": log.examined,
        "grade": log.grade,
        "discriminated": log.discriminated,
    }
    return _table(columns, IMPRESSION_SCHEMA)


def offer_table(market: Market, start: int, told: Sequence[Sequence[str]]) -> pa.Table:
    """Returns the hidden facts of offers from a row on, and what each of them tells a reader."""
    offers, tables = market.offers, market.tables
    rows = np.arange(start, start + len(told))
    copied = offers.copy_of[rows]
    originals = offers.identifiers(np.maximum(copied, 0))
    columns: dict[str, Any] = {
        "offer_id": _ids(offers.identifiers(rows)),
        "occupation": _named(_codes(market), offers.occupation[rows]),
        **_place(market, offers.place[rows]),
        "required": _lists(tables.skills, offers.required[rows]),
        "wished": _lists(tables.skills, offers.wished[rows]),
        "years": offers.years[rows],
        "contract": _named(CONTRACTS, offers.contract[rows]),
        "created_at": _epoch_moments(offers.created_ms[rows]),
        "copy_of": pa.array(originals.astype(str), pa.string(), mask=copied == NONE),
        "salary_low": offers.salary[rows, 0],
        "salary_high": offers.salary[rows, 1],
        "remote": offers.remote[rows],
        "hours": _named(HOURS, offers.hours[rows]),
        "licence": offers.licence[rows],
        "appeal": offers.appeal[rows],
    }
    return pa.table(columns | _told(told))


def candidate_table(market: Market, start: int, told: Sequence[Sequence[str]]) -> pa.Table:
    """Returns the hidden facts of candidates from a row on, identity attributes included."""
    people, tables = market.candidates, market.tables
    rows = np.arange(start, start + len(told))
    codes = _codes(market)
    skills = people.skills[rows]
    columns: dict[str, Any] = {
        "candidate_id": _ids(people.identifiers(rows)),
        "occupation": _named(codes, people.occupation[rows]),
        "second": _named(codes, people.second[rows]),
        "career": _lists(codes, people.career[rows]),
        "skills": _lists(tables.skills, skills),
        "levels": _number_lists(people.levels[rows], skills != NONE),
        "years": people.years[rows],
        **_place(market, people.place[rows]),
        "radius_km": people.radius[rows],
        "salary_min": people.salary_min[rows],
        "contracts": _lists(CONTRACTS, _members(people.contracts[rows], len(CONTRACTS))),
        "remote": people.remote[rows],
        "hours": _lists(HOURS, _members(people.hours[rows], len(HOURS))),
        "licence": people.licence[rows],
        "available_in_days": people.available[rows],
        "declared": _named(codes, people.declared[rows]),
        "language": _named(LANGUAGES, people.language[rows]),
        "woman": people.woman[rows],
        "origin": _named(ORIGINS, people.origin[rows]),
        "age": people.age[rows],
        "disability": people.disability[rows],
        "address": _named(ADDRESSES, people.address[rows]),
    }
    return pa.table(columns | _told(told))


def _told(told: Sequence[Sequence[str]]) -> dict[str, Any]:
    flags = {f"told_{fact}": pa.array([fact in item for item in told], pa.bool_()) for fact in TOLD}
    skills = [[name for name in item if name not in TOLD] for item in told]
    return {**flags, "told_skills": pa.array(skills, _WORDS)}


def _codes(market: Market) -> list[str]:
    return [job.code for job in market.tables.table.occupations]


def _place(market: Market, rows: NDArray[np.int16]) -> dict[str, Any]:
    places = market.tables.places
    return {
        "place": _named([place.name for place in places], rows),
        "commune": _named([place.commune for place in places], rows),
        "region": _named([place.region for place in places], rows),
    }


def _table(columns: dict[str, Any], schema: pa.Schema) -> pa.Table:
    arrays = [pa.array(columns[field.name], field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def _ids(values: NDArray[np.bytes_]) -> pa.Array:
    """Turns ASCII bytes into strings, without a Python object each where all are as long."""
    width = values.dtype.itemsize
    letters = np.ascontiguousarray(values).view(np.uint8).reshape(len(values), width)
    if not letters.all():  # shorter ones are padded with zeros
        return pa.array([value.decode() for value in values.tolist()], pa.string())
    offsets = pa.py_buffer(np.arange(len(values) + 1, dtype=np.int32) * np.int32(width))
    return pa.StringArray.from_buffers(len(values), offsets, pa.py_buffer(letters))


def _named(names: Sequence[str], numbers: NDArray[Any]) -> pa.Array:
    """Looks up names; -1 is null."""
    indices = pa.array(numbers.astype(np.int32), mask=numbers == NONE)
    return pa.array(list(names), pa.string()).take(indices)


def _lists(names: Sequence[str], numbers: NDArray[Any]) -> pa.Array:
    """Looks up names of padded rows, ``(n, width)``, as lists."""
    present = numbers != NONE
    return pa.ListArray.from_arrays(_offsets(present), _named(names, numbers[present]))


def _number_lists(values: NDArray[Any], present: NDArray[np.bool_]) -> pa.Array:
    return pa.ListArray.from_arrays(_offsets(present), pa.array(values[present]))


def _offsets(present: NDArray[np.bool_]) -> pa.Array:
    ends = np.concatenate([[0], np.cumsum(present.sum(axis=1))])
    return pa.array(ends.astype(np.int32))


def _members(bits: NDArray[np.int8], count: int) -> NDArray[np.int64]:
    """Turns bit sets into padded rows of the numbers that they hold."""
    numbers = np.arange(count)
    return np.where(bits[:, None] >> numbers & 1, numbers, NONE)


def _moments(seconds: NDArray[np.int32], start_ms: int) -> pa.Array:
    moments = (seconds.astype(np.int64) + start_ms // 1000) * 1_000_000
    return pa.array(moments, pa.int64(), mask=seconds == NEVER).cast(_MOMENT)


def _epoch_moments(milliseconds: NDArray[np.int64]) -> pa.Array:
    return pa.array(milliseconds * 1000, pa.int64()).cast(_MOMENT)
