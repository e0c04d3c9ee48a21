"""Whether the candidate's lines bear a claim out, one check for each kind of claim."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace

from jobmatch_ml.assistant.claims_dates import DatePoint
from jobmatch_ml.assistant.claims_kinds import Claim, ClaimKind
from jobmatch_ml.assistant.claims_quantities import Quantity
from jobmatch_ml.assistant.claims_text import Token
from jobmatch_ml.assistant.claims_words import load_words
from jobmatch_ml.assistant.truth_lock_evidence import Evidence, Found
from jobmatch_ml.assistant.truth_lock_names import find_name
from jobmatch_ml.assistant.truth_lock_numbers import find_date, find_quantity
from jobmatch_ml.assistant.truth_lock_roles import find_degree, find_rank, find_title
from jobmatch_ml.assistant.truth_lock_skills import find_skill


def find_sources(claim: Claim, evidence: Evidence) -> list[Found]:
    """Returns every place that bears the claim out, taken alone.

    What was asked once is remembered: a long text asks the same again and again.
    """
    key = _question(claim)
    if key not in evidence.asked:
        evidence.asked[key] = _find(claim, evidence)
    return evidence.asked[key]


def _question(claim: Claim) -> Hashable:
    if claim.words:
        return claim.kind, claim.text, claim.loose, claim.listed
    # Where a date or number stands in the text makes no difference to its answer.
    detail = claim.detail
    if isinstance(detail, DatePoint):
        return claim.kind, replace(detail, start=0, end=0)
    if isinstance(detail, Quantity):
        return claim.kind, detail.asked
    return claim.kind, claim.text


def _find(claim: Claim, evidence: Evidence) -> list[Found]:
    detail = claim.detail
    if isinstance(detail, DatePoint):
        return find_date(detail, evidence)
    if isinstance(detail, Quantity):
        return find_quantity(detail, evidence)
    check = _CHECKS.get(claim.kind, find_name)
    return check(claim, evidence)


def _languages(claim: Claim, evidence: Evidence) -> list[Found]:
    words = load_words()
    name = next(words.languages[t.fold] for t in claim.words if t.fold in words.languages)
    asked = max((_level(token) for token in claim.words), default=0)
    found = []
    for position, line in enumerate(evidence.lines):
        for index, token in enumerate(line.tokens):
            if words.languages.get(token.fold) != name:
                continue
            near = line.tokens[max(0, index - 3) : index + 5]
            known = max((_level(other) for other in near), default=0)
            if asked <= max(known, 2 if not known else 0):
                found.append((position, line.span(token.start, token.end)))
    return found


def _level(token: Token) -> int:
    levels = load_words().levels
    return levels.get(token.fold, levels.get(token.stem, 0))


_CHECKS: dict[ClaimKind, Callable[[Claim, Evidence], list[Found]]] = {
    "title": find_title,
    "seniority": find_rank,
    "degree": find_degree,
    "language": _languages,
    "skill": find_skill,
}
