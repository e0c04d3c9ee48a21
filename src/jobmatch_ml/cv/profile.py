"""The candidate's two views, made here and nowhere else: training, command line and service agree.

``title`` is the occupation looked for. ``text`` is the CV's lines in one fixed order:
summary, experience, hard skills, soft skills, education, certification, language, interest, other;
inside a type, the order of the CV; one line each. Personal information, contacts and links are left
out, and what identifies the person directly (``redaction``) is removed from the lines that stay and
from the title, a title that the person typed included. A name that no rule recognised stays: a
ranker learns less of the person, but the CV is not made anonymous.
"""

from __future__ import annotations

from dataclasses import dataclass

from jobmatch_ml.cv.reading import ContentType, CvReading
from jobmatch_ml.cv.redaction import names_of, remove
from jobmatch_ml.cv.text import clean
from jobmatch_ml.errors import InputError
from jobmatch_ml.types import Query

PROFILE_ORDER = (
    ContentType.SUMMARY,
    ContentType.EXPERIENCE,
    ContentType.SKILL_HARD,
    ContentType.SKILL_SOFT,
    ContentType.EDUCATION,
    ContentType.CERTIFICATION,
    ContentType.LANGUAGE,
    ContentType.INTEREST,
    ContentType.OTHER,
)
_LONGEST_TITLE = 200  # characters; a headline is shorter, a paragraph is no title


@dataclass(frozen=True, slots=True)
class Profile:
    """What a ranker sees of a candidate.

    Args:
        title: Occupation in the person's words; empty when the CV names none.
        text: The lines that are scored, one a line, in :data:`PROFILE_ORDER`; may be empty.
    """

    title: str
    text: str


def build_profile(reading: CvReading, *, title: str | None = None) -> Profile:
    """Makes the views that every ranker embeds.

    Args:
        reading: What was read of the CV.
        title: The occupation looked for, when the person said it; wins over the CV's headline,
            which wins over the most recent experience's position. Cleaned as the CV's lines are.

    Raises:
        InputError: Neither a title nor a line to rank by: the CV is empty.
    """
    names = names_of(reading)
    kept = sorted(
        (line for line in reading.lines if line.content_type in PROFILE_ORDER),
        key=lambda line: (PROFILE_ORDER.index(line.content_type), line.order),
    )
    body = "\n".join(text for line in kept if (text := remove(line.content, names)))
    chosen = remove(clean(title or ""), names) or remove(_headline(reading), names)
    profile = Profile(title=chosen[:_LONGEST_TITLE], text=body)
    if not profile.title and not profile.text:
        raise InputError(
            "the CV has no line to rank by and no title was given; send a CV with text, or a title",
            field="text",
        )
    return profile


def profile_query(profile: Profile, query_id: str) -> Query:
    """Returns the profile as a query for any ranker."""
    return Query(query_id=query_id, title=profile.title, text=profile.text)


def _headline(reading: CvReading) -> str:
    for kind in (ContentType.SUMMARY, ContentType.EXPERIENCE):
        for line in reading.lines:
            if line.content_type is kind and line.position:
                return line.position
    return ""
