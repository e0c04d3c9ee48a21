"""Small things about texts that people read: counting words, French typography, sentences."""

from __future__ import annotations

import re

from jobmatch_ml.assistant.claims_text import split_sentences
from jobmatch_ml.cv.text import clean

_TAG = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|</?[a-zA-Z!][^<>]{0,300}>", re.S)
_MARKDOWN_LINK = re.compile(r"!?\[([^\]\n]{0,200})\]\([^)\n]{0,500}\)")
_URL = re.compile(r"\b(?:https?|ftp|javascript|data|file):\S+|\bwww\.\S+", re.I)
_SPACES = re.compile(r"[ \t\u00a0\u202f]+")


def count_words(text: str) -> int:
    """Returns the number of words as a French text processor counts them.

    A word is what stands between spaces and has at least one letter or digit: ``aujourd'hui``,
    ``l'équipe`` and ``porte-à-porte`` are one word each, ``«``, ``:`` and ``–`` are none.

    Example:
        >>> count_words("J'ai vendu 12 % de plus : bravo !")
        6
    """
    return sum(any(map(str.isalnum, part)) for part in text.split())


def plain(text: str) -> str:
    """Returns a text without markup, links and control characters, with single spaces."""
    bare = _URL.sub(" ", _MARKDOWN_LINK.sub(r"\1", _TAG.sub(" ", clean(text))))
    lines = (_SPACES.sub(" ", line).strip() for line in bare.split("\n"))
    return "\n".join(line for line in lines if line)


def sentences(text: str) -> list[str]:
    """Returns the sentences of a text, bullets and lines included."""
    return [text[part.start : part.end] for part in split_sentences(text)]


def typeset(text: str) -> str:
    r"""Returns a text in French typography: nothing but spaces, points and first capitals change.

    Example:
        >>> typeset("j'ai gagné 12% ,vite")
        "J'ai gagné 12\xa0%, vite."
    """
    one_line = " ".join(text.split())
    one_line = re.sub(r"\.{3,}", "…", one_line)
    one_line = re.sub(r" +([,.…])", r"\1", one_line)
    one_line = re.sub(r",(?=[^\W\d])", ", ", one_line)
    one_line = re.sub(r" ?([;!?»])", "\u00a0\\1", one_line)
    one_line = re.sub(r" ?:(?=\s|$)", "\u00a0:", one_line)
    one_line = re.sub(r"« ?", "«\u00a0", one_line)
    one_line = re.sub(r"(?<=\d) ?([%€])", "\u00a0\\1", one_line)
    one_line = one_line.strip()
    if one_line and one_line[-1] not in ".!?…»":
        one_line = one_line.rstrip(" ,;:-") + "."
    return one_line[:1].upper() + one_line[1:]


def shorten(text: str, most: int) -> str:
    """Returns the whole sentences that fit into so many characters, the first one at least cut."""
    kept = ""
    for sentence in sentences(text):
        if kept and len(kept) + len(sentence) + 1 > most:
            break
        kept = f"{kept} {sentence}".strip()
    if len(kept) <= most:
        return kept
    return kept[:most].rpartition(" ")[0].rstrip(" ,;:") + "…"
