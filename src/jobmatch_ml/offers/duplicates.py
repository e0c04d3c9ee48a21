"""Which offers are the same job posted again: the groups that must not straddle a split.

The thin rule: same normalised title and same employer. Without an employer the first words of the
description stand in. (Similarity of whole texts comes later, behind the same function.)
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

from jobmatch_ml.types import Offer

_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_GENDER_MARK = re.compile(r"\b(?:h f|f h|h f x|f h x)\b")


def duplicate_group(offer: Offer) -> str:
    """Returns the group of an offer: equal for offers that are the same job posted again.

    Example:
        >>> first = Offer("1", "Vendeur H/F", "…", company="Dupont")
        >>> again = Offer("2", "VENDEUR (F/H)", "autre texte", company="DUPONT")
        >>> duplicate_group(first) == duplicate_group(again)
        True
    """
    title = _GENDER_MARK.sub(" ", _normalise(offer.title))
    employer = _normalise(offer.company) or _normalise(offer.description)[:200]
    return hashlib.sha256(f"{' '.join(title.split())}|{employer}".encode()).hexdigest()[:16]


def _normalise(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return _NOT_A_WORD.sub(" ", plain).strip()
