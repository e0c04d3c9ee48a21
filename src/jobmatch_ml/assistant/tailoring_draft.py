"""The draft of a CV: all of the candidate's lines by section, before anything is chosen."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from jobmatch_ml.assistant.candidate import CandidateData, EvidenceLine
from jobmatch_ml.assistant.claims_dates import find_dates
from jobmatch_ml.assistant.tailoring_clean import typeset
from jobmatch_ml.assistant.tailoring_entries import Entry, by_date, join_rows, read_entry
from jobmatch_ml.assistant.tailoring_parts import (
    CONTACT_SIGN,
    Item,
    Job,
    contact_lines,
    is_contact,
    split_language,
)
from jobmatch_ml.assistant.tailoring_titles import Headline, own_headline
from jobmatch_ml.assistant.tailoring_words import lowered
from jobmatch_ml.cv.headings import find_heading
from jobmatch_ml.documents import CvDocument, CvEducation, CvExperience
from jobmatch_ml.reference.titles import fold

_DIPLOMA = re.compile(
    r"(?:master\w*|mastere|licence|bachelor|bac\b|baccalaureat|bts|but\b|dut|cap\b|capa|bep\w*|"
    r"brevet|diplome|doctorat|titre|certificat\w*|dess?\b|dea\b|deug|mba|formation|permis|bpjeps)"
)

_PERSONAL = re.compile(r"(?:J['’]|Je\b)")


@dataclass(frozen=True, slots=True)
class Draft:
    """A CV that can still change; items keep their source lines."""

    full_name: str
    headline: Headline
    contacts: tuple[str, ...]
    summary: tuple[Item, ...]
    jobs: tuple[Job, ...]
    education: tuple[Entry, ...]
    skills: tuple[Item, ...]
    certifications: tuple[Item, ...]
    languages: tuple[Item, ...]
    interests: tuple[Item, ...]
    achievements: tuple[Item, ...]
    others: tuple[Item, ...]


def draft_of(data: CandidateData) -> Draft:
    """Returns every line of a candidate in its section, in their own order and words."""
    headline = own_headline(data)
    known = {fold(headline.text), fold(data.full_name), *_parts_of(headline.text)}
    summary = [item for item in _items(data, "summary") if fold(item.text) not in known]
    positions, left = _split_positions([read_entry(e) for e in data.of_kind("experience")])
    jobs = tuple(map(_job, positions))
    education = tuple(
        entry for line in data.of_kind("education") for entry in _diplomas(read_entry(line))
    )
    return Draft(
        full_name=data.full_name,
        headline=headline,
        contacts=tuple(filter(None, [CONTACT_SIGN.join(contact_lines(data))])),
        summary=tuple(summary),
        jobs=jobs,
        education=education,
        skills=_items(data, "skill"),
        certifications=_items(data, "certification"),
        languages=_items(data, "language"),
        interests=_items(data, "interest"),
        achievements=_achievements(data),
        others=tuple(
            item
            for item in (*_items(data, "other"), *left)
            if not item.line_ids[0].startswith("said-") and fold(item.text) not in known
        ),
    )


def in_time(draft: Draft) -> Draft:
    """Returns the draft with its positions latest first, as recruiters read them."""
    ends = {
        job.line_id: Entry(job.line_id, job.title, job.employer, job.place, job.period, ())
        for job in draft.jobs
    }
    order = [entry.line_id for entry in by_date(list(ends.values()))]
    return replace(draft, jobs=tuple(sorted(draft.jobs, key=lambda job: order.index(job.line_id))))


def document_of(draft: Draft) -> CvDocument:
    """Returns what a draft looks like."""
    sections = ("summary", "skills", "experiences", "achievements", "education", "certifications",
                "languages", "interests", "others")  # fmt: skip
    return CvDocument(
        full_name=draft.full_name,
        headline=draft.headline.text,
        contacts=draft.contacts,
        summary=" ".join(_closed(item.text) for item in draft.summary),
        experiences=tuple(
            CvExperience(
                title=job.title,
                employer=job.employer,
                place=job.place,
                start=None,
                end=None,
                bullets=tuple(item.text for item in job.missions),
                period=job.period,
            )
            for job in draft.jobs
        ),
        education=tuple(
            CvEducation(
                entry.title,
                ", ".join(part for part in (entry.entity, entry.place) if part),
                _year(entry.period),
                entry.period,
                tuple(mission.text for mission in entry.missions),
            )
            for entry in draft.education
        ),
        skills=tuple(item.text for item in draft.skills),
        languages=tuple(split_language(item.text) for item in draft.languages),
        interests=tuple(item.text for item in draft.interests),
        certifications=tuple(item.text for item in draft.certifications),
        achievements=tuple(item.text for item in draft.achievements),
        others=tuple(item.text for item in draft.others),
        order=sections,
        dense_skills=True,
    )


def _parts_of(headline: str) -> set[str]:
    """Returns what stands between the dashes of a headline: readers see such parts twice."""
    return {fold(part) for part in re.split(r"\s+[–—|-]\s+", headline)}


def _closed(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…", ":")) else f"{text}."


def _year(period: str) -> int:
    dates = find_dates(period)
    return dates[-1].year if dates else 0


def _items(data: CandidateData, kind: str) -> tuple[Item, ...]:
    return tuple(
        Item(text, (line.line_id,), own=text)
        for line in data.lines
        if line.kind == kind and not (kind in ("other", "skill") and is_contact(line.text))
        for row in _rows(line)
        if (text := typeset(row))
    )


def _rows(line: EvidenceLine) -> list[str]:
    rows = join_rows(line.text.split("\n"))
    # A certificate's issuer and year, an interest's detail: one item, as it was said.
    return [", ".join(rows)] if line.kind in ("certification", "language", "skill") else rows


def _job(entry: Entry) -> Job:
    missions = tuple(Item(m.text, m.line_ids, own=m.text) for m in entry.missions)
    return Job(entry.title, entry.entity, entry.place, entry.period, entry.line_id, missions)


def _split_positions(entries: list[Entry]) -> tuple[list[Entry], list[Item]]:
    """Returns the positions, and what stands below a heading that a reader took for one."""
    positions, left = [], []
    for entry in entries:
        if entry.entity or entry.period or find_heading(entry.title) is None:
            positions.append(entry)
        else:
            left += [Item(m.text, m.line_ids, own=m.text) for m in entry.missions]
    return positions, left


def _diplomas(entry: Entry) -> list[Entry]:
    """Splits a head with several diplomas below it; what only tells of one stays with it."""
    found = [replace(entry, missions=())]
    for mission in entry.missions:
        if _DIPLOMA.match(fold(mission.text)) or find_dates(mission.text):
            found.append(Entry(entry.line_id, mission.text, "", "", "", ()))
        else:
            found[-1] = replace(found[-1], missions=(*found[-1].missions, mission))
    return found


def _achievements(data: CandidateData) -> tuple[Item, ...]:
    """Returns each success in one line: its title and its result, else what was done."""
    found: dict[str, dict[str, EvidenceLine]] = {}
    for line in data.of_kind("success"):
        success, _, part = line.line_id.partition(".")
        found.setdefault(success, {})[part or "title"] = line
    items = []
    for parts in found.values():
        title = parts.get("title")
        told = parts.get("result") or parts.get("action") or parts.get("situation")
        lines = [line for line in (title, told) if line is not None]
        said = [" ".join(line.text.split("\n")) for line in lines]
        # What is told in the first person stays a sentence of its own.
        rest = [part if _PERSONAL.match(part) else lowered(part) for part in said[1:]]
        text = " : ".join([*said[:1], *rest])
        items.append(Item(text, tuple(line.line_id for line in lines), own=text))
    return tuple(items)
