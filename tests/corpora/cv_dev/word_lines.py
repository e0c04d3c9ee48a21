"""Word layouts with the name in the page's header and text boxes that are written twice."""

# ruff: noqa: E501 - a layout is one template; parted, it would read worse

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.shared import Pt

from tests.corpora.cv_dev.lines import LineSheet
from tests.corpora.cv_dev.word import escape
from tests.corpora.cv_dev.word_wild import _texts

_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
_TWICE = (
    f'<w:r {_SPACES}><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic>'
    '<a:graphicData uri="wps"><wps:wsp><wps:txbx><w:txbxContent>{0}</w:txbxContent></wps:txbx></wps:wsp>'
    "</a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape>"
    "<v:textbox><w:txbxContent>{0}</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback>"
    "</mc:AlternateContent></w:r>"
)


def box(paragraph: Any, texts: list[tuple[str, bool]]) -> None:
    """Adds a text box in both forms; each text with whether it is bold."""
    inner = "".join(
        f'<w:p><w:r>{"<w:rPr><w:b/></w:rPr>" if bold else ""}<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
        for text, bold in texts
    )
    paragraph._p.append(parse_xml(_TWICE.replace("{0}", inner)))


def heading(out: Any, words: str, size: float = 13) -> None:
    """Adds a bold paragraph."""
    run = out.add_paragraph().add_run(words)
    run.bold, run.font.size = True, Pt(size)


def _save(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def w_header(s: LineSheet) -> bytes:
    """Name and occupation in the page's header; one box of lists; position, tab, dates, employer below."""
    out = docx.Document()
    top = out.sections[0].header
    top.paragraphs[0].add_run(s.name()).bold = True
    top.add_paragraph(s.person["title"])
    bar: list[tuple[str, bool]] = []
    for kind in ("contact", "skill_hard", "language", "interest"):
        bar += [(s.words(kind), True), *((text, False) for text in _texts(s, kind))]
    box(out.add_paragraph(), bar)
    heading(out, s.words("summary"))
    out.add_paragraph(s.person["summary"])
    heading(out, s.words("experience"))
    for j in s.person["jobs"]:
        line = out.add_paragraph()
        line.add_run(j["title"]).bold = True
        line.add_run(f"\t{s.period(j)}")
        out.add_paragraph().add_run(f"{j['employer']}, {j['city']}").italic = True
        for text in j["missions"]:
            out.add_paragraph(text, style="List Bullet")
    heading(out, s.words("education"))
    for d in s.person["degrees"]:
        line = out.add_paragraph()
        line.add_run(d["degree"]).bold = True
        line.add_run(f"\t{d['year']}")
        out.add_paragraph().add_run(f"{d['school']}, {d['city']}").italic = True
    return _save(out)


def w_boxes(s: LineSheet) -> bytes:
    """A box for each list, spread over the body; entries in plain paragraphs, dates and employer first."""
    out = docx.Document()
    head = out.sections[0].header.paragraphs[0]
    box(head, [(s.name(), True), *((text, False) for text in s.contacts())])
    out.add_paragraph(s.person["title"]).runs[0].bold = True
    anchor = out.add_paragraph()
    box(anchor, [(s.words("summary", upper=True), True), (s.person["summary"], False)])
    heading(out, s.words("experience", upper=True))
    for j in s.person["jobs"]:
        out.add_paragraph(f"{s.period(j)} : {j['employer']} ({j['city']})").runs[0].bold = True
        out.add_paragraph(j["title"])
        for text in j["missions"]:
            out.add_paragraph(f"- {text}")
    heading(out, s.words("education", upper=True))
    for d in s.person["degrees"]:
        out.add_paragraph(f"{d['year']} : {d['degree']}").runs[0].bold = True
        out.add_paragraph(f"{d['school']} ({d['city']})")
    for kind in ("skill_hard", "language", "certification"):
        box(
            out.add_paragraph(),
            [(s.words(kind, upper=True), True), *((text, False) for text in _texts(s, kind))],
        )
    return _save(out)


def aw_mixed(s: LineSheet) -> bytes:
    """Kept aside: contacts and lists in a box that stands between the posts, headings by style."""
    out = docx.Document()
    out.sections[0].header.paragraphs[0].add_run(f"{s.name()} – {s.person['title']}")
    for text in s.contacts():
        out.sections[0].header.add_paragraph(text)
    out.add_heading(s.words("experience"), 1)
    for at, j in enumerate(s.person["jobs"]):
        out.add_paragraph().add_run(j["employer"].upper()).bold = True
        line = out.add_paragraph(f"{j['title']} | {s.period(j)} | {j['city']}")
        for text in j["missions"]:
            out.add_paragraph(text, style="List Bullet")
        if at == len(s.person["jobs"]) - 1:
            bar: list[tuple[str, bool]] = []
            for kind in ("language", "skill_hard"):
                bar += [
                    (s.words(kind, upper=True), True),
                    *((text, False) for text in _texts(s, kind)),
                ]
            box(line, bar)
    out.add_heading(s.words("education"), 1)
    for d in s.person["degrees"]:
        out.add_paragraph().add_run(d["school"].upper()).bold = True
        out.add_paragraph(f"{d['degree']} | {d['year']} | {d['city']}")
    return _save(out)


WORD_LINES: dict[str, Callable[[LineSheet], bytes]] = {"w_header": w_header, "w_boxes": w_boxes}
WORD_LINES_ASIDE: dict[str, Callable[[LineSheet], bytes]] = {"aw_mixed": aw_mixed}
