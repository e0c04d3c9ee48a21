"""What every layout shows of a CV: plain strings, set as the language wants it.

Layouts differ in where things stand, never in what they say: all take their words from here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from jobmatch_ml.documents.cv_document import (
    CvDocument,
    labelled,
    period_of,
    place_of,
    title_of,
    year_of,
)

_BEFORE_SIGN = re.compile(r"(?<=\S) ([;!?])(?=\s|$)")
_BEFORE_COLON = re.compile(r"(?<=\S) :(?=\s|$)")
_QUOTED = re.compile(r"« ([^«»]*) »")
_UNIT = re.compile(r"(?<=\d) (?=(?:€|%|km|ans|h|kg|t)\b|€|%)")
_LEAST_DENSE = 7  # short skills; fewer stand well one below the other
_SHORT_SKILL = 32  # characters
_ROW = 84  # characters that stand in a row of any layout's width
_THOUSANDS = re.compile(r"(?<!\d)(\d{1,3}) (\d{3})(?!\d)")


def set_french(text: str) -> str:
    """Returns French text whose signs, units and thousands do not part from their word.

    Spaces become unbreakable where French typography wants them; none is added, so that what was
    typed is still found.

    Example:
        >>> set_french("Prêt : 10 000 €, « oui » !").replace(chr(160), "~").replace(chr(8239), "^")
        'Prêt~: 10^000~€, «~oui~»^!'
    """
    text = _BEFORE_SIGN.sub("\u202f\\1", text)
    text = _BEFORE_COLON.sub("\u00a0:", text)
    text = _QUOTED.sub("«\u00a0\\1\u00a0»", text)
    text = _THOUSANDS.sub("\\1\u202f\\2", text)
    return _UNIT.sub("\u00a0", text)


def pack_skills(skills: Sequence[str]) -> list[str]:
    """Returns skills as rows: short neighbours side by side, long ones and lists alone.

    Example:
        >>> pack_skills(["SQL", "Git", "Docker", "Linux", "Bash", "Go", "Tri, mise en rayon", "R"])
        ['SQL, Git, Docker, Linux, Bash, Go', 'Tri, mise en rayon', 'R']
    """
    if sum(_is_short(skill) for skill in skills) < _LEAST_DENSE:
        return list(skills)
    rows: list[str] = []
    is_open = False
    for skill in skills:
        short = _is_short(skill)
        if short and is_open and len(rows[-1]) + len(skill) + 2 <= _ROW:
            rows[-1] = f"{rows[-1]}, {skill}"
        else:
            rows.append(skill)
        is_open = short
    return rows


def view_of(cv: CvDocument) -> dict[str, Any]:
    """Returns a CV's strings by part; ``order`` holds the sections that have contents."""
    view: dict[str, Any] = {
        "name": cv.full_name,
        "headline": cv.headline,
        "contacts": cv.contacts,
        "summary": cv.summary,
        "experiences": [
            {
                "title": job.title,
                "where": place_of(job),
                "period": period_of(job, cv.language),
                "bullets": job.bullets,
            }
            for job in cv.experiences
        ],
        "education": [
            {
                "year": year_of(item),
                "title": item.title,
                "school": item.school,
                "line": title_of(item, cv.language),
                "details": item.details,
            }
            for item in cv.education
        ],
        "skills": cv.skills,
        "skill_rows": pack_skills(cv.skills) if cv.dense_skills else cv.skills,
        "certifications": cv.certifications,
        "languages": [
            {
                "name": item.name,
                "level": item.level,
                "line": labelled(item.name, item.level, cv.language),
            }
            for item in cv.languages
        ],
        "interests": cv.interests,
        "achievements": cv.achievements,
        "others": cv.others,
        "language": cv.language,
    }
    view["order"] = [name for name in cv.order if view[name]]
    view["headings"] = {name: cv.heading(name) for name in (*cv.order, "contacts")}
    return _set(view) if cv.language == "fr" else view


def _is_short(skill: str) -> bool:
    return len(skill) <= _SHORT_SKILL and "," not in skill


def _set(value: Any) -> Any:
    if isinstance(value, str):
        return set_french(value)
    if isinstance(value, dict):
        return {key: _set(item) for key, item in value.items()}
    return [_set(item) for item in value]
