"""Silver: one France Travail record becomes rows of the 13 silver tables, typed and tidied.

Columns and types come from :mod:`jobmatch_ml.types.tables`; the API's field names are the column
names. Values of another type are converted where nothing is lost ("3" -> 3, 75011 -> "75011"); a
record with a value that cannot be converted is refused as a whole, with the field named and the
value left out (it may be personal). Blank texts become nulls, HTML entities characters, CRLF LF.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import orjson
import pyarrow as pa

from jobmatch_ml.types import tables
from jobmatch_ml.types.tables import Table

MAX_ID_CHARS = 50
MAX_DESCRIPTION_CHARS = 100_000
MAX_TEXT_CHARS = 20_000

Row = tuple[Any, ...]
SilverRows = dict[str, list[Row]]
"""Rows of one offer: table name -> tuples in column order, without ``ingestion_date``."""


class RecordError(Exception):
    """A record that cannot become silver rows; its message is the reason, free of values."""


_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_WORDS_OF_FLAGS = {"true": True, "false": False, "1": True, "0": False, "oui": True, "non": False}
_TYPE_NAMES = {
    str: "text",
    dict: "an object",
    list: "a list",
    bool: "true/false",
    int: "a number",
    float: "a number",
    type(None): "null",
}


def _found(value: Any) -> str:
    return _TYPE_NAMES.get(type(value), "something else")


def _text(value: Any, *, limit: int = MAX_TEXT_CHARS) -> str | None:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise RecordError(f"expected text, found {_found(value)}")
    text = value if isinstance(value, str) else str(value)
    if len(text) > limit:
        raise RecordError(f"text of more than {limit:,} characters")
    # Twice: some recruiters' texts arrive encoded twice (`&amp;eacute;`).
    for _ in range(2):
        if "&" in text:
            text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text and not text.isspace() else None


def _long_text(value: Any) -> str | None:
    return _text(value, limit=MAX_DESCRIPTION_CHARS)


def _flag(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower() if isinstance(value, (str, int)) else None
    if word == "":
        return None
    if word not in _WORDS_OF_FLAGS:
        raise RecordError(f"expected true or false, found {_found(value)}")
    return _WORDS_OF_FLAGS[word]


def _number(value: Any) -> float | None:
    if isinstance(value, str) and not value.strip():
        return None
    try:
        number = float(value) if isinstance(value, (str, int, float)) else math.nan
    except (ValueError, OverflowError):
        number = math.nan
    if isinstance(value, bool) or not math.isfinite(number):
        raise RecordError(f"expected a number, found {_found(value)}")
    return number


def _count(value: Any) -> int | None:
    number = _number(value)
    if number is None:
        return None
    if number != int(number) or abs(number) > 1e9:
        raise RecordError("expected a whole number, found another")
    return int(number)


def _moment(value: Any) -> datetime | None:
    expected = "expected an ISO 8601 time such as 2025-02-28T11:00:58Z"
    if not isinstance(value, str):
        raise RecordError(expected)
    if not value.strip():
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        # The API's times are UTC; one without a zone is taken to be, too.
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise RecordError(expected) from error


def _json(value: Any) -> str | None:
    return orjson.dumps(value).decode() if value else None


Converter = Callable[[Any], Any]
_BY_TYPE: dict[str, Converter] = {
    tables.TEXT: _text,
    tables.FLAG: _flag,
    tables.NUMBER: _number,
    tables.COUNT: _count,
    tables.MOMENT: _moment,
}
_BY_COLUMN: dict[tuple[str, str], Converter] = {
    ("offers", "description"): _long_text,
    ("offers_origine", "partenaires"): _json,
}


def _converters(table: Table) -> tuple[tuple[str, Converter], ...]:
    return tuple(
        (column.name, _BY_COLUMN.get((table.name, column.name), _BY_TYPE[column.type]))
        for column in table.columns
        if column.name not in {"id", "offer_id", "ingestion_date"}
    )


class _Detail(NamedTuple):
    """Where a table's values stand in a record, and how each is converted."""

    field: str
    table: str
    converters: tuple[tuple[str, Converter], ...]


def _detail(field: str, table: Table) -> _Detail:
    return _Detail(field, table.name, _converters(table))


_OFFER = _converters(tables.OFFERS)
_ONE = (
    _detail("lieuTravail", tables.LIEU_TRAVAIL),
    _detail("entreprise", tables.ENTREPRISE),
    _detail("salaire", tables.SALAIRE),
    _detail("contact", tables.CONTACT),
    _detail("origineOffre", tables.ORIGINE),
)
_MANY = (
    _detail("competences", tables.COMPETENCES),
    _detail("qualitesProfessionnelles", tables.QUALITES),
    _detail("formations", tables.FORMATIONS),
    _detail("permis", tables.PERMIS),
    _detail("langues", tables.LANGUES),
)
_COMPLEMENTS = _detail("salaire.listeComplements", tables.SALAIRE_COMPLEMENTS)
_SCHEDULES = _detail("contexteTravail.horaires", tables.HORAIRES)


def normalise_record(record: Any) -> tuple[str, SilverRows]:
    """Turns one raw record into silver rows.

    Returns:
        The offer's id, and its rows by table; tables for which the offer says nothing are left out.

    Raises:
        RecordError: Not an object, no id, no title, or a value that cannot be converted.
    """
    if not isinstance(record, dict):
        raise RecordError(f"expected an object, found {_found(record)}")
    offer_id = _offer_id(record.get("id"))
    values = _values(record, _OFFER, "")
    if values[0] is None:
        raise RecordError("empty title (`intitule`)")
    rows: SilverRows = {tables.OFFERS.name: [(offer_id, *values)]}
    for detail in _ONE:
        if value := record.get(detail.field):
            _add(rows, offer_id, detail, [_object(value, detail.field)])
    for detail in _MANY:
        if value := record.get(detail.field):
            _add(rows, offer_id, detail, _objects(value, detail.field))
    if value := (record.get("salaire") or {}).get("listeComplements"):
        _add(rows, offer_id, _COMPLEMENTS, _objects(value, _COMPLEMENTS.field))
    if value := record.get("contexteTravail"):
        _add(rows, offer_id, _SCHEDULES, _schedules(_object(value, "contexteTravail")))
    return offer_id, rows


def _schedules(context: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    value = context.get("horaires") or []
    return [{"horaire": each} for each in (value if isinstance(value, list) else [value])]


def _offer_id(value: Any) -> str:
    text = str(value).strip() if isinstance(value, (str, int)) and value is not True else ""
    if not text or value is False:
        raise RecordError("no id")
    if len(text) > MAX_ID_CHARS:
        raise RecordError(f"id of more than {MAX_ID_CHARS} characters")
    return text


def _values(
    item: Mapping[str, Any], converters: Sequence[tuple[str, Converter]], where: str
) -> list[Any]:
    values = []
    for name, convert in converters:
        value = item.get(name)
        if value is not None:
            try:
                value = convert(value)
            except RecordError as error:
                raise RecordError(f"`{where}{name}`: {error}") from None
        values.append(value)
    return values


def _add(
    rows: SilverRows, offer_id: str, detail: _Detail, items: Sequence[Mapping[str, Any]]
) -> None:
    for item in items:
        values = _values(item, detail.converters, f"{detail.field}.")
        if any(value is not None for value in values):
            rows.setdefault(detail.table, []).append((offer_id, *values))


def _object(value: Any, field: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise RecordError(f"`{field}`: expected an object, found {_found(value)}")
    return value


def _objects(value: Any, field: str) -> list[Mapping[str, Any]]:
    items = value if isinstance(value, list) else [value]
    return [_object(item, field) for item in items]


def to_arrow(table: Table, rows: Sequence[Row], day: date, schema: pa.Schema) -> pa.Table:
    """Returns rows of one day as an Arrow table with the specified columns."""
    columns = list(zip(*rows, strict=True)) or [() for _ in table.columns[:-1]]
    arrays = [pa.array(values, schema.field(i).type) for i, values in enumerate(columns)]
    arrays.append(pa.repeat(pa.scalar(day, pa.date32()), len(rows)))
    return pa.Table.from_arrays(arrays, schema=schema)
