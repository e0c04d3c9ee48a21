"""What of a tailored CV comes from where, and what differs from the candidate's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jobmatch_ml.assistant.tailoring_draft import Draft
from jobmatch_ml.assistant.tailoring_parts import Change, Item, TailoredSentence

_ORDER = "ce qui répond le mieux à l'offre vient en premier"


def list_sentences(draft: Draft) -> tuple[TailoredSentence, ...]:
    """Returns every title, sentence and item of a draft with its source lines."""
    found = [TailoredSentence(draft.headline.text, "headline", draft.headline.line_ids)]
    found += [_sentence(item, "summary") for item in draft.summary]
    found += [_sentence(item, "skills") for item in draft.skills]
    for job in draft.jobs:
        head = ", ".join(part for part in (job.title, job.employer, job.place, job.period) if part)
        found.append(TailoredSentence(head, "experiences", (job.line_id,)))
        found += [_sentence(item, "experiences") for item in job.missions]
    for entry in draft.education:
        parts = (entry.period, entry.title, entry.entity, entry.place)
        text = ", ".join(part for part in parts if part)
        found.append(TailoredSentence(text, "education", (entry.line_id,)))
        found += [TailoredSentence(m.text, "education", m.line_ids) for m in entry.missions]
    for name in ("achievements", "certifications", "languages", "interests", "others"):
        found += [_sentence(item, name) for item in getattr(draft, name)]
    return tuple(sentence for sentence in found if sentence.text)


def list_changes(original: Draft, draft: Draft) -> tuple[Change, ...]:
    """Returns what was reworded, added or moved; what was left out is logged where it happens."""
    return tuple(_changes(original, draft))


def _changes(original: Draft, draft: Draft) -> Iterator[Change]:
    if draft.headline.text != original.headline.text:
        before, after = original.headline.text, draft.headline.text
        kind = "reworded"
        yield Change("reworded" if before else "added", "headline", before, after,
                     draft.headline.line_ids, draft.headline.reason or kind)  # fmt: skip
    for section, items in (
        ("summary", draft.summary), ("skills", draft.skills),
        ("experiences", [item for job in draft.jobs for item in job.missions]),
    ):  # fmt: skip
        for item in items:
            if item.added:
                yield Change("added", section, "", item.text, item.line_ids, item.reason)
            elif not item.is_own:
                yield Change("reworded", section, item.own, item.text, item.line_ids, item.reason)
    yield from _moves(original, draft)


def _moves(original: Draft, draft: Draft) -> Iterator[Change]:
    yield from _moved("skills", original.skills, draft.skills)
    before = {job.line_id: job for job in original.jobs}
    for job in draft.jobs:
        yield from _moved("experiences", before[job.line_id].missions, job.missions)


def _moved(section: str, before: Sequence[Item], after: Sequence[Item]) -> Iterator[Change]:
    """Yields an own line that now stands first and did not."""
    if (
        before
        and after
        and after[0].is_own
        and (before[0].line_ids, before[0].text) != (after[0].line_ids, after[0].text)
    ):
        first = after[0]
        yield Change("moved", section, first.text, first.text, first.line_ids, _ORDER)


def _sentence(item: Item, section: str) -> TailoredSentence:
    return TailoredSentence(item.text, section, item.line_ids)
