"""From a company's columns to ours: names, values, types and clocks; what does not fit is a reason.

Each column becomes one SQL expression, null where the value cannot be read, and one condition that
finds those rows, so that a single pass over the table types it and finds everything unreadable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import duckdb

from jobmatch_ml.errors import FormatError, InputError, summarise
from jobmatch_ml.interactions.checks import Rule
from jobmatch_ml.interactions.engine import identifier, literal
from jobmatch_ml.interactions.mapping import TableMapping
from jobmatch_ml.interactions.sources import column_types

# Lists and not `IN (...)`: DuckDB makes that a join, and a join does not keep the order of rows.
_YES = "['true', 't', '1', '1.0', 'yes', 'y', 'oui', 'vrai']"
_NO = "['false', 'f', '0', '0.0', 'no', 'n', 'non', 'faux']"
_HAS_OFFSET = r"(?i)\d{2}:\d{2}.*(Z|UTC|GMT|[+-]\d{2}(:?\d{2})?)$"
# What the engine would read as a time without an offset, or not at all: " UTC", "z", " +0200".
_SAID_UTC, _SPACED = r"\s*(z|utc|gmt)$", r"\s+([+-]\d{2}(:?\d{2})?)$"
_SHOWN_COLUMNS = 40
# Seconds may be given with decimals; a position may not.
_ROUNDED = ("time_spent_seconds",)


@dataclass
class Casting:
    """The typed view of a table.

    Args:
        expressions: Our column -> SQL that gives it.
        unreadable: Rules, over the columns of the company's table, of values that do not fit.
        absent: Our columns that the table does not have.
    """

    expressions: dict[str, str] = field(default_factory=dict)
    unreadable: list[Rule] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)

    def projection(self) -> str:
        """Returns the SQL of the typed columns, and of `unreadable`: the reasons, or null."""
        columns = [f"{sql} AS {identifier(name)}" for name, sql in self.expressions.items()]
        cases = [
            f"CASE WHEN {rule.condition} THEN {literal(rule.reason)} END"
            for rule in self.unreadable
        ]
        reasons = f"nullif(concat_ws('; ', {', '.join(cases)}), '')" if cases else "NULL::VARCHAR"
        return ", ".join([*columns, f"{reasons} AS unreadable"])

    def rules(self) -> list[Rule]:
        """Returns the same rules over the typed table."""
        return [
            Rule(rule.reason, f"contains(unreadable, {literal(rule.reason)})")
            for rule in self.unreadable
        ]


def plan_casting(
    relation: Any,
    mapping: TableMapping,
    kinds: Mapping[str, str],
    *,
    required: tuple[str, ...],
    table: str,
) -> Casting:
    """Plans how the columns of a table become ours.

    Args:
        relation: The company's table.
        mapping: Names, constants, defaults, values and clocks.
        kinds: Our columns and their kinds.
        required: Columns that must be there, in the table or as constants.
        table: What to call the table in messages.

    Raises:
        FormatError: Named or required columns are not there.
        InputError: Times carry no zone and the mapping declares none.
    """
    types = column_types(relation)
    _refuse_missing(types, mapping, required, table)
    casting = Casting()
    zoneless: list[str] = []
    for name, kind in kinds.items():
        theirs = mapping.columns.get(name, name)
        if name in mapping.constants:
            source, their_type = literal(mapping.constants[name]), "VARCHAR"
            source = f"{source}::VARCHAR"
        elif theirs in types:
            source, their_type = _their_value(theirs, name, types[theirs], mapping)
        else:
            casting.expressions[name] = f"NULL::{_SQL_TYPES[kind]}"
            casting.absent.append(name)
            continue
        if kind == "time":
            zoneless += _cast_time(casting, relation, (name, source, their_type), mapping)
        else:
            plain = their_type == _SQL_TYPES[kind]
            typed = source if plain else _cast(name, source, their_type, kind)
            casting.expressions[name] = typed
            if not plain and kind != "text":
                _note(casting, name, kind, f"({source}) IS NOT NULL AND ({typed}) IS NULL")
    if zoneless:
        raise InputError(
            f"{table}: the times of {', '.join(zoneless)} say no time zone; declare `time_zone` in "
            "the mapping (such as Europe/Paris or UTC)",
            field="time_zone",
        )
    return casting


_SQL_TYPES = {
    "text": "VARCHAR",
    "whole number": "INTEGER",
    "number": "DOUBLE",
    "yes or no": "BOOLEAN",
    "time": "TIMESTAMPTZ",
}


def _refuse_missing(
    types: Mapping[str, str], mapping: TableMapping, required: tuple[str, ...], table: str
) -> None:
    problems = [
        f"`{name}` is to come from `{theirs}`, which is not there"
        for name, theirs in mapping.columns.items()
        if theirs not in types
    ]
    problems += [
        f"`{name}` is neither a column nor mapped nor a constant"
        for name in required
        if name not in types and name not in mapping.columns and name not in mapping.constants
    ]
    if problems:
        raise FormatError(
            f"{table}: {summarise(problems, shown=20)}. {_listed(types)}. A mapping file "
            "(--mapping) says which of them is which"
        )


def _listed(types: Mapping[str, str]) -> str:
    """Returns the names of a table's columns for a message, unless a row stands in their place."""
    if any("@" in name or name[:1].isdigit() for name in types):
        return "Its first line looks like a row, not like the names of columns"
    names = [name[:40] for name in list(types)[:_SHOWN_COLUMNS]]
    more = len(types) - len(names)
    return f"Its columns: {', '.join(names)}{f' and {more:,} more' if more else ''}"


def _their_value(theirs: str, name: str, their_type: str, mapping: TableMapping) -> tuple[str, str]:
    """Returns the SQL of a company's value after translation and default, and its type."""
    source = identifier(theirs)
    if their_type == "VARCHAR":
        source = f"nullif(trim({source}), '')"
    if mapping.values.get(name):
        cases = " ".join(
            f"WHEN {literal(old)} THEN {literal(new)}" for old, new in mapping.values[name].items()
        )
        source, their_type = f"CASE {source}::VARCHAR {cases} ELSE {source}::VARCHAR END", "VARCHAR"
    if name in mapping.defaults:
        default = literal(mapping.defaults[name])
        source, their_type = f"coalesce({source}::VARCHAR, {default}::VARCHAR)", "VARCHAR"
    return source, their_type


def _cast(name: str, source: str, their_type: str, kind: str) -> str:
    text = f"({source})::VARCHAR"
    if kind == "text":
        return text
    if kind == "yes or no":
        lowered = f"lower({text})"
        return (
            f"CASE WHEN list_contains({_YES}, {lowered}) THEN true "
            f"WHEN list_contains({_NO}, {lowered}) THEN false END"
        )
    # A French table writes 0,5.
    number = f"replace({source}, ',', '.')" if their_type == "VARCHAR" else source
    number = f"TRY_CAST({number} AS DOUBLE)"
    if kind == "number":
        return f"CASE WHEN isfinite({number}) THEN {number} END"
    if name in _ROUNDED:
        return f"TRY_CAST(round({number}) AS INTEGER)"
    return f"CASE WHEN {number} = trunc({number}) THEN TRY_CAST({number} AS INTEGER) END"


def _cast_time(
    casting: Casting, relation: Any, column: tuple[str, str, str], mapping: TableMapping
) -> list[str]:
    """Adds a time column; returns its name when it needs a zone that is not declared."""
    name, source, their_type = column
    zone = literal(mapping.time_zone or "UTC")
    if their_type == "TIMESTAMP WITH TIME ZONE":
        casting.expressions[name] = source
        return []
    if their_type in _NAIVE_TYPES:
        casting.expressions[name] = f"timezone({zone}, ({source})::TIMESTAMP)"
        return [] if mapping.time_zone else [name]
    if their_type != "VARCHAR":
        casting.expressions[name] = "NULL::TIMESTAMPTZ"
        _note(casting, name, "time", f"({source}) IS NOT NULL")
        return []
    if mapping.time_format and "%z" in mapping.time_format:
        typed = f"try_strptime({source}, {literal(mapping.time_format)})"
        _count(relation, f"count({typed})", mapping)
        casting.expressions[name] = typed
        _note(casting, name, "time", f"({source}) IS NOT NULL AND ({typed}) IS NULL")
        return []
    parsed = (
        f"try_strptime({source}, {literal(mapping.time_format)})"
        if mapping.time_format
        else f"TRY_CAST({source} AS TIMESTAMP)"
    )
    aware = f"regexp_matches({source}, {literal(_HAS_OFFSET)})"
    plain = f"regexp_replace({source}, {literal(_SAID_UTC)}, '+00', 'i')"
    plain = f"regexp_replace({plain}, {literal(_SPACED)}, '\\1')"
    typed = (
        f"CASE WHEN {aware} THEN TRY_CAST({plain} AS TIMESTAMPTZ) "
        f"ELSE timezone({zone}, {parsed}) END"
    )
    counts = f"count(*) FILTER ({aware}), count(*) FILTER (NOT {aware} AND ({parsed}) IS NOT NULL)"
    with_offset, without = _count(relation, counts, mapping)
    if with_offset and without:
        # Nobody can say what clock the others were read from, a declared zone included.
        casting.unreadable.append(
            Rule(
                f"{name} says no time zone where other rows do (mixed time zones)",
                f"({source}) IS NOT NULL AND NOT {aware} AND ({parsed}) IS NOT NULL",
            )
        )
    casting.expressions[name] = typed
    _note(casting, name, "time", f"({source}) IS NOT NULL AND ({typed}) IS NULL")
    return [name] if without and not with_offset and not mapping.time_zone else []


def _count(relation: Any, counts: str, mapping: TableMapping) -> tuple[int, ...]:
    """Counts rows; here the engine first meets the declared format of times."""
    try:
        return tuple(relation.aggregate(counts).fetchone())
    except duckdb.InvalidInputException as error:
        raise InputError(
            f"time_format is {mapping.time_format!r}; expected the codes of strptime, such as "
            "%d/%m/%Y %H:%M",
            field="time_format",
        ) from error


_NAIVE_TYPES = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "DATE")


def _note(casting: Casting, name: str, kind: str, condition: str) -> None:
    casting.unreadable.append(Rule(f"{name} cannot be read as a {kind}", condition))
