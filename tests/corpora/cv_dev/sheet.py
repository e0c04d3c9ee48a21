"""What the development layouts are made of: texts as Typst expressions, a person as a sheet."""

# ruff: noqa: PLR0911 - one way of writing skills a branch

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from tests.corpora.cv_dev.styles import Style, language_text

Person = dict[str, Any]


def lit(text: str) -> str:
    """A text as a Typst expression: never source."""
    return json.dumps(text, ensure_ascii=False)


def show(text: str, **options: str) -> str:
    """A text with options (``weight``, ``size`` …)."""
    given = "".join(f"{name}: {value}, " for name, value in options.items())
    return f"#text({given}{lit(text)})"


BOLD = {"weight": '"bold"'}
ITALIC = {"style": '"italic"'}


class Sheet:
    """What a layout writes, and the headings that it wrote."""

    def __init__(self, person: Person, style: Style) -> None:
        self.person, self.style = person, style
        self.sections: list[tuple[str, str]] = []

    def head(self, kind: str, **options: str) -> str:
        """Notes a section and returns its heading."""
        words = self.style.heading(kind)
        self.sections.append((kind, words))
        upper = options.pop("upper", "")
        return show(words.upper() if upper else words, **options)

    def period(self, job: Person) -> str:
        """A job's dates."""
        return self.style.period(job["start"], job.get("end"))

    def name(self, **options: str) -> str:
        """First and last name, the last one in capitals for every other CV."""
        first, last = self.person["name"]
        return show(f"{first} {last.upper() if self.style.number % 2 else last}", **options)

    def skills(self) -> str:
        """Skills in one of seven ways."""
        groups: dict[str, list[str]] = self.person["skills"]
        every = [item for items in groups.values() for item in items]
        way = self.style.number % 7
        if way == 0:
            return _lines(show(f"{theme} : {', '.join(items)}") for theme, items in groups.items())
        if way == 1:
            return _bullets(every)
        if way == 2:
            return show(" • ".join(every))
        if way == 3:
            return _lines(
                f"{show(theme, **BOLD)} #linebreak() {show(', '.join(items))}"
                for theme, items in groups.items()
            )
        if way == 4:
            return _lines(
                show(f"{item} {'●' * (3 + at % 3)}{'○' * (2 - at % 3)}")
                for at, item in enumerate(every)
            )
        if way == 5:
            cells = ", ".join(f"[{show('• ' + item)}]" for item in every)
            return f"#grid(columns: (1fr, 1fr), row-gutter: 6pt, {cells})"
        return show(", ".join(every) + ".")

    def languages(self) -> str:
        """Languages, a line each or in one line."""
        texts = [language_text(item, self.style.number) for item in self.person["languages"]]
        return show(", ".join(texts)) if self.style.number % 4 == 2 else _lines(map(show, texts))

    def items(self, key: str) -> str:
        """A plain list."""
        values = self.person[key]
        if self.style.number % 3 == 0:
            return _bullets(values)
        joint = ", " if key != "certifications" else " ; "
        return show(joint.join(values)) if self.style.number % 3 == 1 else _lines(map(show, values))

    def missions(self, job: Person) -> str:
        """Missions with bullets, dashes or in plain lines."""
        way = self.style.number % 3
        if way == 0:
            return _bullets(job["missions"])
        return _lines(show(f"{'- ' if way == 1 else ''}{text}") for text in job["missions"])

    def contacts(self) -> list[str]:
        """Contact lines."""
        who = self.person["contact"]
        phone = "0" + who["phone"][3:]
        spoken = " ".join(phone[at : at + 2] for at in range(0, 10, 2))
        place = f"{who['street']}, {who['postcode']} {who['city']}"
        if self.style.number % 3 == 1:
            return [f"Tél. : {spoken}", f"E-mail : {who['email']}", f"Adresse : {place}"]
        spoken = f"{who['phone'][:3]} {phone[1]} {spoken[3:]}" if self.style.number % 2 else spoken
        return [spoken, who["email"], place]


def _lines(texts: Iterable[str]) -> str:
    return "\n\n".join(texts)


def _bullets(texts: Iterable[str]) -> str:
    return "\n".join(f"- {show(text)}" for text in texts)


def _rest(sheet: Sheet, opts: dict[str, str], *, kinds: str) -> str:
    """Sections of lists."""
    make = {
        "skill_hard": sheet.skills,
        "skill_soft": lambda: sheet.items("soft"),
        "language": sheet.languages,
        "certification": lambda: sheet.items("certifications"),
        "interest": lambda: sheet.items("interests"),
        "summary": lambda: show(sheet.person["summary"]),
        "contact": lambda: _lines(map(show, sheet.contacts())),
    }
    parts = []
    for kind in kinds.split():
        heading = sheet.head(kind, **opts)
        parts.append(f"#block(above: 14pt, below: 7pt)[{heading}]\n\n{make[kind]()}")
    return "\n\n".join(parts)


def _page(body: str, *, size: float = 10, font: str = "Roboto", margin: str = "18mm") -> str:
    return (
        f'#set page(paper: "a4", margin: {margin})\n#set text(font: {lit(font)}, size: {size}pt)\n'
        f"#set par(leading: 0.55em, spacing: 0.8em)\n{body}\n"
    )


def _section(sheet: Sheet, kind: str, opts: dict[str, str], entries: Iterable[str]) -> str:
    heading = sheet.head(kind, **opts)
    return f"#block(above: 14pt, below: 7pt)[{heading}]\n\n" + "\n\n".join(entries)
