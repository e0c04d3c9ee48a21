"""Sections whose heading misled: a "Career Overview" of prose, "Qualifications" that are skills.

"Qualifications" heads degrees in one CV and abilities in the next. Where a CV has another section
that surely tells of its degrees, one without a year, a degree or a school is something else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from jobmatch_ml.cv.dates import PERIOD
from jobmatch_ml.cv.headings import fold
from jobmatch_ml.cv.reading import ContentType, TextLine
from jobmatch_ml.cv.words import load_words

_NUMBER = re.compile(r"(?:\d{1,2}[.)]|\[\d{1,2}\])\s+\w")
_PROSE = 80  # characters: a line of a list is shorter, one of a paragraph fills the sheet

Section = tuple[ContentType | None, list[TextLine]]


def settle_kinds(sections: Sequence[Section]) -> list[Section]:
    """Gives sections without any sign of what their heading promises the kind that they are of.

    Prose without a date above the dated positions is a summary; what is called an education, but
    names no year, degree or school while another section does, is a list of skills or other. A
    numbered list, of talks or patents, is no section of positions beside one without numbers.
    """
    dated = {
        kind: at for at, (kind, body) in reversed(list(enumerate(sections))) if _has_dates(body)
    }
    plain = any(
        kind is ContentType.EXPERIENCE and _has_dates(body) and not _is_numbered(body)
        for kind, body in sections
    )
    found: list[Section] = []
    for at, (kind, body) in enumerate(sections):
        told = kind
        if kind is ContentType.EXPERIENCE and plain and _is_numbered(body):
            told = ContentType.OTHER
        elif kind is ContentType.EXPERIENCE and at < dated.get(kind, 0):
            told = kind if _has_dates(body) or not _is_prose(body) else ContentType.SUMMARY
        elif kind is ContentType.EDUCATION and kind in dated and not _tells_of_degrees(body):
            told = ContentType.OTHER if _is_prose(body) else ContentType.SKILL_HARD
        found.append((told, body))
    return found


def _has_dates(body: Sequence[TextLine]) -> bool:
    return any(PERIOD.search(line.text) for line in body)


def _is_numbered(body: Sequence[TextLine]) -> bool:
    filled = [line.text for line in body if line.text]
    numbered = sum(_NUMBER.match(text) is not None for text in filled)
    return numbered > 1 and 3 * numbered >= 2 * len(filled)


def _is_prose(body: Sequence[TextLine]) -> bool:
    return any(len(line.text) >= _PROSE for line in body)


def _tells_of_degrees(body: Sequence[TextLine]) -> bool:
    known = load_words("degree_first") | load_words("entity_marks")
    return _has_dates(body) or any(
        not known.isdisjoint(_words_and_pairs(line.text)) for line in body
    )


def _words_and_pairs(text: str) -> set[str]:
    words = fold(text).split()
    return {*words, *(" ".join(pair) for pair in pairwise(words))}
