"""What a sentence says the person does not have, or wants to learn: nothing is claimed by it.

Only plain forms count. "Je n'ai pas le PMP" denies; "je n'ai jamais quitté Google" and "je ne parle
pas qu'anglais" claim, so whatever is not one of these forms is checked like any other sentence.
"""

from __future__ import annotations

import re

from jobmatch_ml.assistant.claims_kinds import Claim
from jobmatch_ml.assistant.claims_text import fold_in_place

_KINDS = frozenset({"certification", "language", "tool", "skill", "degree", "employer", "title"})
_NOT_ONLY = r"(?!\s(?:seulement|uniquement|simplement|que|qu'|moins|plus|pour)\b)"
_SAID_BEFORE = re.compile(
    r"\b(?:n(?:e |')(?:"
    r"(?:ai|a) (?:encore )?(?:pas|jamais)(?: encore)?(?:"
    r" (?:travaille|obtenu|passe|appris|utilise|suivi|eu|pratique|ete|exerce|fait|soigne|conduit|"
    r"vendu|dirige|encadre|manipule|cuisine|enseigne|programme|gere|occupe|tenu|vu)"
    r"|(?!\s\w{2,}(?:ee?s?|i|u|is|it)\b))"
    r"|(?:suis|parle|maitrise|connais|possede|pratique|utilise) (?:pas(?: encore)?|aucune?)"
    r"|(?:ai|a|possede) aucune?)"
    r"|(?:souhaite|voudrais|aimerais|veux|envie (?:de |d')) ?"
    r"(?:apprendre|m'initier|me former|decouvrir|obtenir|preparer))\b"
    + _NOT_ONLY
    + r"(?P<rest>[^,;:.!?\n]*)$"
)
# "Ce serait ma première expérience d'encadrement": it has not been yet.
_FIRST_TIME = re.compile(
    r"\b(?:serait|sera) (?:ma|mon) (?:toute )?(?:premiere?|nouvelle?)\b[^,;:.!?]*$"
)
# "Je suis prêt à déménager en Bourgogne": a place that is wished for.
_WOULD_GO = re.compile(
    r"\b(?:prete? a|demenag\w*|m'install\w*|souhait\w*|aimerais|voudrais|envie de|reve de|"
    r"(?:vivre|travailler|venir|aller|revenir|rester) (?:en|a|au|dans|pres de))\b[^,;:.!?]*$"
)
# From here on something else is said.
_TURNS = re.compile(r"\b(?:mais|que|qui|sans|sauf|hors|si|quand|car|puisque|comme|et)\b|qu'")


_DONE = re.compile(r"\b(?:j'ai|depuis|ancienne?|passee?s?|apres|chez)\b")


def is_denied(claim: Claim, sentence: str, offset: int) -> bool:
    """Tells whether the words before a claim deny it or wish for it.

    Args:
        claim: With offsets in the whole text.
        sentence: The sentence that it stands in.
        offset: Where the sentence begins in the whole text.
    """
    told = fold_in_place(sentence[: max(0, claim.start - offset)])
    if _FIRST_TIME.search(told):
        return True
    somewhere = claim.kind == "place" or (claim.kind == "employer" and told.endswith(" en "))
    if somewhere and _WOULD_GO.search(told) and not _DONE.search(told):
        return True
    if claim.kind not in _KINDS:
        return False
    before = fold_in_place(sentence[max(0, claim.start - offset - 80) : claim.start - offset])
    found = _SAID_BEFORE.search(before)
    return found is not None and not _TURNS.search(found["rest"])
