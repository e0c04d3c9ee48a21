"""Whether the candidate named an employer, a place, a tool, a certificate or a person."""

from __future__ import annotations

from collections.abc import Sequence

from jobmatch_ml.assistant.claims_kinds import Claim
from jobmatch_ml.assistant.claims_text import Token, tokenize
from jobmatch_ml.assistant.claims_words import abbreviations
from jobmatch_ml.assistant.truth_lock_evidence import Evidence, Found
from jobmatch_ml.assistant.words import grammar, read_words
from jobmatch_ml.reference import load_places
from jobmatch_ml.reference.titles import fold

_ORGANISATION = frozenset({"groupe", "societe", "entreprise", "sas", "sarl", "sa", "ets"})


def find_name(claim: Claim, evidence: Evidence) -> list[Found]:
    """Returns where the candidate named it, in full, shortened or by its initials."""
    asked = [t for t in claim.words if t.fold not in _ORGANISATION] or list(claim.words)
    joints = {"de", "du", "des", "la", "le", "les", "d", "l", "sur", "en"}
    # "permis D": a letter that is written large is no "d'".
    asked = [t for t in asked if t.fold not in joints or t.text.isupper()] or asked
    asked = [token for token in asked if token.fold not in PAPERS] or asked
    found: list[Found] = []
    ambiguous = claim.kind == "tool" and asked[0].fold in grammar("ambiguous_tools")
    for position, token in evidence.by_word.get(asked[0].fold, ()):
        if ambiguous and not token.capital:
            continue
        line = evidence.lines[position]
        words = {other.fold for other in line.tokens}
        if all(other.fold in words for other in asked[1:]):
            found.append((position, line.span(token.start, token.end)))
    if not found and not ambiguous and len(asked) == 1 and len(asked[0].fold) >= _LEAST_SHORT:
        found = [
            (at, evidence.lines[at].span(hit.start, hit.end))
            for word, hits in evidence.by_word.items()
            if word.startswith(asked[0].fold)  # "Postgres" for PostgreSQL
            for at, hit in hits
        ]
    return found or _region(claim, evidence) or _abbreviated(asked, evidence)


_LEAST_SHORT = 5
_LEAST_REGION = 5
PAPERS = frozenset({"certification", "certificat", "attestation", "habilitation", "titre"})


def _region(claim: Claim, evidence: Evidence) -> list[Found]:
    """Bears out a region or a department by a town in it."""
    if claim.kind not in ("place", "employer"):
        return []
    name = fold(claim.text).replace("-", " ")
    departments = read_words("departments")
    for place in load_places():
        region = f" {fold(place.region).replace('-', ' ')} "
        department = fold(departments.get(place.department, "")).replace("-", " ")
        # "Auvergne" is a part of "Auvergne-Rhône-Alpes".
        part = len(name) >= _LEAST_REGION and f" {name} " in region
        if not part and name != department:
            continue
        words = fold(place.name).replace("-", " ").replace("'", " ").split()
        for position, token in evidence.by_word.get(words[0], ()):
            line = evidence.lines[position]
            if set(words) <= {other.fold for other in line.tokens}:
                return [(position, line.span(token.start, token.end))]
    return []


def _abbreviated(asked: Sequence[Token], evidence: Evidence) -> list[Found]:
    """Bears out "IDE" by its words, "CPAM" by its initials, and a name by its abbreviation."""
    token = asked[0]
    if len(asked) > 1 or not token.acronym:
        return []
    written = tokenize(abbreviations().get(token.fold, ""))
    long = [part.stem for part in written if len(part.fold) > 2]
    for position, line in enumerate(evidence.lines):
        if long and set(long) <= line.stems:
            return [(position, line.span())]
        if len(token.fold) >= 3:
            content = [other for other in line.tokens if len(other.fold) > 2]
            initials = "".join(other.fold[0] for other in content)
            at = initials.find(token.fold)
            if at >= 0:
                last = content[at + len(token.fold) - 1]
                return [(position, line.span(content[at].start, last.end))]
    return []
