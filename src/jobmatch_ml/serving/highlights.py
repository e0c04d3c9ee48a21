"""Words that a CV and an offer share, the telling ones first. Lexical and nothing more."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from jobmatch_ml.cv.words import load_words
from jobmatch_ml.serving.schemas import HighlightSpan
from jobmatch_ml.types import Offer

_WORD = re.compile(r"[^\W_][\w+#.]*[\w+#]|[^\W\d_]")
_SHORTEST = 3  # letters; C# and R are rarely worth a false highlight
_LONGEST = 40  # letters; longer ones are glued or hostile
_FEWEST_OFFERS = 20
_SAMPLED_OFFERS = 5_000  # rarity is a hint, so a sample is enough


def fold_word(word: str) -> str:
    """Returns a word's common form: no case, no accents, no plural ``s`` or ``x``.

    Example:
        >>> fold_word("Développeurs"), fold_word("HTML5")
        ('developpeur', 'html5')
    """
    plain = unicodedata.normalize("NFKD", word.casefold())
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return bare[:-1] if len(bare) > _SHORTEST and bare[-1] in "sx" else bare


def collect_terms(text: str, fold: Callable[[str], str] = fold_word) -> frozenset[str]:
    """Returns the folded words of a text that may be highlighted."""
    words = (match.group(0) for match in _WORD.finditer(text))
    return frozenset(
        term
        for word in words
        if len(word) <= _LONGEST
        and len(term := fold(word)) >= _SHORTEST
        and not term.isdigit()
        and not _is_small_word(term)
    )


def count_documents(offers: Sequence[Offer]) -> dict[str, float]:
    """Returns each term's rarity (inverse document frequency) over a sample of the offers.

    A handful of offers says nothing about rarity: fewer than twenty give an empty table.
    """
    if len(offers) < _FEWEST_OFFERS:
        return {}
    step = max(1, len(offers) // _SAMPLED_OFFERS)
    sample = offers[::step]
    counts: dict[str, int] = {}
    for offer in sample:
        for term in collect_terms(f"{offer.title}\n{offer.description}", _fold_offer_word):
            counts[term] = counts.get(term, 0) + 1
    return {term: math.log((1 + len(sample)) / (1 + count)) for term, count in counts.items()}


def find_highlights(
    terms: frozenset[str], offer: Offer, rarity: Mapping[str, float], *, limit: int = 8
) -> list[HighlightSpan]:
    """Finds where an offer uses words of a CV.

    Args:
        terms: The CV's terms, from :func:`collect_terms`.
        offer: The offer.
        rarity: From :func:`count_documents`; words that most offers use are left out.
        limit: How many different words at most.

    Returns:
        The first place of each word, the rarest words first, ties in alphabetical order.
    """
    found: dict[str, HighlightSpan] = {}
    for field, text in (("title", offer.title), ("description", offer.description)):
        for match in _WORD.finditer(text):
            if match.end() - match.start() > _LONGEST:
                continue
            term = _fold_offer_word(match.group(0))
            if term in terms and term not in found:
                found[term] = HighlightSpan(
                    term=match.group(0), field=field, start=match.start(), end=match.end()
                )
    # A word that stands in more than a quarter of the offers says nothing about this one.
    telling = [term for term in found if rarity.get(term, math.inf) >= math.log(4)]
    telling.sort(key=lambda term: (-rarity.get(term, math.inf), term))
    return [found[term] for term in telling[:limit]]


@lru_cache(maxsize=100_000)
def _fold_offer_word(word: str) -> str:
    # Offers are public and their words come back with every request. A CV's are not kept.
    return fold_word(word)


def _is_small_word(term: str) -> bool:
    return term in load_words("stop_fr") or term in load_words("stop_en")
