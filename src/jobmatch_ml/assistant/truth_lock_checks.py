"""Whether the candidate's lines bear a claim out, one check for each kind of claim."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace

from jobmatch_ml.assistant.claims_dates import DatePoint
from jobmatch_ml.assistant.claims_kinds import Claim, ClaimKind
from jobmatch_ml.assistant.claims_number_words import UNIT_OF
from jobmatch_ml.assistant.claims_quantities import Quantity
from jobmatch_ml.assistant.claims_text import Token, stem, tokenize
from jobmatch_ml.assistant.claims_words import abbreviations, load_words, role_key, same_words
from jobmatch_ml.assistant.truth_lock_evidence import Evidence, EvidenceText, Found
from jobmatch_ml.assistant.truth_lock_numbers import find_date, find_duration, find_quantity
from jobmatch_ml.assistant.words import grammar, read_words
from jobmatch_ml.reference import load_places
from jobmatch_ml.reference.titles import fold

_ORGANISATION = frozenset({"groupe", "societe", "entreprise", "sas", "sarl", "sa", "ets"})
_LEVEL_OF = {"bts": 2, "dut": 2, "deug": 2, "but": 3, "licence": 3, "bachelor": 3, "master": 5,
             "mastere": 5, "ingenieur": 5, "mba": 5, "dess": 5, "doctorat": 8}  # fmt: skip


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
    check = _CHECKS.get(claim.kind, _names)
    return check(claim, evidence)


def _titles(claim: Claim, evidence: Evidence) -> list[Found]:
    words = load_words()
    head = next((t for t in claim.words if role_key(t.fold) in words.roles), claim.words[0])
    rest = [token for token in claim.words if token is not head]
    rank = role_key(head.fold) in words.ranks
    lesser = _lesser(claim.words)
    # "Analyste en cybersécurité" where the title says analyst and the degree cybersecurity.
    learnt = set() if rank else _learnt(evidence)
    found = []
    for position, line in enumerate(evidence.lines):
        for title in line.titles if line.kind not in ("contact", "skill", "language") else ():
            keys = {role_key(t.fold) for t in title} | {role_key(w) for w in _long(title)}
            stems = _known_stems(title)
            same = role_key(head.fold) in keys or (not rank and _same_role(head, keys, stems))
            if not same or (rank and _lesser(title) - lesser):
                continue
            pool = stems if rank else stems | line.stems | learnt
            if all(same_words(token.stem, pool) or _stands_for(token, line) for token in rest):
                found.append((position, line.span(*_place(line, head))))
                break
    return found


def _learnt(evidence: Evidence) -> set[str]:
    kinds = ("education", "skill", "certification")
    return {word for line in evidence.lines if line.kind in kinds for word in line.stems}


def _same_role(head: Token, keys: set[str], stems: set[str]) -> bool:
    """Tells whether another noun of a person says the same, in either gender."""
    known = stems | {stem(key) for key in keys}
    return same_words(head.stem, known) or same_words(stem(role_key(head.fold)), known)


def _long(tokens: Sequence[Token]) -> set[str]:
    """Returns the words of abbreviations written out: "IDE" says "infirmier"."""
    short = abbreviations()
    return {word for token in tokens if token.fold in short for word in short[token.fold].split()}


def _known_stems(tokens: Sequence[Token]) -> set[str]:
    return {token.stem for token in tokens} | {
        token.stem for word in _long(tokens) for token in tokenize(word)
    }


def _lesser(tokens: Sequence[Token]) -> set[str]:
    lesser = load_words().lesser
    return {token.stem for token in tokens if token.stem in lesser}


def _place(line: EvidenceText, word: Token) -> tuple[int, int]:
    """Returns where a word stands in a line, the whole line when it stands there otherwise."""
    for token in line.tokens:
        if token.stem == word.stem:
            return token.start, token.end
    return 0, len(line.text)


def _seniority(claim: Claim, evidence: Evidence) -> list[Found]:
    words = load_words()
    token = claim.words[0]
    heads = token.stem in words.leading or token.fold in ("tete", "propre")
    asked = words.led if heads else frozenset({token.stem})
    found = [
        (position, line.span(other.start, other.end))
        for position, line in enumerate(evidence.lines)
        for other in line.tokens
        if other.stem in asked
    ]
    # Ten years are experience, whatever they are called.
    if (
        not found
        and token.fold.startswith(("experiment", "confirm"))
        and evidence.career_months >= 36
    ):
        found = find_duration(Quantity(0, 0, 3, "year"), evidence)
    return found


def _degrees(claim: Claim, evidence: Evidence) -> list[Found]:
    head, *rest = claim.words
    reached_level = re.search(r"\+\s?(\d)", claim.text)
    level = reached_level[1] if reached_level else ""
    found = []
    for position, line in enumerate(evidence.lines):
        if line.kind in ("contact", "interest"):
            continue
        stems = _known_stems(line.tokens) | set(line.stems)
        if level:
            reached = {_LEVEL_OF.get(token.fold, 0) for token in line.tokens}
            written = f"+{level}" in line.text.replace(" ", "")
            field = all(same_words(token.stem, stems) for token in rest)
            if field and (written or int(level) in reached):
                found.append((position, line.span()))
            continue
        named = (
            head.stem in stems
            or _spelled(head.fold, line)
            or (head.fold.startswith("diplom") and line.kind == "education")
        )
        # General words such as "aide" are no words of the claim, and yet said in it.
        lower = _LOWER_DEGREES & line.stems - {token.stem for token in tokenize(claim.text)}
        if lower and rest and line.kind == "education":
            continue  # an "auxiliaire de puériculture" has another diploma than "puériculture"
        if named and all(
            same_words(token.stem, stems) or _stands_for(token, line) for token in rest
        ):
            found.append((position, line.span(*_place(line, head))))
    return found


def _stands_for(token: Token, line: EvidenceText) -> bool:
    """Tells whether an abbreviation is written out on a line: "master GRH"."""
    if not token.acronym:
        return False
    written = [part.stem for part in tokenize(abbreviations().get(token.fold, ""))]
    if written and all(stem in line.stems for stem in written if len(stem) > 2):
        return True
    initials = "".join(other.fold[0] for other in line.tokens if len(other.fold) > 3)
    least = _LEAST_INITIALS - (line.kind == "education")
    return len(token.fold) >= least and token.fold in initials


_LEAST_INITIALS = 3
_LOWER_DEGREES = frozenset(stem(word) for word in ("auxiliaire", "aide", "assistant", "adjoint"))


_SPELLED = {
    "bac": "baccalaureat", "baccalaureat": "bac", "bts": "brevet technicien superieur",
    "mastere": "master", "cap": "certificat aptitude professionnelle", "bachelor": "licence",
}  # fmt: skip


def _spelled(word: str, line: EvidenceText) -> bool:
    long = _SPELLED.get(word, "")
    words = {token.fold for token in line.tokens}
    return bool(long) and all(part in words for part in long.split())


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


def _skills(claim: Claim, evidence: Evidence) -> list[Found]:
    found: list[Found] = []
    missing = 0
    asked = [t for t in claim.words if t.fold not in _PAPERS] or list(claim.words)
    asked = _leading_words(asked) if claim.loose else asked
    for token in asked:
        here = _skill_word(token, evidence)
        if here and claim.loose:
            return here
        if not here and not claim.loose:
            missing += 1
            if (
                _telling(token)
                or _qualifies(token, claim)
                or 2 * missing > len(asked) - claim.listed
            ):
                return []
        found += here
    return found


_MOST_NAMED = 2


def _leading_words(tokens: Sequence[Token]) -> list[Token]:
    """Drops everybody's words behind a word that is not: "vins à chaque table" tells of wines."""
    words = load_words()
    dull = words.everyday | words.vague | UNIT_OF.keys()
    named = [token for token in tokens if token.capital or token.fold not in dull]
    leads = bool(tokens) and tokens[0].fold not in dull
    # "installations de gaz médicaux": two words of a trade weigh more than what is done with them.
    return named if leads or len(named) >= _MOST_NAMED else list(tokens)


def _qualifies(token: Token, claim: Claim) -> bool:
    """Tells a word that says which kind of a thing is meant: "cuisine moléculaire"."""
    words = load_words()
    common = words.everyday | words.vague | words.generic | UNIT_OF.keys()
    told = token.text.endswith(("é", "ée", "és", "ées"))  # "un voyageur énervé"
    return token is not claim.words[0] and not told and token.fold not in common


def _telling(token: Token) -> bool:
    """Tells whether a word names a skill by itself, so that the words beside it do not suffice."""
    words = load_words()
    named = token.fold in words.tools or token.fold in words.certifications
    return token.capital or token.stem in words.skill_stems or named or not token.fold.isalpha()


def _skill_word(token: Token, evidence: Evidence) -> list[Found]:
    for word in (token.stem, *sorted(load_words().same.get(token.stem, ()))):
        hits = evidence.by_stem.get(word)
        if hits:
            return [(at, evidence.lines[at].span(hit.start, hit.end)) for at, hit in hits]
    lines = evidence.added.get(token.stem, ())
    found = [(position, evidence.lines[position].span()) for position in lines]
    return found or _related(token, evidence) or _nearly(token, evidence)


_LEAST_CLIPPED = 5
_LEAST_ROOT = 6
_LONGEST_ENDING = 5


def _related(token: Token, evidence: Evidence) -> list[Found]:
    """Finds a word of the same family, or a short form: "chauffagiste", "photo", "maths"."""
    written = tokenize(abbreviations().get(token.fold, ""))
    if written and all(evidence.by_stem.get(part.stem) for part in written if len(part.fold) > 2):
        hits = evidence.by_stem[max(written, key=lambda part: len(part.fold)).stem]
        return [(at, evidence.lines[at].span(hit.start, hit.end)) for at, hit in hits]
    for word, hits in evidence.by_word.items():
        if _same_family(token.fold, word):
            return [(at, evidence.lines[at].span(hit.start, hit.end)) for at, hit in hits]
    return []


def _same_family(first: str, second: str) -> bool:
    """Tells whether two words begin alike and differ in their ending alone."""
    if first[:_LEAST_CLIPPED] != second[:_LEAST_CLIPPED]:
        return False
    pairs = enumerate(zip(first, second, strict=False))
    shortest = min(len(first), len(second))
    shared = next((at for at, (one, other) in pairs if one != other), shortest)
    clipped = shared == shortest >= _LEAST_CLIPPED
    endings = max(len(first), len(second)) - shared
    return clipped or (shared >= _LEAST_ROOT and endings <= _LONGEST_ENDING)


def _nearly(token: Token, evidence: Evidence) -> list[Found]:
    """Finds a long word with a slip of the pen."""
    if len(token.fold) < 8:
        return []
    from rapidfuzz.distance import DamerauLevenshtein

    for word, hits in evidence.by_word.items():
        alike = abs(len(word) - len(token.fold)) <= 1 and word[:2] == token.fold[:2]
        if alike and DamerauLevenshtein.distance(word, token.fold, score_cutoff=1) <= 1:
            return [(at, evidence.lines[at].span(hit.start, hit.end)) for at, hit in hits]
    return []


def _names(claim: Claim, evidence: Evidence) -> list[Found]:
    asked = [t for t in claim.words if t.fold not in _ORGANISATION] or list(claim.words)
    joints = {"de", "du", "des", "la", "le", "les", "d", "l", "sur", "en"}
    asked = [token for token in asked if token.fold not in joints] or asked
    asked = [token for token in asked if token.fold not in _PAPERS] or asked
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
_PAPERS = frozenset({"certification", "certificat", "attestation", "habilitation", "titre"})


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


_CHECKS: dict[ClaimKind, Callable[[Claim, Evidence], list[Found]]] = {
    "title": _titles,
    "seniority": _seniority,
    "degree": _degrees,
    "language": _languages,
    "skill": _skills,
}
