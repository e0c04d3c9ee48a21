"""The head of an entry: what is the position (or degree), what the employer (or school)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from jobmatch_ml.cv.dates import PERIOD
from jobmatch_ml.cv.headings import BULLETS, fold
from jobmatch_ml.cv.words import load_words

_CELL = re.compile(r"\s*\|\s*|\s+[•·]\s+")  # parts that a layout sets apart
_STRONG = re.compile(r"\s+chez\s+|\s+@\s+|\s+at\s+(?=[A-ZÀ-Ý])")
_STRONG_END = re.compile(r"\s+(?:chez|@|at)$")
_WEAK = re.compile(r"\s+[-–—]\s+|,\s+|\s+:\s+")
_BRACKETS = re.compile(r"\([^()]{0,80}\)")
_EDGES = " \t,;:|*#_" + BULLETS
_POSTAL = re.compile(r"\(?\b\d{2}(?:\d{3})?\b\)?")
_LONGEST_HEAD = 300  # characters; what is longer holds no title behind them
_LONGEST_NAME = 80  # characters of an employer on a line of its own


def read_head(
    lines: Sequence[str], period: re.Match[str] | None
) -> tuple[str | None, str | None, int]:
    """Reads the first lines of an entry.

    Lines, and cells of one line, are the surest bounds: the position stands in one, the employer
    in the next. A single line is split at its signs, brackets apart. An employer's own words
    (``SARL``, ``Lycée``, ``Groupe`` …) tell which of two is the employer, and a town after it is
    left out.

    Args:
        lines: Lines that may belong to the head, the first one does.
        period: The entry's dates, found in one of the lines.

    Returns:
        Title, entity, and how many of the lines they and the dates took.
    """
    lines = [line[:_LONGEST_HEAD] for line in lines]
    cells = _cells(lines, period)
    dated_at = max((at for _, at in _dated(lines, period)), default=0)
    if not cells:
        return None, None, dated_at + 1
    first, first_at = cells[0]
    used = max(dated_at, first_at) + 1
    second, second_at = cells[1] if len(cells) > 1 else ("", 0)
    parts = split_pieces(first)
    beside = bool(second) and second_at <= max(dated_at, first_at) + 1 and _may_name(second)
    if beside and _is_second(first, parts, second, same_line=second_at == first_at):
        used = max(used, second_at + 1)
        title, entity = first, _without_place(second)
    elif len(parts) > 1:
        title, entity = _from_pieces(first, parts)
    else:
        return parts[0] if parts else first, None, used
    if _is_entity(title) and not _is_entity(entity) and not _is_occupation(title):
        title, entity = (second if beside and entity in second else entity), _without_place(title)
    return title, entity or None, used


def split_pieces(text: str) -> list[str]:
    """Splits a line at commas, dashes and ``chez``; not inside brackets.

    A kind of contract (``– CDI``) stays with the title before it.

    Example:
        >>> split_pieces("Vendeuse – CDD, Fnac (Part-Dieu, Lyon)")
        ['Vendeuse – CDD', 'Fnac (Part-Dieu, Lyon)']
    """
    inside = [match.span() for match in _BRACKETS.finditer(text)]
    strong = [match.span() for match in _STRONG.finditer(text)][:1]
    cuts = [*strong, *(match.span() for match in _WEAK.finditer(text))]
    pieces: list[str] = []
    start = previous = 0
    for begin, end in sorted(cuts):
        if begin < start or _holds(inside, begin):
            continue
        piece = text[start:begin].strip(_EDGES)
        if pieces and fold(piece) in load_words("contract_notes"):
            pieces[-1] = text[previous:begin].strip(_EDGES)
        elif piece:
            pieces.append(piece)
            previous = start
        start = end
    last = text[start:].strip(_EDGES)
    if pieces and fold(last) in load_words("contract_notes"):
        pieces[-1] = text[previous:].strip(_EDGES)
    elif last:
        pieces.append(last)
    return pieces


def is_place(text: str) -> bool:
    """Tells whether a text is a town of the reference table, with or without its code."""
    return fold(_POSTAL.sub(" ", text)) in _towns()


@cache
def _towns() -> frozenset[str]:
    from jobmatch_ml.reference import load_places

    return frozenset({fold(place.name) for place in load_places()} | {"france", "paris"})


def _holds(spans: Sequence[tuple[int, int]], position: int) -> bool:
    return any(begin < position < end for begin, end in spans)


def _dated(lines: Sequence[str], period: re.Match[str] | None) -> list[tuple[re.Match[str], int]]:
    if period is None:
        return []
    for at, line in enumerate(lines):
        for match in PERIOD.finditer(line):
            if match.group(0) == period.group(0):
                return [(match, at)]
    return []


def _cells(lines: Sequence[str], period: re.Match[str] | None) -> list[tuple[str, int]]:
    """Returns the parts that the layout sets apart, without the dates, each with its line."""
    dated = {at: match for match, at in _dated(lines, period)}
    cells: list[tuple[str, int]] = []
    for at, line in enumerate(lines):
        bare = _without_dates(line, dated[at]) if at in dated else line
        cells += [(cell.strip(_EDGES), at) for cell in _CELL.split(bare) if cell.strip(_EDGES)]
    return cells


def _without_dates(line: str, match: re.Match[str]) -> str:
    before, after = line[: match.start()], line[match.end() :]
    if before.rstrip().endswith("(") and after.lstrip().startswith(")"):
        before, after = before.rstrip()[:-1], after.lstrip()[1:]
    return f"{before} | {after}"


def _may_name(text: str) -> bool:
    return len(text) <= _LONGEST_NAME and not text[:1].islower() and not text.endswith(".")


def _is_second(first: str, parts: Sequence[str], second: str, *, same_line: bool) -> bool:
    """Tells whether the second cell is the employer (or, after an employer, the position)."""
    if is_place(second):
        return False
    if _is_entity(first) and not _is_occupation(first) and not _is_entity(second):
        return True
    if len(parts) < 2:
        return True
    named = split_pieces(second)
    told = _is_entity(named[0]) or (len(named) > 1 and is_place(named[-1]))
    if told and not is_place(parts[-1]):
        return True
    clear = any(_is_entity(part) for part in parts[1:]) or is_place(parts[-1])
    return same_line and not clear


def _from_pieces(text: str, parts: Sequence[str]) -> tuple[str, str]:
    """Tells title and entity of one line; a comma inside the title is kept where that is sure."""
    marked = [at for at, part in enumerate(parts) if at and _is_entity(part)]
    if marked:
        at = marked[0]
    elif len(parts) > 2 and is_place(parts[-1]) and not _is_entity(parts[0]):
        at = len(parts) - 2
    else:
        at = 1
    title = text[: text.index(parts[at], len(parts[0]))].strip(_EDGES)
    return _STRONG_END.sub("", title), parts[at]


def _without_place(text: str) -> str:
    parts = split_pieces(text)
    if len(parts) > 1 and not text.endswith(")"):
        last = text.rindex(parts[-1])
        bare = text[:last].strip(_EDGES)
        return bare if is_place(parts[-1]) else parts[0]
    return parts[0] if parts else text


def _is_entity(text: str) -> bool:
    words = fold(text).split()
    marks = load_words("entity_marks")
    legal = {"sa", "sas", "sarl", "sasu", "eurl", "inc", "ltd", "llc", "gmbh", "plc", "corp"}
    return bool(words) and (
        words[0] in marks or not legal.isdisjoint(words) or " ".join(words[:2]) in marks
    )


def _is_occupation(text: str) -> bool:
    words = fold(text).split()
    return bool(words) and words[0] in load_words("occupation_first")
