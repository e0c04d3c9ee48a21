"""The truth lock: every claim of a text has its place in the candidate's own data, or is reported.

It is a function of its own on purpose: whatever wrote the text, rules, a person or a language
model, passes through it before it leaves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from jobmatch_ml.assistant.candidate import CandidateData
from jobmatch_ml.assistant.claims import claims_of_sentence
from jobmatch_ml.assistant.claims_kinds import Claim
from jobmatch_ml.assistant.claims_text import (
    BULLET,
    Sentence,
    mask_markup,
    split_sentences,
)
from jobmatch_ml.assistant.truth_lock_checks import find_sources
from jobmatch_ml.assistant.truth_lock_denials import is_denied
from jobmatch_ml.assistant.truth_lock_evidence import Evidence, Found, collect_evidence
from jobmatch_ml.assistant.truth_lock_links import agree
from jobmatch_ml.assistant.truth_lock_offer import AboutOffer, is_about_offer
from jobmatch_ml.assistant.truth_lock_taken import find_asked
from jobmatch_ml.errors import JobMatchError

Rewriter = Callable[[str, list[Claim]], str]
"""Gets a sentence and its unsupported claims, returns the sentence without them."""

_MOST_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class LockReport:
    """What a check found.

    Args:
        claims: All claims in order; ``source`` says where the candidate said it.
    """

    claims: tuple[Claim, ...]

    @property
    def unsupported(self) -> tuple[Claim, ...]:
        """The claims that neither the candidate nor the offer bears out."""
        return tuple(c for c in self.claims if c.source is None and not c.about_offer)

    @property
    def ok(self) -> bool:
        """Whether everything is borne out."""
        return not self.unsupported


@dataclass(frozen=True, slots=True)
class RemovedSentence:
    """A sentence that was taken out, with the claims that nothing bears out."""

    text: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class LockedText:
    """A text in which everything is borne out.

    Args:
        text: What is left.
        kept: Its sentences.
        removed: The sentences that were taken out, as they were first written.
        report: The check of ``text``; nothing is unsupported in it.
    """

    text: str
    kept: tuple[str, ...]
    removed: tuple[RemovedSentence, ...]
    report: LockReport


def check_text(
    text: str,
    data: CandidateData,
    *,
    offer: AboutOffer | None = None,
    today: date | None = None,
) -> LockReport:
    """Checks every claim of a French text against the candidate's own data.

    Args:
        text: Any text; instructions in it are text like any other.
        data: What the candidate said.
        offer: What may be said about the offer, where a sentence plainly speaks of it.
        today: Until when a position that lasts is counted; today by default.

    Returns:
        All claims, each with its source or without.
    """
    return _check(text, collect_evidence(data, today=today), offer)


def lock_text(
    text: str,
    data: CandidateData,
    *,
    offer: AboutOffer | None = None,
    rewrite: Rewriter | None = None,
    today: date | None = None,
) -> LockedText:
    """Returns the text without the sentences that something unsupported stands in.

    Args:
        text: Any text.
        data: What the candidate said.
        offer: As in :func:`check_text`.
        rewrite: Asked once for each such sentence; its answer is checked like any other text. When
            it fails, the sentence is removed.
        today: As in :func:`check_text`.
    """
    evidence = collect_evidence(data, today=today)
    removed: list[RemovedSentence] = []
    report = _check(text, evidence, offer)
    for turn in range(_MOST_ROUNDS):
        if report.ok:
            break
        last = turn == _MOST_ROUNDS - 1
        text, gone = _without(text, report, rewrite if turn == 0 else None, evidence, offer)
        removed += gone
        report = _check(text, evidence, offer)
        if last and not report.ok:
            removed.append(RemovedSentence(text, report.unsupported))
            text, report = "", LockReport(())
    kept = tuple(text[part.start : part.end] for part in split_sentences(mask_markup(text)))
    return LockedText(text, kept, tuple(removed), report)


def _check(text: str, evidence: Evidence, offer: AboutOffer | None) -> LockReport:
    masked = mask_markup(text)
    heading = ""
    found: list[Claim] = []
    previous: list[Found] = []
    parts = split_sentences(masked)
    for number, part in enumerate(parts):
        claims, heading = claims_of_sentence(masked, part, heading)
        sentence = masked[part.start : part.end]
        asked = _with_answer(masked, parts, number)
        claims += find_asked(asked, part.start, claims)
        claims = [claim for claim in claims if not is_denied(claim, sentence, part.start)]
        if not claims:
            continue
        sources = [find_sources(claim, evidence) for claim in claims]
        sources, previous = agree(masked, claims, sources, evidence, previous)
        for claim, places in zip(claims, sources, strict=True):
            if places:
                found.append(replace(claim, source=places[0][1]))
                continue
            allowed = offer is not None and is_about_offer(claim, asked, part.start, offer)
            found.append(replace(claim, about_offer=allowed))
    return LockReport(tuple(found))


def _with_answer(text: str, parts: Sequence[Sentence], number: int) -> str:
    """Returns a sentence with the next one where that answers it or goes on about the same.

    "Un chef ? Vous l'avez sous les yeux." and "Vous mentionnez le russe. Je le parle."
    """
    part = parts[number]
    if number + 1 == len(parts):
        return text[part.start : part.end]
    following = parts[number + 1]
    asks = text[part.start : part.end].rstrip().endswith("?")
    goes_on = _SAME_THING.match(text, following.start) is not None
    return text[part.start : following.end if asks or goes_on else part.end]


_SAME_THING = re.compile(r"(?:Je (?:les?|la|l['\u2019])|J['\u2019](?:en|y)) ?\w", re.IGNORECASE)


def _without(
    text: str,
    report: LockReport,
    rewrite: Rewriter | None,
    evidence: Evidence,
    offer: AboutOffer | None,
) -> tuple[str, list[RemovedSentence]]:
    """Rewrites or removes the sentences with unsupported claims."""
    wrong = list(report.unsupported)
    pieces: list[str] = []
    removed: list[RemovedSentence] = []
    position = index = 0
    for part in split_sentences(mask_markup(text)):
        claims: list[Claim] = []
        while index < len(wrong) and wrong[index].start < part.end:
            claims.append(wrong[index])
            index += 1
        if not claims:
            continue
        sentence = text[part.start : part.end]
        better = _rewritten(sentence, claims, rewrite)
        pieces.append(text[position : part.start])
        if better and _check(better, evidence, offer).ok:
            pieces.append(better)
        else:
            removed.append(RemovedSentence(sentence, tuple(claims)))
        position = part.end
    pieces.append(text[position:])
    return _tidy(pieces, removed), removed


def _rewritten(sentence: str, claims: list[Claim], rewrite: Rewriter | None) -> str:
    if rewrite is None:
        return ""
    bullet = BULLET.match(sentence)
    mark = bullet[0] if bullet else ""
    try:
        answer = rewrite(sentence[len(mark) :], claims)
    except JobMatchError:
        # A provider that is down costs the sentence, never the whole text.
        return ""
    return mark + answer.strip() if answer.strip() else ""


def _tidy(pieces: Sequence[str], removed: Sequence[RemovedSentence]) -> str:
    """Joins what is left: no double spaces or empty items where a sentence stood."""
    whole = "".join(pieces)
    if not removed:
        return whole
    lines = [" ".join(line.split(" ")).rstrip() for line in whole.split("\n")]
    kept: list[str] = []
    for line in lines:
        squeezed = " ".join(part for part in line.split(" ") if part) if "  " in line else line
        if squeezed or (kept and kept[-1]):
            kept.append(squeezed)
    return "\n".join(kept).strip()
