"""What one writes in an hour instead of the reading rules: raw pdfplumber text, plain headings.

The comparison of `jobmatch bench cv`: the usual regular expressions, a dozen headings, a line with
a year opens an entry, commas part skills. No layout is looked at, and pictures are not read.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

from jobmatch_ml.cv.reading import ContentType, CvReading, Evidence, ExtractedLine

_HEADINGS = {
    ContentType.EXPERIENCE: ("experience", "expérience", "work history", "employment"),
    ContentType.EDUCATION: ("formation", "diplôme", "education"),
    ContentType.SKILL_HARD: ("compétence", "skills"),
    ContentType.LANGUAGE: ("langue", "language"),
    ContentType.INTEREST: ("centres d", "loisirs", "interests", "hobbies"),
    ContentType.CERTIFICATION: ("certification", "permis"),
    ContentType.SUMMARY: ("profil", "à propos", "summary", "about"),
    ContentType.CONTACT: ("contact", "coordonnées"),
}
_ENTRIES = (ContentType.EXPERIENCE, ContentType.EDUCATION)
_LISTS = (
    ContentType.SKILL_HARD,
    ContentType.LANGUAGE,
    ContentType.INTEREST,
    ContentType.CERTIFICATION,
)
_LONGEST_HEADING = 40
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,3}")
_PHONE = re.compile(r"(?:\+33|0)[\s.]?[1-9](?:[\s.-]?\d{2}){4}")
_PLACE = re.compile(r"\b\d{5} [A-Z][\w' -]{1,40}")
_DATES = re.compile(r"(?:[\w./]{2,10}\s)?(?:19|20)\d\d(?:\s?[-–—]\s?[\w'’./ ]{0,20})?")
_PARTS = re.compile(r"\s[-–—|]\s|,\s")
_ITEMS = re.compile(r"[,;•·|]\s?")
_EDGES = " \t-–—•·|,:()"


def raw_text(path: Path) -> str:
    """Returns a file's text as pdfplumber, or python-docx's paragraphs, give it."""
    if path.suffix == ".docx":
        import docx

        return "\n".join(item.text for item in docx.Document(str(path)).paragraphs)
    import pdfplumber

    with pdfplumber.open(io.BytesIO(path.read_bytes())) as pdf:
        return "\n".join(page.extract_text() or "" for page in pdf.pages)


def read_naively(path: Path) -> CvReading:
    """Reads a CV without layout: the floor that rules have to beat."""
    return interpret(raw_text(path))


def interpret(text: str) -> CvReading:
    """Reads a CV's raw text."""
    found: list[ExtractedLine] = []
    kind: ContentType | None = None
    offset = 0
    for line in text.split("\n"):
        bare = line.strip(_EDGES)
        place = Evidence(1, offset, offset + len(line))
        offset += len(line) + 1
        heading = _heading(bare)
        if heading is not None:
            kind = heading
        elif bare:
            _add(found, kind, bare, place)
    return CvReading((*_contact(text), *found), text, "unknown", 1, "text")


def _heading(bare: str) -> ContentType | None:
    if not 3 < len(bare) <= _LONGEST_HEADING:
        return None
    folded = bare.casefold()
    for kind, starts in _HEADINGS.items():
        if folded.startswith(starts):
            return kind
    return None


def _contact(text: str) -> list[ExtractedLine]:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    words = lines[0].split() if lines else []
    email, phone, place = (rule.search(text) for rule in (_EMAIL, _PHONE, _PLACE))
    return [
        ExtractedLine(
            ContentType.PERSONAL_INFO,
            lines[0] if lines else "",
            0,
            first_name=words[0] if words else None,
            last_name=" ".join(words[1:]) or None,
            email=email.group(0) if email else None,
            phone=phone.group(0) if phone else None,
            location=place.group(0) if place else None,
        )
    ]


def _add(found: list[ExtractedLine], kind: ContentType | None, bare: str, place: Evidence) -> None:
    if kind in _ENTRIES:
        dates = _DATES.search(bare)
        if dates:
            rest = f"{bare[: dates.start()]} - {bare[dates.end() :]}"
            parts = [part.strip(_EDGES) for part in _PARTS.split(rest)]
            title, entity = ([part for part in parts if part] + ["", ""])[:2]
            found.append(
                ExtractedLine(
                    kind, bare, 0, position=title, entity=entity, dates=dates.group(0),
                    evidence=place,
                )
            )  # fmt: skip
    elif kind in _LISTS:
        items = (item.strip(_EDGES) for item in _ITEMS.split(bare))
        found.extend(ExtractedLine(kind, item, 0, evidence=place) for item in items if item)
    elif kind is not None:
        found.append(ExtractedLine(kind, bare, 0, evidence=place))
