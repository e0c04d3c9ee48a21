"""All layouts by name, behind one function: PDF, DOCX and scanned PDF."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from jobmatch_ml.documents.cv_document import CvDocument
from jobmatch_ml.documents.docx import render_docx
from jobmatch_ml.documents.pdf import PDF_TEMPLATES, render_pdf
from jobmatch_ml.documents.scan import scan_pdf
from jobmatch_ml.errors import UnknownNameError, suggest


@dataclass(frozen=True, slots=True)
class Template:
    """One layout.

    Args:
        name: How it is asked for.
        suffix: Ending of its files, ``.pdf`` or ``.docx``.
        scanned: Whether its pages are pictures, without text to read.
        draw: Renders a document's bytes.
    """

    name: str
    suffix: str
    scanned: bool
    draw: Callable[[CvDocument], bytes]


def _pdf(name: str) -> Template:
    return Template(name, ".pdf", False, lambda cv: render_pdf(cv, template=name))


def _docx(name: str, layout: str) -> Template:
    return Template(name, ".docx", False, lambda cv: render_docx(cv, layout=layout))


def _scan(name: str, of: str) -> Template:
    return Template(name, ".pdf", True, lambda cv: scan_pdf(render_pdf(cv, template=of)))


TEMPLATES: Mapping[str, Template] = MappingProxyType(
    {
        template.name: template
        for template in (
            *(_pdf(name) for name in PDF_TEMPLATES),
            _docx("docx_plain", "plain"),
            _docx("docx_compact", "compact"),
            _docx("docx_table", "table"),
            _scan("scan_classic", "classic"),
            _scan("scan_two_columns", "two_columns"),
        )
    }
)
"""Every layout by its name."""


def render(cv: CvDocument, template: str) -> tuple[bytes, str]:
    """Returns a CV's file and its suffix; the same contents give the same bytes.

    Args:
        cv: The contents.
        template: A name of :data:`TEMPLATES`.

    Raises:
        UnknownNameError: No template has that name.
        MissingExtraError: A package that this layout needs is not installed.
        FormatError: The document could not be set.
    """
    if template not in TEMPLATES:
        message = suggest(template, tuple(TEMPLATES), kind="CV template")
        raise UnknownNameError(message, field="template")
    chosen = TEMPLATES[template]
    return chosen.draw(cv), chosen.suffix
