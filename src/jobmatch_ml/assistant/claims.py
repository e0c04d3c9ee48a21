"""Claims: what a French text says of a person that can be true or invented.

Employers, titles, dates, numbers, degrees, certifications, skills, tools, languages, places,
seniority, the size of teams, persons and awards. Motivation, manners and politeness claim nothing.
Extraction does not know the candidate: whether a claim is borne out is ``truth_lock``'s question.
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from jobmatch_ml.assistant.claims_dates import find_dates
from jobmatch_ml.assistant.claims_kinds import Claim, ClaimKind, SourceSpan
from jobmatch_ml.assistant.claims_names import find_names
from jobmatch_ml.assistant.claims_quantities import find_quantities
from jobmatch_ml.assistant.claims_roles import find_roles
from jobmatch_ml.assistant.claims_skills import find_skills
from jobmatch_ml.assistant.claims_text import Sentence, mask_markup, split_sentences, tokenize
from jobmatch_ml.cv.headings import find_heading
from jobmatch_ml.cv.reading import ContentType

_LONGEST_HEADING = 60

__all__ = ["Claim", "ClaimKind", "SourceSpan", "claims_of_sentence", "extract_claims"]


def extract_claims(text: str) -> list[Claim]:
    """Returns the claims of any French text, in order; the time is linear in its length.

    Example:
        >>> [(c.kind, c.text) for c in extract_claims("En 2021, j'ai dirigé 12 personnes.")]
        [('date', '2021'), ('seniority', 'dirigé'), ('team_size', '12')]
    """
    masked = mask_markup(text)
    heading = ""
    found: list[Claim] = []
    for sentence in split_sentences(masked):
        claims, heading = claims_of_sentence(masked, sentence, heading)
        found += claims
    return found


def claims_of_sentence(text: str, sentence: Sentence, heading: str = "") -> tuple[list[Claim], str]:
    """Returns one sentence's claims and the heading of a list that is open after it.

    Args:
        text: The whole text, without markup (``mask_markup``).
        sentence: Where it stands.
        heading: What the last call returned: below "Compétences" an item is a skill.
    """
    body = text[sentence.start : sentence.end]
    named = find_heading(body) if len(body) <= _LONGEST_HEADING else None
    if named and not named[1]:
        return [], "skills" if named[0] is ContentType.SKILL_HARD else ""
    tokens = tokenize(body)
    dates = find_dates(body)
    numbers = find_quantities(body, tokens, dates)
    found = [Claim("date", body[d.start : d.end], d.start, d.end, detail=d) for d in dates]
    for number in numbers:
        kind: ClaimKind = "team_size" if number.unit == "people" else "number"
        span = body[number.start : number.end]
        found.append(Claim(kind, span, number.start, number.end, detail=number))
        found += [Claim(kind, body[a:b], a, b, detail=number) for a, b in number.marks]
    found += find_roles(body, tokens)
    found += find_names(body, tokens, found)
    skills, heading = find_skills(body, tokens, heading, bullet=sentence.bullet)
    numbered = [claim for claim in found if claim.kind == "number"]
    others = [claim for claim in found if claim.kind != "number"]
    found = [*others, *_outside(numbered, others), *_outside(skills, others)]
    shifted = (claim.moved(sentence.start) for claim in _without_doubles(found))
    return sorted(shifted, key=lambda claim: (claim.start, claim.end)), heading


def _outside(claims: Iterable[Claim], others: Sequence[Claim]) -> list[Claim]:
    """Drops claims that are part of a title, degree, certificate or name found already."""
    weak = ("number", "team_size", "date", "skill")
    covers = sorted((other.start, other.end) for other in others if other.kind not in weak)
    kept = []
    for claim in claims:
        at = bisect_right(covers, (claim.start, sys.maxsize)) - 1
        if at < 0 or covers[at][1] < claim.end:
            kept.append(claim)
    return kept


def _without_doubles(claims: Iterable[Claim]) -> Iterator[Claim]:
    """Drops a claim that says the same of the same words as an earlier one."""
    seen: set[tuple[str, int, int]] = set()
    for claim in claims:
        key = (claim.kind, claim.start, claim.end)
        if key not in seen:
            seen.add(key)
            yield claim
