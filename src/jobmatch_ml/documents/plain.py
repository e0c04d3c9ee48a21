"""A CV as plain text: what a good reader gets out of the PDF or DOCX."""

from __future__ import annotations

from jobmatch_ml.documents.cv_document import HEADINGS, CvDocument, format_period


def render_text(cv: CvDocument, *, contacts: bool = True) -> str:
    """Returns the CV as text, one line a unit, sections under their French headings.

    Args:
        cv: The contents.
        contacts: Whether to write the name and the contact lines. Without them the text says
            nothing about who the person is.
    """
    lines = [cv.full_name] if contacts else []
    lines.append(cv.headline)
    if contacts:
        lines += cv.contacts
    for name, body in _sections(cv).items():
        if body:
            lines += ["", HEADINGS[name], *body]
    return "\n".join(lines).strip() + "\n"


def _sections(cv: CvDocument) -> dict[str, list[str]]:
    experiences: list[str] = []
    for job in cv.experiences:
        experiences.append(f"{job.title}, {job.employer}, {job.place}")
        experiences.append(format_period(job.start, job.end))
        experiences += [f"- {bullet}" for bullet in job.bullets]
    return {
        "summary": [cv.summary] if cv.summary else [],
        "experiences": experiences,
        "education": [f"{item.year} : {item.title}, {item.school}" for item in cv.education],
        "skills": [f"- {skill}" for skill in cv.skills],
        "languages": [f"{language.name} : {language.level}" for language in cv.languages],
        "interests": [", ".join(cv.interests)] if cv.interests else [],
    }
