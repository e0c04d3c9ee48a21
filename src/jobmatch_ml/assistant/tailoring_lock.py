"""The truth lock on a draft: a rewording that it does not bear out gives way to the own words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from jobmatch_ml.assistant.candidate import CandidateData
from jobmatch_ml.assistant.tailoring_draft import Draft
from jobmatch_ml.assistant.tailoring_parts import Item
from jobmatch_ml.assistant.truth_lock import check_text


def keep_true(draft: Draft, evidence: CandidateData, original: Draft) -> Draft:
    """Returns the draft without a rewording or addition that the evidence does not bear out.

    Words that the candidate wrote are theirs and stay.
    """
    wrong = _unsupported(draft, evidence)
    if not wrong:
        return draft
    headline = original.headline if draft.headline.text in wrong else draft.headline
    return replace(
        draft,
        headline=headline,
        summary=_true(draft.summary, wrong),
        skills=_true(draft.skills, wrong),
        jobs=tuple(replace(job, missions=_true(job.missions, wrong)) for job in draft.jobs),
    )


def _unsupported(draft: Draft, evidence: CandidateData) -> set[str]:
    """Returns the texts that are not the candidate's own words and not borne out."""
    texts = [draft.headline.text] if draft.headline.reason else []
    items = [*draft.summary, *draft.skills, *(item for job in draft.jobs for item in job.missions)]
    texts += [item.text for item in items if not item.is_own]
    if not texts:
        return set()
    # One check for all: the evidence is read once. Each text is a line of its own.
    report = check_text("\n".join(texts), evidence)
    wrong: set[str] = set()
    position = 0
    for text in texts:
        end = position + len(text)
        if any(position <= claim.start < end for claim in report.unsupported):
            wrong.add(text)
        position = end + 1
    return wrong


def _true(items: Sequence[Item], wrong: set[str]) -> tuple[Item, ...]:
    kept = []
    for item in items:
        if item.is_own or item.text not in wrong:
            kept.append(item)
        elif not item.added:
            kept.append(replace(item, text=item.own, reason=""))
    return tuple(kept)
