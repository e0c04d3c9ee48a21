"""A CV as PDF, set by Typst with its embedded fonts.

The contents reach the template as JSON data, never as source text: whatever a person writes is
shown as it is and cannot become Typst code.
"""

from __future__ import annotations

from importlib import resources

import orjson

from jobmatch_ml.documents.cv_document import HEADINGS, CvDocument, format_period
from jobmatch_ml.errors import FormatError, UnknownNameError, missing_extra, suggest

TEMPLATES = ("classic", "two_columns")
"""Names of the layouts: one column, or contacts and skills in a column of their own."""


def render_pdf(cv: CvDocument, *, template: str = "classic") -> bytes:
    """Returns the CV as PDF; the same contents give the same bytes.

    Args:
        cv: The contents.
        template: One of :data:`TEMPLATES`.

    Raises:
        UnknownNameError: No template has that name.
        MissingExtraError: The package ``typst`` is not installed.
        FormatError: Typst could not set the document.
    """
    if template not in TEMPLATES:
        raise UnknownNameError(suggest(template, TEMPLATES, kind="CV template"), field="template")
    try:
        import typst  # a compiler of 60 MB, needed here only
    except ImportError as error:
        raise missing_extra("typst", "documents") from error
    folder = resources.files("jobmatch_ml.documents") / "templates"
    source = (folder / f"{template}.typ").read_bytes()
    try:
        rendered: bytes = typst.compile(
            source,
            format="pdf",
            # System fonts differ between machines, and with them the bytes.
            ignore_system_fonts=True,
            sys_inputs={"cv": orjson.dumps(_data(cv)).decode()},
            timestamp=0,
            pdf_tags=False,
        )
    except typst.TypstError as error:
        raise FormatError(
            f"template '{template}' could not be set: {error.message}", field="template"
        ) from error
    return rendered


def _data(cv: CvDocument) -> dict[str, object]:
    return {
        "name": cv.full_name,
        "headline": cv.headline,
        "contacts": cv.contacts,
        "summary": cv.summary,
        "experiences": [
            {
                "title": job.title,
                "where": ", ".join(part for part in (job.employer, job.place) if part),
                "period": format_period(job.start, job.end),
                "bullets": job.bullets,
            }
            for job in cv.experiences
        ],
        "education": [
            {"year": str(item.year), "title": item.title, "school": item.school}
            for item in cv.education
        ],
        "skills": cv.skills,
        "languages": [f"{language.name} : {language.level}" for language in cv.languages],
        "interests": cv.interests,
        "headings": HEADINGS,
    }
