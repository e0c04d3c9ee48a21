"""The contents of a CV, whatever it is rendered to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Language = Literal["fr", "en"]

HEADINGS: Mapping[Language, Mapping[str, str]] = {
    "fr": {
        "summary": "Profil",
        "experiences": "Expériences professionnelles",
        "education": "Formation",
        "skills": "Compétences",
        "certifications": "Certifications",
        "languages": "Langues",
        "interests": "Centres d'intérêt",
        "achievements": "Réalisations",
        "others": "Informations complémentaires",
        "contacts": "Contact",
    },
    "en": {
        "summary": "Profile",
        "experiences": "Work experience",
        "education": "Education",
        "skills": "Skills",
        "certifications": "Certifications",
        "languages": "Languages",
        "interests": "Interests",
        "achievements": "Accomplishments",
        "others": "Additional information",
        "contacts": "Contact",
    },
}
"""Usual section headings by the CV's language; a document may bring its own."""

SECTIONS = (
    "summary",
    "experiences",
    "achievements",
    "education",
    "skills",
    "certifications",
    "languages",
    "interests",
    "others",
)
"""Names of the sections, in their usual order."""


@dataclass(frozen=True, slots=True)
class CvExperience:
    """One position held.

    Args:
        title: Position.
        employer: Who employed the person.
        place: Town; may be empty.
        start: First month; days are not shown. ``None``: only ``period`` is known, or nothing.
        end: Last month, ``None`` while it lasts.
        bullets: What was done.
        period: The dates as the person writes them; empty: months and years in figures.
    """

    title: str
    employer: str
    place: str
    start: date | None
    end: date | None
    bullets: tuple[str, ...] = ()
    period: str = ""


@dataclass(frozen=True, slots=True)
class CvEducation:
    """One diploma or certificate.

    Args:
        title: What was obtained.
        school: Where; may be empty.
        year: Year it was obtained, 0 where it is not known.
        period: The dates as the person writes them; empty: the year.
        details: What stands below it: subjects, a thesis; one line each.
    """

    title: str
    school: str
    year: int
    period: str = ""
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CvLanguage:
    """A language and how well it is spoken, in words (``courant``, ``B1``)."""

    name: str
    level: str


@dataclass(frozen=True, slots=True)
class CvDocument:
    """A CV. Empty parts are left out of the rendered document, headings included.

    Args:
        full_name: First and last name.
        headline: Occupation wished for or held, under the name.
        contacts: Contact lines (e-mail, telephone, place …), one a line.
        summary: A paragraph about the person.
        experiences: Positions, latest first.
        education: Diplomas, latest first.
        skills: One skill each.
        languages: Languages.
        interests: One interest each.
        certifications: Certificates and licences, one each.
        achievements: What the person is proud of, one each.
        others: Whatever has no section of its own, one each.
        language: Language of headings and dates.
        headings: Headings that replace the usual ones, by section.
        order: Sections in the order of the person; layouts with columns have an order of their own.
        dense_skills: Whether layouts of one column may put short skills side by side in a row.
    """

    full_name: str
    headline: str
    contacts: tuple[str, ...] = ()
    summary: str = ""
    experiences: tuple[CvExperience, ...] = ()
    education: tuple[CvEducation, ...] = ()
    skills: tuple[str, ...] = ()
    languages: tuple[CvLanguage, ...] = ()
    interests: tuple[str, ...] = ()
    certifications: tuple[str, ...] = ()
    achievements: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    language: Language = "fr"
    headings: Mapping[str, str] = field(default_factory=dict, hash=False)
    order: tuple[str, ...] = SECTIONS
    dense_skills: bool = False

    def heading(self, section: str) -> str:
        """Returns what stands above a section, in the CV's language."""
        return self.headings.get(section) or HEADINGS[self.language][section]


def format_period(start: date, end: date | None, *, language: Language = "fr") -> str:
    """Returns the months of a position in figures.

    Example:
        >>> format_period(date(2019, 3, 1), date(2021, 11, 30))
        '03/2019 - 11/2021'
        >>> format_period(date(2024, 1, 1), None)
        "01/2024 - aujourd'hui"
        >>> format_period(date(2024, 1, 1), None, language="en")
        '01/2024 - present'
    """
    now = "aujourd'hui" if language == "fr" else "present"
    # Years and months are put together by hand: strftime is five times as slow.
    first = f"{start.month:02d}/{start.year}"
    return f"{first} - {end.month:02d}/{end.year}" if end else f"{first} - {now}"


def period_of(job: CvExperience, language: Language) -> str:
    """Returns a position's dates: as the person writes them, or months in figures."""
    if job.period or job.start is None:
        return job.period
    return format_period(job.start, job.end, language=language)


def place_of(job: CvExperience) -> str:
    """Returns employer and town on one line."""
    return ", ".join(part for part in (job.employer, job.place) if part)


def title_of(item: CvEducation, language: Language) -> str:
    """Returns a diploma on one line: dates, title and school, as far as they are known."""
    what = ", ".join(part for part in (item.title, item.school) if part)
    when = year_of(item)
    return labelled(when, what, language) if when else what


def year_of(item: CvEducation) -> str:
    """Returns when a diploma was obtained: as the person writes it, or the year."""
    return item.period or (str(item.year) if item.year else "")


def labelled(label: str | int, value: str, language: Language) -> str:
    """Returns ``label : value`` with the colon of the language (French sets it off).

    Example:
        >>> labelled("Anglais", "B1", "fr"), labelled("French", "native", "en")
        ('Anglais : B1', 'French: native')
    """
    if not value:
        return str(label)
    return f"{label} : {value}" if language == "fr" else f"{label}: {value}"
