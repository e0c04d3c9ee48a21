"""A CV as JSON Resume (jsonresume.org, schema 1.0.0), for tools that read that format."""

from __future__ import annotations

import re
from typing import Any

import orjson

from jobmatch_ml.assistant.claims_dates import DatePoint, find_dates
from jobmatch_ml.assistant.tailoring_entries import lasts
from jobmatch_ml.assistant.tailoring_parts import CONTACT_SIGN
from jobmatch_ml.cv.contacts import EMAIL, PHONE, URL
from jobmatch_ml.documents import CvDocument

_ENDED = re.compile(r"\s*(?:jusqu|until\b|till\b|à\b|fin\b|[-–—→])", re.I)
SCHEMA = "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json"


def to_json_resume(cv: CvDocument) -> dict[str, Any]:
    """Returns a CV under the schema's field names; what is not known is left out."""
    contacts = " \n ".join(cv.contacts)
    email, phone, url = (pattern.search(contacts) for pattern in (EMAIL, PHONE, URL))
    parts = [part for line in cv.contacts for part in line.split(CONTACT_SIGN)]
    others = [line for line in parts if not (EMAIL.search(line) or PHONE.search(line))]
    basics = {
        "name": cv.full_name,
        "label": cv.headline,
        "email": email[0] if email else "",
        "phone": phone[0] if phone else "",
        "url": url[0] if url and not (email and url[0] in email[0]) else "",
        "summary": cv.summary,
        "location": _filled({"address": ", ".join(others)}),
    }
    resume = {
        "basics": _filled(basics),
        "work": [
            _filled(
                {
                    "name": job.employer,
                    "position": job.title,
                    "location": job.place,
                    **_dates(job.period),
                    "highlights": list(job.bullets),
                }
            )
            for job in cv.experiences
        ],
        "education": [
            _filled(
                {"institution": item.school, "area": item.title, **_diploma(item.period)}
                | {"courses": list(item.details)}
            )
            for item in cv.education
        ],
        "skills": [{"name": skill} for skill in cv.skills],
        "languages": [
            _filled({"language": item.name, "fluency": item.level}) for item in cv.languages
        ],
        "certificates": [{"name": name} for name in cv.certifications],
        "interests": [{"name": name} for name in cv.interests],
        "projects": [{"name": text} for text in (*cv.achievements, *cv.others)],
    }
    return {"$schema": SCHEMA, **_filled(resume)}


def json_resume_bytes(cv: CvDocument) -> bytes:
    """Returns the JSON Resume as a file's bytes."""
    return orjson.dumps(to_json_resume(cv), option=orjson.OPT_INDENT_2) + b"\n"


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


def _dates(period: str) -> dict[str, str]:
    points = find_dates(period)
    if not points:
        return {}
    if len(points) > 1:
        return {"startDate": _iso(points[0]), "endDate": _iso(points[1])}
    if _ENDED.match(period):
        return {"endDate": _iso(points[0])}
    # One year that does not last is when it began and ended.
    return {"startDate": _iso(points[0])} | ({} if lasts(period) else {"endDate": _iso(points[0])})


def _diploma(period: str) -> dict[str, str]:
    points = find_dates(period)
    if not points:
        return {}
    start = {"startDate": _iso(points[0])} if len(points) > 1 else {}
    return start | {"endDate": _iso(points[-1])}


def _iso(point: DatePoint) -> str:
    return f"{point.year:04d}-{point.month:02d}" if point.month else f"{point.year:04d}"
