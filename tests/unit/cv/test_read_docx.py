"""Word's text boxes: read once, though Word writes them twice."""

from __future__ import annotations

import io

import pytest

from jobmatch_ml.cv.limits import CvLimits
from jobmatch_ml.cv.read_docx import read_docx

BOX = (
    '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    "<mc:AlternateContent><mc:Choice><w:txbxContent>"
    "<w:p><w:r><w:t>Langues</w:t></w:r></w:p><w:p><w:r><w:t>Anglais</w:t></w:r></w:p>"
    "</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>"
    "<w:p><w:r><w:t>Langues</w:t></w:r></w:p></w:txbxContent></mc:Fallback>"
    "</mc:AlternateContent></w:r>"
)


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    docx = pytest.importorskip("docx")
    from docx.oxml import parse_xml

    document = docx.Document()
    document.add_paragraph("Formation")._p.append(parse_xml(BOX))
    file = io.BytesIO()
    document.save(file)
    lines = read_docx(file.getvalue(), CvLimits())["pages"][0]["lines"]
    assert [text for text, *_ in lines if text] == ["Formation", "Langues", "Anglais"]


def test_the_type_of_a_paragraph_is_told_where_it_is_one() -> None:
    docx = pytest.importorskip("docx")
    document = docx.Document()
    document.add_paragraph().add_run("Langues").bold = True
    mixed = document.add_paragraph()
    mixed.add_run("Anglais").bold = True
    mixed.add_run(" courant")
    file = io.BytesIO()
    document.save(file)
    lines = read_docx(file.getvalue(), CvLimits())["pages"][0]["lines"]
    assert [(text, style and style[1]) for text, _, style in lines if text] == [
        ("Langues", True),
        ("Anglais courant", None),
    ]
