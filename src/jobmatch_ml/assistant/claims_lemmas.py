"""Forms of verbs, told from things by a lexicon: "fouillais", "rentrées" and "faut" name nothing.

Lemmas come from simplemma (MIT, its French lexicon is in the package). Nothing is guessed: a word
that the lexicon does not hold is taken for a thing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from jobmatch_ml.assistant.claims_text import Token
from jobmatch_ml.assistant.claims_words import load_words

_INFINITIVES = ("er", "ir", "re")
_BEFORE_INFINITIVES = frozenset({"pour", "a", "sans", "faire", "fait", "afin"})
_BEFORE_VERBS = frozenset({
    "je", "j", "tu", "il", "elle", "on", "nous", "vous", "qui", "me", "m", "te", "s", "se", "y",
    "n", "ne", "ai", "as", "a", "avais", "avait",
})  # fmt: skip
_LIKE_NOUNS = ("e", "es", "s", "x", "ent", "a")
_LEAST_LETTERS = 4
_LONGEST_WORD = 40
_PARTICIPLES = ("ée", "ées", "és", "ie", "ies", "is", "ue", "ues", "us")
_FINITE = ("ent", "ais", "ait", "aient", "ons", "ez", "ai", "era", "eront")
_CONJUGATED = ("ais", "ait", "aient", "ons", "ez", "ai", "as", "ant")


@lru_cache(maxsize=20_000)
def lemma_of(word: str) -> str:
    """Returns the form of a word that a dictionary has.

    Args:
        word: With its accents; capitals do not count.

    Example:
        >>> lemma_of("fouillais"), lemma_of("envois")
        ('fouiller', 'envoi')
    """
    # The lexicon takes a tenth of a second to unpack: only who checks a text waits for it.
    from simplemma import lemmatize

    lower = word.lower()
    # No word is that long, and the look-up takes the square of its length.
    return str(lemmatize(lower, lang="fr")) if 0 < len(lower) <= _LONGEST_WORD else lower


@lru_cache(maxsize=20_000)
def is_verb_form(word: str) -> bool:
    """Tells whether a word can only be a form of a verb, whatever stands beside it.

    A form that is written like a noun ("vidanges", "compose") is left to the words around it.

    Example:
        >>> is_verb_form("fouillais"), is_verb_form("vidanges"), is_verb_form("oliviers")
        (True, False, False)
    """
    lower = word.lower()
    if len(lower) < _LEAST_LETTERS or not may_be_verb(lower):
        return False
    if lower.endswith(("ère", "ères", "euse", "euses")):
        return False
    told = lower.endswith(_PARTICIPLES) or lower.endswith(_CONJUGATED)
    return told or not lower.endswith(_LIKE_NOUNS)


@lru_cache(maxsize=20_000)
def is_finite(word: str) -> bool:
    """Tells whether a word is a verb that somebody does: "datent", "fouillais", not "peint".

    Example:
        >>> is_finite("datent"), is_finite("client"), is_finite("peint")
        (True, False, False)
    """
    lower = word.lower()
    return may_be_verb(lower) and lower.endswith(_FINITE)


def may_be_verb(word: str) -> bool:
    """Tells whether the lexicon knows a word as a form of a verb first of all: "ignore"."""
    lower = word.lower()
    lemma = lemma_of(lower)
    return lemma != lower and lemma.endswith(_INFINITIVES) and not lower.startswith(lemma)


def is_verb_at(tokens: Sequence[Token], index: int) -> bool:
    """Tells whether a word is a verb where it stands: what it is done to is the thing.

    Example:
        >>> from jobmatch_ml.assistant.claims_text import tokenize
        >>> words = tokenize("je programme des produits périmés pour aménager")
        >>> [word.text for at, word in enumerate(words) if is_verb_at(words, at)]
        ['programme', 'périmés', 'aménager']
    """
    word = tokens[index].text.lower()
    before = tokens[index - 1].fold if index else ""
    gerund = before == "en" and word.endswith("ant")
    infinitive = before in _BEFORE_INFINITIVES and word.endswith(("er", "ir"))
    # "produits périmés", but "le marché".
    told = (
        word.endswith(("é", "ée", "és", "ées")) and bool(index) and before not in load_words().small
    )
    # "a" stands for "à" too: a bare word behind it tells how, "à vélo", "à distance".
    return before in _BEFORE_VERBS or gerund or infinitive or told or is_verb_form(word)
