"""What a clause says beside its one unknown word: a number that is borne out speaks for it.

"J'ai répondu à 180 commentaires" names by another word what the candidate calls "avis". A word that
names a trade's own thing has to be said itself, and so has a thing that stands alone in its clause:
inventions are mostly such things.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from jobmatch_ml.assistant.claims_kinds import Claim
from jobmatch_ml.assistant.claims_number_words import TIMES_LONG
from jobmatch_ml.assistant.claims_quantities import Quantity
from jobmatch_ml.assistant.claims_skills import is_trade_word
from jobmatch_ml.assistant.truth_lock_evidence import Found

_CLAUSE_ENDS = re.compile(r"[,;:.!?()\n]|\b(?:et|ou|puis|mais|ainsi|aussi|également)\b")


def forgive(
    text: str, claims: Sequence[Claim], sources: Sequence[list[Found]]
) -> list[list[Found]]:
    """Gives a clause's one unknown word the source of the number that is told beside it.

    Args:
        text: The whole text.
        claims: One sentence's claims, in order.
        sources: Where each is borne out; empty where nowhere.

    Returns:
        The sources, with those of the neighbour where a claim is forgiven.
    """
    found = [list(places) for places in sources]
    for index, claim in enumerate(claims):
        if sources[index] or not _may_be_forgiven(claim):
            continue
        for other, places in zip(claims, sources, strict=True):
            if places and _tells(other) and _one_clause(text, claim, other):
                found[index] = places[:1]
                break
    return found


def _may_be_forgiven(claim: Claim) -> bool:
    return (
        claim.kind == "skill"
        and claim.loose
        and len(claim.words) <= 3
        and not any(word.capital or is_trade_word(word) for word in claim.words)
    )


def _tells(claim: Claim) -> bool:
    """Tells whether a claim is a number of things: how long something took says nothing of it."""
    return isinstance(claim.detail, Quantity) and claim.detail.unit not in TIMES_LONG


def _one_clause(text: str, claim: Claim, other: Claim) -> bool:
    start, end = min(claim.end, other.end), max(claim.start, other.start)
    return _CLAUSE_ENDS.search(text, start, end) is None
