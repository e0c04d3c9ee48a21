"""A CV as DOCX, with python-docx.

A DOCX is a ZIP file whose entries carry the time of writing, and the document its author and dates:
all are set to fixed values, so that the same contents give the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime
from typing import Any

from jobmatch_ml.documents.cv_document import CvDocument
from jobmatch_ml.documents.docx_layouts import DOCX_LAYOUTS
from jobmatch_ml.documents.view import view_of
from jobmatch_ml.errors import UnknownNameError, missing_extra, suggest

_WRITTEN_AT = datetime(2025, 1, 1, tzinfo=UTC)
_BREAKS = re.compile(r"[\t\n\r\x85\u2028\u2029]+")
# All but the characters of XML 1.0; a no-break space is one, and French needs it.
_FORBIDDEN = re.compile(r"[^\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ZIP_TIME = (2025, 1, 1, 0, 0, 0)
_LANGUAGES = {"fr": "fr-FR", "en": "en-GB"}


def render_docx(cv: CvDocument, *, layout: str = "plain") -> bytes:
    """Returns the CV as DOCX with real heading and list styles; same contents, same bytes.

    Line breaks and tabs inside a text become spaces; characters that XML cannot hold are left out.

    Args:
        cv: The contents.
        layout: ``plain`` or ``compact`` (one column, for applicant tracking systems), or ``table``
            (a block at the head, then rows of dates and facts).

    Raises:
        UnknownNameError: No layout has that name.
        MissingExtraError: The package ``python-docx`` is not installed.
    """
    if layout not in DOCX_LAYOUTS:
        raise UnknownNameError(suggest(layout, tuple(DOCX_LAYOUTS), kind="DOCX layout"))
    document = new_docx(_LANGUAGES[cv.language], title="Curriculum vitae")
    DOCX_LAYOUTS[layout](document, _clean(view_of(cv)))
    return save_docx(document)


def new_docx(language: str, *, title: str) -> Any:
    """Returns an empty python-docx document that names nobody and no day.

    Raises:
        MissingExtraError: The package ``python-docx`` is not installed.
    """
    try:
        from docx import Document  # needed here only
    except ImportError as error:
        raise missing_extra("python-docx", "documents") from error
    document = Document()
    _drop_ballast(document)
    _set_properties(document, language, title)
    return document


def save_docx(document: Any) -> bytes:
    """Returns a document's bytes, the same for the same contents."""
    buffer = io.BytesIO()
    document.save(buffer)
    return _repack(buffer.getvalue())


def clean_text(text: str) -> str:
    """Returns a text without what XML cannot hold; breaks and tabs become spaces."""
    return _FORBIDDEN.sub("", _BREAKS.sub(" ", text))


def _set_properties(document: Any, language: str, title: str) -> None:
    properties = document.core_properties
    properties.author = ""
    properties.title = title
    properties.comments = ""
    properties.language = language
    properties.created = properties.modified = _WRITTEN_AT
    properties.last_modified_by = ""
    properties.revision = 1


def _clean(value: Any) -> Any:
    """Takes out of every string what XML cannot hold."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    return [_clean(item) for item in value]


def _drop_ballast(document: Any) -> None:
    """Unlinks parts of the library's template that nothing shows: a picture, styles of 2010."""
    for relationships in (document.part.package.rels, document.part.rels):
        for key, relationship in list(relationships.items()):
            if relationship.reltype.endswith(("/thumbnail", "/stylesWithEffects")):
                del relationships[key]


def _repack(data: bytes) -> bytes:
    """Writes the archive again with fixed times."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, date_time=_ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            target.writestr(entry, source.read(name), compresslevel=9)
    return out.getvalue()
