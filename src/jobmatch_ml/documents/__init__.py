"""One renderer for CV documents: the same contents as PDF, DOCX, scanned PDF and plain text.

The synthetic world uses it now, exports of a person's own CV use it later. The same contents give
the same bytes, whatever the day and the machine.
"""

from __future__ import annotations

from jobmatch_ml.documents.cv_document import (
    SECTIONS,
    CvDocument,
    CvEducation,
    CvExperience,
    CvLanguage,
    Language,
    format_period,
)
from jobmatch_ml.documents.docx import render_docx
from jobmatch_ml.documents.letter import render_letter
from jobmatch_ml.documents.pdf import PDF_TEMPLATES, not_shown, render_pdf
from jobmatch_ml.documents.plain import render_text
from jobmatch_ml.documents.registry import TEMPLATES, Template, render
from jobmatch_ml.documents.scan import scan_pdf
from jobmatch_ml.documents.view import pack_skills

__all__ = [
    "PDF_TEMPLATES",
    "SECTIONS",
    "TEMPLATES",
    "CvDocument",
    "CvEducation",
    "CvExperience",
    "CvLanguage",
    "Language",
    "Template",
    "format_period",
    "not_shown",
    "pack_skills",
    "render",
    "render_docx",
    "render_letter",
    "render_pdf",
    "render_text",
    "scan_pdf",
]
