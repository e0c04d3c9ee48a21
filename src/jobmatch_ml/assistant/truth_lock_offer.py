"""What a text may say about the offer: its title, company and place, where it speaks of the offer.

"Votre offre de chef de rayon chez Verdier m'intéresse" is about the offer; "chef de rayon chez
Verdier depuis 2019" is about the person, and the person was never there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from jobmatch_ml.assistant.claims_kinds import Claim
from jobmatch_ml.assistant.claims_text import tokenize
from jobmatch_ml.assistant.claims_words import load_words, role_key
from jobmatch_ml.reference.titles import fold


class AboutOffer(Protocol):
    """What the lock needs of an offer (``offer.OfferContext`` has it)."""

    @property
    def title(self) -> str:
        """The offer's title."""

    @property
    def company(self) -> str:
        """Who recruits; may be empty."""

    @property
    def location(self) -> str:
        """Where; may be empty."""


_KINDS = frozenset({"employer", "title", "place", "tool", "person", "skill", "seniority"})
_SPEAKS_OF_OFFER = re.compile(
    r"\b(?:votre|vos|vous|offre|annonce|postul\w*|candidature|rejoin\w*|integrer(?:ai)?|"
    r"souhait\w*|voudrais|aimerais|desir\w*|objet|future?|motiv\w*|pourvoir|apporter\w*|"
    r"mettrai\w*|contribuer\w*|defi|challenge|pret(?:e)? a|poste (?:de|d|a|propose|vise|ouvert)|"
    r"m'interesse|m'attire|recherche[zr]|recrute[zr])\b"
)
_SPEAKS_OF_SELF = re.compile(
    r"\b(?:j'(?:ai|etais|exerc\w*|occup\w*)|depuis|actuellement|mon experience|ma formation|"
    r"mes (?:\w+ )?(?:annees|experiences)|je (?:maitrise|travaille|connais)|ayant|"
    r"ai (?:ete|exerce|travaille|occupe)|en tant que|pendant|annees d|ans d|travaill\w*|"
    r"mon (?:poste|parcours|passage)|apres avoir|forte? de|"
    r"je suis (?!tres|vivement|particulierement|interesse|motive|convaincu|persuade|certain|"
    r"disponible|candidat|pret))\b"
)
_WISHED = re.compile(r"que je souhait|rejoindre|votre|postul|integrer")
_PAST = re.compile(r"depuis|j'ai|etais|actuellement|travaill|mes \w*\s?annees")
_LEADS_TO_OFFER = re.compile(r"(?:chez|offre|poste|rejoin\w*|integrer|votre)[^,;]*$")
_CLAUSE = re.compile(r"[;:]|,\s| et (?=je |j'|ai )")


def is_about_offer(
    claim: Claim, sentence: str, offset: int, offer: AboutOffer, asked: Sequence[str] = ()
) -> bool:
    """Tells whether a claim is the offer's own and the sentence says it of the offer.

    Args:
        claim: With offsets in the whole text.
        sentence: The sentence that it stands in.
        offset: Where the sentence begins in the whole text.
        offer: The offer.
        asked: Other words of the offer, allowed where "vous" ask for them.
    """
    if claim.kind not in _KINDS or not _of_offer(claim, offer, asked):
        return False
    flat = _flat(sentence)
    start = claim.start - offset
    begin, end = _clause(flat, start)
    clause = flat[begin:end]
    if _SPEAKS_OF_SELF.search(clause):
        wished = _WISHED.search(clause) and not _PAST.search(clause)
        return bool(wished and _LEADS_TO_OFFER.search(flat[begin:start]))
    if _SPEAKS_OF_OFFER.search(clause):
        return True
    return bool(_SPEAKS_OF_OFFER.search(flat)) and not _SPEAKS_OF_SELF.search(flat[:begin])


def _of_offer(claim: Claim, offer: AboutOffer, asked: Sequence[str]) -> bool:
    words = load_words()
    known = " \n ".join((offer.title, offer.company, offer.location, *asked))
    tokens = tokenize(known)
    folds = {token.fold for token in tokens}
    stems = {token.stem for token in tokens}
    keys = {role_key(token.fold) for token in tokens}
    return bool(claim.words) and all(
        word.fold in folds or word.stem in stems or role_key(word.fold) in keys
        or word.fold in words.generic
        for word in claim.words
    )  # fmt: skip


def _clause(flat: str, position: int) -> tuple[int, int]:
    begin, end = 0, len(flat)
    for match in _CLAUSE.finditer(flat):
        if match.end() <= position:
            begin = match.end()
        elif match.start() >= position:
            end = match.start()
            break
    return begin, end


def _flat(text: str) -> str:
    """Returns the text folded, every character at its place."""
    return "".join(fold(char)[:1] or " " if char > "\x7f" else char.lower() for char in text)
