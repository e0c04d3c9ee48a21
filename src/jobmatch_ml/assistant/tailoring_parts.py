"""What a tailored CV is made of, and the small parts that need no offer: contacts, languages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from jobmatch_ml.assistant.candidate import CandidateData, EvidenceLine
from jobmatch_ml.assistant.tailoring_clean import typeset
from jobmatch_ml.cv.contacts import EMAIL, PHONE
from jobmatch_ml.documents import CvDocument, CvLanguage
from jobmatch_ml.reference.titles import fold

CONTACT_SIGN = " | "
"""Stands between contacts on the one line of a CV's head."""

ChangeKind = Literal["moved", "reworded", "added", "removed"]

_PARTS = re.compile(r"\s*[•|·▪●]\s*|\s{3,}")
# What icon fonts leave behind, and letters that stand for an icon.
_ICONS = re.compile(r"\(cid:\d+\)|[^\w\s+@./:,()'’&%#°-]")
_SITE = re.compile(r"(?:https?://|www\.)\S+|[a-z0-9][a-z0-9-]+\.(?:fr|com|org|eu)(?:/\S*)?")
# A French CV says a telephone number without saying that it is one.
_LABEL = re.compile(
    r"^(?:e-?mail|courriel|mail|phone|tel(?:\.|ephone)?|tél(?:\.|éphone)?|mobile|portable|gsm|"
    r"location|address|adresse|localisation|ville|website|site(?: web)?|web)\s*:\s*"
    r"|^(?:linkedin|github|gitlab|portfolio)\s*:\s*(?=\S+[./])",
    re.I,
)
_LEVEL = re.compile(r"\s*(?:\s:\s|:\s|\s[-–—]\s|\()\s*")


@dataclass(frozen=True, slots=True)
class TailoredSentence:
    """One sentence, title or item of a tailored CV, with the candidate's lines that it is from."""

    text: str
    section: str
    source_line_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between the candidate's CV and the tailored one.

    Args:
        kind: What happened to it.
        section: Section of the document.
        before: The candidate's words; empty when nothing stood there.
        after: The new words; empty when it was left out.
        source_line_ids: Lines that it comes from.
        reason: Why, in French.
    """

    kind: ChangeKind
    section: str
    before: str
    after: str
    source_line_ids: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Item:
    """A piece of the draft: what is shown, what the candidate wrote, and from which lines.

    ``relevance`` tells how much of the offer it answers; ``own`` equals ``text`` until reworded.
    """

    text: str
    line_ids: tuple[str, ...]
    own: str = ""
    relevance: float = 0.0
    reason: str = ""
    added: bool = False

    @property
    def is_own(self) -> bool:
        """Whether it stands in the candidate's own words."""
        return not self.added and self.text == (self.own or self.text)


@dataclass(frozen=True, slots=True)
class Job:
    """A position of the draft; ``head`` are its parts in the candidate's own words."""

    title: str
    employer: str
    place: str
    period: str
    line_id: str
    missions: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class TailoredCv:
    """A CV for one offer.

    Args:
        document: What is rendered.
        sentences: Every title, sentence and item of it with its source lines.
        diff: What differs from the candidate's CV, with the reasons.
        missing: What the offer asks and the candidate does not say, "à acquérir / à confirmer":
            for the person to read, never part of the document.
        covered_before: Asked keywords that stand word for word in the candidate's CV.
        covered_after: Those that stand word for word in the tailored one.
        score_before: The scorer's answer for the candidate's CV; ``None`` without a scorer.
        score_after: The same for the tailored one.
        warnings: French sentences for the person.
        level: 1 (order only) to 4 (strongest selection).
        evidence: What the sentences were checked against: the candidate's lines, and the offer's
            names for skills and title that the reference says are the same.
        headline_of_offer: Whether the title is the offer's.
        worded_by: ``rules``, or the name of the provider that worded the opening.
    """

    document: CvDocument
    sentences: tuple[TailoredSentence, ...]
    diff: tuple[Change, ...]
    missing: tuple[str, ...]
    covered_before: tuple[str, ...]
    covered_after: tuple[str, ...]
    score_before: float | None
    score_after: float | None
    warnings: tuple[str, ...]
    level: int
    evidence: CandidateData
    headline_of_offer: bool = False
    worded_by: str = "rules"


def contact_lines(data: CandidateData) -> tuple[str, ...]:
    """Returns the lines of a CV's head: e-mail, telephone, place, links, whatever was said."""
    found: dict[str, str] = {}
    lines = [line for line in data.lines if line.kind == "contact" or _is_contact(line)]
    for line in lines:
        for part in _PARTS.split(line.text.replace("\n", " | ")):
            text = _bare_contact(part)
            if text and sorted(fold(text).split()) != sorted(fold(data.full_name).split()):
                found.setdefault(fold(text), text)
    for value in (data.location, data.phone, data.email):
        if value and not any(_digits(value) in _digits(text) for text in found.values()):
            found = {fold(value): value, **found}
    return tuple(found.values())


def is_contact(text: str) -> bool:
    """Tells whether a whole line is a way to reach the person, wherever a reader put it.

    Example:
        >>> is_contact("W example.org"), is_contact("ana@example.org"), is_contact("ASP.NET")
        (True, True, False)
    """
    bare = re.sub(r"^[A-Z]\s", "", text.strip())
    return any(pattern.fullmatch(bare) for pattern in (EMAIL, PHONE, _SITE))


def _is_contact(line: EvidenceLine) -> bool:
    return line.kind in ("other", "skill") and is_contact(line.text)


def split_language(text: str) -> CvLanguage:
    """Returns a language and its level.

    Example:
        >>> split_language("Anglais (courant)")
        CvLanguage(name='Anglais', level='courant')
        >>> split_language("Anglais : courant (TOEIC 950)").level
        'courant (TOEIC 950)'
    """
    name, _, level = _LEVEL.sub("\n", text, count=1).partition("\n")
    return CvLanguage(name.strip(), typeset(level))


def _bare_contact(part: str) -> str:
    part = _LABEL.sub("", part.strip())
    for pattern in (EMAIL, PHONE):
        if match := pattern.search(part):
            before = _ICONS.sub(" ", part[: match.start()]).strip()
            after = _ICONS.sub(" ", part[match.end() :]).strip(" ,;-")
            kept = [before if len(before) > 1 else "", match[0].strip(), after]
            return " ".join(text for text in kept if text)
    if is_contact(part):
        # "W" before an address was a sign.
        part = re.sub(r"^[A-Z]\s", "", part.strip())
    text = " ".join(_ICONS.sub(" ", part).split()).strip(" ,;-:—")
    return text if len(text) > 1 else ""


def _digits(text: str) -> str:
    return "".join(char for char in fold(text) if char.isalnum())
