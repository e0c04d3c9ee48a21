"""A text made easy to search without moving a character: what every reader of offers looks at.

Spans must point into the offer as gold stores it. So capitals, accents, curly quotes and HTML tags
are replaced one character for one: position ``i`` of the flat text is position ``i`` of the
original, and a rule is written once, in plain lower case.
"""

from __future__ import annotations

import re
import unicodedata

MAX_CHARS = 100_000
"""What lies behind is not read: nobody describes a post in more, and time must stay bounded."""

_TAG = re.compile(r"</?[a-zA-Z!][^<>]{0,300}>")
_SPECIAL = {
    "’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "«": '"', "»": '"',
    "–": "-", "—": "-", "‑": "-", "−": "-", "•": "*", "·": "*", "▪": "*", "●": "*",
    "►": "*", "➢": "*", "✓": "*", "✔": "*", "➜": "*", "\t": " ", "\xa0": " ", "\u202f": " ",
    "\u2009": " ", "\u200b": " ", "¿": " ", "œ": "o", "Œ": "o", "æ": "a", "Æ": "a", "…": ".",
    "‚": ",",
}  # fmt: skip


def _folded(char: str) -> str:
    plain = unicodedata.normalize("NFKD", char)[0].lower()
    return plain if len(plain) == 1 else char


_TABLE = {code: _folded(chr(code)) for code in range(0x41, 0x250)} | {
    ord(char): plain for char, plain in _SPECIAL.items() if len(char) == 1
}


def flatten(text: str | None) -> str:
    r"""Returns the text in lower case without accents or tags, each character where it was.

    A closing tag or ``<br>`` becomes a line break, so that list items stay apart; the literal
    ``/r/n`` that some recruiters' systems send becomes one, too.

    Args:
        text: As stored; ``None`` is empty. Cut at `MAX_CHARS`.

    Example:
        >>> flatten("<b>Maîtrise</b> d’Excel")
        "   maitrise\n    d'excel"
    """
    if not text:
        return ""
    flat = text[:MAX_CHARS].translate(_TABLE)
    if "<" in flat:
        flat = _TAG.sub(_blank, flat)
    if "/r/n" in flat:
        flat = flat.replace("/r/n", "\n   ")
    if "***" in flat:
        flat = flat.replace("***", "\n* ")
    return flat


def _blank(tag: re.Match[str]) -> str:
    size = len(tag[0])
    is_break = tag[0][1] == "/" or tag[0].startswith(("<br", "<li", "<p", "<h", "<div"))
    return ("\n" if is_break else " ") + " " * (size - 1)


def fold_term(term: str) -> str:
    """Returns a vocabulary term as :func:`flatten` would show it in a text."""
    return " ".join(flatten(term).split())
