"""Forms: names of fields beside their values, the same names again for each entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from jobmatch_ml.cv.fields import FieldKind, split_fields
from jobmatch_ml.cv.head_scores import is_place
from jobmatch_ml.cv.reading import TextLine

_CORE: tuple[FieldKind, ...] = ("role", "entity", "date")
_FEWEST = 2  # kinds of these that a form has


@dataclass(slots=True)
class Record:
    """One entry of a form: its lines, its fields' values by kind, and what describes it."""

    lines: list[TextLine]
    values: dict[FieldKind, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    text: list[str] = field(default_factory=list)


def read_form(lines: Sequence[TextLine]) -> list[Record]:
    """Returns the entries of a section that is a form; none where it is not.

    A name that comes again opens the next entry, whatever the order of the fields.

    Args:
        lines: The section's lines with text.
    """
    parsed = [split_fields(line.text) for line in lines]
    told = [kind for fields in parsed for kind, _, _ in fields if kind in _CORE]
    if len(set(told)) < _FEWEST:
        return []
    records: list[Record] = []
    last: FieldKind = "text"
    for line, fields in zip(lines, parsed, strict=True):
        fresh = [name for kind, name, _ in fields if kind in _CORE]
        if not records or any(name in records[-1].names for name in fresh):
            if not fresh and not records:
                continue
            records.append(Record([]))
        records[-1].lines.append(line)
        for kind, name, value in fields:
            _add(records[-1], kind, name, value)
            last = kind
        if not fields:
            _go_on(records[-1], last, line.text)
            last = "text"
    whole = sum("role" in record.values and len(record.values) > 1 for record in records)
    return records if 3 * whole >= 2 * len(records) else []


def _add(record: Record, kind: FieldKind, name: str, value: str) -> None:
    """Notes a field; a second one of dates is their end."""
    record.names.add(name)
    if kind == "text":
        record.text.append(value)
    elif kind == "date" and record.values.get("date") and value:
        record.values["date"] += f" – {value}"
    elif not record.values.get(kind):
        record.values[kind] = _without_town(value) if kind == "entity" else value


def _without_town(value: str) -> str:
    """Returns an employer without the town behind it."""
    head, comma, town = value.rpartition(",")
    return head if comma and is_place(town) else value


def _go_on(record: Record, last: FieldKind, text: str) -> None:
    """Notes a line without a name: a value's first line below its name, or a description."""
    if last != "text" and not record.values.get(last):
        record.values[last] = text
    else:
        record.text.append(text)
