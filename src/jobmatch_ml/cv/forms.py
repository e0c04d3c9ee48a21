"""Forms: names of fields beside their values, the same names again for each entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from jobmatch_ml.cv.fields import FieldKind, split_fields
from jobmatch_ml.cv.head_scores import is_place
from jobmatch_ml.cv.headings import fold
from jobmatch_ml.cv.reading import TextLine

_CORE: tuple[FieldKind, ...] = ("role", "entity", "date")
_FEWEST = 2  # kinds of these that a form has


@dataclass(slots=True)
class Record:
    """One entry of a form: its lines, its fields' values by kind, and what describes it.

    ``told`` once a field named its position, its employer or its dates.
    """

    lines: list[TextLine]
    values: dict[FieldKind, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    told: bool = False
    text: list[str] = field(default_factory=list)


def read_form(lines: Sequence[TextLine]) -> list[Record]:
    """Returns the entries of a section that is a form; none where it is not.

    A name that comes again opens the next entry, whatever the order of the fields: that of a
    position, an employer or dates, or the name that the form's first entry begins with. So does
    a line like the one above the first field: "Emploi 1", "Emploi 2".

    Args:
        lines: The section's lines with text.
    """
    parsed = [split_fields(line.text) for line in lines]
    told = [kind for fields in parsed for kind, _, _ in fields if kind in _CORE]
    if len(set(told)) < _FEWEST:
        return []
    opening = next(name for fields in parsed for _, name, _ in fields)
    title = "" if parsed[0] else _without_number(lines[0].text)
    records = [Record([])]
    last: FieldKind = "text"
    for line, fields in zip(lines, parsed, strict=True):
        fresh = [name for kind, name, _ in fields if kind in _CORE or name == opening]
        titled = bool(title) and not fields and _without_number(line.text) == title
        again = titled or any(name in records[-1].names for name in fresh)
        if records[-1].told and again:
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


def _without_number(text: str) -> str:
    return " ".join(word for word in fold(text).split() if not word.isdigit())


def _add(record: Record, kind: FieldKind, name: str, value: str) -> None:
    """Notes a field; a second one of dates is their end, another second one describes."""
    record.names.add(name)
    record.told = record.told or kind in _CORE
    _note(record, kind, value)


def _note(record: Record, kind: FieldKind, value: str) -> None:
    if kind == "text":
        record.text.append(value)
    elif kind == "date" and record.values.get("date") and value:
        record.values["date"] += f" – {value}"
    elif record.values.get(kind):
        record.text.append(value)
    elif kind == "entity":
        _note_entity(record, value)
    else:
        record.values[kind] = value


def _note_entity(record: Record, value: str) -> None:
    """Notes an employer; the town behind it is the place, where no field told another."""
    head, comma, town = value.rpartition(",")
    if not (comma and head.strip() and is_place(town)):
        record.values["entity"] = value
        return
    record.values["entity"] = head
    if record.values.get("place"):
        record.text.append(town.strip())
    else:
        record.values["place"] = town.strip()


def _go_on(record: Record, last: FieldKind, text: str) -> None:
    """Notes a line without a name: a value's first line below its name, or a description."""
    if last != "text" and not record.values.get(last):
        _note(record, last, text)
    else:
        record.text.append(text)
