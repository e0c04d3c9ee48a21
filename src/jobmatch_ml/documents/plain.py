"""A CV as plain text: what a good reader gets out of the PDF or DOCX."""

from __future__ import annotations

from jobmatch_ml.documents.cv_document import CvDocument, labelled, period_of, place_of, title_of


def render_text(cv: CvDocument, *, contacts: bool = True) -> str:
    """Returns the CV as text, one line a unit, sections under their headings.

    Args:
        cv: The contents.
        contacts: Whether to write the name and the contact lines. Without them the text does not
            name the person.
    """
    lines = [cv.full_name] if contacts else []
    lines.append(cv.headline)
    if contacts:
        lines += cv.contacts
    for name in cv.order:
        body = _section(cv, name)
        if body:
            lines += ["", cv.heading(name), *body]
    return "\n".join(lines).strip() + "\n"


def _section(cv: CvDocument, name: str) -> list[str]:
    if name == "summary":
        return [cv.summary] if cv.summary else []
    if name == "experiences":
        return _experiences(cv)
    if name == "education":
        return [
            line for item in cv.education for line in (title_of(item, cv.language), *item.details)
        ]
    if name == "languages":
        return [labelled(item.name, item.level, cv.language) for item in cv.languages]
    if name == "interests":
        return [", ".join(cv.interests)] if cv.interests else []
    items = {
        "skills": cv.skills,
        "certifications": cv.certifications,
        "achievements": cv.achievements,
        "others": cv.others,
    }
    return [f"- {item}" for item in items[name]]


def _experiences(cv: CvDocument) -> list[str]:
    lines: list[str] = []
    for job in cv.experiences:
        head = (job.title, place_of(job))
        lines.append(", ".join(part for part in head if part))
        lines += filter(None, [period_of(job, cv.language)])
        lines += [f"- {bullet}" for bullet in job.bullets]
    return lines
