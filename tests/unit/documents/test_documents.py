"""CV documents: read back with accents, same bytes each time, no code from users' text."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from jobmatch_ml.documents import (
    PDF_TEMPLATES,
    TEMPLATES,
    CvDocument,
    CvEducation,
    CvExperience,
    CvLanguage,
    not_shown,
    render,
    render_docx,
    render_letter,
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
    certifications=("SST",),
)
READABLE = tuple(name for name, template in TEMPLATES.items() if not template.scanned)
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
    "Lève-malade",
    "SST",
    "Randonnée",
)
# Layouts differ in where a diploma's year and a language's level stand.
LINES = ("2018 : DEAS, IFAS", "Anglais : B1")
WORDS = ("DEAS", "IFAS", "2018", "Anglais", "B1")


def read_pdf(data: bytes) -> str:
    with pdfplumber.open(io.BytesIO(data)) as document:
        return "\n".join(page.extract_text(x_tolerance_ratio=0.15) for page in document.pages)


def read_docx(data: bytes) -> str:
    def lines(container: Any) -> Iterator[str]:
        for item in container.iter_inner_content():
            if hasattr(item, "rows"):
                cells = {cell._tc: cell for row in item.rows for cell in row.cells}
                for cell in cells.values():
                    yield from lines(cell)
            else:
                yield item.text

    return "\n".join(lines(docx.Document(io.BytesIO(data))))


def read(cv: CvDocument, template: str) -> str:
    data, suffix = render(cv, template)
    text = read_pdf(data) if suffix == ".pdf" else read_docx(data)
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize("template", READABLE)
def test_a_file_gives_back_every_unit_with_its_accents(template: str) -> None:
    text = read(CV, template)
    narrow = template in ("two_columns", "sidebar", "table")  # columns stand beside each other
    units = [unit.split()[0] for unit in UNITS] if narrow else UNITS
    assert [unit for unit in (*units, *WORDS) if unit not in text] == []


@pytest.mark.parametrize("template", ["classic", "docx_plain"])
def test_plain_layouts_keep_each_line_whole(template: str) -> None:
    text = read(CV, template)
    assert [line for line in LINES if line not in text] == []


def test_the_plain_text_holds_every_unit_and_french_headings() -> None:
    text = render_text(CV)
    assert not [unit for unit in (*UNITS, *LINES) if unit not in text]
    assert "\n\nExpériences professionnelles\n" in text


def test_an_english_cv_has_english_headings_dates_and_colons() -> None:
    english = replace(CV, language="en", headline="Healthcare assistant")
    for text in (render_text(english), *(read(english, name) for name in READABLE)):
        folded = text.casefold()
        assert "work experience" in folded
        assert "03/2019 - present" in " ".join(folded.split())
        assert "formation" not in folded
        assert "expérience" not in folded
        assert "B1 :" not in text
    assert "English: fluent" in render_text(
        replace(english, languages=(CvLanguage("English", "fluent"),))
    )


def test_a_person_may_have_headings_an_order_and_dates_of_their_own() -> None:
    own = replace(
        CV,
        headings={"experiences": "Mon parcours"},
        order=("skills", "experiences"),
        experiences=(replace(CV.experiences[0], period="depuis mars 2019"),),
    )
    text = render_text(own)
    assert text.index("Lève-malade") < text.index("Mon parcours") < text.index("depuis mars 2019")
    assert "Formation" not in text
    assert "MON PARCOURS" in read(own, "classic")


def test_without_contacts_the_text_does_not_say_who_it_is() -> None:
    text = render_text(CV, contacts=False)
    assert text.startswith("Aide-soignante\n")
    assert "Lefèvre" not in text
    assert "example.org" not in text
    assert "25000" not in text


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_same_contents_give_the_same_bytes(
    template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = render(CV, template)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    # In between, another document: no state may be left from it.
    render(replace(CV, full_name="A B"), template)
    assert render(CV, template) == first


@pytest.mark.parametrize("template", PDF_TEMPLATES)
def test_a_long_cv_goes_on_on_a_second_page_and_loses_nothing(template: str) -> None:
    job = replace(CV.experiences[0], bullets=tuple(f"Tâche numéro {n}" for n in range(30)))
    long = replace(CV, experiences=(job,) * 5)
    data, _ = render(long, template)
    with pdfplumber.open(io.BytesIO(data)) as document:
        assert len(document.pages) > 1
    text = read_pdf(data)
    assert text.count("Tâche numéro 29") == 5
    assert "Randonnée" in text


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


@pytest.mark.parametrize("template", READABLE)
def test_an_empty_cv_has_no_headings(template: str) -> None:
    bare = CvDocument(full_name="A B", headline="Maçon")
    assert read(bare, template).split() == ["A", "B", "Maçon"]
    assert render_text(bare).split() == ["A", "B", "Maçon"]


def test_an_unknown_template_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'classic'"):
        render(CV, "clasic")
    with pytest.raises(UnknownNameError, match="Did you mean 'classic'"):
        render_pdf(CV, template="clasic")
    with pytest.raises(UnknownNameError, match="Did you mean 'table'"):
        render_docx(CV, layout="tables")


def test_files_are_made_at_the_same_time_and_each_is_its_own() -> None:
    def name_on(number: int) -> bool:
        cv = replace(CV, full_name=f"Personne {number}", summary="mot " * 300)
        return f"Personne {number}" in _lines(render_pdf(cv))

    def _lines(data: bytes) -> list[str]:
        with reading, pdfplumber.open(io.BytesIO(data)) as pdf:
            return (pdf.pages[0].extract_text() or "").split("\n")

    reading = threading.Lock()
    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(name_on, range(16)))


def test_a_firm_called_objets_does_not_take_the_subjects_place() -> None:
    text = "Awa Traoré\n\nObjets trouvés SARL\nLyon\n\nObjet : candidature\n\nMadame,\n\nAwa Traoré"
    document = docx.Document(io.BytesIO(render_letter(text, file_format="docx")))
    bold = [p.text for p in document.paragraphs if p.runs and p.runs[0].bold]
    assert bold == ["Objet\u00a0: candidature"]
    with pdfplumber.open(io.BytesIO(render_letter(text, file_format="pdf"))) as pdf:
        words = {word["text"]: word["x0"] for word in pdf.pages[0].extract_words()}
    assert words["Objets"] > words["Objet"]


@pytest.mark.parametrize("text", ["🙂", "小龙", "สวัสดี", "ሰላም", "안녕", "カナ", "வணக்கம்"])
def test_signs_that_no_font_has_are_told(text: str) -> None:
    assert set(not_shown(f"Zoé {text}")) == set(text)


def test_letters_of_europe_and_its_neighbours_are_shown() -> None:
    shown = "Œuvre łęşğđ Ελληνικά Развитие שלום محمد नमस्ते Բարեւ გამარჯობა € ★ ✓ ☎ → ●"
    assert not_shown(shown) == ""


@pytest.mark.parametrize(("end", "stands_right"), [("Awa Traoré", True), ("Je vous prie.", False)])
def test_only_a_signature_stands_at_the_right(end: str, stands_right: bool) -> None:
    text = f"awa@example.org\n\nObjet : candidature\n\nMadame,\n\n{end}"
    document = docx.Document(io.BytesIO(render_letter(text, file_format="docx")))
    assert bool(document.paragraphs[-1].paragraph_format.left_indent) == stands_right
    with pdfplumber.open(io.BytesIO(render_letter(text, file_format="pdf"))) as pdf:
        words = pdf.pages[0].extract_words()
    assert (words[-1]["x0"] > 300) == stands_right
