"""The exported file read again as any employer's software would: what of the CV came through?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jobmatch_ml.assistant.tailoring_parts import CONTACT_SIGN
from jobmatch_ml.cv import ContentType, CvReading, extract_file
from jobmatch_ml.documents import CvDocument
from jobmatch_ml.documents.cv_document import year_of
from jobmatch_ml.reference.titles import fold

_SKILLS = (ContentType.SKILL_HARD, ContentType.SKILL_SOFT)


@dataclass(frozen=True, slots=True)
class FieldRecall:
    """How many values of a field were found again in their own place.

    Args:
        field: Name of the field.
        found: Values read back.
        total: Values that the document holds.
        lost: Those that were not, for the person.
    """

    field: str
    found: int
    total: int
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParseBack:
    """What reading a file again gave."""

    fields: tuple[FieldRecall, ...]

    @property
    def recall(self) -> float:
        """Share of all values that were found again; 1 for a document without any."""
        total = sum(field.total for field in self.fields)
        return sum(field.found for field in self.fields) / total if total else 1.0


def parse_back(document: CvDocument, data: bytes, filename: str = "") -> ParseBack:
    """Reads a rendered CV again.

    Args:
        document: What was rendered.
        data: The file: DOCX or PDF.
        filename: For error messages.

    Raises:
        CvReadError: The file cannot be read at all.
    """
    reading = extract_file(data, filename)
    jobs = [line for line in reading.lines if line.content_type is ContentType.EXPERIENCE]
    degrees = _contents(reading, (ContentType.EDUCATION,))
    contacts = _contents(reading, (ContentType.CONTACT, ContentType.SOCIAL_LINK))
    name = " ".join(
        f"{line.first_name} {line.last_name}" for line in reading.lines if line.first_name
    )
    headline = " ".join(line.position or "" for line in reading.lines
                        if line.content_type is ContentType.SUMMARY)  # fmt: skip
    held = document.experiences
    rows = (
        ("name", [document.full_name], [name]),
        ("headline", [document.headline], [headline]),
        ("contacts", [p for line in document.contacts for p in line.split(CONTACT_SIGN)],
         contacts),
        ("titles", [job.title for job in held], [j.position or "" for j in jobs]),
        ("employers", [job.employer for job in held], [j.entity or "" for j in jobs]),
        ("dates", [job.period for job in held], [j.dates or "" for j in jobs]),
        ("missions", [text for job in held for text in job.bullets],
         [j.content for j in jobs]),
        ("education", [item.title for item in document.education], degrees),
        ("education_dates", [year_of(item) for item in document.education], degrees),
        ("skills", _parts(document.skills), _contents(reading, _SKILLS)),
        ("certifications", document.certifications,
         _contents(reading, (ContentType.CERTIFICATION,))),
        ("languages", [item.name for item in document.languages],
         _contents(reading, (ContentType.LANGUAGE,))),
    )  # fmt: skip
    return ParseBack(tuple(_field(*row) for row in rows))


def _field(name: str, expected: Iterable[str], read: Iterable[str]) -> FieldRecall:
    known = " \n ".join(_letters(text) for text in read)
    wanted = [text for text in expected if _letters(text)]
    lost = tuple(text for text in wanted if _letters(text) not in known)
    return FieldRecall(name, len(wanted) - len(lost), len(wanted), lost)


def _contents(reading: CvReading, kinds: tuple[ContentType, ...]) -> list[str]:
    return [line.content for line in reading.lines if line.content_type in kinds]


def _parts(skills: Iterable[str]) -> list[str]:
    """Splits skills where every reader does: at commas."""
    return [part for skill in skills for part in skill.split(",")]


def _letters(text: str) -> str:
    """Returns letters and digits alone: spaces and signs are a matter of the layout."""
    return "".join(char for char in fold(text) if char.isalnum())
