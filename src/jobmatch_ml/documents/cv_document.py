"""The contents of a CV, whatever it is rendered to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

HEADINGS = {
    "summary": "Profil",
    "experiences": "Expériences professionnelles",
    "education": "Formation",
    "skills": "Compétences",
    "languages": "Langues",
    "interests": "Centres d'intérêt",
    "contacts": "Contact",
}
"""French section headings, the same in every format."""


@dataclass(frozen=True, slots=True)
class CvExperience:
    """One position held. ``end`` is ``None`` while it lasts; days of the dates are not shown."""

    title: str
    employer: str
    place: str
    start: date
    end: date | None
    bullets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CvEducation:
    """One diploma or certificate, with the year it was obtained."""

    title: str
    school: str
    year: int


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


def format_period(start: date, end: date | None) -> str:
    """Returns the months of a position as French CVs write them.

    Example:
        >>> format_period(date(2019, 3, 1), date(2021, 11, 30))
        '03/2019 - 11/2021'
        >>> format_period(date(2024, 1, 1), None)
        "01/2024 - aujourd'hui"
    """
    until = f"{end:%m/%Y}" if end else "aujourd'hui"
    return f"{start:%m/%Y} - {until}"
