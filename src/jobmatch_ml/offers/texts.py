"""The only maker of an offer's two views: the title and the text that every ranker sees."""

from __future__ import annotations

import re

from jobmatch_ml.types import Document, Offer

# H/F, F/H, (h/f), H-F, F.H, M/F, (F/H/X), (h/f/nb), (m/w/d) … as a word of its own.
_GENDER_MARK = re.compile(
    r"[(\[]?(?<![\w./])\s*(?:H\s?[/.\-]\s?F|F\s?[/.\-]\s?H|M\s?/\s?F|F\s?/\s?M|H\s?/\s?M|M\s?/\s?W)"
    r"(?:\s?[/\-]\s?(?:NB|X|D|N|I))?\b(?!\.\w)\s*[)\]]?",
    re.IGNORECASE,
)
_EMPTY_BRACKETS = re.compile(r"[(\[]\s*[)\]]")
_SPACES = re.compile(r"\s+")
_EDGES = " -–—,;:/|"


def tidy_title(title: str) -> str:
    """Returns an offer's title without its gender marks and stray spaces.

    "H/F" and its variants say that the law was kept, not what the job is, and stand in nearly every
    title. The words of both genders ("Développeur / Développeuse") stay: a CV uses one of them.
    A title that is nothing but a mark is returned as it is.

    Example:
        >>> tidy_title("Administrateur système (F/H) (H/F)")
        'Administrateur système'
        >>> tidy_title("Développeur / Développeuse web H/F - Lyon")
        'Développeur / Développeuse web - Lyon'
    """
    bare = _EMPTY_BRACKETS.sub(" ", _GENDER_MARK.sub(" ", title))
    return _SPACES.sub(" ", bare).strip(_EDGES) or _SPACES.sub(" ", title).strip()


def offer_document(offer: Offer) -> Document:
    """Returns the offer as the document that is indexed, ranked and trained on.

    The text is the description, then the labels of required and wished skills that the description
    does not already contain (compared without case), so that a skill is not counted twice.
    Nothing else goes in: place, salary and contract are for filters, not for meaning.

    Returns:
        ``doc_id`` = the offer's id; ``text`` may be empty.
    """
    seen = offer.description.casefold()
    labels: list[str] = []
    for label in (*offer.required_skills, *offer.wished_skills):
        if label.casefold() not in seen:
            labels.append(label)
            seen += "\n" + label.casefold()
    parts = [offer.description.strip(), f"Compétences : {' ; '.join(labels)}" if labels else ""]
    return Document(
        doc_id=offer.offer_id,
        title=tidy_title(offer.title),
        text="\n".join(part for part in parts if part),
    )
