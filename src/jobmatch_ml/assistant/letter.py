"""A formal French letter for an offer, one page, from the lines that the tailored CV shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from jobmatch_ml.assistant.candidate import CandidateData
from jobmatch_ml.assistant.claims_dates import DatePoint, find_dates
from jobmatch_ml.assistant.offer import OfferContext
from jobmatch_ml.assistant.providers import Provider
from jobmatch_ml.assistant.tailoring import tailor_cv
from jobmatch_ml.assistant.tailoring_entries import lasts
from jobmatch_ml.assistant.tailoring_parts import TailoredCv, TailoredSentence, contact_lines
from jobmatch_ml.assistant.tailoring_titles import is_role, offer_title
from jobmatch_ml.assistant.tailoring_words import listed, lowered
from jobmatch_ml.assistant.truth_lock import check_text
from jobmatch_ml.documents import CvExperience
from jobmatch_ml.reference.titles import fold

MAX_WORDS = 300
_MISSIONS, _SKILLS, _JOBS = 3, 4, 2
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip
_LEADS = ("J'ai", "Auparavant, j'ai")
_STILL = ("actuellement", "également")
_GREETING = "Madame, Monsieur,"
_LINK = "Votre offre rejoint ce que je sais faire et ce que je souhaite poursuivre."
_SKILLS_LEAD = "Vous recherchez des compétences que je peux mettre à votre service"
_MISSIONS_NOW = ("Ma mission y est la suivante", "Mes missions y sont les suivantes")
_MISSIONS_THEN = ("Ma mission y était la suivante", "Mes missions y étaient les suivantes")
_SUCCESS = "Parmi mes réussites, je retiens"
_CERTIFICATE = "Je peux également faire valoir"
_PERSONAL = re.compile(r"(?:J'|Je\b|J’)")
_PERMIT = re.compile(r"permis ([A-Z][A-Z0-9]?)\b", re.I)
_BRACKETS = re.compile(r"\s*\([^()]*\)?|\)")
_COLON = re.compile(r"\s*:\s+")
_OPEN_BRACKET = re.compile(r"\([^()]*$")
_QUARTER = re.compile(r"\s+0?\d{1,2}$")
_ARTICLE = re.compile(r"(Les?|LES?)\s+(?=[A-ZÀ-Ý])")
_NO_ADDRESS = re.compile(
    r"(?:Née? |Born |Date de naissance|Âge|\d+ ans\b|Nationalité|Permis)", re.I
)
_CLOSING = (
    "Je vous remercie de l'attention que vous porterez à ma candidature et me tiens à votre "
    "disposition pour un entretien.",
    "Je vous prie d'agréer, Madame, Monsieur, l'expression de mes salutations distinguées.",
)

FRAMES = (
    _GREETING,
    *_CLOSING,
    _LINK,
    _SKILLS_LEAD,
    *_MISSIONS_NOW,
    *_MISSIONS_THEN,
    _SUCCESS,
    _CERTIFICATE,
    "J'ai suivi la formation",
    "Je suis actuellement la formation",
    "Je travaille également J'occupe",
    "Je suis titulaire du permis",
    "depuis J'occupe occupé le poste",
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
        removed: Sentences that are not in the text: the truth lock did not bear them out, or the
            one that they go on from.
        subject: The line after "Objet :".
        paragraphs: The body's paragraphs, greeting and closing included.
        worded_by: ``rules``, or the name of the provider that worded its middle.
    """

    text: str
    sentences: tuple[LetterSentence, ...]
    removed: tuple[str, ...]
    subject: str
    paragraphs: tuple[str, ...]
    worded_by: str = "rules"


def write_letter(
    data: CandidateData,
    offer: OfferContext,
    tailored: TailoredCv | None = None,
    *,
    provider: Provider | None = None,
) -> Letter:
    """Returns a letter of at most :data:`MAX_WORDS` words in its body.

    Args:
        data: What the candidate said.
        offer: The offer.
        tailored: The CV that goes with it: the letter says nothing that it does not say. Without
            one, a CV of level 2 is made.
        provider: Who words the two paragraphs in the middle, behind the truth lock. By default,
            and where it fails, the rules.

    Raises:
        AssistantInputError: The candidate's data hold nothing to write from.
    """
    cv = tailored or tailor_cv(data, offer, level=2)
    groups = [
        [LetterSentence(_GREETING)],
        [_opening(data, offer, cv.evidence)],
        _career(cv),
        _assets(cv),
        *([LetterSentence(sentence)] for sentence in _CLOSING),
    ]
    removed: list[str] = []
    kept = [_linked([s for s in group if _is_true(s, cv.evidence, offer, removed)], removed)
            for group in groups]  # fmt: skip
    kept = by_rules = _short(kept)
    if provider is not None and provider.writes:
        kept = _worded(kept, cv.evidence, offer, provider)
    paragraphs = tuple(" ".join(s.text for s in group) for group in kept if group)
    subject = _subject(data, offer)
    text = "\n\n".join([*_head(data, offer), f"Objet : {subject}", *paragraphs, data.full_name])
    return Letter(
        text=text.strip() + "\n",
        sentences=tuple(sentence for group in kept for sentence in group),
        removed=tuple(removed),
        subject=subject,
        paragraphs=paragraphs,
        worded_by=provider.name if provider and kept != by_rules else "rules",
    )


def of_name(name: str) -> str:
    """Returns a name after "de".

    Example:
        >>> of_name("aide-soignant"), of_name("boulanger")
        ("d'aide-soignant", 'de boulanger')
        >>> of_name("Les Tilleuls"), of_name("La Poste")
        ('des Tilleuls', 'de La Poste')
    """
    if article := _ARTICLE.match(name):
        return f"{'des' if article[1][2:] else 'du'} {name[article.end() :]}"
    # H is left alone: whether it is mute cannot be seen.
    return f"d'{name}" if fold(name)[:1] in "aeiou" else f"de {name}"


def at_town(town: str) -> str:
    """Returns a town as the place of something; the number of a quarter is no part of its name.

    Example:
        >>> at_town("Lyon 03"), at_town("Le Havre"), at_town("Les Ulis"), at_town("La Rochelle")
        ('à Lyon', 'au Havre', 'aux Ulis', 'à La Rochelle')
    """
    name = _QUARTER.sub("", town)
    if article := _ARTICLE.match(name):
        return f"{'aux' if article[1][2:] else 'au'} {name[article.end() :]}"
    return f"à {name}"


def _worded(
    groups: list[list[LetterSentence]],
    evidence: CandidateData,
    offer: OfferContext,
    provider: Provider,
) -> list[list[LetterSentence]]:
    """Puts the paragraphs in the middle in a model's words while the letter stays on its page."""
    from jobmatch_ml.assistant.tailoring_wording import word_paragraph

    found = list(groups)
    for place in (2, 3):
        text = " ".join(sentence.text for sentence in groups[place])
        if not text:
            continue
        worded = word_paragraph(text, "letter", provider, evidence, offer)
        ids = dict.fromkeys(i for sentence in groups[place] for i in sentence.source_line_ids)
        changed = [*found[:place], [LetterSentence(worded, tuple(ids))], *found[place + 1 :]]
        if worded != text and _count(changed) <= MAX_WORDS:
            found = changed
    return found


def _count(groups: Sequence[Sequence[LetterSentence]]) -> int:
    return sum(len(sentence.text.split()) for group in groups for sentence in group)


def _head(data: CandidateData, offer: OfferContext) -> list[str]:
    contacts = [line for line in contact_lines(data) if not _NO_ADDRESS.match(line)]
    sender = "\n".join(filter(None, (data.full_name, *contacts)))
    recipient = "\n".join(filter(None, (offer.named_company, offer.named_location)))
    return [block for block in (sender, recipient) if block]


def _subject(data: CandidateData, offer: OfferContext) -> str:
    title = offer_title(data, offer)
    return f"candidature au poste {of_name(_inside(title))}" if title else "candidature"


def _inside(title: str) -> str:
    """Returns a title as it stands inside a sentence, both genders where it has both."""
    return " / ".join(map(lowered, title.split(" / ")))


def _opening(data: CandidateData, offer: OfferContext, evidence: CandidateData) -> LetterSentence:
    """Returns the first sentence; a letter always has one, if need be without firm or place."""
    title = offer_title(data, offer)
    begins = "Je vous présente ma candidature à votre offre d'emploi"
    if title:
        begins = f"Je vous présente ma candidature au poste {of_name(_inside(title))}"
    firm = f" au sein {of_name(offer.named_company)}" if offer.named_company else ""
    town = f", {at_town(offer.named_location)}" if offer.named_location else ""
    for where in (f"{firm}{town}", firm, town):
        if check_text(f"{begins}{where}.", evidence, offer=offer).ok:
            return LetterSentence(f"{begins}{where}.")
    return LetterSentence(f"{begins}.")


def _career(cv: TailoredCv) -> list[LetterSentence]:
    sentences = []
    sources = {s.text: s.source_line_ids for s in cv.sentences if s.section == "experiences"}
    for position, job in enumerate(cv.document.experiences[:_JOBS]):
        head = ", ".join(filter(None, (job.title, job.employer, job.place, job.period)))
        ids = sources.get(head, ())
        if not job.title or not ids or find_dates(job.title):
            continue
        now = lasts(job.period)
        told = _position(job, position, now=now)
        dated = _dated(job, position)
        if dated and check_text(dated, cv.evidence).ok:
            told = dated
        sentences.append(LetterSentence(told, ids))
        sentences += _missions(job.bullets[: _MISSIONS - position], ids, now=now)
    return sentences


def _missions(texts: Sequence[str], ids: tuple[str, ...], *, now: bool) -> list[LetterSentence]:
    """Tells missions: what is a sentence of its own stands alone, the others in one list."""
    bare = [text.strip(" .;") for text in texts]
    own = [f"{text}." for text in bare if _PERSONAL.match(text)]
    named = [lowered(text) for text in bare if text and not _PERSONAL.match(text)]
    if named:
        # A list may not hold a second colon.
        told = " ; ".join(_COLON.sub(", ", text) for text in named)
        lead = (_MISSIONS_NOW if now else _MISSIONS_THEN)[len(named) > 1]
        own.insert(0, f"{lead} : {told}.")
    return [LetterSentence(text, ids) for text in own]


def _position(job: CvExperience, position: int, *, now: bool) -> str:
    place = f" chez {job.employer}" if job.employer else ""
    # What a reader cut off is closed: "(stage" says something of the position.
    title = f"{job.title})" if _OPEN_BRACKET.search(job.title) else job.title
    dates = f" ({lowered(_BRACKETS.sub('', job.period))})" if job.period else ""
    if not is_role(title):
        # "J'ai travaillé comme recrutement" is no French; the person's own words are quoted.
        still = "J'occupe également" if position else "J'occupe"
        lead = still if now else f"{_LEADS[position]} occupé"
        return f"{lead} le poste « {title} »{place}{dates}."
    if now:
        return f"Je travaille {_STILL[position]} comme {lowered(title)}{place}{dates}."
    return f"{_LEADS[position]} travaillé comme {lowered(title)}{place}{dates}."


def _dated(job: CvExperience, position: int) -> str:
    """Returns the sentence of a position with its dates in words; empty where they are unclear."""
    dates = _BRACKETS.sub("", job.period).strip()
    points = find_dates(dates)
    bare = replace(job, period="")
    begins = points and fold(dates[: points[0].start]).strip() in ("", "depuis", "de")
    if len(points) == 1 and begins and lasts(dates):
        told = _position(bare, position, now=True).replace("travaille actuellement", "travaille")
        return f"{told.removesuffix('.')} depuis {lowered(_date(dates, points[0]))}."
    if len(points) != 2 or lasts(dates):
        return ""
    first, last = (lowered(_date(dates, point)) for point in points)
    linked = f" {of_name(first)} à {last}."
    return _position(bare, position, now=False).removesuffix(".") + linked


def _date(text: str, point: DatePoint) -> str:
    """Returns a date as a letter says it: "mars 2021" for "03/2021"."""
    shown = text[point.start : point.end]
    if point.month is None or any(map(str.isalpha, shown)):
        return shown
    return f"{_MONTHS[point.month - 1]} {point.year}"


def _assets(cv: TailoredCv) -> list[LetterSentence]:
    found: list[LetterSentence] = []
    names = cv.covered_after[:_SKILLS]
    if names:
        sources = [s for s in cv.sentences if any(fold(name) in fold(s.text) for name in names)]
        ids = tuple(dict.fromkeys(line_id for s in sources for line_id in s.source_line_ids))
        told = listed([lowered(name) for name in names])
        found.append(LetterSentence(f"{_SKILLS_LEAD} : {told}.", ids))
        found.append(LetterSentence(_LINK))
    first = {s.section: s for s in reversed(cv.sentences)}
    if "achievements" in first:
        found += _success(first["achievements"])
    entry = cv.document.education[0] if cv.document.education else None
    if entry and "education" in first and not _PERMIT.match(entry.title):
        where = ", ".join(filter(None, (entry.school, entry.period)))
        lead = "Je suis actuellement" if lasts(entry.period) else "J'ai suivi"
        text = f"{lead} la formation « {entry.title} »{f' ({where})' if where else ''}."
        found.append(LetterSentence(text, first["education"].source_line_ids))
    if "certifications" in first:
        found.append(_certificate(first["certifications"]))
    return found


def _success(told: TailoredSentence) -> list[LetterSentence]:
    """Tells a success; what the person says in the first person stays a sentence of its own."""
    title, colon, rest = told.text.partition(" : ")
    ids = told.source_line_ids
    if not colon:
        return [LetterSentence(_closed(title if _PERSONAL.match(title) else
                                       f"{_SUCCESS} « {title.rstrip(' .')} »"), ids)]  # fmt: skip
    rest = rest.strip(" .")
    if _PERSONAL.match(rest):
        return [LetterSentence(f"{_SUCCESS} « {title} ».", ids), LetterSentence(f"{rest}.", ids)]
    return [LetterSentence(f"{_SUCCESS} « {title} » : {lowered(rest)}.", ids)]


def _certificate(told: TailoredSentence) -> LetterSentence:
    text = told.text.rstrip(" .")
    permit = _PERMIT.match(text)
    said = f"Je suis titulaire du permis {permit[1]}." if permit else f"{_CERTIFICATE} « {text} »."
    return LetterSentence(said, told.source_line_ids)


def _closed(text: str) -> str:
    return f"{text.rstrip(' .')}."


def _is_true(
    sentence: LetterSentence, data: CandidateData, offer: OfferContext, removed: list[str]
) -> bool:
    if check_text(sentence.text, data, offer=offer).ok:
        return True
    removed.append(sentence.text)
    return False


def _linked(group: Sequence[LetterSentence], removed: list[str]) -> list[LetterSentence]:
    """Leaves out missions whose position is not told: they would seem to be those of another."""
    kept: list[LetterSentence] = []
    for sentence in group:
        goes_on = sentence.text.startswith((*_MISSIONS_NOW, *_MISSIONS_THEN))
        if goes_on and not (kept and kept[-1].source_line_ids == sentence.source_line_ids):
            removed.append(sentence.text)
        else:
            kept.append(sentence)
    return kept


def _short(groups: Sequence[list[LetterSentence]]) -> list[list[LetterSentence]]:
    """Takes sentences from the middle until the letter fits its page."""
    kept = [list(group) for group in groups]
    while _count(kept) > MAX_WORDS:
        longest = max(
            (s for group in kept[2:4] for s in group), key=lambda s: len(s.text), default=None
        )
        if longest is None:
            break
        for group in kept[2:4]:
            if longest in group:
                group.remove(longest)
                group[:] = _linked(group, [])
    return kept
