"""How a DOCX is laid out: each layout fills an empty python-docx document from a CV's view."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

View = Mapping[str, Any]
_Adder = Callable[[Any, Any], None]
_INK = "1F4E79"
_GREY = "E9EDF0"


def _fill_plain(document: Any, view: View) -> None:
    """One column, styles only: nothing that a parser could stumble on."""
    _style(document, font="Calibri", size=10.5)
    _add_head(document, view)
    for line in view["contacts"]:
        document.add_paragraph(line)
    for name in view["order"]:
        document.add_heading(view["headings"][name], level=1)
        add: _Adder = _PLAIN.get(name, _add_bullets)
        add(document, view["skill_rows"] if name == "skills" else view[name])


def _fill_compact(document: Any, view: View) -> None:
    """One column in small type, a rule under each heading, skills on one line."""
    _style(document, font="Arial", size=9.5)
    _set_margins(document, 1.6)
    _add_head(document, view)
    if view["contacts"]:
        document.add_paragraph(" | ".join(view["contacts"]))
    for name in view["order"]:
        _underline(document.add_heading(view["headings"][name], level=1))
        add: _Adder = _COMPACT.get(name, _add_bullets)
        add(document, view[name])


def _add_head(document: Any, view: View) -> None:
    if view["name"]:
        document.add_heading(view["name"], level=0)
    if view["headline"]:
        document.add_paragraph(view["headline"], style="Subtitle")


def _fill_table(document: Any, view: View) -> None:
    """A shaded block with name and contacts, then a table of two columns."""
    from docx.shared import Cm

    _style(document, font="Arial", size=10)
    _set_margins(document, 1.8)
    head = document.add_table(rows=1, cols=2)
    who, how = head.rows[0].cells
    for cell in (who, how):
        _shade(cell, _GREY)
    _write(who, view["name"], bold=True, size=18)
    _add(who, view["headline"], size=12)
    _write(how, view["contacts"][0] if view["contacts"] else "", size=9)
    for line in view["contacts"][1:]:
        _add(how, line, size=9)
    document.add_paragraph()
    table = document.add_table(rows=0, cols=2)
    table.autofit = False
    for name in view["order"]:
        row = table.add_row().cells
        title = row[0].merge(row[1])
        _write(title, view["headings"][name], bold=True, size=12)
        _shade(title, _GREY)
        for left, right in _rows(name, view[name]):
            _add_row(table, left, right)
    for row in table.rows:
        row.cells[0].width, row.cells[1].width = Cm(4.2), Cm(13.2)


DOCX_LAYOUTS: Mapping[str, Callable[[Any, View], None]] = MappingProxyType(
    {"plain": _fill_plain, "compact": _fill_compact, "table": _fill_table}
)
"""Layouts by name."""


def _add_summary(document: Any, text: str) -> None:
    document.add_paragraph(text)


def _add_experiences(document: Any, jobs: list[Any]) -> None:
    for job in jobs:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        paragraph.add_run(job["title"]).bold = True
        if job["where"]:
            paragraph.add_run(f", {job['where']}")
        if job["period"]:
            document.add_paragraph(job["period"]).paragraph_format.keep_with_next = True
        _add_bullets(document, job["bullets"])


def _add_lines(document: Any, items: list[Any]) -> None:
    for item in items:
        document.add_paragraph(item["line"])


def _add_degrees(document: Any, items: list[Any]) -> None:
    for item in items:
        head = document.add_paragraph(item["line"])
        if item["details"]:
            head.paragraph_format.keep_with_next = True
        for line in item["details"]:
            document.add_paragraph(line)


def _add_bullets(document: Any, items: list[str]) -> None:
    for item in items:
        document.add_paragraph(item, style="List Bullet")


def _add_joined(document: Any, items: list[str]) -> None:
    document.add_paragraph(", ".join(items))


def _add_dotted(document: Any, items: list[str]) -> None:
    document.add_paragraph(" · ".join(items))


_PLAIN: Mapping[str, _Adder] = {
    "summary": _add_summary,
    "experiences": _add_experiences,
    "education": _add_degrees,
    "languages": _add_lines,
    "interests": _add_joined,
}
_COMPACT: Mapping[str, _Adder] = {**_PLAIN, "skills": _add_dotted, "certifications": _add_dotted}


def _rows(name: str, value: Any) -> list[tuple[str, list[str]]]:
    """Returns a section's rows: the left cell, and the lines of the right one, the first bold."""
    if name == "experiences":
        return [
            (job["period"], [job["title"], job["where"], *(f"• {b}" for b in job["bullets"])])
            for job in value
        ]
    if name == "education":
        return [(item["year"], [item["title"], item["school"], *item["details"]]) for item in value]
    if name == "languages":
        return [(item["name"], ["", item["level"]]) for item in value]
    if name == "summary":
        return [("", ["", value])]
    joined = [", ".join(value)] if name == "interests" else [f"• {item}" for item in value]
    return [("", ["", *joined])]


def _add_row(table: Any, left: str, right: list[str]) -> None:
    cells = table.add_row().cells
    target = cells[1]
    if left:
        _write(cells[0], left)
    else:  # nothing on the left: the facts take the whole width
        target = cells[0].merge(cells[1])
    bold, *lines = right
    first = bold or lines.pop(0)
    _write(target, first, bold=bool(bold))
    for line in lines:
        _add(target, line)


def _write(cell: Any, text: str, *, bold: bool = False, size: float | None = None) -> None:
    """Puts text into the paragraph that every new cell has."""
    _run(cell.paragraphs[0], text, bold=bold, size=size)


def _add(cell: Any, text: str, *, size: float | None = None) -> None:
    _run(cell.add_paragraph(), text, bold=False, size=size)


def _run(paragraph: Any, text: str, *, bold: bool, size: float | None) -> None:
    from docx.shared import Pt

    run = paragraph.add_run(text)
    run.bold = bold or None
    if size is not None:
        run.font.size = Pt(size)
    paragraph.paragraph_format.space_after = Pt(2)


def _style(document: Any, *, font: str, size: float) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = font, Pt(size)
    normal.paragraph_format.space_after = Pt(3)
    for name, points in (("Title", 20.0), ("Subtitle", 13.0), ("Heading 1", 12.5)):
        style = document.styles[name]
        style.font.name, style.font.size = font, Pt(points)
        style.font.color.rgb = RGBColor.from_string(_INK)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            # A theme's font would win over the one that is named.
            fonts.attrib.pop(qn(f"w:{theme}"), None)
    _set_margins(document, 2.0)


def _set_margins(document: Any, centimetres: float) -> None:
    from docx.shared import Cm

    for section in document.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(centimetres)
        section.top_margin = section.bottom_margin = Cm(centimetres)


def _underline(paragraph: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", _INK)):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _shade(cell: Any, colour: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), colour)
    cell._tc.get_or_add_tcPr().append(shade)
