"""DOCX → text lines, by python-docx after a look at the archive. Runs in the confined child."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

from jobmatch_ml.cv.dates import is_period
from jobmatch_ml.cv.docx_marks import remove_hidden
from jobmatch_ml.cv.headings import find_heading
from jobmatch_ml.cv.limits import CvLimits, RefusedError
from jobmatch_ml.cv.pieces import JOINT
from jobmatch_ml.cv.reading import Style

# A DOCTYPE in the two encodings that an XML part can have.
_DOCTYPES = (b"<!DOCTYPE", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_LONGEST_CELL = 60  # characters of a label
_SMALL_PART = 1_000_000  # bytes; small parts of honest documents compress better than 100:1


def check_archive(data: bytes, limits: CvLimits) -> None:
    """Refuses an archive that would unpack to too much, or whose XML declares entities.

    Raises:
        RefusedError: ``cv_archive_bomb``, ``cv_doctype``, ``cv_encrypted`` or ``cv_damaged``.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            _check_sizes(parts, len(data), limits)
            if "word/document.xml" not in archive.namelist():
                raise RefusedError("cv_unsupported", "a ZIP archive without word/document.xml")
            for part in parts:
                if part.flag_bits & 1:
                    raise RefusedError("cv_encrypted")
                if part.filename.lower().endswith((".xml", ".rels")):
                    _check_xml(archive.read(part))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError) as error:
        raise RefusedError("cv_damaged", type(error).__name__) from error


def read_docx(data: bytes, limits: CvLimits) -> dict[str, Any]:
    """Reads headers, paragraphs and tables of a DOCX in their order.

    Returns:
        ``{"pages": [{"lines": [[text, None, type], …]}], "scanned": False, "hidden": […]}``:
        one page, no places; text that nobody sees is in ``hidden`` alone.
    """
    check_archive(data, limits)
    import docx

    document = docx.Document(io.BytesIO(data))
    lines: list[str] = []
    total = 0
    headers = [section.header for section in document.sections[:1]]
    hidden = remove_hidden(document, headers)
    lists: dict[str | None, bool] = {}
    looks = _looks(document)
    for block in chain.from_iterable(_blocks(part, lists) for part in (*headers, document)):
        total += len(block)
        if total > limits.text_characters:
            raise RefusedError("cv_too_much_text")
        lines.extend(block.split("\n"))
        if len(lines) > limits.text_lines:
            raise RefusedError("cv_too_much_text", f"more than {limits.text_lines} lines")
    pages = [{"lines": [[line, None, looks.get(line.strip())] for line in lines]}]
    return {"pages": pages, "scanned": False, "hidden": hidden}


def _looks(document: Any) -> dict[str, Style]:
    """Returns the type of each paragraph that has one throughout, by its text.

    A text that stands in two types has none: headings stand once.
    """
    from docx.oxml.ns import qn

    found: dict[str, Style] = {}
    mixed: set[str] = set()
    for paragraph in document.element.body.iter(qn("w:p")):
        runs = [run for run in paragraph.findall(qn("w:r")) if run.find(qn("w:t")) is not None]
        text = "".join(run.findtext(qn("w:t")) or "" for run in runs).strip()
        if not text or len(text) > _LONGEST_CELL:
            continue
        kinds = {_look_of(run, qn) for run in runs}
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        name = "" if style is None else str(style.get(qn("w:val")))
        size, bold = next(iter(kinds))
        look = (size, bold, zlib.crc32(name.encode()) % 10_000)
        if len(kinds) > 1 or found.setdefault(text, look) != look:
            mixed.add(text)
    return {text: look for text, look in found.items() if text not in mixed}


def _look_of(run: Any, qn: Callable[[str], str]) -> tuple[float, bool]:
    bold = run.find(f"{qn('w:rPr')}/{qn('w:b')}")
    size = run.find(f"{qn('w:rPr')}/{qn('w:sz')}")
    value = "" if size is None else str(size.get(qn("w:val")))
    told = bold is not None and bold.get(qn("w:val")) not in ("0", "false")
    return (float(value) / 2 if value.isdigit() else 0.0), told


def _blocks(container: Any, lists: dict[str | None, bool]) -> Any:
    """Yields the text of each paragraph, and of each table's cells, in document order."""
    for item in container.iter_inner_content():
        if hasattr(item, "rows"):
            seen: set[Any] = set()  # merged cells come once for each column that they span
            for row in item.rows:
                cells = []
                for cell in row.cells:
                    if cell._tc not in seen:
                        seen.add(cell._tc)
                        cells.append(list(_blocks(cell, lists)))
                yield from _read_row(cells)
        else:
            text = item.text
            yield f"• {text}" if text.strip() and _is_list_item(item, lists) else text
            yield from _text_boxes(item)


def _text_boxes(paragraph: Any) -> Iterator[str]:
    """Yields the lines of a paragraph's text boxes; the copy for old versions is left out."""
    from docx.oxml.ns import qn
    from docx.text.paragraph import Paragraph

    for box in paragraph._p.iter(qn("w:txbxContent")):
        if any(parent.tag == _FALLBACK for parent in box.iterancestors()):
            continue
        for child in box.iter(qn("w:p")):
            yield Paragraph(child, paragraph).text


def _read_row(cells: list[list[str]]) -> Iterator[str]:
    """Yields a row's lines: dates and other short labels on the line that they stand beside."""
    filled = [[text for text in cell if text.strip()] for cell in cells]
    filled = [cell for cell in filled if cell]
    short = all(len(cell) == 1 and len(cell[0]) <= _LONGEST_CELL for cell in filled)
    pair = len(filled) == 2 and len(filled[0]) == 1 and is_period(filled[0][0])
    if len(filled) > 1 and (pair or short) and not find_heading(filled[0][0]):
        yield JOINT.join(cell[0] for cell in filled)
        yield from (text for cell in filled for text in cell[1:])
        return
    for cell in cells:
        yield from cell


def _is_list_item(paragraph: Any, lists: dict[str | None, bool]) -> bool:
    """Tells whether a paragraph's style is one of lists; a style is looked up once: it is slow."""
    style_id = paragraph._p.style
    if style_id not in lists:
        style = paragraph.style
        lists[style_id] = style is not None and (style.name or "").startswith("List")
    return lists[style_id]


def _check_sizes(parts: list[zipfile.ZipInfo], packed: int, limits: CvLimits) -> None:
    if len(parts) > limits.zip_entries:
        raise RefusedError("cv_archive_bomb", f"{len(parts)} parts")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > limits.zip_unpacked_bytes or unpacked > limits.zip_ratio * packed:
        raise RefusedError("cv_archive_bomb", f"{unpacked} bytes unpacked")
    for part in parts:
        ratio = part.file_size / max(part.compress_size, 1)
        if part.file_size > _SMALL_PART and ratio > limits.zip_ratio:
            raise RefusedError("cv_archive_bomb", f"a part of ratio {ratio:.0f}:1")


def _check_xml(content: bytes) -> None:
    if any(mark in content for mark in _DOCTYPES):
        raise RefusedError("cv_doctype")
