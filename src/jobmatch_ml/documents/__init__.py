"""One renderer for CV documents: the same contents as PDF, DOCX and plain text.

The synthetic world uses it now, exports of a person's own CV use it later. The same contents give
the same bytes, whatever the day and the machine.
"""

from __future__ import annotations

from jobmatch_ml.documents.cv_document import (
    CvDocument,
    CvEducation,
    CvExperience,
    CvLanguage,
    format_period,
)
from jobmatch_ml.documents.docx import render_docx
from jobmatch_ml.documents.pdf import TEMPLATES, render_pdf
from jobmatch_ml.documents.plain import render_text

__all__ = [
    "TEMPLATES",
    "CvDocument",
    "CvEducation",
    "CvExperience",
    "CvLanguage",
    "format_period",
    "render_docx",
    "render_pdf",
    "render_text",
]
