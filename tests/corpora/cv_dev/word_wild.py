"""Wild layouts for Word: typed tabs, bold run-in headings, a bar as a table, contents in boxes."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.shared import Pt

from tests.corpora.cv_dev.wild import WildSheet
from tests.corpora.cv_dev.word import _BOX, escape


def _bytes(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _texts(s: WildSheet, kind: str) -> list[str]:
    person, way = s.person, s.way["skill"] % 3
    if kind == "skill_hard":
        groups: dict[str, list[str]] = person["skills"]
        if way == 0:
            return [f"{theme} : {', '.join(items)}" for theme, items in groups.items()]
        every = [item for items in groups.values() for item in items]
        return every if way == 1 else [", ".join(every)]
    if kind == "language":
        return [f"{name} : {level}" for name, level, _ in person["languages"]]
    if kind == "summary":
        return [person["summary"]]
    if kind == "contact":
        return s.contacts()
    values: list[str] = person[
        {"skill_soft": "soft", "certification": "certifications", "interest": "interests"}[kind]
    ]
    return [", ".join(values)] if way == 0 and kind != "certification" else values


def word_typed(s: WildSheet) -> bytes:
    """Bold headings in normal paragraphs, period, tab, title – employer, town."""
    out = docx.Document()
    out.add_paragraph().add_run(s.name()).bold = True
    for text in s.contacts():
        out.add_paragraph(text)
    out.add_paragraph(s.person["title"])

    def heading(kind: str) -> None:
        run = out.add_paragraph().add_run(s.words(kind, upper=True))
        run.bold, run.font.size = True, Pt(13)

    heading("experience")
    for j in s.person["jobs"]:
        out.add_paragraph(f"{s.period(j)}\t{j['title']} – {j['employer']}, {j['city']}")
        for text in j["missions"]:
            out.add_paragraph(text, style="List Bullet")
    heading("education")
    for d in s.person["degrees"]:
        out.add_paragraph(f"{d['year']}\t{d['degree']} – {d['school']}, {d['city']}")
    for kind in ("skill_hard", "language", "certification", "interest"):
        heading(kind)
        for text in _texts(s, kind):
            out.add_paragraph(text)
    return _bytes(out)


def word_bar(s: WildSheet) -> bytes:
    """A table of two cells: bar of lists left, each entry right as three paragraphs."""
    out = docx.Document()
    left, right = out.add_table(rows=1, cols=2).rows[0].cells
    left.paragraphs[0].add_run(s.name()).bold = True
    left.add_paragraph(s.person["title"])

    def heading(cell: Any, kind: str) -> None:
        run = cell.add_paragraph().add_run(s.words(kind))
        run.bold, run.font.size = True, Pt(14)

    for kind in ("contact", "skill_hard", "skill_soft", "language", "interest"):
        heading(left, kind)
        for text in _texts(s, kind):
            left.add_paragraph(text)
    heading(right, "summary")
    right.add_paragraph(s.person["summary"])
    heading(right, "experience")
    for j in s.person["jobs"]:
        right.add_paragraph().add_run(j["title"]).bold = True
        right.add_paragraph(f"{j['employer']} | {j['city']} | {s.period(j)}")
        for text in j["missions"]:
            right.add_paragraph(f"• {text}")
    heading(right, "education")
    for d in s.person["degrees"]:
        right.add_paragraph().add_run(d["degree"]).bold = True
        right.add_paragraph(f"{d['school']} | {d['city']} | {d['year']}")
    return _bytes(out)


def word_shapes(s: WildSheet) -> bytes:
    """Text boxes: one of contacts and lists, then a body of plain paragraphs with headings."""
    out = docx.Document()

    def box(texts: list[str]) -> None:
        inner = "".join(
            f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
            for text in texts
        )
        out.add_paragraph()._p.append(parse_xml(_BOX.format(inner)))

    box([s.name(), s.person["title"]])
    bar: list[str] = []
    for kind in ("contact", "skill_hard", "language", "interest"):
        bar += [s.words(kind, upper=True), *_texts(s, kind)]
    box(bar)
    out.add_paragraph().add_run(s.words("experience", upper=True)).bold = True
    for j in s.person["jobs"]:
        line = out.add_paragraph()
        line.add_run(j["employer"]).bold = True
        line.add_run(f" – {j['city']} ({s.period(j)})")
        out.add_paragraph().add_run(j["title"]).italic = True
        for text in j["missions"]:
            out.add_paragraph(f"- {text}")
    out.add_paragraph().add_run(s.words("education", upper=True)).bold = True
    for d in s.person["degrees"]:
        line = out.add_paragraph()
        line.add_run(d["school"]).bold = True
        line.add_run(f" – {d['city']} ({d['year']})")
        out.add_paragraph().add_run(d["degree"]).italic = True
    return _bytes(out)


WILD_WORD: dict[str, Callable[[WildSheet], bytes]] = {
    "word_typed": word_typed,
    "word_bar": word_bar,
    "word_shapes": word_shapes,
}
