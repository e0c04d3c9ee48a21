"""Job titles as people write them: both genders in one, markers, abbreviations, accents.

ROME writes ``Agent / Agente de quai``, ESCO ``agent de quai/agente de quai``, employers
``Agent(e) de quai H/F``, candidates ``agent de quai``. All four have to meet.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import lru_cache
from importlib import resources

# (H/F), F/H, h/f/x, (M/W/D): markers that a post is open to everyone; no part of a title.
_MARKER = re.compile(
    r"(?:\(\s*)?\b(?:[HFMW]\s?[/-]\s?[HFMW](?:\s?[/-]\s?[XDN])?)\b(?:\s*\))?", re.I
)
_ENDED = "trices?|teuse|rice|ice|iere|ière|ère|euse|esse|sse|te|se|ne|fe|ve|le|re|es|e|s"
_SUFFIX = re.compile(rf"(\w{{3,}})(?:\(-?({_ENDED})\)|[·.]({_ENDED})\b(?:[·.]s\b)?)", re.I)
_NOT_WORD = re.compile(r"[^0-9a-z+#]+")
_SEPARATOR = re.compile(r"\s+/\s+|(?<=\w)/(?=\w)")
# Masculine and feminine titles that have no letters in common.
_PAIRS = {
    ("homme", "femme"), ("garcon", "fille"), ("steward", "hotesse"), ("barman", "barmaid"),
    ("gentleman", "lady"), ("parrain", "marraine"), ("frere", "soeur"), ("pere", "mere"),
    ("man", "woman"), ("monsieur", "dame"), ("valet", "femme"),
}  # fmt: skip
# Ending of the masculine, and what a feminine suffix in brackets replaces of it.
_ENDINGS = {
    "trice": ("eur",), "rice": ("eur",), "ice": ("eur",), "teuse": ("teur",), "euse": ("eur",),
    "se": ("r", "x"), "ère": ("er",), "iere": ("ier",), "ière": ("ier",), "ve": ("f",),
    "re": ("r",), "esse": ("e",), "sse": ("",),
}  # fmt: skip


def fold(text: str) -> str:
    """Returns a text in lower case without accents or ligatures.

    Example:
        >>> fold("Maître d'œuvre")
        "maitre d'oeuvre"
    """
    lowered = text.lower().replace("œ", "oe").replace("æ", "ae").replace("’", "'")
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFKD", lowered)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


@lru_cache(maxsize=1)
def load_abbreviations() -> dict[str, str]:
    """Returns the abbreviations of titles and skills with what they stand for, both folded."""
    table = resources.files("jobmatch_ml.reference") / "tables" / "abbreviations.csv"
    rows = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
    return {_words(row["short"]): _words(row["long"]) for row in rows}


def normalise(text: str) -> str:
    """Returns the key under which spellings of one title or skill meet.

    No accents, no capitals, no ``H/F``, punctuation as spaces (``C++`` and ``C#`` keep theirs),
    abbreviations written out. Two genders in one title are left side by side: see
    :func:`gender_forms` for each alone.

    Example:
        >>> normalise("Resp. qualité (H/F)")
        'responsable qualite'
    """
    words = _words(_MARKER.sub(" ", text))
    short = load_abbreviations()
    if words in short:
        return short[words]
    return " ".join(short.get(word, word) for word in words.split())


def _words(text: str) -> str:
    return _NOT_WORD.sub(" ", fold(text)).strip()


def gender_forms(title: str) -> tuple[str, ...]:
    """Returns the masculine and the feminine of a title that names both, else the title alone.

    Example:
        >>> gender_forms("Chef / Cheffe de rayon (H/F)")
        ('Chef de rayon', 'Cheffe de rayon')
        >>> gender_forms("Conseiller(ère) clientèle")
        ('Conseiller clientèle', 'Conseillère clientèle')
        >>> gender_forms("Data analyst")
        ('Data analyst',)
    """
    plain = " ".join(_MARKER.sub(" ", title).split())
    forms = _both(plain)
    masculine = _SUFFIX.sub(lambda found: found[1], forms[0])
    feminine = _SUFFIX.sub(lambda found: _feminine(found[1], found[2] or found[3]), forms[-1])
    return (masculine, feminine) if masculine != feminine else (masculine,)


def _both(title: str) -> tuple[str, ...]:
    for found in _SEPARATOR.finditer(title):
        forms = _split(title[: found.start()].split(), title[found.end() :].split())
        if forms:
            return forms
    return (title,)


def _split(left: list[str], right: list[str]) -> tuple[str, str] | None:
    """Finds where the feminine words of ``right`` begin to repeat the last words of ``left``."""
    for start in range(len(left)):
        repeated = len(left) - start
        if repeated <= len(right) and all(map(_related, left[start:], right)):
            masculine = [*left, *right[repeated:]]
            return " ".join(masculine), " ".join([*left[:start], *right])
    return None


def _related(masculine: str, feminine: str) -> bool:
    first, second = fold(masculine), fold(feminine)
    if (first, second) in _PAIRS or first == second:
        return True
    length = min(3, len(first) - 1, len(second) - 1)
    return length >= 2 and first[:length] == second[:length]


def _feminine(masculine: str, suffix: str) -> str:
    if suffix.lower() == "s":
        return masculine  # "site(s)": one or several, no gender.
    for ending in _ENDINGS.get(suffix.lower(), ()):
        if masculine.lower().endswith(ending):
            return masculine[: len(masculine) - len(ending)] + _joined(ending, suffix)
    return masculine + suffix


def _joined(ending: str, suffix: str) -> str:
    # "teur(trice)" and "teur(rice)" both make "trice": the t is there already in the first.
    return suffix.removeprefix("t") if ending == "eur" and suffix.startswith("tr") else suffix
