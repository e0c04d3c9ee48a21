"""The two ways in: a file (parsed in a child with limits) and a text (rules only, in process)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from jobmatch_ml.cv.child import Page, check_size, read_in_child
from jobmatch_ml.cv.errors import CvReadError
from jobmatch_ml.cv.hidden import (
    HiddenText,
    find_hidden_characters,
    keep_hidden,
    same_as_scan,
)
from jobmatch_ml.cv.limits import CvLimits, RefusedError
from jobmatch_ml.cv.messages import WARNINGS
from jobmatch_ml.cv.reading import ContentType, CvReading, Method, TextLine
from jobmatch_ml.cv.sections import extract_lines
from jobmatch_ml.cv.text import clean, detect_language, lay_out
from jobmatch_ml.errors import LimitError, MissingFileError

FileType = Literal["pdf", "docx", "text"]
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # old Word files, and encrypted DOCX
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_DEFAULTS = CvLimits()
_SHOWN_HIDDEN = 5  # warnings of this kind; the reading itself has all of them


def extract_file(
    source: Path | str | bytes, filename: str = "", *, limits: CvLimits = _DEFAULTS
) -> CvReading:
    """Reads a CV file: PDF (text or scan), DOCX or plain text, told apart by content.

    Args:
        source: Path of the file, or its bytes.
        filename: Name for error messages when bytes are given; never trusted for the type.
        limits: What the file may cost.

    Raises:
        MissingFileError: The path is not a file.
        CvReadError: Empty, too large, of another type, encrypted, damaged, hostile, without text.
    """
    return read_opened(open_file(source, filename, limits=limits), limits=limits)


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """What stands in a file, before the rules say what it is.

    Args:
        data: The file.
        place: Its name, for error messages.
        method: How the text was obtained.
        pages: The lines of each page.
        hidden: What nobody sees.
    """

    data: bytes
    place: str
    method: Method
    pages: list[Page]
    hidden: tuple[HiddenText, ...]


def open_file(
    source: Path | str | bytes, filename: str = "", *, limits: CvLimits = _DEFAULTS
) -> OpenedFile:
    """Returns a file's text, recognised in its pictures where it has no other.

    Raises:
        MissingFileError: The path is not a file.
        CvReadError: As :func:`extract_file`, save that a file without text is returned.
    """
    data, place = load_file(source, filename, limits)
    kind = detect_type(data, place=place)
    if kind == "text":
        content = _decode(data)
        if len(content) > limits.text_characters:
            raise CvReadError("cv_too_much_text", place=place)
        unseen = tuple(find_hidden_characters(content))
        return OpenedFile(data, place, "text", [_text_page(content)], unseen)
    answer = read_in_child(kind, data, limits=limits, place=place)
    method: Method = "docx" if kind == "docx" else "pdf_text"
    hidden = list(answer.hidden)
    if answer.scanned:
        answer = read_in_child("ocr", data, limits=limits, place=place)
        method = "ocr"
        recognised = "\n".join(line for page in answer.pages for line, *_ in page)
        hidden = [item for item in hidden if not same_as_scan(item, recognised)]
    for page in answer.pages:
        hidden += find_hidden_characters("\n".join(line for line, *_ in page))
    return OpenedFile(data, place, method, answer.pages, tuple(hidden))


def read_opened(opened: OpenedFile, *, limits: CvLimits = _DEFAULTS) -> CvReading:
    """Applies the rules to a file's text.

    Raises:
        CvReadError: Without text, or with more than ``limits`` allow.
    """
    return _read(opened.pages, opened.method, limits, opened.place, opened.hidden)


def extract_text(text: str, *, limits: CvLimits = _DEFAULTS) -> CvReading:
    """Reads a CV given as text: pasted, or of the synthetic world. No child, milliseconds.

    A text without words gives a reading without lines; :func:`build_profile` refuses that.

    Raises:
        LimitError: The text has more characters, lines or items than ``limits`` allow.
    """
    if len(text) > limits.text_characters:
        raise LimitError(
            f"the CV text has {len(text)} characters; expected at most {limits.text_characters}",
            field="text",
        )
    try:
        return _interpret([_text_page(text)], "text", limits, find_hidden_characters(text))
    except RefusedError as error:
        raise LimitError(
            f"the CV text is too long: {error.detail}; give a shorter text", field="text"
        ) from error


def detect_type(data: bytes, *, place: str = "") -> FileType:
    """Tells a file's type from its first bytes.

    Raises:
        CvReadError: ``cv_empty``, ``cv_encrypted`` or ``cv_unsupported``.
    """
    if not data.strip():
        raise CvReadError("cv_empty", place=place)
    # Readers accept a PDF whose header stands a little after the start; so do we.
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return "docx"
    if data.startswith(_OLE):
        encrypted = _ENCRYPTED_PACKAGE in data
        raise CvReadError("cv_encrypted" if encrypted else "cv_unsupported", place=place)
    utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    head = b"" if utf16 else data[:4096]
    odd = sum(byte < 32 and byte not in b"\t\n\f\r" for byte in head)
    if data.startswith(b"{\\rtf") or b"\x00" in head or odd > len(head) // 50:
        raise CvReadError("cv_unsupported", place=place)
    return "text"


def load_file(
    source: Path | str | bytes, filename: str = "", limits: CvLimits = _DEFAULTS
) -> tuple[bytes, str]:
    """Returns a file's bytes, and its name for error messages.

    Raises:
        MissingFileError: The path is not a file.
        CvReadError: It is too large.
    """
    if isinstance(source, bytes):
        data, place = source, filename
    else:
        path = Path(source)
        place = path.name
        if not path.is_file():
            raise MissingFileError(f"CV file {path} does not exist or is not a file", field="file")
        with path.open("rb") as file:
            data = file.read(limits.file_bytes + 1)
    if len(data) > limits.file_bytes:
        raise CvReadError("cv_too_large", place=place)
    return data, place


def _decode(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")  # what French Windows writes


def _text_page(text: str) -> Page:
    return [(line, None, None) for line in clean(text).split("\n")]


def _read(
    pages: Sequence[Page],
    method: Method,
    limits: CvLimits,
    place: str,
    hidden: Sequence[HiddenText],
) -> CvReading:
    try:
        reading = _interpret(pages, method, limits, hidden)
    except RefusedError as error:
        raise CvReadError(error.code, place=place, detail=error.detail) from error
    if not reading.lines:
        raise CvReadError("cv_no_text", place=place)
    return reading


def _interpret(
    pages: Sequence[Page], method: Method, limits: CvLimits, hidden: Sequence[HiddenText]
) -> CvReading:
    """Applies the rules, in this process: what they are given is measured again first."""
    check_size(pages, limits)
    raw_text, text_lines = lay_out(pages)
    lines = extract_lines(_drop_markdown_rules(text_lines), most=limits.extracted_lines)
    kinds = {line.content_type for line in lines}
    codes = ["ocr"] if method == "ocr" else []
    if ContentType.OTHER in kinds and not kinds & {ContentType.SKILL_HARD, ContentType.EXPERIENCE}:
        codes.append("no_sections")
    elif ContentType.EXPERIENCE not in kinds:
        codes.append("no_experience")
    unseen = keep_hidden(hidden, raw_text)
    return CvReading(
        lines=lines,
        raw_text=raw_text,
        language=detect_language(raw_text),
        pages=len(pages),
        method=method,
        warnings=(*(WARNINGS[code] for code in codes), *_unseen_warnings(unseen)),
        hidden=unseen,
    )


def _unseen_warnings(unseen: Sequence[HiddenText]) -> list[str]:
    first = [item.warning for item in unseen[:_SHOWN_HIDDEN]]
    more = len(unseen) - _SHOWN_HIDDEN
    return [*first, f"Et {more} autres textes invisibles."] if more > 0 else first


def _drop_markdown_rules(lines: tuple[TextLine, ...]) -> tuple[TextLine, ...]:
    return tuple(line for line in lines if line.text not in ("---", "***", "```"))
