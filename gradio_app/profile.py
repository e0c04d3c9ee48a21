"""From a CV that was read to what the assistant takes: its context, and its candidate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradio_app.answers import ExtractedLine, Extraction
from gradio_app.records import SavedSuccess

_HEAD = ("position", "entity", "dates", "url")
_LEAST_SUMMARY_WORDS = 4
_BULLETS = " \t*_#|•◦▪●○■–—-·►➢✓"
_LISTS = {
    "experience": "experiences",
    "education": "education",
    "certification": "certifications",
    "skill_hard": "skills",
    "skill_soft": "skills",
    "language": "languages",
    "interest": "interests",
    "social_link": "social_links",
}


def experiences_of(cv: Extraction | None) -> list[tuple[str, int]]:
    """Returns the positions to choose from: their label, and their number in the CV."""
    lines = cv.extracted_lines if cv else ()
    return [
        (_label(line) or "Expérience", number)
        for number, line in enumerate(lines)
        if line.content_type == "experience"
    ]


def title_of(cv: Extraction) -> str | None:
    """Returns the CV's headline, else its first position: people list the latest one first."""
    for kind in ("summary", "experience"):
        for line in cv.extracted_lines:
            if line.content_type == kind and line.position:
                return line.position
    return None


def context_of(
    cv: Extraction | None, successes: Sequence[SavedSuccess] = (), *, chosen: int | None = None
) -> dict[str, Any]:
    """Returns the coach's ``user_context``; the experience that was chosen comes first.

    Args:
        cv: The CV, if one was given.
        successes: Successes told before.
        chosen: The number of a line of the CV.
    """
    candidate = candidate_of(cv, chosen=chosen)
    candidate.pop("professional_successes")
    for name in ("email", "phone"):
        candidate.pop(name)  # a coach needs none of them
    return candidate | {"existing_successes": [item.for_service() for item in successes]}


def candidate_of(
    cv: Extraction | None, successes: Sequence[SavedSuccess] = (), *, chosen: int | None = None
) -> dict[str, Any]:
    """Returns the ``candidate`` of the tailoring routes."""
    lines = list(cv.extracted_lines) if cv else []
    raw_text = cv.raw_text if cv else ""
    if chosen is not None and 0 <= chosen < len(lines):
        lines.insert(0, lines.pop(chosen))
    found: dict[str, Any] = {
        name: next((value for line in lines if (value := getattr(line, name))), "")
        for name in ("first_name", "last_name", "email", "phone")
    }
    found["location"] = next(
        (line.location for line in lines if line.location and line.content_type not in _LISTS), ""
    )
    found["profile_title"] = (title_of(cv) or "") if cv else ""
    # A town or a word alone, taken for a summary, would open the tailored CV.
    summaries = [
        line.content
        for line in lines
        if line.content_type == "summary" and len(line.content.split()) >= _LEAST_SUMMARY_WORDS
    ]
    found["summary"] = "\n".join(text for text in summaries if text != found["profile_title"])
    for name in dict.fromkeys(_LISTS.values()):
        found[name] = [
            _item(line, raw_text) for line in lines if _LISTS.get(line.content_type) == name
        ]
    found["professional_successes"] = [item.for_service() for item in successes]
    return found


def _item(line: ExtractedLine, raw_text: str) -> Any:
    head = {name: value for name in _HEAD if (value := getattr(line, name))}
    content = _rows(line, raw_text)
    if line.dates and "\n" in content:
        # The dates travel in a field of their own: a row of nothing else is no mission.
        content = "\n".join(row for row in content.split("\n") if row != line.dates)
    return {**head, "content": content} if head else content


def _rows(line: ExtractedLine, raw_text: str) -> str:
    """Returns a line's words with the line breaks of the CV: its missions are one a row."""
    if line.evidence is None:
        return line.content
    rows = raw_text[line.evidence.start : line.evidence.end].split("\n")
    whole = "\n".join(bare for row in rows if (bare := row.strip(_BULLETS)))
    same = _letters(whole) == _letters(line.content)
    return whole if same else line.content


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _label(line: ExtractedLine) -> str:
    head = ", ".join(part for part in (line.position, line.entity) if part)
    dates = f" ({line.dates})" if line.dates else ""
    return (head or line.content.split("\n")[0])[:120] + dates
