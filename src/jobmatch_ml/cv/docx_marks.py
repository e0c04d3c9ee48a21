"""What of a Word file's text is shown: the text of hidden runs is taken out before it is read.

A run's look is looked up where Word looks: the run, its style and those that it is based on, the
paragraph's style, the document's defaults. White text counts as hidden only where nothing coloured
can lie below it: a shaded cell, paragraph or run, a text box with a fill, a shape behind the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jobmatch_ml.cv.hidden import LONGEST, MOST_LINES, HiddenReason

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_WPS = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}"
_V = "{urn:schemas-microsoft-com:vml}"
_TINY = 5  # half points: type of 2.5 points
_LIGHTEST = 0xF4  # of each of red, green and blue: what is lighter is white on white
_OFF = ("0", "false", "off", "none")
_MOST_STYLES = 20  # in a chain of styles that are based on each other
_LONGEST_PROPERTY = 80  # characters: a title, a subject and a few keywords are shorter
_PROPERTIES = ("title", "subject", "keywords", "comments", "category")

Hidden = list[tuple[str, HiddenReason, int]]


def remove_hidden(document: Any, headers: Any) -> Hidden:
    """Takes text that nobody sees out of a document; python-docx then reads what is left.

    Returns:
        Their texts, those of comments, and long document properties: text, reason, page 0.
    """
    found: Hidden = []
    styles = _Styles(document.styles.element)
    for root in (document.element.body, *(header._element for header in headers)):
        runs = [(run, reason) for run in root.iter(f"{_W}r") if (reason := _reason(run, styles))]
        for run, reason in runs:
            # Its own text alone: a drawing in it may hold a text box, whose runs speak for theirs.
            parts = run.findall(f"{_W}t")
            text = "".join(part.text or "" for part in parts)
            if text.strip():
                found.append((text, reason, 0))
            for part in parts:
                run.remove(part)
    found = _join(found)
    found += [(text, "comment", 0) for text in _comments(document)]
    values = (getattr(document.core_properties, name) for name in _PROPERTIES)
    found += [(text, "metadata", 0) for text in values if len(text or "") > _LONGEST_PROPERTY]
    return [(text[:LONGEST], reason, page) for text, reason, page in found[:MOST_LINES]]


class _Styles:
    """Styles by their id, and what a style says of a run."""

    def __init__(self, root: Any) -> None:
        self._styles = {style.get(f"{_W}styleId"): style for style in root.iter(f"{_W}style")}
        defaults = root.find(f"{_W}docDefaults/{_W}rPrDefault/{_W}rPr")
        self._defaults = [defaults] if defaults is not None else []

    def looks(self, run: Any) -> list[Any]:
        """Returns what is said of a run's look, the nearest first."""
        own = run.find(f"{_W}rPr")
        found = [] if own is None else [own]
        if own is not None:
            found += self._of_style(own.find(f"{_W}rStyle"))
        paragraph = next(run.iterancestors(f"{_W}p"), None)
        if paragraph is not None:
            found += self._of_style(paragraph.find(f"{_W}pPr/{_W}pStyle"))
        return [*found, *self._defaults]

    def shaded(self, table: Any) -> bool:
        """Tells whether a table's style colours cells."""
        named = table.find(f"{_W}tblPr/{_W}tblStyle")
        return any(_is_colored(shade) for style in self._chain(named)
                   for shade in style.iter(f"{_W}shd"))  # fmt: skip

    def _of_style(self, named: Any) -> list[Any]:
        looks = (style.find(f"{_W}rPr") for style in self._chain(named))
        return [look for look in looks if look is not None]

    def _chain(self, named: Any) -> Iterator[Any]:
        for _ in range(_MOST_STYLES):
            style = None if named is None else self._styles.get(named.get(f"{_W}val"))
            if style is None:
                return
            yield style
            named = style.find(f"{_W}basedOn")


def _reason(run: Any, styles: _Styles) -> HiddenReason | None:
    looks = styles.looks(run)
    if not looks:
        return None
    vanish = _first(looks, "vanish")
    if vanish is not None and vanish.get(f"{_W}val", "1").lower() not in _OFF:
        return "marked_hidden"
    size = _first(looks, "sz")
    if size is not None and _number(size.get(f"{_W}val"), 99) < _TINY:
        return "tiny"
    color = _first(looks, "color")
    if color is None or not _is_white(color.get(f"{_W}val")):
        return None
    return None if _has_ground(run, looks, styles) else "same_color"


def _first(looks: list[Any], name: str) -> Any:
    found = (look.find(f"{_W}{name}") for look in looks)
    return next((item for item in found if item is not None), None)


def _has_ground(run: Any, looks: list[Any], styles: _Styles) -> bool:
    """Tells whether something coloured may lie below a run."""
    highlight = _first(looks, "highlight")
    if highlight is not None and highlight.get(f"{_W}val") not in ("none", "white"):
        return True
    if any(_is_colored(shade) for shade in (_first(looks, "shd"),)):
        return True
    background = run.getroottree().getroot().find(f"{_W}background")
    if background is not None and not _is_white(background.get(f"{_W}color")):
        return True
    return any(_colors(parent, styles) for parent in run.iterancestors())


def _colors(parent: Any, styles: _Styles) -> bool:
    """Tells whether an element that holds a run has a colour of its own below its text."""
    if parent.tag == f"{_W}p":
        behind = any(
            anchor.get("behindDoc") in ("1", "true") for anchor in parent.iter(f"{_WP}anchor")
        )
        return behind or _is_colored(parent.find(f"{_W}pPr/{_W}shd"))
    if parent.tag == f"{_W}tc":
        return _is_colored(parent.find(f"{_W}tcPr/{_W}shd"))
    if parent.tag == f"{_W}tbl":
        return _is_colored(parent.find(f"{_W}tblPr/{_W}shd")) or styles.shaded(parent)
    if parent.tag == f"{_WPS}wsp":
        look = parent.find(f"{_WPS}spPr")
        fills = [] if look is None else look.findall(f"{_A}solidFill/{_A}srgbClr")
        white = bool(fills) and all(_is_white(fill.get("val")) for fill in fills)
        empty = look is not None and look.find(f"{_A}noFill") is not None
        return not white and not empty
    if parent.tag in (f"{_V}shape", f"{_V}rect", f"{_V}roundrect", f"{_V}oval"):
        return not _is_white((parent.get("fillcolor") or "white").lstrip("#").split()[0])
    return False


def _is_colored(shade: Any) -> bool:
    if shade is None:
        return False
    fill = shade.get(f"{_W}fill") or "auto"
    pattern = shade.get(f"{_W}val") or "clear"
    solid = pattern not in ("clear", "nil")
    themed = shade.get(f"{_W}themeFill") is not None and fill == "auto"
    return solid or themed or not (fill == "auto" or _is_white(fill))


def _is_white(color: str | None) -> bool:
    if color is None or color.lower() in ("white", "window"):
        return color is not None
    number = color.lstrip("#")
    if len(number) != 6 or any(digit not in "0123456789abcdefABCDEF" for digit in number):
        return False
    return all(int(number[at : at + 2], 16) >= _LIGHTEST for at in (0, 2, 4))


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else otherwise


def _join(found: Hidden) -> Hidden:
    """Joins runs of one reason that follow each other: Word cuts a sentence into many."""
    joined: Hidden = []
    for text, reason, page in found:
        if joined and joined[-1][1] == reason and len(joined[-1][0]) + len(text) <= LONGEST:
            joined[-1] = (joined[-1][0] + text, reason, page)
        else:
            joined.append((text, reason, page))
    return joined


def _comments(document: Any) -> Iterator[str]:
    for comment in document.comments:
        if text := comment.text.strip():
            yield text
