"""Whether the candidate told of a skill, a task or a thing done, in whatever words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from jobmatch_ml.assistant.claims_kinds import Claim
from jobmatch_ml.assistant.claims_number_words import UNIT_OF
from jobmatch_ml.assistant.claims_text import Token, tokenize
from jobmatch_ml.assistant.claims_words import abbreviations, load_words, role_key
from jobmatch_ml.assistant.truth_lock_evidence import Evidence, Found
from jobmatch_ml.assistant.truth_lock_names import PAPERS
from jobmatch_ml.assistant.words import grammar


def find_skill(claim: Claim, evidence: Evidence) -> list[Found]:
    """Returns where the candidate told of it: one word bears a loose claim out."""
    found: list[Found] = []
    missing = 0
    asked = [t for t in claim.words if t.fold not in PAPERS] or list(claim.words)
    asked = _leading_words(claim, asked) if claim.loose else asked
    for token in asked:
        here = _skill_word(token, evidence)
        if here and claim.loose:
            return here
        if not here and not claim.loose:
            missing += 1
            if _telling(token) or _qualifies(token) or 2 * missing > len(asked) - claim.listed:
                return []
        found += here
    return found


_MOST_NAMED = 2
_OF = re.compile(r"\b(?:de |d['\u2019]|du |des )$")


def _leading_words(claim: Claim, tokens: Sequence[Token]) -> list[Token]:
    """Drops everybody's words behind a word that is not: "vins à chaque table" tells of wines."""
    words = load_words()
    dull = words.everyday | words.vague | UNIT_OF.keys()
    text, origin = claim.text, claim.words[0].start
    named = [
        token
        for token in tokens
        # Whom something is done for is nobody's skill: "j'accompagne l'acheteur".
        if token.capital or not (token.fold in dull or role_key(token.fold) in words.roles)
    ]
    # "installations de gaz médicaux": two words of a trade weigh more than what is done with them;
    # so does one that says which kind is meant: "chantiers de tunnels".
    # "saisonniers à la cueillette": the people whom it is done with lead, the place follows.
    leads = bool(tokens) and tokens[0].fold not in dull and _is_thing(tokens[0])
    kinds = [token for token in named if _OF.search(text[: token.start - origin])]
    alone = leads or len(named) >= _MOST_NAMED or bool(kinds)
    return named if named and alone else list(tokens)


def _is_thing(token: Token) -> bool:
    return token.capital or role_key(token.fold) not in load_words().roles | {
        role_key(word) for word in grammar("persons")
    }


def _qualifies(token: Token) -> bool:
    """Tells a word that says which thing or which kind is meant: "cuisine moléculaire"."""
    words = load_words()
    common = words.everyday | words.vague | words.generic | UNIT_OF.keys()
    told = token.text.endswith(("é", "ée", "és", "ées"))  # "un voyageur énervé"
    return not told and token.fold not in common


def _telling(token: Token) -> bool:
    """Tells whether a word names a skill by itself, so that the words beside it do not suffice."""
    words = load_words()
    named = token.fold in words.tools or token.fold in words.certifications
    return token.capital or token.stem in words.skill_stems or named or not token.fold.isalpha()


def _own_hits(
    token: Token, hits: Sequence[tuple[int, Token]], evidence: Evidence
) -> list[tuple[int, Token]]:
    """Drops other people: who waited for the "charpentier" in a success has made no "charpente"."""
    roles = load_words().roles
    if role_key(token.fold) in roles:
        return list(hits)
    return [
        (at, hit)
        for at, hit in hits
        if evidence.lines[at].kind != "success" or role_key(hit.fold) not in roles
    ]


def _skill_word(token: Token, evidence: Evidence) -> list[Found]:
    for word in (token.stem, *sorted(load_words().same.get(token.stem, ()))):
        hits = _own_hits(token, evidence.by_stem.get(word, []), evidence)
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
        own = _own_hits(token, hits, evidence) if _same_family(token.fold, word) else []
        if own:
            return [(at, evidence.lines[at].span(hit.start, hit.end)) for at, hit in own]
    return []


def _same_family(first: str, second: str) -> bool:
    """Tells whether two words begin alike and differ in their ending alone."""
    if _short_root(first) and _short_root(first) == _short_root(second):
        return True
    if first[:_LEAST_CLIPPED] != second[:_LEAST_CLIPPED]:
        return False
    pairs = enumerate(zip(first, second, strict=False))
    shortest = min(len(first), len(second))
    shared = next((at for at, (one, other) in pairs if one != other), shortest)
    clipped = shared == shortest >= _LEAST_CLIPPED
    endings = max(len(first), len(second)) - shared
    return clipped or (shared >= _LEAST_ROOT and endings <= _LONGEST_ENDING)


# "doser" and "dosage", "payer" and "paye": a verb and its noun, too short for the rule of letters.
_DERIVED = re.compile(
    r"(?P<root>[a-z]{3,4}?)(?:ages?|ements?|ations?|eurs?|euses?|er|ees?|ons|ez|ait|ais|ant)$"
)


def _short_root(word: str) -> str:
    found = _DERIVED.fullmatch(word)
    return found["root"] if found else ""


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
