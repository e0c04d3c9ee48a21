"""Text that a file holds and nobody sees: named, kept from what is scored, shown to the person.

A plain module without libraries: the parsing child and its parent both use it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

HiddenReason: TypeAlias = Literal[
    "same_color", "tiny", "off_page", "covered", "invisible", "metadata", "marked_hidden",
    "comment", "characters",
]  # fmt: skip
"""Why text is not seen: the colour of its ground, type of under 2.5 points, a place off the page,
something painted over it, a render mode without ink, document properties, Word's attribute
"hidden", a comment, characters that show nothing."""

REASONS: dict[HiddenReason, str] = {
    "same_color": "écrit dans la couleur du fond",
    "tiny": "écrit en caractères minuscules",
    "off_page": "placé en dehors de la page",
    "covered": "recouvert par une image ou une forme",
    "invisible": "écrit sans encre",
    "metadata": "placé dans les propriétés du fichier",
    "marked_hidden": "marqué comme masqué",
    "comment": "placé dans un commentaire",
    "characters": "écrit avec des caractères invisibles",
}
"""In French, after "texte"."""

MOST_ITEMS = 50
MOST_LINES = 400
"""Hidden lines that are kept of a file, before they are joined."""
LONGEST = 500
"""Characters of one hidden text that are kept."""
_SHOWN = 80  # characters that a warning quotes
_LEAST_LETTERS = 4  # fewer are a stray sign, an icon or a drop cap's shadow
_WORD = re.compile(r"\w+")
# A message in Unicode's tag characters; flags (a black flag and a few tags) are honest.
_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{1,8}\U000e007f")
_TAGS = re.compile("[\U000e0000-\U000e007f]+")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,}")
_ZERO_WIDTH = re.compile("[\u200b\u200c\u200d\u2060-\u2064\ufeff\u180e]{8,}")


@dataclass(frozen=True, slots=True)
class HiddenText:
    """Text that was found and left out.

    Args:
        text: The text, at most :data:`LONGEST` characters.
        reason: Why nobody sees it.
        page: 1-based page; 0 for the file as a whole.
    """

    text: str
    reason: HiddenReason
    page: int = 0

    @property
    def warning(self) -> str:
        """What the person is told, in French."""
        shown = self.text if len(self.text) <= _SHOWN else self.text[: _SHOWN - 1] + "…"
        return (
            f"Texte {REASONS[self.reason]} : il n'est pas visible et n'a pas été pris en compte "
            f"(« {shown} »)."
        )

    def to_json(self) -> dict[str, Any]:
        """Returns the fields for JSON."""
        return {"text": self.text, "reason": self.reason, "page": self.page}


def keep_hidden(found: Iterable[HiddenText], visible: str) -> tuple[HiddenText, ...]:
    """Returns what is worth showing of what was found: one item a page and reason.

    A line that the page shows as well is no news: the shadow below a heading, the text below the
    picture of a scanned page. It is left out of the reading all the same.
    """
    shown = f" {' '.join(_words(visible))} "
    kept: dict[tuple[int, HiddenReason], list[str]] = {}
    for item in found:
        if f" {' '.join(_words(item.text))} " not in shown:
            kept.setdefault((item.page, item.reason), []).append(item.text)
    texts = {place: " ".join(" ".join(lines).split()) for place, lines in kept.items()}
    return tuple(
        HiddenText(text[:LONGEST], reason, page)
        for (page, reason), text in texts.items()
        if sum(map(len, _words(text))) >= _LEAST_LETTERS
    )[:MOST_ITEMS]


def same_as_scan(item: HiddenText, recognised: str) -> bool:
    """Tells whether hidden text is the one that character recognition reads in the picture."""
    known = set(_words(recognised))
    words = _words(item.text)
    return bool(words) and sum(word in known for word in words) >= 0.6 * len(words)


def find_hidden_characters(text: str) -> list[HiddenText]:
    """Finds messages written in characters that show nothing, and reads those that can be read."""
    bare = _FLAG.sub("", text)
    found = []
    for match in _TAGS.finditer(bare):
        letters = "".join(chr(ord(sign) - 0xE0000) for sign in match.group(0))
        found.append(_characters("".join(filter(str.isprintable, letters))))
    for pattern in (_SELECTORS, _ZERO_WIDTH):
        found += [
            _characters(f"{len(match.group(0))} caractères invisibles à la suite")
            for match in pattern.finditer(bare)
        ]
    return found


def drop_hidden_characters(text: str) -> str:
    """Removes characters that carry messages and show nothing; flags go with their tags."""
    return _SELECTORS.sub("", _TAGS.sub("", text))


def read_hidden(rows: Any) -> list[HiddenText]:
    """Reads what a child says that it found; it is as hostile as the file.

    Raises:
        TypeError: Not a list of texts with their reasons.
    """
    found = []
    for text, reason, page in rows[:MOST_LINES]:
        if not isinstance(text, str) or reason not in get_args(HiddenReason):
            raise TypeError("hidden text without text or reason")
        found.append(HiddenText(text[:LONGEST], reason, int(page)))
    return found


def _characters(text: str) -> HiddenText:
    return HiddenText(text[:LONGEST], "characters")


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
