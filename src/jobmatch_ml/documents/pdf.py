"""A CV as PDF, set by Typst with fonts of its own and of this package.

The contents reach the template as JSON data, never as source text: whatever a person writes is
shown as it is and cannot become Typst code.
"""

from __future__ import annotations

import re
import threading
from functools import lru_cache
from importlib import resources
from typing import Any

import orjson

from jobmatch_ml.documents.cv_document import CvDocument
from jobmatch_ml.documents.view import view_of
from jobmatch_ml.errors import FormatError, UnknownNameError, missing_extra, suggest

PDF_TEMPLATES = (
    "classic",
    "two_columns",
    "sidebar",
    "table",
    "timeline",
    "compact",
    "elegant",
)
"""Names of the PDF layouts; each is a file of ``templates/``, set after ``common.typ``."""


# Scripts of South and East Asia, Ethiopic, and pictographs: no font here has them.
_NO_GLYPH = re.compile(
    "[\u0980-\u109f\u1200-\u139f\u1780-\u17ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff"
    "\U0001f000-\U0003ffff]"
)

# The compiler lets other threads run while it works, and refuses to be called by two of them.
_compiling = threading.Lock()


def render_pdf(cv: CvDocument, *, template: str = "classic") -> bytes:
    """Returns the CV as PDF; the same contents give the same bytes.

    Args:
        cv: The contents.
        template: One of :data:`PDF_TEMPLATES`.

    Raises:
        UnknownNameError: No template has that name.
        MissingExtraError: The package ``typst`` is not installed.
        FormatError: Typst could not set the document.
    """
    if template not in PDF_TEMPLATES:
        message = suggest(template, PDF_TEMPLATES, kind="PDF template")
        raise UnknownNameError(message, field="template")
    return compile_typst(_source(template), {"cv": orjson.dumps(view_of(cv)).decode()})


def not_shown(text: str) -> str:
    """Returns the signs of a text that a PDF of ours shows as empty boxes, each once.

    Example:
        >>> not_shown("Zoé Łęcka, Ελλάδα 🙂 小龙 🙂")
        '🙂小龙'
    """
    return "".join(dict.fromkeys(_NO_GLYPH.findall(text)))


def compile_typst(source: bytes, inputs: dict[str, str]) -> bytes:
    """Returns the PDF of a Typst source with data as inputs.

    Raises:
        MissingExtraError: The package ``typst`` is not installed.
        FormatError: Typst could not set the document.
    """
    try:
        import typst  # a compiler of 60 MB, needed here only
    except ImportError as error:
        raise missing_extra("typst", "documents") from error
    try:
        with _compiling:
            rendered: bytes = _compiler().compile(
                source, format="pdf", sys_inputs=inputs, timestamp=0, pdf_tags=False
            )
    except typst.TypstError as error:
        raise FormatError(f"the document could not be set: {error.message}") from error
    return rendered


def letter_source() -> bytes:
    """Returns the Typst source of a letter."""
    return (resources.files("jobmatch_ml.documents") / "templates" / "letter.typ").read_bytes()


@lru_cache(maxsize=1)
def _compiler() -> Any:
    import typst

    folder = resources.files("jobmatch_ml.documents") / "fonts"
    with resources.as_file(folder) as fonts:
        # System fonts differ between machines, and with them the bytes.
        return typst.Compiler(font_paths=[str(fonts)], ignore_system_fonts=True)


@lru_cache(maxsize=len(PDF_TEMPLATES))
def _source(template: str) -> bytes:
    folder = resources.files("jobmatch_ml.documents") / "templates"
    return b"\n".join((folder / f"{name}.typ").read_bytes() for name in ("common", template))
