"""Words and sentences of French text: what claims are found in and compared by.

The stemmer is light on purpose: it only has to bring together the forms in which one fact is told
(``encaissé``, ``encaissements``, ``encaisser``), and it is never shown to anyone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from jobmatch_ml.assistant.words import grammar
from jobmatch_ml.reference.titles import fold

_TOKEN = re.compile(r"[^\W_]+(?:\+\+|#)?|&")
_TAG = re.compile(r"</?[a-zA-Z!][^<>\n]{0,200}>")
_MARKUP = re.compile(r"[*_`~]+")
BULLET = re.compile(r"[ \t]*(?:[-–—*•·●▪‣◦➢✓✔]|\d{1,2}[.)])[ \t]+")
_END = re.compile(r"[.!?…]+[»”\")\]]*(?=\s|$)|\n")
# A point after these ends no sentence.
_SHORT = grammar("short")
# Endings, longest first; what is left must be long enough to still be a word.
_ENDINGS = sorted(grammar("endings"), key=lambda ending: (-len(ending), ending))
_LEAST_STEM = 4


@dataclass(frozen=True, slots=True)
class Token:
    """One word: where it stands, folded, stemmed, and how it is written."""

    text: str
    start: int
    end: int
    fold: str
    stem: str

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[:1].isupper()

    @property
    def acronym(self) -> bool:
        """Whether it is written in capitals throughout: ``BTS``, ``R489``."""
        return len(self.text) >= 2 and self.text.isupper()


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, line or item of a list: ``text[start:end]``."""

    start: int
    end: int
    bullet: bool = False


def mask_markup(text: str) -> str:
    """Returns the text with tags and emphasis as spaces, every character at its old place."""
    without = _TAG.sub(lambda found: " " * len(found[0]), text)
    return _MARKUP.sub(lambda found: " " * len(found[0]), without)


def fold_in_place(text: str) -> str:
    """Returns the text without accents and capitals, every character at its place."""
    return "".join(fold(char)[:1] or " " if char > "\x7f" else char.lower() for char in text)


def tokenize(text: str, offset: int = 0) -> list[Token]:
    """Returns the words of a text; elided articles and hyphenated parts are words of their own."""
    found = []
    for match in _TOKEN.finditer(text):
        word = match[0]
        folded = _folded(word)
        start = match.start() + offset
        found.append(Token(word, start, start + len(word), folded, stem(folded)))
    return found


@lru_cache(maxsize=50_000)
def _folded(word: str) -> str:
    return fold(word)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Returns what the forms of a folded word have in common.

    Example:
        >>> stem("encaissements"), stem("encaisse"), stem("vendeuses"), stem("cheffe")
        ('encaiss', 'encaiss', 'vend', 'chef')
    """
    if len(word) <= 3 or not word.isalpha():
        return word
    left = word
    if left.endswith("aux") and not left.endswith("eaux"):
        left = left.removesuffix("aux") + "al"
    if left.endswith(("trice", "trices")):
        left = left.removesuffix("s").removesuffix("trice") + "teur"
    for ending in _ENDINGS:
        # Short words lose only marks of number and gender: "mise" is not "m". A "t" before "eur"
        # belongs to a short stem: "tracteur" is not "traçabilité".
        least = 3 if ending in ("s", "x", "e", "es", "er", "eur", "eurs", "euse") else _LEAST_STEM
        least += ending in ("teur", "teurs", "teuse", "teuses", "al", "ale", "als", "ales")
        if left.endswith(ending) and len(left) - len(ending) >= least:
            left = left[: -len(ending)]
            break
    if len(left) > 3 and left[-1] == left[-2] and left[-1] not in "aeiouys":
        left = left[:-1]
    return left


def split_sentences(text: str) -> list[Sentence]:
    """Returns the sentences in order; bullets and lines that begin anew are sentences too."""
    return list(_sentences(text))


def _sentences(text: str) -> Iterator[Sentence]:
    start = 0
    for match in _END.finditer(text):
        if not _ends_here(text, match):
            continue
        end = match.start() if match[0] == "\n" else match.end()
        yield from _trimmed(text, start, end)
        start = match.end()
    yield from _trimmed(text, start, len(text))


def _ends_here(text: str, match: re.Match[str]) -> bool:
    after = text[match.end() : match.end() + 40]
    if match[0] == "\n":
        # A line that goes on in lower case was wrapped; anything else begins anew.
        before = text[max(0, match.start() - 2) : match.start()].rstrip()
        goes_on = after.lstrip(" \t")[:1].islower() and not BULLET.match(after)
        return not goes_on or before[-1:] in (":", ";", ".", "!", "?")
    if match[0].startswith(("!", "?", "…", "..")):
        return not after.lstrip()[:1].islower()
    word = re.search(r"[^\W\d_]+$", text[max(0, match.start() - 12) : match.start()])
    if word and (fold(word[0]) in _SHORT or len(word[0]) == 1) and after.strip():
        return after.lstrip(" ").startswith("\n")
    line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()].strip()
    # "1." opens an item of a list.
    return not line.isdigit() and not after.lstrip()[:1].islower()


def _trimmed(text: str, start: int, end: int) -> Iterator[Sentence]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield Sentence(start, end, bullet=BULLET.match(text, start, end) is not None)
