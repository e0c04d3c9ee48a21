"""What reading a CV gives: lines with their evidence, and the text that they were found in."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Literal, TypeAlias

from jobmatch_ml.cv.hidden import HiddenText

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom in points from the page's top left corner."""

Method: TypeAlias = Literal["text", "pdf_text", "docx", "ocr", "vision"]
"""How the text was obtained."""


class ContentType(StrEnum):
    """What an extracted line is about."""

    SUMMARY = "summary"
    EXPERIENCE = "experience"
    EDUCATION = "education"
    CERTIFICATION = "certification"
    SKILL_HARD = "skill_hard"
    SKILL_SOFT = "skill_soft"
    LANGUAGE = "language"
    INTEREST = "interest"
    CONTACT = "contact"
    PERSONAL_INFO = "personal_info"
    SOCIAL_LINK = "social_link"
    OTHER = "other"


Style: TypeAlias = tuple[float, bool, int]
"""Type of a line that has one throughout: size in points, whether bold, and a number of its
colour."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line as it stands in the file.

    Args:
        text: The line, without its line break.
        page: 1-based page.
        start: Offset of its first character in the reading's ``raw_text``.
        box: Where it stands on the page; ``None`` for formats without a layout.
        style: Its type; ``None`` where it is mixed or unknown.
    """

    text: str
    page: int = 1
    start: int = 0
    box: Box | None = None
    style: Style | None = None

    @property
    def end(self) -> int:
        """Offset after the line's last character."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a line was found: what explanations and tailoring point to.

    ``raw_text[start:end]`` holds the line's words; ``page`` is 1-based.
    """

    page: int
    start: int
    end: int
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class ExtractedLine:
    """One unit of a CV: one position, one skill, one degree. Fields that do not apply are ``None``.

    ``order`` counts from 0 in reading order. Positions of one employer share a ``group_id``.
    A summary line that is the CV's headline carries it in ``position`` too.
    """

    content_type: ContentType
    content: str
    order: int
    entity: str | None = None
    dates: str | None = None
    position: str | None = None
    description: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None
    location: str | None = None
    link_type: str | None = None
    url: str | None = None
    group_id: str | None = None
    evidence: Evidence | None = None

    def to_json(self) -> dict[str, Any]:
        """Returns the line's fields for JSON, those that do not apply left out."""
        return _drop_absent(asdict(self))


def _drop_absent(values: dict[str, Any]) -> dict[str, Any]:
    return {
        key: _drop_absent(value) if isinstance(value, dict) else value
        for key, value in values.items()
        if value is not None
    }


@dataclass(frozen=True, slots=True)
class CvReading:
    """A CV that was read.

    Args:
        lines: The extracted lines in reading order.
        raw_text: The whole text, pages separated by a blank line; evidence counts in it.
        language: ``fr``, ``en`` or ``unknown``.
        pages: Number of pages; 1 where the format has none.
        method: How the text was obtained.
        warnings: French sentences for the person.
        hidden: Text of the file that nobody sees; it stands in no line and not in ``raw_text``.
        unverified: What a model alone read in a picture. It is for the person to see and to take
            over; nothing else uses it.
    """

    lines: tuple[ExtractedLine, ...]
    raw_text: str
    language: str
    pages: int
    method: Method
    warnings: tuple[str, ...] = field(default=())
    hidden: tuple[HiddenText, ...] = field(default=())
    unverified: tuple[ExtractedLine, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        """Returns what ``jobmatch cv extract --json`` prints; unverified lines where there are."""
        found = {
            "extracted_lines": [line.to_json() for line in self.lines],
            "language": self.language,
            "pages": self.pages,
            "method": self.method,
            "warnings": list(self.warnings),
            "hidden_text": [item.to_json() for item in self.hidden],
        }
        if self.unverified:
            found["unverified_lines"] = [line.to_json() for line in self.unverified]
        return found
