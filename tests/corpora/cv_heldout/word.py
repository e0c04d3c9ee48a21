"""Sheets as Word files: a table of a template, text boxes beside the text, and plain tabs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.shared import Cm, Pt, RGBColor

from tests.corpora.cv_heldout.on_paper import FIXED_DAY
from tests.corpora.cv_heldout.word_box import text_box

WORD_LAYOUTS = ("word_table", "word_boxes", "word_tabs")
SIDE = {"language", "skill_hard", "skill_soft", "interest", "certification", "other"}
BLUE = RGBColor(0x1F, 0x3A, 0x5F)
Sheet = dict[str, Any]


def listed(section: dict[str, Any], inline: str) -> Iterator[tuple[str, str]]:
    """The lines of a section that is no list of posts or degrees, as (bold part, rest)."""
    body, kind = section["body"], section["type"]
    if kind == "summary":
        yield "", body
    elif kind in {"interest", "skill_soft"}:
        yield "", inline.join(body)
    elif kind != "skill_hard":
        yield from (("", item) for item in body)
    elif body["way"] in {"themes", "themes_line"}:
        for group in body["groups"]:
            yield f"{group['theme']} : ", ", ".join(group["items"])
    elif body["way"] in {"line", "sentence"}:
        yield "", body[body["way"]]
    else:
        yield from (("", item) for item in body["items"])


def contacts(sheet: Sheet) -> list[str]:
    """The contact lines that the sheet has."""
    return [sheet[key] for key in ("place", "phone", "email", "link") if sheet[key]]


def _write(
    place: Any, text: str, *, bold: bool = False, size: float = 10.5, style: str = ""
) -> Any:
    # A table cell is born with an empty paragraph: the first line goes there.
    empty = len(place.paragraphs) == 1 and not place.paragraphs[0].text and not style
    paragraph = place.paragraphs[0] if empty else place.add_paragraph(style=style or None)
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold, Pt(size)
    paragraph.paragraph_format.space_after = Pt(2)
    return paragraph


def _plain(place: Any, section: dict[str, Any], sheet: Sheet) -> None:
    for lead, rest in listed(section, sheet["inline"]):
        paragraph = _write(place, lead, bold=True)
        paragraph.add_run(rest).font.size = Pt(10.5)


def _new(font: str) -> Any:
    document = docx.Document()
    document.styles["Normal"].font.name = font
    for page in document.sections:
        page.left_margin = page.right_margin = Cm(2)
        page.top_margin = page.bottom_margin = Cm(1.7)
    properties = document.core_properties
    properties.author = properties.title = properties.comments = ""
    properties.created = properties.modified = FIXED_DAY
    return document


def _table(sheet: Sheet) -> Any:
    """A template's table: headings and dates in the left column, everything else in the right."""
    document = _new("Calibri")
    top = document.add_table(rows=1, cols=2)
    _write(top.cell(0, 0), sheet["name"], bold=True, size=20)
    _write(top.cell(0, 0), sheet["title"], size=13)
    for line in (*contacts(sheet), *sheet["facts"]):
        _write(top.cell(0, 1), line, size=9.5).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    table = document.add_table(rows=0, cols=2)
    table.autofit = False

    def row() -> tuple[Any, Any]:
        cells = table.add_row().cells
        cells[0].width, cells[1].width = Cm(4.2), Cm(12.8)
        return cells[0].paragraphs[0], cells[1]

    for section in sheet["sections"]:
        left, right = row()
        run = left.add_run(section["heading"].upper())
        run.bold, run.font.color.rgb, run.font.size = True, BLUE, Pt(11)
        if section["type"] not in {"experience", "education"}:
            _plain(right, section, sheet)
            continue
        for entry in section["body"]:
            left, right = row()
            left.add_run(entry["dates"]).italic = True
            right.paragraphs[0].add_run(entry["head"]).bold = True
            if entry["sub"]:
                _write(right, entry["sub"])
            for mission in entry.get("missions", ()):
                _write(right, mission, style="List Bullet")
    return document


def _tabs(sheet: Sheet) -> Any:
    """What most people type: Word's styles, a tab before the dates, hyphens for lists."""
    document = _new("Times New Roman")
    for line in contacts(sheet):
        _write(document, line, size=10)
    _write(document, sheet["name"], bold=True, size=16)
    heading = document.add_heading(sheet["title"], level=0)
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if sheet["facts"]:
        _write(document, " / ".join(sheet["facts"]))
    dates_first = sheet["row"] % 2 == 0
    for section in sheet["sections"]:
        document.add_heading(section["heading"], level=1)
        if section["type"] not in {"experience", "education"}:
            _plain(document, section, sheet)
            continue
        for entry in section["body"]:
            pair = (entry["dates"], entry["head"])
            paragraph = _write(document, "\t".join(pair if dates_first else pair[::-1]), bold=True)
            stop = (
                (Cm(5.5), WD_TAB_ALIGNMENT.LEFT)
                if dates_first
                else (Cm(17), WD_TAB_ALIGNMENT.RIGHT)
            )
            paragraph.paragraph_format.tab_stops.add_tab_stop(*stop)
            if entry["sub"]:
                _write(document, entry["sub"])
            for mission in entry.get("missions", ()):
                _write(document, f"- {mission}")
    return document


def _boxes(sheet: Sheet) -> Any:
    """Name in the page's header, contacts and lists in a text box, posts as ordinary paragraphs."""
    document = _new("Arial")
    header = document.sections[0].header
    header.paragraphs[0].add_run(sheet["name"]).bold = True
    _write(header, sheet["title"], size=12)
    lines = [("head", sheet["contact_heading"])]
    lines += [("line", line) for line in (*contacts(sheet), *sheet["facts"])]
    for section in sheet["sections"]:
        if section["type"] in SIDE:
            lines.append(("head", section["heading"]))
            lines += [("line", lead + rest) for lead, rest in listed(section, sheet["inline"])]
    anchor = document.add_paragraph()
    anchor.add_run()._r.append(parse_xml(text_box(lines)))
    for section in sheet["sections"]:
        if section["type"] in SIDE:
            continue
        _indented(document, section["heading"], bold=True, size=13).runs[0].font.color.rgb = BLUE
        if section["type"] == "summary":
            _indented(document, section["body"])
            continue
        for entry in section["body"]:
            _indented(document, entry["head"], bold=True)
            for line in (entry["sub"], entry["dates"]):
                if line:
                    _indented(document, line)
            for mission in entry.get("missions", ()):
                _indented(document, f"• {mission}")
    return document


def _indented(document: Any, text: str, *, bold: bool = False, size: float = 10) -> Any:
    paragraph = _write(document, text, bold=bold, size=size)
    paragraph.paragraph_format.left_indent = Cm(6.6)
    return paragraph


def render_docx(sheet: Sheet, layout: str) -> bytes:
    """The sheet as a Word file; the same bytes each time."""
    document = {"word_table": _table, "word_boxes": _boxes, "word_tabs": _tabs}[layout](sheet)
    buffer = io.BytesIO()
    document.save(buffer)
    # The archive's own clock would differ from run to run.
    fixed = io.BytesIO()
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, FIXED_DAY.timetuple()[:6]), old.read(name))
    return fixed.getvalue()
