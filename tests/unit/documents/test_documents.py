"""CV documents: read back with accents, same bytes each time, no code from users' text."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest

from jobmatch_ml.documents import (
    TEMPLATES,
    CvDocument,
    CvEducation,
    CvExperience,
    CvLanguage,
    render_docx,
    render_pdf,
    render_text,
)
from jobmatch_ml.errors import UnknownNameError

pdfplumber = pytest.importorskip("pdfplumber")
docx = pytest.importorskip("docx")
pytest.importorskip("typst")

CV = CvDocument(
    full_name="Zoé Lefèvre",
    headline="Aide-soignante",
    contacts=("zoe@example.org", "06 00 00 00 00", "25000 Besançon"),
    summary="Œuvre auprès des aînés ; efficace à l'hôpital.",
    experiences=(
        CvExperience(
            title="AS de nuit",
            employer="Les Érables",
            place="Nîmes",
            start=date(2019, 3, 1),
            end=None,
            bullets=("Toilettes complètes", "Relèves & transmissions"),
        ),
    ),
    education=(CvEducation("DEAS", "IFAS", 2018),),
    skills=("Lève-malade",),
    languages=(CvLanguage("Anglais", "B1"),),
    interests=("Randonnée", "Chant"),
)
UNITS = (
    "Zoé Lefèvre",
    "Aide-soignante",
    "zoe@example.org",
    "25000 Besançon",
    "Œuvre auprès des aînés",
    "AS de nuit",
    "Les Érables, Nîmes",
    "03/2019 - aujourd'hui",
    "Toilettes complètes",
    "Relèves & transmissions",
    "2018 : DEAS, IFAS",
    "Lève-malade",
    "Anglais : B1",
    "Randonnée",
)


def read_pdf(data: bytes) -> str:
    with pdfplumber.open(io.BytesIO(data)) as document:
        return "\n".join(page.extract_text() for page in document.pages)


def read_docx(data: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs)


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_pdf_gives_back_every_unit_with_its_accents(template: str) -> None:
    text = read_pdf(render_pdf(CV, template=template))
    missing = [unit for unit in UNITS if unit not in text]
    assert not missing


def test_a_docx_gives_back_every_unit_with_its_accents() -> None:
    text = read_docx(render_docx(CV))
    assert not [unit for unit in UNITS if unit not in text]


def test_the_plain_text_holds_every_unit_and_french_headings() -> None:
    text = render_text(CV)
    assert not [unit for unit in UNITS if unit not in text]
    assert "\n\nExpériences professionnelles\n" in text


def test_without_contacts_the_text_does_not_say_who_it_is() -> None:
    text = render_text(CV, contacts=False)
    assert text.startswith("Aide-soignante\n")
    assert "Lefèvre" not in text
    assert "example.org" not in text
    assert "25000" not in text


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_same_contents_give_the_same_pdf_bytes(template: str) -> None:
    assert render_pdf(CV, template=template) == render_pdf(CV, template=template)


def test_the_same_contents_give_the_same_docx_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    first = render_docx(CV)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert render_docx(CV) == first


def test_text_that_looks_like_typst_code_is_shown_as_it_is() -> None:
    hostile = '#panic("x") #read("/etc/passwd") *gras* $x$ [a]'
    assert hostile in read_pdf(render_pdf(replace(CV, summary=hostile)))


def test_control_characters_do_not_break_a_docx() -> None:
    assert "ab" in read_docx(render_docx(replace(CV, summary="a\x00\x0bb")))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("10\u00a0000\u202f€", "10\u00a0000\u202f€"),
        ("ligne\nsuivante\tet\r\nfin\u2028", "ligne suivante et fin "),
        ("\u4f60 \U0001f600 \ufffd", "\u4f60 \U0001f600 \ufffd"),
        ("a\ufffeb\uffffc\ud800d\x1be", "abcde"),
    ],
)
def test_a_docx_drops_only_what_xml_forbids(text: str, shown: str) -> None:
    lines = read_docx(render_docx(replace(CV, summary=f"<{text}>"))).split("\n")
    assert f"<{shown}>" in lines


def test_an_empty_cv_has_no_headings() -> None:
    bare = CvDocument(full_name="A B", headline="Maçon")
    for text in (read_pdf(render_pdf(bare)), read_docx(render_docx(bare)), render_text(bare)):
        assert text.split() == ["A", "B", "Maçon"]


def test_an_unknown_template_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'classic'"):
        render_pdf(CV, template="clasic")
