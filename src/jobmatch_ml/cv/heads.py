"""The head of an entry: what is the position (or degree), what the employer (or school).

A head is cut into parts, at what a layout sets apart, at signs, brackets and ``chez``. Each part is
weighed by its words and by what stands at the same place in the section's other entries: who writes
employers first does so throughout. The best pair of parts is the entry's title and entity.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from jobmatch_ml.cv.dates import PERIOD
from jobmatch_ml.cv.fields import is_field
from jobmatch_ml.cv.head_scores import Marks, find_towns, is_place, weigh
from jobmatch_ml.cv.headings import BULLETS, fold
from jobmatch_ml.cv.placeholders import is_employer, set_apart
from jobmatch_ml.cv.words import load_words

_CELL = re.compile(r"\s*\|\s*|\s+[•·]\s+|\s*\t\s*|\s{3,}")  # parts that a layout sets apart
_STRONG = re.compile(r"\s+chez\s+|\s*(?<!\w)@\s*(?=\w)|\s+at\s+(?=[A-ZÀ-Ý])")
_WEAK = re.compile(
    r"\s+[-–—→]+\s+|,\s+|\s+:\s+|:\s+|\s/\s|\s*;\s+|(?<=[\wÀ-ÿ)])\s?[–—]\s|(?<=\w{4})\.\s(?=[A-ZÀ-Ý])"
)
_BRACKETS = re.compile(r"\(([^()]{0,80})\)|\[([^\[\]]{0,80})\]")
_EDGES = " \t,;:|*#_[]" + BULLETS
_LONGEST_HEAD = 300  # characters; what is longer holds no title behind them
_MOST_PARTS = 12
_LONGEST_TITLE = 100
_IN_TOWN = re.compile(r",?\s+à\s+(?:la |l['’])?[A-ZÀ-Ý][\w'’-]+(?:[ -][\w'’-]+){0,4}$")
_BELOW_WHOLE = 4.0  # marks: what stands below a line that has everything describes it
_FEW = 2  # entries from which a habit shows
_OF_A_TOWN = frozenset(["universite", "lycee", "college", "ecole", "institut", "faculte", "iut"])
_FIELD = re.compile(
    r"^(?:(?P<role>(?:intitul[ée] d[ue] )?(?:poste|fonction|emploi|m[ée]tier|titre|dipl[ôo]me|"
    r"position|job title|role|title|qualification|degree)(?: ou poste)?(?: occup[ée]e?| or "
    r"position held| held)?(?: awarded| obtenu)?)|"
    r"(?P<entity>(?:nom (?:et adresse )?de l['’]|name (?:and address )?of (?:the )?)?(?:employeur|"
    r"entreprise|soci[ée]t[ée]|[ée]tablissement|[ée]cole|organisme|structure|employer|company|"
    r"school|organi[sz]ation|institution))|(?P<date>dates?|p[ée]riode|dur[ée]e|ann[ée]e|year|period)"
    r"|(?P<place>lieu|ville|location|place|localisation|city)|(?P<note>type de contrat|contrat|"
    r"contract))\s?(?::|\|)\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a head.

    Args:
        text: Its words.
        line: Line of the entry, from 0.
        key: Where it stands, comparable between entries.
        marks: What its words say.
        after: The sign before it: ``cell``, ``sign``, ``bracket``, ``at`` or ``line``.
        span: Its place in the line without dates.
    """

    text: str
    line: int
    key: tuple[int, int, int]
    marks: Marks
    after: str
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Head:
    """Title and entity of an entry, and how many lines its head takes."""

    title: str | None
    entity: str | None
    used: int


def read_heads(
    entries: Sequence[tuple[Sequence[str], re.Match[str] | None]], *, degrees: bool = False
) -> list[Head]:
    """Reads the heads of a section's entries, each with its dates, together.

    Args:
        entries: Of each entry the lines that may belong to the head (the first one does), and the
            period that was found in one of them.
        degrees: Whether the section tells of education.
    """
    parted = [part_head(lines, period, degrees=degrees) for lines, period in entries]
    usual = _usual_marks(parted)
    heads = [
        _choose(parts, lines, period, usual)
        for parts, (lines, period) in zip(parted, entries, strict=True)
    ]
    return _without_towns(heads)


def read_head(
    lines: Sequence[str], period: re.Match[str] | None, *, degrees: bool = False
) -> tuple[str | None, str | None, int]:
    """Reads the head of an entry that stands alone: title, entity and the lines that they took."""
    head = read_heads([(lines, period)], degrees=degrees)[0]
    return head.title, head.entity, head.used


def part_head(
    lines: Sequence[str], period: re.Match[str] | None, *, degrees: bool = False
) -> list[Part]:
    """Cuts the lines of a head into parts, dates left out."""
    parts: list[Part] = []
    dated = _dated_line(lines, period)
    for at, whole in enumerate(lines):
        line = whole[:_LONGEST_HEAD]
        cells = _cells(line, period if at == dated else None)
        for cell_at, cell in enumerate(cells):
            if is_field(cell) and not is_employer(cell):
                continue
            field = _FIELD.match(cell)
            bare = cell[field.end() :] if field else cell
            pieces = [(bare, "line", (0, len(bare)))] if field else cut(bare)
            told = [piece for piece in pieces if any(map(str.isalnum, piece[0]))]
            for piece_at, (text, after, span) in enumerate(told):
                marks = _field_marks(field) or weigh(text, degrees=degrees)
                if after == "at":
                    marks = Marks(marks.role - 3, marks.entity + 4, marks.place - 2)
                sign = ("cell" if cell_at else "line") if not piece_at else after
                key = (at, min(cell_at, 3), min(piece_at, 3))
                parts.append(Part(text, at, key, marks, sign, span))
                if len(parts) >= _MOST_PARTS:
                    return parts
    return parts


def cut(text: str) -> list[tuple[str, str, tuple[int, int]]]:
    """Cuts a text at commas, dashes, ``chez`` and before brackets that hold a place.

    A kind of contract stays with the part before it; brackets, and a town and its state, hold
    together.

    Returns:
        Each part, what stands before it (``line``, ``sign``, ``at``), and its span.
    """
    inside = [match.span() for match in (*_BRACKETS.finditer(text), *find_towns(text))]
    cuts = [(match.start(), match.end(), "at") for match in list(_STRONG.finditer(text))[:1]]
    cuts += [(match.start(), match.end(), "sign") for match in _WEAK.finditer(text)]
    found: list[tuple[str, str, tuple[int, int]]] = []
    start, after = 0, "line"
    for begin, end, sign in [*sorted(cuts), (len(text), len(text), "end")]:
        if begin < start or any(low < begin < high for low, high in inside):
            continue
        piece = text[start:begin].strip(_EDGES)
        if piece and found and fold(piece) in load_words("contract_notes"):
            _, sort, (low, _) = found[-1]
            found[-1] = (text[low:begin].strip(_EDGES), sort, (low, begin))
        elif piece:
            found.append((piece, after, (start, begin)))
        after = sign if not (after == "at" and not piece) else "at"
        start = end
    return found


def split_pieces(text: str) -> list[str]:
    """Splits a line at commas, dashes and ``chez``; not inside brackets.

    Example:
        >>> split_pieces("Vendeuse – CDD, Fnac (Part-Dieu, Lyon)")
        ['Vendeuse – CDD', 'Fnac (Part-Dieu, Lyon)']
    """
    return [piece for piece, _, _ in cut(text)]


def _dated_line(lines: Sequence[str], period: re.Match[str] | None) -> int:
    if period is None:
        return -1
    goal = period.group(0)
    return next((at for at, line in enumerate(lines) if goal in line), -1)


def _cells(line: str, period: re.Match[str] | None) -> list[str]:
    """Returns the parts of a line that the layout sets apart, without the dates."""
    bare = line
    if period is not None:
        at = line.find(period.group(0))
        before, after = line[:at], line[at + len(period.group(0)) :]
        if before.rstrip()[-1:] in ("(", "[") and after.lstrip()[:1] in (")", "]"):
            before, after = before.rstrip()[:-1], after.lstrip()[1:]
        elif before.rstrip()[-1:] == "(" and after.lstrip()[:1] in (",", "–", "-"):
            before, after = before.rstrip()[:-1], after.replace(")", "", 1)
        elif after.lstrip()[:1] == ")" and before.count("(") > before.count(")"):
            before, after = before.rstrip(" ,–-") + ")", after.lstrip()[1:]
        bare = f"{before} | {after}"
    bare = re.sub(rf"^{PERIOD.pattern}$", " ", bare, flags=re.IGNORECASE) if period else bare
    if _FIELD.match(bare):
        fields = [cell.strip(_EDGES) for cell in bare.split(" | ")]
        named = len(fields) > 1 and all(_FIELD.match(cell) for cell in fields if cell)
        return [cell for cell in (fields if named else [bare.strip(_EDGES)]) if cell]
    apart = set_apart(bare)
    return [cell.strip(_EDGES) for cell in _CELL.split(apart) if cell.strip(_EDGES)]


def _field_marks(field: re.Match[str] | None) -> Marks | None:
    if field is None:
        return None
    if field["role"]:
        return Marks(6.0, -6.0, -6.0)
    if field["entity"]:
        return Marks(-6.0, 6.0, -6.0)
    return Marks(-6.0, -6.0, 3.0 if field["place"] else -3.0)


def _usual_marks(parted: Iterable[Sequence[Part]]) -> Mapping[tuple[int, int, int], Marks]:
    """Returns the mean marks of the parts that stand at one place of a section's heads."""
    groups: dict[tuple[int, int, int], list[Marks]] = defaultdict(list)
    for parts in parted:
        for part in parts:
            groups[part.key].append(part.marks)
    return {
        key: Marks(
            sum(mark.role for mark in marks) / len(marks),
            sum(mark.entity for mark in marks) / len(marks),
            sum(mark.place for mark in marks) / len(marks),
        )
        for key, marks in groups.items()
    }


def _choose(
    parts: Sequence[Part],
    lines: Sequence[str],
    period: re.Match[str] | None,
    usual: Mapping[tuple[int, int, int], Marks],
) -> Head:
    """Takes the best pair of parts as title and entity."""
    dated = _dated_line(lines, period)
    if not parts:
        return Head(None, None, max(dated, 0) + 1)
    best = max(
        ((_worth(parts, t, e, dated, usual), t, e) for t in range(len(parts))
         for e in [None, *range(len(parts))] if t != e),
        key=lambda item: (item[0], -item[1]),
    )  # fmt: skip
    _, title_at, entity_at = best
    title = parts[title_at]
    entity = parts[entity_at] if entity_at is not None else None
    taken = [title.line, dated, entity.line if entity else 0]
    used = max(taken) + 1
    # A town, or a kind of contract, on a line of its own below ends the head.
    while used < len(lines) and (
        is_place(lines[used].strip(_EDGES))
        or fold(lines[used]) in load_words("contract_notes")
        or (_FIELD.match(lines[used]) is not None)
    ):
        used += 1
    if entity is None and is_employer(title.text):
        return Head(None, title.text, used)
    return Head(_title_text(parts, title_at, entity_at, lines), _entity_text(entity), used)


def _worth(
    parts: Sequence[Part], t: int, e: int | None, dated: int,
    usual: Mapping[tuple[int, int, int], Marks],
) -> float:  # fmt: skip
    title = parts[t]
    worth = title.marks.role + usual[title.key].role - _distance(parts, t, dated)
    if e is None:
        return worth - 0.8
    entity = parts[e]
    worth += entity.marks.entity - 0.5 * entity.marks.role
    worth += usual[entity.key].entity - 0.5 * usual[entity.key].role - 0.5 * usual[entity.key].place
    worth -= _distance(parts, e, dated)
    return worth + (0.3 if t < e else 0.0)


def _distance(parts: Sequence[Part], at: int, dated: int) -> float:
    """Tells how far a part stands from where titles and employers are: first, near the dates.

    Towns between them that no other part stands beside do not count.
    """
    part = parts[at]
    others = {other.line for other in parts if other.marks.place <= 0}
    towns = [other.line for other in parts[:at] if other.line not in others]
    line = part.line - len(set(towns) - {dated})
    first = 0.45 * min(at - len(towns), 4)
    below = 1.2 * max(line - max(dated, 0) - 2, 0) + 0.5 * max(line - max(dated, 1), 0)
    return first + below + (_BELOW_WHOLE if part.line > dated and _is_whole(parts, dated) else 0.0)


def _is_whole(parts: Sequence[Part], dated: int) -> bool:
    """Tells whether the line of the dates holds a placeholder's employer and a position too."""
    beside = [part for part in parts if part.line == dated and part.marks.place <= 0]
    return len(beside) > 1 and any(is_employer(part.text) for part in beside)


def _title_text(parts: Sequence[Part], t: int, e: int | None, lines: Sequence[str]) -> str:
    """Returns the title with what a comma or dash parted from it but belongs to it."""
    title = parts[t]
    text = title.text
    if e is None:
        return text
    last = text
    for part in parts[t + 1 :]:
        beside = part.line == title.line and part.key[1] == title.key[1]
        if part is parts[e] or not beside or not part.text[:1].islower() or is_place(part.text):
            break
        last = part.text
    line = lines[title.line]
    start, end = line.find(text), line.rfind(last) + len(last)
    whole = line[start:end]
    return whole if last != text and start >= 0 and len(whole) <= _LONGEST_TITLE else text


def _without_towns(heads: list[Head]) -> list[Head]:
    """Leaves out towns behind employers, "Fnac à Lyon", where most entries are worded so.

    One such name alone may be made with the town.
    """
    cut = [_IN_TOWN.search(head.entity) if head.entity else None for head in heads]
    if 3 * sum(found is not None for found in cut) < 2 * len(heads) or len(heads) < _FEW:
        return heads
    return [
        Head(head.title, head.entity[: found.start()], head.used)
        if found and head.entity and fold(head.entity).split()[0] not in _OF_A_TOWN
        else head
        for head, found in zip(heads, cut, strict=True)
    ]


def _entity_text(entity: Part | None) -> str | None:
    if entity is None:
        return None
    text = entity.text
    brackets = _BRACKETS.search(text)
    if brackets and text.endswith((")", "]")):
        held = brackets.group(1) or brackets.group(2) or ""
        if is_place(held) and brackets.start() > 1:
            return text[: brackets.start()].strip(_EDGES)
    return text.strip(_EDGES) or None
