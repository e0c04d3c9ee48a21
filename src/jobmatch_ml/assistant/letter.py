"""A formal French letter for an offer, one page, from the lines that the tailored CV shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from jobmatch_ml.assistant.candidate import CandidateData
from jobmatch_ml.assistant.offer import OfferContext
from jobmatch_ml.assistant.tailoring import tailor_cv
from jobmatch_ml.assistant.tailoring_parts import TailoredCv, contact_lines
from jobmatch_ml.assistant.tailoring_titles import offer_title
from jobmatch_ml.assistant.tailoring_words import listed, lowered
from jobmatch_ml.assistant.truth_lock import check_text
from jobmatch_ml.documents import CvExperience
from jobmatch_ml.reference.titles import fold

MAX_WORDS = 300
_MISSIONS, _SKILLS, _JOBS = 3, 4, 2
_LASTS = re.compile(r"aujourd|présent|present|en cours|depuis|actuel|ce jour")
_GREETING = "Madame, Monsieur,"
_LINK = "Votre offre rejoint ce que je sais faire et ce que je souhaite poursuivre."
_LEADS = {
    "achievements": "Une de mes réalisations",
    "education": "Ma formation",
    "certifications": "Certifications et permis",
}
_CLOSING = (
    "Je vous remercie de l'attention que vous porterez à ma candidature et me tiens à votre "
    "disposition pour un entretien.",
    "Je vous prie d'agréer, Madame, Monsieur, l'expression de mes salutations distinguées.",
)

FRAMES = (
    _GREETING,
    *_CLOSING,
    _LINK,
    *_LEADS.values(),
    "Je vous présente ma candidature au poste de au sein de",
)
"""Words of every letter, which say nothing of the person."""


@dataclass(frozen=True, slots=True)
class LetterSentence:
    """A sentence of a letter with the lines that it tells; none for greetings and the offer."""

    text: str
    source_line_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of application.

    Args:
        text: The whole letter, paragraphs separated by blank lines.
        sentences: Its sentences in order, each with its sources.
        removed: Sentences that the truth lock did not bear out; they are not in the text.
        subject: The line after "Objet :".
        paragraphs: The body's paragraphs, greeting and closing included.
    """

    text: str
    sentences: tuple[LetterSentence, ...]
    removed: tuple[str, ...]
    subject: str
    paragraphs: tuple[str, ...]


def write_letter(
    data: CandidateData, offer: OfferContext, tailored: TailoredCv | None = None
) -> Letter:
    """Returns a letter of at most :data:`MAX_WORDS` words in its body.

    Args:
        data: What the candidate said.
        offer: The offer.
        tailored: The CV that goes with it: the letter says nothing that it does not say. Without
            one, a CV of level 2 is made.

    Raises:
        AssistantInputError: The candidate's data hold nothing to write from.
    """
    cv = tailored or tailor_cv(data, offer, level=2)
    groups = [
        [LetterSentence(_GREETING)],
        [LetterSentence(_opening(data, offer))],
        _career(cv, data),
        _assets(cv),
        *([LetterSentence(sentence)] for sentence in _CLOSING),
    ]
    removed: list[str] = []
    kept = [[s for s in group if _is_true(s, cv.evidence, offer, removed)] for group in groups]
    kept = _short(kept)
    paragraphs = tuple(" ".join(s.text for s in group) for group in kept if group)
    subject = _subject(data, offer)
    text = "\n\n".join([*_head(data, offer), f"Objet : {subject}", *paragraphs, data.full_name])
    return Letter(
        text=text.strip() + "\n",
        sentences=tuple(sentence for group in kept for sentence in group),
        removed=tuple(removed),
        subject=subject,
        paragraphs=paragraphs,
    )


def of_name(name: str) -> str:
    """Returns a name after "de".

    Example:
        >>> of_name("aide-soignant"), of_name("boulanger")
        ("d'aide-soignant", 'de boulanger')
    """
    # H is left alone: whether it is mute cannot be seen.
    return f"d'{name}" if fold(name)[:1] in "aeiou" else f"de {name}"


def _head(data: CandidateData, offer: OfferContext) -> list[str]:
    sender = "\n".join(filter(None, (data.full_name, *contact_lines(data))))
    recipient = "\n".join(filter(None, (offer.named_company, offer.named_location)))
    return [block for block in (sender, recipient) if block]


def _subject(data: CandidateData, offer: OfferContext) -> str:
    title = offer_title(data, offer)
    return f"candidature au poste {of_name(lowered(title))}" if title else "candidature"


def _opening(data: CandidateData, offer: OfferContext) -> str:
    title = offer_title(data, offer)
    where = f" au sein {of_name(offer.named_company)}" if offer.named_company else ""
    where += f", à {offer.named_location}" if offer.named_location else ""
    if not title:
        return f"Je vous présente ma candidature à votre offre d'emploi{where}."
    return f"Je vous présente ma candidature au poste {of_name(lowered(title))}{where}."


def _career(cv: TailoredCv, data: CandidateData) -> list[LetterSentence]:
    sentences = []
    for position, job in enumerate(cv.document.experiences[:_JOBS]):
        ids = _ids(data, job)
        if not job.title or not ids:
            continue
        sentences.append(LetterSentence(_position(job, position), ids))
        missions = [lowered(text.rstrip(" .;")) for text in job.bullets[: _MISSIONS - position]]
        if missions:
            sentences.append(LetterSentence(f"Mes missions : {' ; '.join(missions)}.", ids))
    return sentences


def _position(job: CvExperience, position: int) -> str:
    place = f" chez {job.employer}" if job.employer else ""
    title = lowered(job.title)
    if job.period and _LASTS.search(job.period) and position == 0:
        return f"Je travaille actuellement comme {title}{place} ({job.period})."
    dates = f" ({job.period})" if job.period else ""
    lead = "Auparavant, j'ai" if position else "J'ai"
    return f"{lead} travaillé comme {title}{place}{dates}."


def _assets(cv: TailoredCv) -> list[LetterSentence]:
    found: list[LetterSentence] = []
    names = cv.covered_after[:_SKILLS]
    if names:
        sources = [s for s in cv.sentences if any(fold(name) in fold(s.text) for name in names)]
        ids = tuple(dict.fromkeys(line_id for s in sources for line_id in s.source_line_ids))
        told = listed([lowered(name) for name in names])
        text = f"Parmi les compétences que vous recherchez, j'apporte : {told}."
        found.append(LetterSentence(text, ids))
        found.append(LetterSentence(_LINK))
    for section, lead in _LEADS.items():
        first = next((s for s in cv.sentences if s.section == section), None)
        if first:
            text = f"{lead} : {first.text.rstrip(' .')}."
            found.append(LetterSentence(text, first.source_line_ids))
    return found


def _ids(data: CandidateData, job: CvExperience) -> tuple[str, ...]:
    return tuple(
        line.line_id
        for line in data.of_kind("experience")
        if job.title in (line.title or line.text) and job.employer in (line.entity or line.text)
    )[:1]


def _is_true(
    sentence: LetterSentence, data: CandidateData, offer: OfferContext, removed: list[str]
) -> bool:
    if check_text(sentence.text, data, offer=offer).ok:
        return True
    removed.append(sentence.text)
    return False


def _short(groups: Sequence[list[LetterSentence]]) -> list[list[LetterSentence]]:
    """Takes sentences from the middle until the letter fits its page."""
    kept = [list(group) for group in groups]
    while sum(len(s.text.split()) for group in kept for s in group) > MAX_WORDS:
        longest = max(
            (s for group in kept[2:4] for s in group), key=lambda s: len(s.text), default=None
        )
        if longest is None:
            break
        for group in kept[2:4]:
            if longest in group:
                group.remove(longest)
    return kept
