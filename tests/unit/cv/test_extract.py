"""Reading CV files: types told by content, hostile files refused in time with typed errors."""

from __future__ import annotations

import contextlib
import io
import shutil
import sys
import time
from pathlib import Path

import pytest

from jobmatch_ml.cv import CvLimits, CvReadError, extract_file, extract_text
from jobmatch_ml.cv.messages import REFUSALS
from jobmatch_ml.cv.reading import TextLine
from jobmatch_ml.cv.sections import extract_lines
from jobmatch_ml.cv.spares import Spares
from jobmatch_ml.errors import InputError, LimitError, MissingFileError
from tests import hostile_files

_PARAGRAPH = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p"
CV_LINES = [
    "Sophie Martin",
    "Comptable",
    "sophie.martin@example.org  06 12 34 56 78",
    "Experience professionnelle",
    "Comptable - Cabinet Durand - 2019 - 2022",
    "- Tenue des comptes clients et fournisseurs",
    "Competences",
    "Excel, Sage, TVA",
]


@pytest.fixture(autouse=True)
def no_waiting_children(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that another test opened may have children waiting, started before a patch here."""
    monkeypatch.setattr("jobmatch_ml.cv.child._SPARES", Spares({}))


def refusal(data: bytes | Path, **limits: int) -> CvReadError:
    started = time.monotonic()
    with pytest.raises(CvReadError) as caught:
        extract_file(data, "cv.bin", limits=CvLimits(**limits))
    assert time.monotonic() - started < 10
    assert caught.value.user_message
    assert 400 <= caught.value.http_status < 500
    assert isinstance(caught.value, InputError)
    return caught.value


def test_a_text_pdf_gives_lines_with_page_box_and_span() -> None:
    reading = extract_file(hostile_files.text_pdf(CV_LINES), "cv.pdf")
    assert reading.method == "pdf_text"
    assert reading.pages == 1
    kinds = [line.content_type.value for line in reading.lines]
    assert kinds == [
        "personal_info", "summary", "contact", "experience", "skill_hard", "skill_hard",
        "skill_hard",
    ]  # fmt: skip
    skill = reading.lines[-1]
    assert skill.evidence is not None
    assert reading.raw_text[skill.evidence.start : skill.evidence.end] == "TVA"
    assert skill.evidence.page == 1
    assert skill.evidence.box is not None
    left, top, right, bottom = skill.evidence.box
    assert left == pytest.approx(50, abs=1)
    assert top < bottom
    assert right > left


def test_the_type_is_told_by_content_not_by_name(tmp_path: Path) -> None:
    path = tmp_path / "cv.docx"
    path.write_bytes(hostile_files.text_pdf(CV_LINES))
    assert extract_file(path).method == "pdf_text"


def test_a_docx_is_read_in_document_order_with_its_tables() -> None:
    docx = pytest.importorskip("docx")
    document = docx.Document()
    for line in CV_LINES[:4]:
        document.add_paragraph(line)
    document.add_paragraph("Comptable - Cabinet Durand - 2019 - 2022")
    document.add_paragraph("Tenue des comptes", style="List Bullet")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text = "Compétences"
    table.rows[0].cells[1].text = "Excel, Sage"
    out = io.BytesIO()
    document.save(out)
    reading = extract_file(out.getvalue(), "cv.docx")
    assert reading.method == "docx"
    assert [line.content for line in reading.lines if line.content_type == "skill_hard"] == [
        "Excel",
        "Sage",
    ]
    experience = next(line for line in reading.lines if line.content_type == "experience")
    assert experience.description == "Tenue des comptes"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_plain_text_is_read_in_the_encodings_that_people_have(
    tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "cv.txt"
    path.write_bytes("Compétences\nsoudure à l’arc".encode(encoding))
    assert extract_file(path).lines[0].content == "soudure à l’arc"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "cv_empty"),
        (b" \n\t ", "cv_empty"),
        (b"%PDF-1.7\nthis is not a PDF at all", "cv_damaged"),
        (b"PK\x03\x04 not a zip", "cv_damaged"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "cv_unsupported"),
        (b"{\\rtf1\\ansi Bonjour}", "cv_unsupported"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old word", "cv_unsupported"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "cv_encrypted",
        ),
        (hostile_files.encrypted_pdf(), "cv_encrypted"),
        (hostile_files.text_pdf(CV_LINES, pages=31), "cv_too_many_pages"),
        (hostile_files.docx("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>"), "cv_doctype"),
        (
            hostile_files.docx("<a/>", extra={f"word/{n}.bin": b"" for n in range(250)}),
            "cv_archive_bomb",
        ),
        (b"---\n===\n", "cv_no_text"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} bytes",
)
def test_files_that_are_not_a_cv_are_refused_with_their_reason(data: bytes, code: str) -> None:
    assert refusal(data).code == code


def test_a_file_over_ten_megabytes_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    path = tmp_path / "cv.pdf"
    path.write_bytes(b"%PDF-" + b"0" * 10_000_001)
    error = refusal(path)
    assert (error.code, error.http_status) == ("cv_too_large", 413)
    assert "cv.pdf" in str(error)


def test_a_docx_that_unpacks_to_64_mb_is_refused() -> None:
    assert refusal(hostile_files.docx_bomb()).code == "cv_archive_bomb"


def test_a_small_pdf_that_unpacks_to_gigabytes_is_stopped_in_time() -> None:
    bomb = hostile_files.double_flate_bomb()
    assert len(bomb) < 20_000
    assert refusal(bomb).code in {"cv_memory", "cv_time", "cv_too_much_text"}


def test_a_pdf_with_too_many_characters_on_a_page_is_refused() -> None:
    assert refusal(hostile_files.text_pdf(["A" * 99] * 300)).code == "cv_too_much_text"


@pytest.mark.parametrize("glyphs", [1, 500])
def test_a_glyph_that_stands_for_thousands_of_characters_is_counted_as_many(glyphs: int) -> None:
    bomb = hostile_files.glyph_bomb(glyphs=glyphs, characters=30_000 // glyphs + 100)
    error = refusal(bomb)
    assert error.code == "cv_too_much_text"
    assert "page 1" in str(error)


def test_a_docx_of_empty_paragraphs_is_refused_for_its_lines() -> None:
    assert "lines" in str(refusal(_docx(paragraphs=10_001)))


def test_the_header_of_a_docx_counts_as_the_rest() -> None:
    assert refusal(_docx(header="A" * 200_001)).code == "cv_too_much_text"


def _docx(*, paragraphs: int = 1, header: str = "") -> bytes:
    docx = pytest.importorskip("docx")
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = header
    for _ in range(paragraphs):
        document.element.body.insert(0, document.element.body.makeelement(_PARAGRAPH))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("while True: sys.stdout.write('[' * 65536)", "cv_too_much_text"),
        ("print(json.dumps(answer([['a', None]] * 10_001)))", "cv_too_much_text"),
        ("print(json.dumps(answer([['a' * 200_001, None]])))", "cv_too_much_text"),
        ("print(json.dumps({**answer([]), 'pages': [{'lines': []}] * 31}))", "cv_too_many_pages"),
        ("print(json.dumps(answer([['a', [1, 2]]])))", "cv_reader_failed"),
        ("print(json.dumps(answer([[7, None]])))", "cv_reader_failed"),
        ("print(json.dumps({'refused': 'made_up', 'detail': ''}))", "cv_reader_failed"),
        ("print('[' * 100_000)", "cv_reader_failed"),
        ("os.kill(os.getpid(), 24)", "cv_time"),
    ],
)
def test_the_answer_of_a_child_is_measured_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str, code: str
) -> None:
    """A file may have taken control of its reader: what comes back is as hostile as the file."""
    script = tmp_path / "reader"
    script.write_text(
        f"#!{sys.executable}\nimport json, os, sys\n"
        "def answer(lines): return {'pages': [{'lines': lines}], 'scanned': False}\n" + program
    )
    script.chmod(0o755)
    monkeypatch.setattr("jobmatch_ml.cv.child.sys.executable", str(script))
    assert refusal(b"%PDF-1.4" + b" " * 1_000_000).code == code


def test_a_child_that_is_too_slow_is_killed() -> None:
    started = time.monotonic()
    error = refusal(hostile_files.double_flate_bomb(megabytes=500), wall_s=1, cpu_s=1)
    assert error.code in {"cv_time", "cv_memory"}
    assert time.monotonic() - started < 15


def test_a_scan_without_tesseract_says_so_in_both_languages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # a machine on which it is not installed
    error = refusal(hostile_files.pdf([b"0 0 100 100 re f"]))
    assert error.code == "cv_ocr_missing"
    assert "tesseract" in str(error)
    assert "image" in error.user_message


@pytest.mark.parametrize(
    ("program", "limits"),
    [
        ("while :; do :; done", {"ocr_page_cpu_s": 1, "ocr_wall_s": 30}),
        ("exec /bin/sleep 60", {"ocr_wall_s": 1}),
    ],
    ids=["busy", "asleep"],
)
def test_a_character_recognition_that_does_not_end_is_stopped_and_told_as_slow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, limits: dict[str, int]
) -> None:
    (tmp_path / "tesseract").write_text(f"#!/bin/sh\n{program}\n")
    (tmp_path / "tesseract").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert refusal(hostile_files.pdf([b"0 0 100 100 re f"]), **limits).code == "cv_time"


def test_a_person_waits_at_most_45_seconds_for_a_cv() -> None:
    """The service's own limit for an upload and the page's wait are built on this sum."""
    limits = CvLimits()
    assert limits.wall_s + limits.ocr_wall_s <= 45


def test_a_scan_is_read_by_character_recognition() -> None:
    if not shutil.which("tesseract"):
        pytest.skip("tesseract is not installed: `apt-get install tesseract-ocr tesseract-ocr-fra`")
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("L", (1240, 1754), 255)
    font = ImageFont.load_default(size=40)
    ImageDraw.Draw(picture).text((100, 100), "Skills\nPython, Docker", fill=0, font=font)
    out = io.BytesIO()
    picture.save(out, "PDF", resolution=150)
    reading = extract_file(out.getvalue(), "scan.pdf")
    assert reading.method == "ocr"
    assert [line.content for line in reading.lines] == ["Python", "Docker"]
    assert reading.warnings


def test_a_missing_file_is_told_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match=r"nowhere\.pdf"):
        extract_file(tmp_path / "nowhere.pdf")


def test_pasted_text_over_the_limit_is_refused() -> None:
    with pytest.raises(LimitError, match="200001"):
        extract_text("a" * 200_001)


def test_composed_and_decomposed_accents_read_the_same() -> None:
    assert extract_text("Compétences\nge\u0301rance") == extract_text("Compétences\ngérance")


@pytest.mark.parametrize(
    "line", ["a" * 199_000, "a.a@" * 40_000, "0 1 " * 45_000, "- " * 90_000, "2019 – " * 25_000]
)
def test_hostile_text_is_read_in_linear_time(line: str) -> None:
    started = time.monotonic()
    extract_text("Expérience\n" + line)
    extract_text(line)
    assert time.monotonic() - started < 20  # quadratic ways take minutes


_BODIES = {
    "short": "A\n" * 100_000, "blank": "A\n\n" * 66_000, "items": "A," * 99_000,
    "dates": "A 2019\n" * 28_000, "bullets": "- a\n" * 49_000, "mails": "a@b.fr\n" * 28_000,
}  # fmt: skip
_HEADINGS = (
    "Profil", "Expérience", "Formation", "Certifications", "Compétences", "Qualités", "Langues",
    "Loisirs", "Contact", "Liens", "Projets", "",
)  # fmt: skip


@pytest.mark.parametrize("body", _BODIES.values(), ids=_BODIES)
@pytest.mark.parametrize("heading", _HEADINGS)
def test_many_short_lines_cost_little_under_each_heading(heading: str, body: str) -> None:
    started = time.monotonic()
    with contextlib.suppress(LimitError):
        reading = extract_text(f"{heading}\n{body}"[:200_000])
        assert len(reading.lines) <= CvLimits().extracted_lines
    assert time.monotonic() - started < 20  # quadratic ways take minutes


def test_lines_are_counted_whatever_the_file() -> None:
    with pytest.raises(LimitError, match="10002 lines") as caught:
        extract_text("A\n" * 10_001)
    assert caught.value.field == "text"
    assert refusal(b"A\n" * 10_001).code == "cv_too_much_text"
    assert refusal(b"Skills\n" + b"A," * 3_001).code == "cv_too_much_text"
    assert len(extract_file(b"Skills\n" + b"A," * 3_000).lines) == 3_000


def test_every_code_has_a_french_sentence_and_a_client_or_set_up_status() -> None:
    for code, refused in REFUSALS.items():
        assert refused.user_message.endswith("."), code
        assert refused.status in {413, 415, 422, 500}, code


def test_telephones_ages_and_page_numbers_are_no_skills() -> None:
    text = "Compétences\nExcel\n06 39 98 00 01\n38 ans\na@exemple.org\n1/2 | CV de mai 2021\nSage"
    kinds = {line.content: line.content_type.value for line in extract_text(text).lines}
    assert [name for name, kind in kinds.items() if kind == "skill_hard"] == ["Excel", "Sage"]
    assert kinds["06 39 98 00 01"] == kinds["a@exemple.org"] == "contact"
    assert "1/2" not in " ".join(kinds)


def test_a_name_that_numbers_the_pages_is_in_no_entry() -> None:
    def contents(*feet: str) -> list[str]:
        texts = ["Expérience", "Caissière, Fnac, 2019", "Langues", "Anglais – 4/5"]
        lines, start = [], 0
        for page, at in ((1, 0), (2, 2)):
            for text in (*texts[at : at + 2], feet[page - 1]):
                lines.append(TextLine(text, page=page, start=start))
                start += len(text) + 1
        return [line.content for line in extract_lines(lines, most=50)]

    feet = ("Inès Caradec – 1/2", "Inès Caradec – 2/2")
    assert contents(*feet) == ["Caissière, Fnac, 2019", "Anglais"]
    assert contents("Espagnol – 3/5", "Italien – 2/5")[-1] == "Italien"
