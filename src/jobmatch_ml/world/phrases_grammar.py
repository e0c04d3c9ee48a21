"""Templates of sentences: choices, values and numbers, compiled once and written quickly.

``[a|b]`` is a choice between texts, which may hold choices themselves; ``{name}`` a value; and
``{#2-9}`` a whole number. One template of a few words says hundreds of different things, so that
the vocabulary of a world keeps growing with its size.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from jobmatch_ml.errors import FormatError

ItemT = TypeVar("ItemT")
Draw = Callable[[], float]
"""Returns a number in [0, 1), such as ``random.Random(3).random``."""


class Slot(NamedTuple):
    """A value to be filled in."""

    name: str


class Number(NamedTuple):
    """A whole number to be drawn, both bounds included."""

    low: int
    high: int


Template = tuple[Any, ...]
"""Parts one after the other: text, :class:`Slot`, :class:`Number`, or a choice of templates."""

_END = "|]"


def compile_template(text: str) -> Template:
    """Returns the compiled form of a template.

    Raises:
        FormatError: A bracket is not closed, or closes nothing.

    Example:
        >>> compile_template("Un[ ou deux|] {what}")
        ('Un', ((' ou deux',), ('',)), ' ', Slot(name='what'))
    """
    parts, end = _sequence(text, 0, "")
    if end != len(text):
        raise FormatError(f"template '{text[:60]}': unexpected '{text[end]}' at {end}")
    return parts


def expand(template: Template, draw: Draw, values: Mapping[str, str]) -> str:
    """Writes a template, each choice equally likely.

    Args:
        template: What :func:`compile_template` returned.
        draw: Source of randomness.
        values: Text of each slot; missing ones raise ``KeyError``.
    """
    out: list[str] = []
    _expand(template, draw, values, out)
    return "".join(out)


def pick_one(draw: Draw, items: Sequence[ItemT]) -> ItemT:
    """Returns one item, all equally likely."""
    return items[int(draw() * len(items))]


def pick_many(draw: Draw, items: Sequence[ItemT], count: int) -> list[ItemT]:
    """Returns ``count`` different items in random order, or all when there are fewer."""
    left = list(items)
    return [left.pop(int(draw() * len(left))) for _ in range(min(count, len(left)))]


def pick_by_weight(draw: Draw, items: Sequence[tuple[ItemT, float]]) -> ItemT:
    """Returns one item of pairs (item, weight); weights need not add up to 1."""
    mark = draw() * sum(weight for _, weight in items)
    for item, weight in items:
        mark -= weight
        if mark < 0:
            return item
    return items[-1][0]


def _expand(template: Template, draw: Draw, values: Mapping[str, str], out: list[str]) -> None:
    for part in template:
        kind = type(part)
        if kind is str:
            out.append(part)
        elif kind is tuple:
            _expand(part[int(draw() * len(part))], draw, values, out)
        elif kind is Slot:
            out.append(values[part[0]])
        else:
            out.append(str(part[0] + int(draw() * (part[1] - part[0] + 1))))


def _sequence(text: str, start: int, stops: str) -> tuple[Template, int]:
    """Parses up to one of ``stops`` (or the end); returns the parts and where they end."""
    parts: list[Any] = []
    plain = start
    place = start
    while place < len(text) and text[place] not in stops:
        opening = text[place]
        if opening not in "[{":
            place += 1
            continue
        if place > plain:
            parts.append(text[plain:place])
        part, place = _choice(text, place) if opening == "[" else _slot(text, place)
        plain = place
        parts.append(part)
    if place > plain or not parts:
        parts.append(text[plain:place])
    return tuple(parts), place


def _choice(text: str, start: int) -> tuple[tuple[Template, ...], int]:
    options: list[Template] = []
    place = start
    while place < len(text) and (place == start or text[place] == "|"):
        option, place = _sequence(text, place + 1, _END)
        options.append(option)
    if place >= len(text):
        raise FormatError(f"template '{text[:60]}': '[' at {start} is not closed")
    return tuple(options), place + 1


def _slot(text: str, start: int) -> tuple[Slot | Number, int]:
    end = text.find("}", start)
    if end < 0:
        raise FormatError(f"template '{text[:60]}': '{{' at {start} is not closed")
    name = text[start + 1 : end]
    if not name.startswith("#"):
        return Slot(name), end + 1
    low, _, high = name[1:].partition("-")
    if not (low.isdigit() and high.isdigit() and int(low) <= int(high)):
        raise FormatError(f"template '{text[:60]}': '{{{name}}}' is not a range such as {{#2-9}}")
    return Number(int(low), int(high)), end + 1
