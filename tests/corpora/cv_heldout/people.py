"""Reads the invented people of ``people/*.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Job:
    """One post. Dates are ``YYYY-MM`` or ``YYYY``; ``end`` may be "now".

    ``verbatim`` is a period printed as it was written ("été 2020"); then both dates are years.
    """

    title: str
    employer: str
    city: str
    start: str
    end: str
    missions: tuple[str, ...]
    verbatim: str = ""


@dataclass(frozen=True)
class Study:
    """One degree; ``years`` is "2012" or "2010-2012"."""

    degree: str
    school: str
    city: str
    years: str


@dataclass(frozen=True)
class Person:
    """One invented person, as written by hand, plus contact details made from the row number."""

    number: int
    lang: str
    first: str
    last: str
    street: str
    postcode: str
    city: str
    title: str
    about: str
    facts: tuple[str, ...]
    link: str
    jobs: tuple[Job, ...]
    studies: tuple[Study, ...]
    certs: tuple[str, ...]
    skills: dict[str, tuple[str, ...]]
    soft: tuple[str, ...]
    langs: tuple[tuple[str, str], ...]
    likes: tuple[str, ...]


def _cells(text: str) -> list[str]:
    return [cell.strip() for cell in text.split("|")]


def _list(text: str | None) -> tuple[str, ...]:
    return tuple(item.strip() for item in (text or "").split(";") if item.strip())


def _job(key: str, missions: list[str] | None) -> Job:
    title, employer, city, start, end = _cells(key)
    done = tuple(missions or ())
    if start.startswith("~"):
        return Job(title, employer, city, end, end, done, verbatim=start[1:])
    return Job(title, employer, city, start, end, done)


def _person(number: int, lang: str, row: dict[str, Any]) -> Person:
    first, last = _cells(row["name"])
    street, postcode, city = _cells(row["place"])
    pairs = [item.partition("=") for item in _list(row.get("langs"))]
    return Person(
        number=number,
        lang=lang,
        first=first,
        last=last,
        street=street,
        postcode=postcode,
        city=city,
        title=row["title"],
        about=row.get("about", ""),
        facts=_list(row.get("facts")),
        link=row.get("link", ""),
        jobs=tuple(_job(key, missions) for key, missions in row["jobs"].items()),
        studies=tuple(Study(*_cells(line)) for line in row["studies"]),
        certs=_list(row.get("certs")),
        skills={theme: _list(line) for theme, line in row["skills"].items()},
        soft=_list(row.get("soft")),
        langs=tuple((name.strip(), level.strip()) for name, _, level in pairs),
        likes=_list(row.get("likes")),
    )


@cache
def everyone() -> tuple[Person, ...]:
    """All people, in the order of the files; those of ``people/english.yaml`` come last."""
    files = sorted((HERE / "people").glob("*.yaml"), key=lambda path: (len(path.stem), path.stem))
    rows = [
        ("en" if path.stem == "english" else "fr", row)
        for path in files
        for row in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]
    return tuple(_person(number, lang, row) for number, (lang, row) in enumerate(rows))
