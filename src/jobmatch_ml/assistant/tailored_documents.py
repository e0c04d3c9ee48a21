"""Files of a tailored CV and its letter: DOCX and PDF for people and parsers, JSON Resume."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from jobmatch_ml.assistant.json_resume import json_resume_bytes
from jobmatch_ml.assistant.letter import Letter
from jobmatch_ml.documents import CvDocument, render, render_letter
from jobmatch_ml.errors import UnknownNameError, suggest


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that was made.

    Args:
        data: Its bytes.
        suffix: ``.docx``, ``.pdf`` or ``.json``.
        media_type: For a web answer.
    """

    data: bytes
    suffix: str
    media_type: str


FORMATS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "docx": ("docx_plain", "docx_compact"),
        "pdf": ("classic", "compact"),
        "json": ("json_resume",),
    }
)
"""Layouts that applicant tracking systems read, by format; the first is the usual one."""

MEDIA_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "pdf": "application/pdf",
        "json": "application/json",
    }
)


def export_cv(document: CvDocument, file_format: str, template: str = "") -> Exported:
    """Returns a CV as a file.

    Args:
        document: The contents.
        file_format: ``docx``, ``pdf`` or ``json``.
        template: A layout of :data:`FORMATS`; empty for the usual one.

    Raises:
        UnknownNameError: No such format, or the format has no such layout.
        MissingExtraError: The package that writes it is not installed.
    """
    _check_format(file_format)
    chosen = template or FORMATS[file_format][0]
    if chosen not in FORMATS[file_format]:
        message = suggest(chosen, FORMATS[file_format], kind=f"{file_format} layout")
        raise UnknownNameError(message, field="template")
    if file_format == "json":
        data = json_resume_bytes(document)
    else:
        data, _ = render(document, chosen)
    return Exported(data, f".{file_format}", MEDIA_TYPES[file_format])


def export_letter(letter: Letter, file_format: str) -> Exported:
    """Returns a letter as DOCX or PDF.

    Raises:
        UnknownNameError: Another format.
        MissingExtraError: The package that writes it is not installed.
    """
    if file_format not in ("docx", "pdf"):
        raise UnknownNameError(suggest(file_format, ("docx", "pdf"), kind="format"), field="format")
    return Exported(
        render_letter(letter.text, file_format=file_format),
        f".{file_format}",
        MEDIA_TYPES[file_format],
    )


def _check_format(file_format: str) -> None:
    if file_format not in FORMATS:
        raise UnknownNameError(suggest(file_format, tuple(FORMATS), kind="format"), field="format")
