"""What is asked of France Travail: one occupation, a window of creation dates, a department.

The API shows the first 3,150 offers of a query and no more. A larger query is split: by date as
long as its window is longer than a minute, because every offer has a date; then by department.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from jobmatch_ml.errors import FormatError, InputError
from jobmatch_ml.reference.regions import REGIONS

PAGE_SIZE = 150
"""Offers of one call, the most that the API gives."""

MAX_RESULTS = 3_150
"""Offers of one query that can be reached: ``range`` starts at 3000 and ends at 3149 at most."""

MIN_WINDOW = timedelta(minutes=1)
"""The shortest window that is split by date: imports in bulk share their very second."""

DEPARTMENTS: tuple[str, ...] = tuple(sorted(code for codes in REGIONS.values() for code in codes))
"""Codes as the API spells them: ``01`` … ``95``, ``2A``, ``2B``, ``971`` …"""

_ROME = re.compile(r"[A-N]\d{4}")
_CONTENT_RANGE = re.compile(r"\s*\w+\s+(?:(\d+)-(\d+)|\*)/(\d+)\s*")


@dataclass(frozen=True, slots=True)
class OfferQuery:
    """One search. Both ends of the window belong to it; whole seconds, UTC.

    Args:
        rome: Occupation code, such as ``M1805``.
        since: Earliest creation date.
        until: Latest creation date.
        department: Department code; ``None``: anywhere, offers without a place included.
        is_last_resort: Read as far as the API shows it, however many there are.
    """

    rome: str
    since: datetime
    until: datetime
    department: str | None = None
    is_last_resort: bool = False

    def parameters(self, first: int) -> str:
        """Returns the query string for the page that begins with result ``first`` (0-based).

        The colons of the times stay as they are: encoded ones have been refused.
        """
        parts = [
            f"codeROME={self.rome}",
            f"minCreationDate={_stamp(self.since)}",
            f"maxCreationDate={_stamp(self.until)}",
            f"range={first}-{first + PAGE_SIZE - 1}",
            # By date, the newest first: the order that changes least while it is read.
            "sort=1",
        ]
        if self.department:
            parts.append(f"departement={self.department}")
        return "&".join(parts)

    def split(self) -> list[OfferQuery]:
        """Returns smaller queries that together find the same offers; empty: nothing is smaller.

        Halves share their border, so that no fraction of a second falls between them. Departments
        leave out offers without a place; the query itself therefore comes last once more, to be
        read as far as it goes.
        """
        if self.is_last_resort:
            return []
        length = self.until - self.since
        if length > MIN_WINDOW:
            middle = self.since + timedelta(seconds=length.total_seconds() // 2)
            return [replace(self, until=middle), replace(self, since=middle)]
        if self.department is None:
            by_department = [replace(self, department=code) for code in DEPARTMENTS]
            return [*by_department, replace(self, is_last_resort=True)]
        return [replace(self, is_last_resort=True)]

    def to_dict(self) -> dict[str, Any]:
        """Returns plain values for a cursor file."""
        return {
            "rome": self.rome,
            "since": _stamp(self.since),
            "until": _stamp(self.until),
            "department": self.department,
            "is_last_resort": self.is_last_resort,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> OfferQuery:
        """Reads what :meth:`to_dict` wrote; ``KeyError`` or ``ValueError`` on anything else."""
        return cls(
            rome=str(values["rome"]),
            since=datetime.fromisoformat(values["since"]),
            until=datetime.fromisoformat(values["until"]),
            department=values["department"],
            is_last_resort=bool(values["is_last_resort"]),
        )

    def __str__(self) -> str:
        where = f" in department {self.department}" if self.department else ""
        return f"{self.rome}{where} from {_stamp(self.since)} to {_stamp(self.until)}"


@dataclass(frozen=True, slots=True)
class ContentRange:
    """What a ``Content-Range`` header says: ``offres 0-149/353``.

    Args:
        first: Index of the first result shown; ``None`` when none is (``*/0``).
        last: Index of the last one.
        total: Results of the whole query.
    """

    first: int | None
    last: int | None
    total: int

    @classmethod
    def parse(cls, header: str) -> ContentRange:
        """Reads a header's value.

        Raises:
            FormatError: It is not of that form, or its numbers contradict each other.

        Example:
            >>> ContentRange.parse("offres 150-299/353")
            ContentRange(first=150, last=299, total=353)
        """
        match = _CONTENT_RANGE.fullmatch(header)
        if match is None:
            raise FormatError(f"Content-Range is {header[:80]!r}; expected 'offres 0-149/353'")
        total = int(match[3])
        if match[1] is None:
            return cls(None, None, total)
        first, last = int(match[1]), int(match[2])
        if not first <= last < total:
            raise FormatError(f"Content-Range {header[:80]!r} contradicts itself")
        return cls(first, last, total)


def check_rome(code: str) -> str:
    """Returns an occupation code in capitals.

    Raises:
        InputError: It is not a letter from A to N and four digits.
    """
    upper = code.strip().upper()
    if not _ROME.fullmatch(upper):
        raise InputError(
            f"{code!r} is no ROME code: expected a letter from A to N and four digits, "
            "such as M1805",
            field="rome",
        )
    return upper


def check_department(code: str) -> str:
    """Returns a department code as the API spells it (``1`` → ``01``, ``2a`` → ``2A``).

    Raises:
        InputError: There is no such department.
    """
    upper = code.strip().upper().zfill(2)
    if upper not in DEPARTMENTS:
        raise InputError(
            f"{code!r} is no department code: expected one such as 69, 2A or 974",
            field="department",
        )
    return upper


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
