"""Development layouts for Word: tabs, a table of two columns, text boxes."""

# ruff: noqa: PLR0917 - a layout is one template; parted, it would read worse

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

import docx
from docx.oxml import parse_xml

from tests.corpora.cv_dev.sheet import Sheet
from tests.corpora.cv_dev.styles import language_text

_BOX = (
    '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><w:drawing>'
    '<wp:inline><a:graphic><a:graphicData uri="wps"><wps:wsp><wps:txbx><w:txbxContent>{}'
    "</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
)


def _lists(s: Sheet, kinds: str) -> list[tuple[str, list[str]]]:
    person, found = s.person, []
    values = {
        "skill_hard": [
            f"{theme} : {', '.join(items)}" for theme, items in person["skills"].items()
        ],
        "skill_soft": person["soft"],
        "language": [language_text(item, s.style.number) for item in person["languages"]],
        "certification": person["certifications"],
        "interest": [", ".join(person["interests"])],
        "contact": s.contacts(),
        "summary": [person["summary"]],
    }
    if s.style.number % 2:
        values["skill_hard"] = [item for items in person["skills"].values() for item in items]
    for kind in kinds.split():
        words = s.style.heading(kind)
        s.sections.append((kind, words))
        found.append((words, values[kind]))
    return found


def _entries(s: Sheet, kind: str, write: Callable[[str, str, str, str, list[str]], None]) -> None:
    if kind == "experience":
        for j in s.person["jobs"]:
            write(j["title"], j["employer"], j["city"], s.period(j), j["missions"])
    else:
        for d in s.person["degrees"]:
            write(d["degree"], d["school"], d["city"], str(d["year"]), [])


def _bytes(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def word_tabs(s: Sheet) -> bytes:
    """Headings by style; title, tab, dates; employer below in italics."""
    out = docx.Document()
    out.add_paragraph(" ".join(s.person["name"]), style="Title")
    out.add_paragraph(s.person["title"])
    out.add_paragraph(" | ".join(s.contacts()))

    def write(title: str, where: str, city: str, period: str, missions: list[str]) -> None:
        line = out.add_paragraph()
        line.add_run(title).bold = True
        line.add_run(f"\t{period}")
        out.add_paragraph().add_run(f"{where}, {city}").italic = True
        for mission in missions:
            out.add_paragraph(mission, style="List Bullet")

    for kind in ("experience", "education"):
        words = s.style.heading(kind)
        s.sections.append((kind, words))
        out.add_paragraph(words, style="Heading 1")
        _entries(s, kind, write)
    for words, texts in _lists(s, "skill_hard skill_soft language certification interest"):
        out.add_paragraph(words, style="Heading 1")
        for text in texts:
            out.add_paragraph(text)
    return _bytes(out)


def word_columns(s: Sheet) -> bytes:
    """A table without rules: lists left, entries right, employer before title."""
    out = docx.Document()
    out.add_paragraph().add_run(" ".join(s.person["name"])).bold = True
    out.add_paragraph(s.person["title"])
    left, right = out.add_table(rows=1, cols=2).rows[0].cells
    for words, texts in _lists(s, "contact skill_hard language interest"):
        left.add_paragraph().add_run(words.upper()).bold = True
        for text in texts:
            left.add_paragraph(text)

    def write(title: str, where: str, city: str, period: str, missions: list[str]) -> None:
        line = right.add_paragraph()
        line.add_run(f"{where} ({city})").bold = True
        line.add_run(f" – {period}")
        right.add_paragraph(title)
        for mission in missions:
            right.add_paragraph(f"- {mission}")

    for kind in ("experience", "education"):
        words = s.style.heading(kind)
        s.sections.append((kind, words))
        right.add_paragraph().add_run(words.upper()).bold = True
        _entries(s, kind, write)
    return _bytes(out)


def word_boxes(s: Sheet) -> bytes:
    """Each section in a text box; entries in rows of a table inside the page."""
    out = docx.Document()

    def box(texts: list[str]) -> None:
        inner = "".join(
            f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
            for text in texts
        )
        out.add_paragraph()._p.append(parse_xml(_BOX.format(inner)))

    box([" ".join(s.person["name"]), s.person["title"], *s.contacts()])
    for words, texts in _lists(s, "summary skill_hard"):
        box([words, *texts])
    for kind in ("experience", "education"):
        words = s.style.heading(kind)
        s.sections.append((kind, words))
        lines = [words]

        def write(
            title: str, where: str, city: str, period: str, missions: list[str],
            lines: list[str] = lines,
        ) -> None:  # fmt: skip
            lines += [period, title, f"{where}, {city}", *missions]

        _entries(s, kind, write)
        box(lines)
    for words, texts in _lists(s, "language interest"):
        box([words, *texts])
    return _bytes(out)


WORD_LAYOUTS: dict[str, Callable[[Sheet], bytes]] = {
    "word_tabs": word_tabs,
    "word_columns": word_columns,
    "word_boxes": word_boxes,
}
