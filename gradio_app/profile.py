"""From a CV that was read to what the assistant takes: its context, and its candidate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradio_app.answers import ExtractedLine, Extraction
from gradio_app.records import SavedSuccess

_FIELDS = ("position", "entity", "dates", "description", "location", "content", "url")
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
    summaries = [line.content for line in lines if line.content_type == "summary" and line.content]
    found["summary"] = "\n".join(text for text in summaries if text != found["profile_title"])
    for name in dict.fromkeys(_LISTS.values()):
        found[name] = [_item(line) for line in lines if _LISTS.get(line.content_type) == name]
    found["professional_successes"] = [item.for_service() for item in successes]
    return found


def _item(line: ExtractedLine) -> Any:
    fields = {name: value for name in _FIELDS if (value := getattr(line, name))}
    return fields if set(fields) - {"content"} else line.content


def _label(line: ExtractedLine) -> str:
    head = ", ".join(part for part in (line.position, line.entity) if part)
    dates = f" ({line.dates})" if line.dates else ""
    return (head or line.content.split("\n")[0])[:120] + dates
