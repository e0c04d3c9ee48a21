"""The candidate's own data in one form: what a coach, a tailored CV or a letter may draw from.

A CV that was read, a request of the assistant API and a coach's context all become the same lines.
A line that is not here was never said by the candidate: the truth lock checks against these lines
and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from jobmatch_ml.cv import ContentType, CvReading, ExtractedLine
from jobmatch_ml.cv.headings import BULLETS
from jobmatch_ml.cv.text import clean
from jobmatch_ml.errors import InputError

EvidenceKind = Literal[
    "experience",
    "education",
    "skill",
    "certification",
    "language",
    "interest",
    "success",
    "summary",
    "contact",
    "other",
]
Origin = Literal["cv", "user", "success"]

_SHARP = re.compile(r"(?<![\w#])[A-Z]#$")
SUCCESS_PARTS = ("title", "situation", "task", "action", "result", "skills")
"""Parts of a success, each a line of its own: ``success-1.situation``."""

_PREFIX: Mapping[EvidenceKind, str] = {"experience": "exp", "education": "edu"}
_KINDS: Mapping[ContentType, EvidenceKind] = {
    ContentType.SUMMARY: "summary",
    ContentType.EXPERIENCE: "experience",
    ContentType.EDUCATION: "education",
    ContentType.CERTIFICATION: "certification",
    ContentType.SKILL_HARD: "skill",
    ContentType.SKILL_SOFT: "skill",
    ContentType.LANGUAGE: "language",
    ContentType.INTEREST: "interest",
    ContentType.CONTACT: "contact",
    ContentType.PERSONAL_INFO: "contact",
    ContentType.SOCIAL_LINK: "contact",
    ContentType.OTHER: "other",
}
# What clients call the fields of an item; the first that is filled wins.
_TITLE = ("position", "title", "degree", "name", "diploma", "job_title", "language")
_ENTITY = ("entity", "company", "employer", "school", "institution", "organization", "issuer")
_DATES = ("dates", "period", "date", "year")
_DETAIL = ("description", "missions", "bullets", "highlights", "details", "content", "text")
_PLACE = ("location", "place", "city")
_LISTS: tuple[tuple[str, EvidenceKind], ...] = (
    ("experiences", "experience"),
    ("education", "education"),
    ("skills", "skill"),
    ("certifications", "certification"),
    ("languages", "language"),
    ("interests", "interest"),
    ("social_links", "contact"),
)


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One unit of what the candidate said: one position, one degree, one skill, one answer.

    Args:
        line_id: Stable within the candidate: ``exp-1``, ``skill-3``, ``success-2.result``.
        kind: What it is about.
        text: The whole unit in the candidate's words; a position's head and its missions stand on
            lines of their own.
        title: Position, degree or title of a success, where the kind has one.
        entity: Employer or school.
        dates: As written.
        origin: Where it comes from: the CV, the person's own words, a saved success.
    """

    line_id: str
    kind: EvidenceKind
    text: str
    title: str = ""
    entity: str = ""
    dates: str = ""
    origin: Origin = "cv"

    @property
    def details(self) -> tuple[str, ...]:
        """What stands below the head of a position or degree, one mission each."""
        if not (self.title or self.entity or self.dates):
            return tuple(filter(None, self.text.split("\n")))
        lines = [line for line in self.text.split("\n") if line]
        head = 0
        named = [part for part in (self.title, self.entity, self.dates) if part]
        for position, line in enumerate(lines[:4]):
            # Each part of the head is met once: a mission may name the employer again.
            met = [part for part in named if part in line]
            if not met and position:
                break
            named = [part for part in named if part not in met]
            head = position + 1
            if not named:
                break
        return tuple(lines[head:])


@dataclass(frozen=True, slots=True)
class CandidateData:
    """Everything a candidate has said about themselves.

    Args:
        first_name: May be empty, as every field here.
        last_name: Family name.
        email: Address, for the head of a document only.
        phone: Telephone number, for the head of a document only.
        location: Town or address.
        headline: The occupation that the CV or the profile announces.
        lines: What may be said of the candidate, in the order of the CV.
    """

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    location: str = ""
    headline: str = ""
    lines: tuple[EvidenceLine, ...] = ()

    def of_kind(self, *kinds: EvidenceKind) -> tuple[EvidenceLine, ...]:
        """Returns the lines of these kinds, in order."""
        return tuple(line for line in self.lines if line.kind in kinds)

    def line(self, line_id: str) -> EvidenceLine | None:
        """Returns the line of an id, ``None`` where there is none."""
        return next((line for line in self.lines if line.line_id == line_id), None)

    @property
    def full_name(self) -> str:
        """First and last name; empty when neither is known."""
        return f"{self.first_name} {self.last_name}".strip()

    def with_said(self, texts: Iterable[str]) -> CandidateData:
        """Returns the data with what the person said in a conversation, ``said-1`` and so on.

        What they say of themselves is evidence; what a coach answers is not: pass only the
        messages of the person.
        """
        before = sum(line.line_id.startswith("said-") for line in self.lines)
        said = [text for text in map(_clean, texts) if text]
        added = tuple(
            EvidenceLine(f"said-{number}", "other", text, origin="user")
            for number, text in enumerate(said, start=before + 1)
        )
        return replace(self, lines=self.lines + added)


def from_reading(reading: CvReading) -> CandidateData:
    """Returns the data of a CV that was read."""
    numbers: dict[str, int] = {}
    lines: list[EvidenceLine] = []
    who: dict[str, str] = {}
    headline = ""
    for item in reading.lines:
        for name in ("first_name", "last_name", "email", "phone", "location"):
            who.setdefault(name, "")
            who[name] = who[name] or getattr(item, name) or ""
        if item.content_type is ContentType.SUMMARY and item.position and not headline:
            headline = item.position
        kind = _KINDS[item.content_type]
        line = EvidenceLine(
            _next_id(numbers, kind),
            kind,
            _own_words(item, reading.raw_text),
            title=item.position or "",
            entity=item.entity or "",
            dates=item.dates or "",
        )
        if line.text:
            lines.append(line)
    return CandidateData(**who, headline=headline, lines=tuple(lines))


def from_request(candidate: Mapping[str, Any]) -> CandidateData:
    """Returns the data of a ``candidate`` as the assistant API takes it.

    Lists hold texts or objects; objects may use the names of extracted lines (``position``,
    ``entity``, ``dates``, ``description``) or the usual others (``title``, ``company`` …).

    Raises:
        InputError: It is not an object, or a list is something else.
    """
    return _from_mapping(candidate, "professional_successes", "candidate")


def from_user_context(context: Mapping[str, Any]) -> CandidateData:
    """Returns the data of a coach's ``user_context``.

    Raises:
        InputError: It is not an object, or a list is something else.
    """
    return _from_mapping(context, "existing_successes", "user_context")


def _from_mapping(values: Mapping[str, Any], successes: str, field: str) -> CandidateData:
    if not isinstance(values, Mapping):
        raise InputError(f"`{field}` must be an object with the candidate's data", field=field)
    numbers: dict[str, int] = {}
    lines: list[EvidenceLine] = []
    summary = _text(values.get("summary") or values.get("description"))
    if summary:
        lines.append(EvidenceLine(_next_id(numbers, "summary"), "summary", summary, origin="user"))
    for name, kind in _LISTS:
        for item in _list(values.get(name), f"{field}.{name}"):
            line = _item(item, kind, numbers)
            if line.text:
                lines.append(line)
    for item in _list(values.get(successes), f"{field}.{successes}"):
        lines += _success(item, _next_id(numbers, "success"))
    headline = _first(values, ("headline", "profile_title", "title"))
    return CandidateData(
        first_name=_row(values.get("first_name")),
        last_name=_row(values.get("last_name")),
        email=_row(values.get("email")),
        phone=_row(values.get("phone")),
        location=_row(values.get("location")),
        headline=headline,
        lines=tuple(lines),
    )


def _item(item: Any, kind: EvidenceKind, numbers: dict[str, int]) -> EvidenceLine:
    line_id = _next_id(numbers, kind)
    if not isinstance(item, Mapping):
        return EvidenceLine(line_id, kind, _text(item), origin="user")
    title, entity, dates = (_first(item, names) for names in (_TITLE, _ENTITY, _DATES))
    dates = dates or _period(item)
    detail = _all_details(item)
    level = _first(item, ("level", "niveau", "url"))
    place = _first(item, _PLACE)
    head = ", ".join(part for part in (title, entity, place) if part)
    if head and level:
        head = f"{head} : {level}"
    # A client that sends an extracted line repeats the head in its content.
    if detail and title and title in detail.split("\n")[0]:
        head = ""
    shown = dates if dates not in detail.split("\n")[0] else ""
    text = "\n".join(part for part in (head or ("" if detail else level), shown, detail) if part)
    return EvidenceLine(line_id, kind, text, title, entity, dates, origin="user")


def _all_details(item: Mapping[str, Any]) -> str:
    """Joins a description and a list of missions: all of it was said, what is repeated once."""
    found = list(dict.fromkeys(text for name in _DETAIL if (text := _text(item.get(name)))))
    flat = [" ".join(text.split()) for text in found]
    return "\n".join(
        text
        for position, text in enumerate(found)
        if not any(flat[position] in other for index, other in enumerate(flat) if index != position)
    )


def _period(item: Mapping[str, Any]) -> str:
    start = _first(item, ("start_date", "start", "from"))
    end = _first(item, ("end_date", "end", "to"))
    if start and not end:
        end = "aujourd'hui" if item.get("current") or "end_date" in item else ""
    return " - ".join(part for part in (start, end) if part)


def _success(item: Any, line_id: str) -> list[EvidenceLine]:
    if not isinstance(item, Mapping):
        text = _text(item)
        return [EvidenceLine(line_id, "success", text, origin="success")] if text else []
    skills = item.get("skills_demonstrated") or item.get("skillsDemonstrated")
    parts = {name: _text(item.get(name)) for name in SUCCESS_PARTS} | {"skills": _text(skills)}
    return [
        EvidenceLine(f"{line_id}.{name}", "success", text, parts["title"], origin="success")
        for name, text in parts.items()
        if text
    ]


def _own_words(item: ExtractedLine, raw_text: str) -> str:
    """Returns a line's words with the line breaks that stand in the file, where they are known."""
    content = _clean(item.content)
    if item.evidence is None:
        return content
    rows = raw_text[item.evidence.start : item.evidence.end].split("\n")
    whole = "\n".join(filter(None, map(_bare_row, rows)))
    same = "".join(filter(str.isalnum, whole)) == "".join(filter(str.isalnum, content))
    return whole if same else content


def _bare_row(row: str) -> str:
    """Returns a row without the signs of a list or a heading; "C#" and "-5 %" keep theirs."""
    signs = " \t*_#|" + BULLETS
    text = row.replace("**", "").rstrip(signs.replace("#", ""))
    text = text if _SHARP.search(text) else text.rstrip(signs)
    left = text.lstrip(signs)
    sign = text[: len(text) - len(left)][-1:]
    return f"{sign}{left}" if sign in ("-", "–") and left[:1].isdigit() else left


def _next_id(numbers: dict[str, int], kind: EvidenceKind) -> str:
    prefix = _PREFIX.get(kind, kind)
    numbers[prefix] = numbers.get(prefix, 0) + 1
    return f"{prefix}-{numbers[prefix]}"


def _first(item: Mapping[str, Any], names: Iterable[str]) -> str:
    return next((text for name in names if (text := _text(item.get(name)))), "")


def _text(value: Any) -> str:
    """Returns a text, a number or a list of them as clean text; lists have one line an item."""
    if value is None or isinstance(value, bool | Mapping):
        return ""
    if isinstance(value, str | int | float):
        return _clean(str(value))
    if isinstance(value, Sequence):
        return "\n".join(text for item in value if (text := _text(item)))
    return ""


def _row(value: Any) -> str:
    """Returns a text on one line: a name with a break in it would be two lines of a letter."""
    return " ".join(_text(value).split())


def _clean(text: str) -> str:
    return "\n".join(line.strip() for line in clean(text).split("\n") if line.strip())


def _list(value: Any, field: str) -> Sequence[Any]:
    if value is None:
        return ()
    if isinstance(value, str):
        return [value] if value.strip() else []
    if isinstance(value, Sequence):
        return value
    raise InputError(f"`{field}` must be a list of texts or objects", field=field)
