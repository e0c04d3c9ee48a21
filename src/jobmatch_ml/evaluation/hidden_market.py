"""A world's hidden facts, read back from its truth into the arrays that relevance is defined on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jobmatch_ml.errors import FormatError, suggest, summarise
from jobmatch_ml.evaluation.truth import read_hidden_candidates, read_hidden_offers
from jobmatch_ml.reference import OccupationTable, Place, load_places
from jobmatch_ml.reference.occupations import load_table
from jobmatch_ml.world.arrow import TOLD
from jobmatch_ml.world.columns import (
    MAX_OFFER_REQUIRED,
    MAX_OFFER_WISHED,
    MAX_POSITIONS,
    MAX_SKILLS,
    CandidateColumns,
    OfferColumns,
)
from jobmatch_ml.world.relevance import Market
from jobmatch_ml.world.tables import CONTRACTS, HOURS, NONE, MarketTables, market_tables

Flags = Mapping[str, NDArray[np.bool_]]


@dataclass(frozen=True)
class HiddenMarket:
    """All facts of a world, and which of them its texts and fields tell.

    Args:
        market: The facts by column, in the order of the files.
        offer_ids: Id of each offer.
        candidate_ids: Id of each candidate.
        offer_told: By fact (``world.arrow.TOLD``), which offers tell it, ``(n_offers,)``.
        candidate_told: Likewise, ``(n_candidates,)``.
        offer_skills: Numbers of the skills that offers tell, one after the other.
        offer_bounds: Where each offer's begin among them, and the end, ``(n_offers + 1,)``.
        candidate_skills: Numbers of the skills that each candidate tells.
    """

    market: Market
    offer_ids: NDArray[np.str_]
    candidate_ids: NDArray[np.str_]
    offer_told: Flags
    candidate_told: Flags
    offer_skills: NDArray[np.int64]
    offer_bounds: NDArray[np.int64]
    candidate_skills: Sequence[NDArray[np.int64]]


def read_hidden_market(
    world_dir: Path,
    *,
    table: OccupationTable | None = None,
    places: Sequence[Place] | None = None,
) -> HiddenMarket:
    """Reads the hidden facts of a world.

    Args:
        world_dir: A built world.
        table: The occupations it was built on; default: the embedded table.
        places: The towns it was built on; default: the embedded ones.

    Raises:
        MissingFileError: The world holds no such truth.
        FormatError: Its facts name occupations, skills or towns that these tables do not have.
    """
    offers, people = read_hidden_offers(world_dir), read_hidden_candidates(world_dir)
    tables = market_tables(table or load_table(), places or load_places())
    names = _Names(tables)
    market = Market(
        tables=tables,
        offers=_offer_columns(offers, names),
        candidates=_candidate_columns(people, names),
        start_ms=0,
    )
    told_offers, told_people = offers["told_skills"].to_pylist(), people["told_skills"].to_pylist()
    skill_lists = [names.numbers("skill", item) for item in told_offers]
    names.refuse_unknown(world_dir)
    return HiddenMarket(
        market=market,
        offer_ids=np.array(offers["offer_id"].to_pylist()),
        candidate_ids=np.array(people["candidate_id"].to_pylist()),
        offer_told=_flags(offers),
        candidate_told=_flags(people),
        offer_skills=np.concatenate([*skill_lists, np.zeros(0, np.int64)]),
        offer_bounds=np.cumsum([0, *(len(item) for item in skill_lists)]),
        candidate_skills=[names.numbers("skill", item) for item in told_people],
    )


class _Names:
    """Looks up names in the market's tables, and keeps those that it did not find."""

    def __init__(self, tables: MarketTables) -> None:
        self.rows: dict[str, Mapping[str, int]] = {
            "occupation": tables.row_of,
            "skill": tables.skill_row,
            "town": {place.commune: row for row, place in enumerate(tables.places)},
            "contract": {name: row for row, name in enumerate(CONTRACTS)},
            "hours": {name: row for row, name in enumerate(HOURS)},
        }
        self.unknown: dict[tuple[str, str], None] = {}

    def number(self, kind: str, name: str | None) -> int:
        if name is None:
            return NONE
        row = self.rows[kind].get(name)
        if row is None:
            self.unknown[kind, name] = None
            return NONE
        return row

    def numbers(self, kind: str, names: Sequence[str] | None) -> NDArray[np.int64]:
        return np.array([self.number(kind, name) for name in names or ()], dtype=np.int64)

    def column(self, kind: str, table: pa.Table, name: str, dtype: Any) -> NDArray[Any]:
        return np.array([self.number(kind, item) for item in table[name].to_pylist()], dtype)

    def lists(self, kind: str, table: pa.Table, name: str, dtype: Any, width: int) -> NDArray[Any]:
        padded = np.full((len(table), width), NONE, dtype=dtype)
        for row, item in enumerate(table[name].to_pylist()):
            numbers = self.numbers(kind, item)[:width]
            padded[row, : len(numbers)] = numbers
        return padded

    def sets(self, kind: str, table: pa.Table, name: str) -> NDArray[np.int8]:
        """Returns lists of names as bit sets."""
        bits = [
            sum(1 << int(number) for number in self.numbers(kind, item) if number != NONE)
            for item in table[name].to_pylist()
        ]
        return np.array(bits, dtype=np.int8)

    def refuse_unknown(self, world_dir: Path) -> None:
        if self.unknown:
            kind, name = next(iter(self.unknown))
            listed = summarise([f"{kind} {name}" for kind, name in self.unknown])
            raise FormatError(
                f"{world_dir}: its facts name what these tables do not have: {listed}. Give the "
                f"occupations and places that the world was built on; "
                f"{suggest(name, list(self.rows[kind])[:5], kind=kind)} …"
            )


def _flags(table: pa.Table) -> dict[str, NDArray[np.bool_]]:
    return {fact: np.asarray(table[f"told_{fact}"].to_pylist(), np.bool_) for fact in TOLD}


def _plain(table: pa.Table, name: str, dtype: Any) -> NDArray[Any]:
    return np.array(table[name].to_numpy(), dtype=dtype)


def _offer_columns(table: pa.Table, names: _Names) -> OfferColumns:
    n = len(table)
    return OfferColumns(
        occupation=names.column("occupation", table, "occupation", np.int16),
        place=names.column("town", table, "commune", np.int16),
        required=names.lists("skill", table, "required", np.int32, MAX_OFFER_REQUIRED),
        wished=names.lists("skill", table, "wished", np.int32, MAX_OFFER_WISHED),
        years=_plain(table, "years", np.int8),
        contract=names.column("contract", table, "contract", np.int8),
        created_ms=np.zeros(n, np.int64),
        copy_of=np.full(n, NONE, np.int32),
        salary=np.stack([_plain(table, f"salary_{end}", np.int32) for end in ("low", "high")], 1),
        remote=_plain(table, "remote", np.int8),
        hours=names.column("hours", table, "hours", np.int8),
        licence=_plain(table, "licence", np.bool_),
        appeal=_plain(table, "appeal", np.float32),
    )


def _candidate_columns(table: pa.Table, names: _Names) -> CandidateColumns:
    n = len(table)
    levels = np.zeros((n, MAX_SKILLS), np.int8)
    for row, item in enumerate(table["levels"].to_pylist()):
        levels[row, : len(item)] = item[:MAX_SKILLS]
    # Who the person is has no part in relevance, and is not read.
    nothing: dict[str, NDArray[Any]] = {
        name: np.zeros(n, np.int8) for name in ("language", "origin", "age", "address")
    }
    return CandidateColumns(
        occupation=names.column("occupation", table, "occupation", np.int16),
        second=names.column("occupation", table, "second", np.int16),
        career=names.lists("occupation", table, "career", np.int16, MAX_POSITIONS),
        start=np.zeros((n, MAX_POSITIONS), np.int16),
        end=np.zeros((n, MAX_POSITIONS), np.int16),
        skills=names.lists("skill", table, "skills", np.int32, MAX_SKILLS),
        levels=levels,
        years=_plain(table, "years", np.int8),
        place=names.column("town", table, "commune", np.int16),
        radius=_plain(table, "radius_km", np.int16),
        salary_min=_plain(table, "salary_min", np.int32),
        contracts=names.sets("contract", table, "contracts"),
        remote=_plain(table, "remote", np.int8),
        hours=names.sets("hours", table, "hours"),
        licence=_plain(table, "licence", np.bool_),
        available=np.zeros(n, np.int16),
        declared=np.zeros(n, np.int16),
        declared_skills=np.zeros(n, np.uint64),
        woman=np.zeros(n, np.bool_),
        disability=np.zeros(n, np.bool_),
        **nothing,
    )
