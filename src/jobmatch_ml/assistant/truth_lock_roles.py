"""Whether the candidate was, learnt or led what a text says: titles, degrees, rank."""

from __future__ import annotations

import re
from collections.abc import Sequence

from jobmatch_ml.assistant.claims_kinds import Claim
from jobmatch_ml.assistant.claims_quantities import Quantity
from jobmatch_ml.assistant.claims_text import Token, stem, tokenize
from jobmatch_ml.assistant.claims_words import abbreviations, load_words, role_key, same_words
from jobmatch_ml.assistant.truth_lock_evidence import Evidence, EvidenceText, Found
from jobmatch_ml.assistant.truth_lock_numbers import find_duration
from jobmatch_ml.assistant.words import grammar

_LEVEL_OF = {"bts": 2, "dut": 2, "deug": 2, "but": 3, "licence": 3, "bachelor": 3, "master": 5,
             "mastere": 5, "ingenieur": 5, "mba": 5, "dess": 5, "doctorat": 8}  # fmt: skip


def find_title(claim: Claim, evidence: Evidence) -> list[Found]:
    """Returns where the candidate had this title, or one that says the same."""
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
            own = _own_nouns(title)
            keys = {role_key(t.fold) for t in own} | {role_key(w) for w in _long(title)}
            stems = _known_stems(title)
            # A field of study is no title: "génie biologique" makes nobody a "biologiste".
            known = _known_stems(own)
            known -= {head.stem} if line.kind == "education" else set()
            same = role_key(head.fold) in keys or (not rank and _same_role(head, keys, known))
            if not same or (rank and _lesser(title) - lesser):
                continue
            pool = stems if rank else stems | line.stems | learnt
            raised = {t.stem for t in rest if t.fold in words.seniority} - stems
            if not raised and all(
                same_words(token.stem, pool) or _stands_for(token, line) for token in rest
            ):
                found.append((position, line.span(*_place(line, head))))
                break
    return found


def _own_nouns(title: Sequence[Token]) -> list[Token]:
    """Drops whom a title works for: a "clerc d'avocat" is no "avocat"."""
    stage = bool(title) and title[0].fold in grammar("posts")
    roles = load_words().roles
    return [
        token
        for index, token in enumerate(title)
        if stage
        or not index
        or title[index - 1].fold not in ("d", "de", "du", "des")
        or role_key(token.fold) not in roles
    ]


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


_SOMEBODY = frozenset({"mon", "ma", "notre", "nos", "mes"})


def find_rank(claim: Claim, evidence: Evidence) -> list[Found]:
    """Returns where the candidate told of such a rank, or of years enough for it."""
    words = load_words()
    token = claim.words[0]
    heads = token.stem in words.leading or token.fold in ("tete", "propre", "compte")
    asked = words.led if heads else frozenset({token.stem})
    found = [
        (position, line.span(other.start, other.end))
        for position, line in enumerate(evidence.lines)
        for at, other in enumerate(line.tokens)
        # "géomètres-experts" are others.
        if other.stem in asked
        and (heads or not other.fold.endswith("s"))
        # "Mon responsable m'a demandé": somebody else leads.
        and not (
            at and line.tokens[at - 1].fold in _SOMEBODY and role_key(other.fold) in words.roles
        )
    ]
    # Ten years are experience, whatever they are called.
    if (
        not found
        and token.fold.startswith(("experiment", "confirm"))
        and evidence.career_months >= 36
    ):
        found = find_duration(Quantity(0, 0, 3, "year"), evidence)
    return found


def find_degree(claim: Claim, evidence: Evidence) -> list[Found]:
    """Returns where the candidate told of this degree, of its level and field."""
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
