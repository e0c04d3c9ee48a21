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

from jobmatch_ml.documents.cv_document import HEADINGS, CvDocument, format_period
from jobmatch_ml.errors import missing_extra

_WRITTEN_AT = datetime(2025, 1, 1, tzinfo=UTC)
_BREAKS = re.compile(r"[\t\n\r\x85\u2028\u2029]+")
# All but the characters of XML 1.0; a no-break space is one, and French needs it.
_FORBIDDEN = re.compile(r"[^\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ZIP_TIME = (2025, 1, 1, 0, 0, 0)


def render_docx(cv: CvDocument) -> bytes:
    """Returns the CV as DOCX with real heading and list styles; same contents, same bytes.

    Line breaks and tabs inside a text become spaces; characters that XML cannot hold are left out.

    Raises:
        MissingExtraError: The package ``python-docx`` is not installed.
    """
    try:
        from docx import Document  # needed here only
    except ImportError as error:
        raise missing_extra("python-docx", "documents") from error
    document = Document()
    _drop_ballast(document)
    _set_properties(document)
    document.add_heading(_clean(cv.full_name), level=0)
    document.add_paragraph(_clean(cv.headline), style="Subtitle")
    for line in cv.contacts:
        document.add_paragraph(_clean(line))
    _add_career(document, cv)
    _add_section(document, "skills", cv.skills, style="List Bullet")
    languages = [f"{language.name} : {language.level}" for language in cv.languages]
    _add_section(document, "languages", languages)
    _add_section(document, "interests", [", ".join(cv.interests)] if cv.interests else [])
    buffer = io.BytesIO()
    document.save(buffer)
    return _repack(buffer.getvalue())


def _set_properties(document: Any) -> None:
    properties = document.core_properties
    properties.author = ""
    properties.title = "Curriculum vitae"
    properties.comments = ""
    properties.language = "fr-FR"
    properties.created = properties.modified = _WRITTEN_AT
    properties.last_modified_by = ""
    properties.revision = 1


def _add_career(document: Any, cv: CvDocument) -> None:
    _add_section(document, "summary", [cv.summary] if cv.summary else [])
    if cv.experiences:
        document.add_heading(HEADINGS["experiences"], level=1)
    for job in cv.experiences:
        paragraph = document.add_paragraph()
        paragraph.add_run(_clean(job.title)).bold = True
        paragraph.add_run(_clean(f", {job.employer}, {job.place}"))
        document.add_paragraph(format_period(job.start, job.end))
        for bullet in job.bullets:
            document.add_paragraph(_clean(bullet), style="List Bullet")
    education = [f"{item.year} : {item.title}, {item.school}" for item in cv.education]
    _add_section(document, "education", education)


def _add_section(
    document: Any, name: str, lines: tuple[str, ...] | list[str], *, style: str | None = None
) -> None:
    if lines:
        document.add_heading(HEADINGS[name], level=1)
    for line in lines:
        document.add_paragraph(_clean(line), style=style)


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("", _BREAKS.sub(" ", text))


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
