"""Lists: skills, certificates, languages and interests, however a layout sets them.

One line is one item unless the list plainly says otherwise: signs that only lists have (``·``,
``|``, ``;`` …) always part items; commas do only where no other sign or line does, for a skill may
itself name three tools.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from jobmatch_ml.cv.headings import BULLETS, is_bullet
from jobmatch_ml.cv.reading import ContentType, TextLine

_SIGN = re.compile(r"\s?[·•|▪●■◆]\s?|\t|;\s|\s/(?:\s|$)")
_SIGNS = "·•|;/"
_COMMA = re.compile(r",\s|,(?!\d)")
_LABEL = re.compile(r"[^:,;()|·•]{2,40}?\s?:\s+(?=\S)")
# What follows such a comma tells how long something was practised.
_YEARS = re.compile(r"\d{1,2}\s?(?:ans?|years?|mois|months?)\b", re.IGNORECASE)
# No item ends so: its rest stands on the next line.
_UNFINISHED = re.compile(
    r"(?:[,:(]|\s(?:de|du|des|le|la|les|et|ou|à|au|aux|en|pour|sur|of|and|or|for|the|to|with))$"
)
# Dots, stars, bars and shares beside a skill.
_RATING = re.compile(
    r"(?:[●○◉◎★☆■□▪▫◆◇█░▓▒▰▱⬤⚫⚪◯✩✭✮✰\u25cf\u25cb\uf111\uf10c\uf005\uf006]\s?){2,}"
    r"|\|\s?\d{1,2}\s?(?:ans?|years?|mois|months?)\s?(?=\||$)"
    r"|\s[●○★☆■□]+$|\(?\b\d{1,3}\s?%\)?$|\s\(?\d{1,2}\s?/\s?(?:5|10)\)?$"
)
_THEMED = (ContentType.SKILL_HARD, ContentType.SKILL_SOFT)
_FEWEST_THEMED = 3  # lines
_LONGEST_THEME = 40  # characters
_LONGEST_SHORT = 4  # words of an item between commas
_BRACKETS = re.compile(r"\([^()]{0,80}\)")
_LONGEST_BROKEN = 300  # characters of what brackets hold together
# A theme beside its items, or before brackets around them.
_BESIDE = re.compile(rf"^[{re.escape(BULLETS)}\s]*[^|:,;()]{{2,40}}?\s?\|\s?(?P<items>[^|]+)$")
_AROUND = re.compile(r"^[^():,;|]{2,40}?\s?:?\s?\((?P<items>[^()]+)\)[.;,]?$")
_EDGES = " \t.:*_#" + BULLETS
_SHARP = re.compile(r"(?<![\w#])[A-Z]$")
_DOT_NET = re.compile(r"NET\b", re.I)


def split_items(kind: ContentType, lines: Sequence[TextLine]) -> Iterator[list[TextLine]]:
    """Splits a list's lines into items.

    A label before several items (``Langages : Python, Java``) names them and is left out.

    Args:
        kind: What the list holds. Certificates have no commas between them; languages keep
            their level.
        lines: The section's lines.

    Yields:
        The pieces of each item, one a line that it goes over, each with its place in the text.
    """
    rated = [_without_rating(line) for line in lines]
    filled = [line for line in rated if line.text.strip() and not _names_a_group(line.text)]
    apart: set[int] = set()
    if kind in _THEMED:
        filled, apart = _without_themes(filled)
        filled, opened = _open_themes(filled)
        apart |= opened
    joined = any(_SIGN.search(_bare(line.text)) for line in filled)
    commas = not joined and (bool(apart) or _has_commas(kind, filled))
    margins = _margins(filled)
    running: list[TextLine] = []
    themed = False  # whether the items of a theme run on from line to line
    named = sum(_is_themed(kind, line) for line in filled)
    named = named if 2 * sum(_is_labelled(kind, line) for line in filled) > len(filled) else 0
    for position, line in enumerate(filled):
        before = filled[position - 1] if position else None
        themed = (_is_labelled(kind, line) if named else _is_themed(kind, line)) or (
            themed and before is not None and _runs_on(before, line, margins)
        )
        bare = _without_label(line) if named and _is_labelled(kind, line) else line
        pieces = _split(kind, bare, joined=joined and not themed, commas=commas or themed)
        if not pieces:
            continue
        goes_on = (
            before is not None
            and bool(running)
            and line.start not in apart
            and _goes_on(
                before,
                line,
                margins,
                open_list="," if themed or (commas and not joined) else _SIGNS if joined else "",
            )
        )
        if running and not goes_on:
            yield running
            running = []
        for piece in pieces[:-1]:
            yield [*running, piece]
            running = []
        running.append(pieces[-1])
    if running:
        yield running


def _without_rating(line: TextLine) -> TextLine:
    """Blanks dots, stars and shares that say how well; each character keeps its place."""
    text = _RATING.sub(_blank, line.text)
    return line if text == line.text else replace(line, text=text.rstrip(" :"))


def _blank(match: re.Match[str]) -> str:
    """Returns blanks for a rating; shares of a sentence, "marge accrue de 30 %", are none."""
    before = match.string[: match.start()]
    told = "%" in match.group(0) and (
        _UNFINISHED.search(before.rstrip(" :")) or len(before.split()) > _LONGEST_SHORT
    )
    return match.group(0) if told else " " * len(match.group(0))


def _without_themes(lines: list[TextLine]) -> tuple[list[TextLine], set[int]]:
    """Leaves out lines that name a theme of those below: short ones between lists with commas.

    Returns:
        The other lines, and where those begin that a theme stood above and that have commas.
    """
    if len(lines) < _FEWEST_THEMED:
        return lines, set()
    themes = [at for at in range(len(lines) - 1) if _is_theme(lines[at], lines[at + 1])]
    lists = sum(_COMMA.search(line.text) is not None for line in lines)
    bullets = sum(is_bullet(line.text) for line in lines)
    if len(themes) < 2 or 2 * max(lists, bullets) < len(themes) or themes[0] != 0:
        return lines, set()
    apart = {lines[at + 1].start for at in themes} if lists > bullets else set()
    return [line for at, line in enumerate(lines) if at not in themes], apart


def _open_themes(lines: list[TextLine]) -> tuple[list[TextLine], set[int]]:
    """Leaves out themes that stand before their items: in a cell, or before brackets.

    ``Langages | Python, SQL`` and ``Langages (Python, SQL)``: where most lines are so set.

    Returns:
        The lines, and where those begin that held a theme: commas part their items.
    """
    for pattern, least in ((_BESIDE, 1), (_AROUND, 1)):
        mended = _close_brackets(lines) if pattern is _AROUND else lines
        matches = [pattern.match(line.text) for line in mended]
        left = min((line.box[0] for line in mended if line.box), default=0.0)
        own = sum(line.box is None or line.box[0] < left + 3 for line in mended)
        listed = sum(match is not None and "," in match["items"] for match in matches)
        told = sum(match is not None for match in matches)
        whole = listed and told == own > 1
        if (listed <= least and not whole) or 2 * listed < told or 2 * told < own:
            continue
        kept = [
            replace(line, text=match["items"], start=line.start + match.start("items"))
            if match else line
            for line, match in zip(mended, matches, strict=True)
        ]  # fmt: skip
        starts = {line.start for line, match in zip(kept, matches, strict=True) if match}
        return kept, starts
    return lines, set()


def _close_brackets(lines: Sequence[TextLine]) -> list[TextLine]:
    """Joins lines that brackets hold together and a margin broke."""
    closed: list[TextLine] = []
    for line in lines:
        before = closed[-1] if closed else None
        if (
            before is not None
            and before.text.count("(") > before.text.count(")")
            and before.end + 1 == line.start
            and len(before.text) < _LONGEST_BROKEN
        ):
            closed[-1] = replace(before, text=f"{before.text} {line.text}")
        else:
            closed.append(line)
    return closed


def _is_theme(line: TextLine, following: TextLine) -> bool:
    text = line.text
    if _COMMA.search(text) or is_bullet(text) or _SIGN.search(text) or len(text) > _LONGEST_THEME:
        return False
    listed = _COMMA.search(following.text) is not None or is_bullet(following.text)
    if line.style and following.style:
        # A word in bold above a single one is an item like any other.
        larger = line.style[1] or line.style[0] > following.style[0]
        listed = listed or _SIGN.search(following.text) is not None
        return listed and larger and line.style != following.style
    return listed and line.style is None and following.style is None


def _names_a_group(text: str) -> bool:
    bare = _bare(text)
    return text.startswith("#") or (bare.rstrip("*_ ").endswith(":") and not _YEARS.match(bare))


def _bare(text: str) -> str:
    return text.lstrip(" \t" + BULLETS)


def _has_commas(kind: ContentType, lines: Sequence[TextLine]) -> bool:
    """Tells whether commas part the items: nearly all lines have them, and none has a bullet."""
    if kind is ContentType.CERTIFICATION or not lines:
        return False
    bulleted = sum(is_bullet(line.text) for line in lines)
    if 2 * bulleted >= len(lines) and kind is not ContentType.INTEREST:
        return False
    with_commas = [line for line in lines if _COMMA.search(_strip_label(kind, line.text))]
    if kind in (ContentType.LANGUAGE, ContentType.INTEREST) or len(lines) == 1:
        return bool(with_commas)
    texts = " ".join(line.text for line in lines)
    items = [item for item in _COMMA.split(texts) if item]
    short = sum(len(item.split()) <= _LONGEST_SHORT for item in items)
    # A paragraph of items runs on from line to line: nearly all of its lines have commas, some
    # end with one, and most were broken by the margin.
    ended = sum(line.text.rstrip().endswith(",") for line in lines[:-1])
    runs_on = 3 * len(with_commas) >= 2 * len(lines) and 4 * ended >= len(lines) - 1
    margins = _margins(lines)
    if margins:
        broken = sum(
            _had_no_room(before, line.text, margins[1]) for before, line in pairwise(lines)
        )
        runs_on = runs_on and 3 * broken >= 2 * (len(lines) - 1)
    labelled = any(_strip_label(kind, line.text) != line.text for line in with_commas)
    return 3 * short >= 2 * len(items) and (
        runs_on or labelled or len(items) >= 4 * len(lines)
    )  # fmt: skip


def _strip_label(kind: ContentType, text: str) -> str:
    label = None if kind is ContentType.LANGUAGE else _LABEL.match(text)
    return text[label.end() :] if label else text


def _without_label(line: TextLine) -> TextLine:
    begin = len(line.text) - len(_bare(line.text))
    label = _LABEL.match(line.text, begin)
    if label is None:
        return line
    return replace(line, text=line.text[label.end() :], start=line.start + label.end())


def _is_labelled(kind: ContentType, line: TextLine) -> bool:
    bare = _bare(line.text)
    return kind in _THEMED and _LABEL.match(bare) is not None and not _YEARS.match(bare)


def _is_themed(kind: ContentType, line: TextLine) -> bool:
    """Tells whether a line begins with a theme and its items with commas between."""
    label = _LABEL.match(_bare(line.text))
    if label is None or not _is_labelled(kind, line):
        return False
    rest = _bare(line.text)[label.end() :]
    return _COMMA.search(f"{rest} ") is not None and not _SIGN.search(rest)


def _runs_on(before: TextLine, line: TextLine, margins: tuple[float, float] | None) -> bool:
    """Tells whether a line goes on with the items of the one before: it had no room left."""
    if is_bullet(line.text) or _LABEL.match(line.text):
        return False
    return before.text.endswith(",") or (
        margins is not None and _had_no_room(before, line.text, margins[1])
    )


def _split(kind: ContentType, line: TextLine, *, joined: bool, commas: bool) -> list[TextLine]:
    """Splits one line; each piece keeps its place in the text."""
    text = line.text
    begin = len(text) - len(_bare(text))
    label = None if kind is ContentType.LANGUAGE else _LABEL.match(text, begin)
    if label and not _YEARS.match(text, begin):
        rest = text[label.end() :]
        signs = _SIGN.search(rest) is not None
        if signs or _COMMA.search(rest):
            begin = label.end()
            commas = commas or (kind is not ContentType.CERTIFICATION and not signs)
    if kind is ContentType.LANGUAGE and joined and _SIGN.search(text):
        joined = not all(is_level(part) for part in _SIGN.split(text)[1:])
    pieces: list[TextLine] = []
    for start, end in _spans(text, begin, joined=joined, commas=commas):
        item = _trim(text[start:end])
        if item:
            at = line.start + text.index(item, start)
            pieces.append(TextLine(item, page=line.page, start=at, box=line.box))
    return pieces


def _spans(text: str, begin: int, *, joined: bool, commas: bool) -> Iterator[tuple[int, int]]:
    pattern = _COMMA if commas else _SIGN if joined else None
    brackets = [match.span() for match in _BRACKETS.finditer(text)]
    opened = [low for low, _ in brackets]
    start = begin
    for match in pattern.finditer(text, begin) if pattern else ():
        nearest = bisect_left(opened, match.start()) - 1
        inside = nearest >= 0 and match.start() < brackets[nearest][1]
        if inside or (commas and _YEARS.match(text, match.end())):
            continue
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def _trim(text: str) -> str:
    item = text.strip(_EDGES + ",;|")
    if not item:
        return ""
    before, _, after = text.partition(item)
    # "C#" is no C, and ".NET" has its point.
    if after.startswith("#") and _SHARP.search(item):
        item += "#"
    return f".{item}" if before.endswith(".") and _DOT_NET.match(item) else item


_LEVEL = re.compile(
    r"^\(?(?:[ABC][12]\b|natif|native|langue maternelle|maternelle|mother tongue|bilingue|"
    r"bilingual|courant|fluent|professionnel|professional|interm[ée]diaire|intermediate|"
    r"d[ée]butant|beginner|basic|bases?|notions|scolaire|lu\b|technique|avanc[ée]|advanced|"
    r"bon niveau|good|working knowledge|conversation|toeic|toefl|niveau|level|elementary|"
    r"limited|full professional)",
    re.IGNORECASE,
)


_LEVEL_SIGN = re.compile(r"\s?[:|(,]\s?|\s[-–—]\s|\s")


def is_level(text: str) -> bool:
    """Tells whether a text says how well a language is spoken (``B1``, ``courant``, ``TOEIC``)."""
    return _LEVEL.match(text.strip(" :-–")) is not None


def split_language(text: str) -> tuple[str, str | None]:
    """Splits an item of a list of languages into the language and its level as written.

    Example:
        >>> split_language("Anglais : courant (B2)"), split_language("Espagnol B1")
        (('Anglais', 'courant (B2)'), ('Espagnol', 'B1'))
    """
    for match in _LEVEL_SIGN.finditer(text):
        rest = text[match.end() :].strip(" :–—-|")
        if match.group(0).strip() or is_level(rest):
            level = rest[:-1] if rest.endswith(")") and "(" not in rest else rest
            return text[: match.start()].strip(), level or None
    return text.strip(), None


def _margins(lines: Sequence[TextLine]) -> tuple[float, float] | None:
    """Returns the left and right end of a list; ``None`` without a layout."""
    boxes = [line.box for line in lines if line.box]
    if not boxes:
        return None
    return min(box[0] for box in boxes), max(box[2] for box in boxes)


def _goes_on(
    before: TextLine, line: TextLine, margins: tuple[float, float] | None, *, open_list: str
) -> bool:
    """Tells whether a line is the rest of the one before, broken by the margin.

    ``open_list`` holds the signs between the items of a running list, if it is one.
    """
    if is_bullet(line.text) or _LABEL.match(line.text):
        return False
    lower = line.text[:1].islower()
    if margins is None or line.box is None or before.box is None:
        return lower and is_bullet(before.text)
    indented = line.box[0] > margins[0] + 3
    if is_bullet(before.text):
        return indented and line.page == before.page
    full = _had_no_room(before, line.text, margins[1])
    if line.text.startswith("(") or (not open_list and _UNFINISHED.search(before.text)):
        return True
    if open_list:
        # Framed items stand on one line each.
        framed = ("|" in before.text or "|" in line.text) and not lower
        return full and not framed and before.text.rstrip()[-1:] not in open_list
    return full and (lower or indented)


def _had_no_room(line: TextLine, following: str, right: float) -> bool:
    """Tells whether the next line's first word would not have fitted behind a line."""
    if line.box is None:
        return False
    letter = (line.box[2] - line.box[0]) / max(len(line.text), 1)
    word = following.partition(" ")[0]
    return line.box[2] + (len(word) + 1) * letter > right
