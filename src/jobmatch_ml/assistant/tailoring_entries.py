"""A candidate's lines as the entries of a CV: position, employer, place, dates, missions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jobmatch_ml.assistant.candidate import EvidenceLine
from jobmatch_ml.assistant.claims_dates import find_dates
from jobmatch_ml.assistant.tailoring_clean import typeset

_ISO = re.compile(r"\b((?:19|20)\d{2})-(0[1-9]|1[0-2])(?:-\d{2})?\b")
_LASTS = re.compile(r"aujourd|présent|present|en cours|depuis|actuel|ce jour", re.I)
_NOW = re.compile(r"\b(?:present|current|now)\b", re.I)
_SEPARATORS = re.compile(r"\s+[-–—|·•@]\s+|\s*\|\s*|,\s+|\s*:\s+|\t+")
_EDGES = " \t,;:|[]-–—·•"
_RANGE = re.compile(r"(?<=\w) - (?=\w)")
_SUBTITLE = re.compile(r"^\s*(?:[-–—:]\s|\()")
# A row that ends like this goes on in the next one.
_OPEN_END = re.compile(
    r"(?:[,(/&-]|\b(?:de|du|des|d'|le|la|les|l'|un|une|et|ou|à|au|aux|en|par|pour|sur|avec|dans))$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Mission:
    """One thing that was done: its words and where they stand."""

    text: str
    line_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One position or diploma.

    Args:
        line_id: The line it was read from.
        title: Position or diploma.
        entity: Employer or school; may be empty.
        place: Whatever else its head says, mostly the town.
        period: Dates as they are shown; may be empty.
        missions: What stands below.
    """

    line_id: str
    title: str
    entity: str
    place: str
    period: str
    missions: tuple[Mission, ...]

    @property
    def last_month(self) -> int:
        """Month of its end (months since year 0); a position that lasts comes last of all."""
        points = find_dates(self.period)
        if not points:
            return -1
        return 10**6 if lasts(self.period) else points[-1].months


def lasts(period: str) -> bool:
    """Tells whether dates have no end yet.

    Example:
        >>> lasts("2021 – Présent"), lasts("2019 – 2021")
        (True, False)
    """
    return bool(_LASTS.search(period))


def read_entry(line: EvidenceLine) -> Entry:
    """Returns a line's parts; no word of it is lost."""
    rows = [row for row in line.text.split("\n") if row.strip()]
    details = list(line.details)
    head = rows[: len(rows) - len(details)]
    title, entity = line.title, line.entity
    if not title and not entity:
        title, details = (rows[0] if rows else ""), rows[1:]
        head = []
    if line.kind == "education":
        title = _whole_title(head, title, entity)
    period = show_period(line.dates)
    rest = _rest(head, (title, entity, line.dates))
    points = find_dates(rest) if not period else []
    if points:
        told = rest[points[0].start : points[-1].end]
        rest = _rest([rest], (told,))
        period = show_period(told)
    if period and title.strip() == period.strip():
        period = ""  # dates that stand for a title that was not read are said once
    missions = tuple(
        Mission(text, (line.line_id,)) for row in join_rows(details) if (text := typeset(row))
    )
    title, entity = (_unended(typeset(part.strip(_EDGES))) for part in (title, entity))
    return Entry(line.line_id, title, entity, rest, period, missions)


def show_period(dates: str) -> str:
    """Returns dates as a French CV shows them.

    Example:
        >>> show_period("2019-03 - present")
        "03/2019 – aujourd'hui"
        >>> show_period("mai 2021 - septembre 2025")
        'mai 2021 – septembre 2025'
    """
    if not dates:
        return ""
    return _RANGE.sub(" – ", _NOW.sub("aujourd'hui", _ISO.sub(r"\2/\1", dates)).strip())


def join_rows(rows: Iterable[str]) -> list[str]:
    """Puts rows together again that only the page's edge had parted.

    Example:
        >>> join_rows(["Accueil des clients et de leurs", "familles", "Caisse"])
        ['Accueil des clients et de leurs familles', 'Caisse']
    """
    joined: list[list[str]] = []
    for row in (row.strip() for row in rows):
        if not row:
            continue
        before = joined[-1][-1] if joined else ""
        goes_on = before and (
            (row[:1].islower() and not before.endswith((".", ";"))) or _OPEN_END.search(before)
        )
        if goes_on:
            joined[-1].append(row)
        else:
            joined.append([row])
    return [" ".join(parts) for parts in joined]


def by_date(entries: Sequence[Entry]) -> list[Entry]:
    """Returns entries latest first; one without dates stays behind the one before it."""
    keys: list[tuple[int, int]] = []
    previous = 10**6
    for position, entry in enumerate(entries):
        month = entry.last_month
        previous = previous if month < 0 else month
        keys.append((-previous, position))
    return [entry for _, entry in sorted(zip(keys, entries, strict=True), key=lambda pair: pair[0])]


def _rest(head: Sequence[str], named: Sequence[str]) -> str:
    """Returns what a head says besides the parts that are named."""
    text = " | ".join(head)
    for part in named:
        if part:
            text = text.replace(part, " | ", 1)
    pieces = [_unended(typeset(piece.strip(_EDGES))) for piece in _SEPARATORS.split(text)]
    return ", ".join(piece for piece in pieces if any(char.isalnum() for char in piece))


def _unended(part: str) -> str:
    """Takes the full stop from a part of a head; "S.A." keeps its own."""
    return part if re.search(r"\b\w\.$|\.\w+\.$", part) else part.removesuffix(".")


def _whole_title(head: Sequence[str], title: str, entity: str) -> str:
    """Returns a diploma's title with the subject that follows it in its own row."""
    row = next((row for row in head if title and title in row), "")
    tail = row.partition(title)[2]
    others = entity and entity in row
    if others or not _SUBTITLE.match(tail) or any(char.isdigit() for char in tail):
        return title
    return f"{title}{tail}".rstrip(_EDGES)
