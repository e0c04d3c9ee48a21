"""What the pages keep for a person: successes and pitches, in the browser's session alone.

The lists live in the page as JSON text (``sessionStorage``: gone when the tab is closed), come
back with every call and are read again each time as if a stranger had written them.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

MOST_RECORDS = 50
_Text = Annotated[str, Field(max_length=20_000)]
_Words = Annotated[tuple[Annotated[str, Field(max_length=300)], ...], Field(max_length=50)]


class _Record(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    record_id: Annotated[str, Field(max_length=64)] = Field(
        default_factory=lambda: uuid.uuid4().hex
    )


class SavedSuccess(_Record):
    """A success that the person keeps."""

    title: _Text = ""
    situation: _Text = ""
    task: _Text = ""
    action: _Text = ""
    result: _Text = ""
    skills_demonstrated: _Words = ()

    @property
    def name(self) -> str:
        """What lists call it."""
        return self.title.strip() or "Succès sans titre"

    def for_service(self) -> dict[str, object]:
        """Returns the object of the assistant's API."""
        return self.model_dump(mode="json", exclude={"record_id"})


class SavedPitch(_Record):
    """A pitch that the person keeps."""

    audience: _Text = ""
    pitch_30s: _Text = ""
    pitch_3min: _Text = ""
    key_strengths: _Words = ()


RecordT = TypeVar("RecordT", SavedSuccess, SavedPitch)
_LISTS: dict[type[_Record], TypeAdapter[list[object]]] = {
    kind: TypeAdapter(list[kind])  # type: ignore[valid-type] # made once, they are slow to make
    for kind in (SavedSuccess, SavedPitch)
}


def read_records(text: str | None, kind: type[RecordT]) -> list[RecordT]:
    """Returns the records that a page brought back; what is none of them is left out whole."""
    try:
        found = _LISTS[kind].validate_json(text or "[]")
    except ValidationError:
        return []
    return [item for item in found if isinstance(item, kind)][:MOST_RECORDS]


def write_records(records: Sequence[RecordT]) -> str:
    """Returns the records as the page keeps them."""
    kept = [record.model_dump(mode="json") for record in records[-MOST_RECORDS:]]
    return json.dumps(kept, ensure_ascii=False)


def put_record(records: Sequence[RecordT], record: RecordT) -> list[RecordT]:
    """Returns the records with one added, or in the place of its earlier version."""
    changed = list(records)
    for number, item in enumerate(changed):
        if item.record_id == record.record_id:
            changed[number] = record
            return changed
    changed.append(record)
    return changed


def drop_record(records: Sequence[RecordT], record_id: str | None) -> list[RecordT]:
    """Returns the records without one."""
    return [item for item in records if item.record_id != record_id]
