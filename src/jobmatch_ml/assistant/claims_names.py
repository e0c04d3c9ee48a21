"""Names in a text: employers, places, tools, persons; and languages, certificates and awards.

French gives capitals to names only, so what has one inside a sentence is a name until the
candidate's data says where it comes from. The first word of a sentence has one anyway.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from jobmatch_ml.assistant.claims_kinds import Claim, ClaimKind
from jobmatch_ml.assistant.claims_number_words import NUMBER_WORDS
from jobmatch_ml.assistant.claims_text import Token
from jobmatch_ml.assistant.claims_words import load_words, role_key
from jobmatch_ml.assistant.words import grammar
from jobmatch_ml.reference import REGIONS, load_places
from jobmatch_ml.reference.titles import fold

_A_SHOUT = 2  # words in capitals that may still be names: "CISSP (2021)"
_JOINTS = grammar("name_joints")
_EMPLOYER_BEFORE = grammar("employer_before")
_PERSON_BEFORE = grammar("person_before")
_PLACE_BEFORE = frozenset({"a", "ville", "region", "departement"})
_VERB_AFTER = grammar("verb_after")
_COMMON_END = re.compile(
    r"(?:ments?|tions?|sions?|ants?|antes?|ees?|es?|er|ir|eux|euses?|ifs?|ives?|iques?|ages?|ites?|"
    r"ais|ait|ont|ons|ez|s|x)$"
)


def find_names(text: str, tokens: Sequence[Token], taken: Sequence[Claim]) -> list[Claim]:
    """Returns the claims that are names or stand in a lexicon.

    Args:
        text: One sentence.
        tokens: Its words.
        taken: Claims that are known already; their words are left alone.
    """
    busy = {
        position
        for claim in taken
        if claim.kind in ("date", "title", "degree")
        for position in range(claim.start, claim.end)
    }
    free = [token for token in tokens if token.start not in busy]
    found = list(_lexicon(text, free))
    known = {claim.start for claim in found}
    shouted = text.isupper() and sum(token.fold.isalpha() for token in tokens) > _A_SHOUT
    names = _shouted(text, free) if shouted else _capitals(text, free)
    return found + [claim for claim in names if claim.start not in known]


def _shouted(text: str, tokens: Sequence[Token]) -> Iterator[Claim]:
    """Returns the employers of a line in capitals: what follows "chez", as far as it goes."""
    words = load_words()
    for index, token in enumerate(tokens):
        if token.fold != "chez":
            continue
        span: list[Token] = []
        for other in tokens[index + 1 : index + 4]:
            between = text[(span[-1] if span else token).end : other.start]
            ends = between.strip(" '’-") or other.fold in _VERB_AFTER | words.small - _JOINTS
            if ends or not other.fold.isalpha():
                break
            span.append(other)
        if span:
            start, end = span[0].start, span[-1].end
            yield Claim("employer", text[start:end], start, end, detail=tuple(span))


def _lexicon(text: str, tokens: Sequence[Token]) -> Iterator[Claim]:
    words = load_words()
    for index, token in enumerate(tokens):
        kind: ClaimKind | None = None
        span: tuple[Token, ...] = (token,)
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        if token.fold in words.languages:
            kind, span = "language", _with_level(text, tokens, index)
            if token.fold in _OWN_LANGUAGE and len(span) == 1:
                kind = None  # "une entreprise française" tells no level
        elif token.fold in words.certifications and not _is_verb(tokens, index):
            kind = "certification"
            if (
                following
                and (following.acronym or len(following.text) <= 2 or following.capital)
                and _next(text, token, following)
            ):
                named = following.text.isupper() or following.fold not in words.generic
                span = (token, following) if named else span
            span = _with_category(text, tokens, index + len(span) - 1, span)
        elif token.fold in words.tools and not (token.fold in _AMBIGUOUS and not token.capital):
            kind = "tool"
        elif token.fold in words.awards:
            kind = "person"
        elif token.fold in _BEST and following and role_key(following.fold) in words.roles:
            kind, span = "person", (token, following)
        if kind:
            start, end = span[0].start, span[-1].end
            yield Claim(kind, text[start:end], start, end, detail=tuple(span))


def _with_category(
    text: str, tokens: Sequence[Token], last: int, span: tuple[Token, ...]
) -> tuple[Token, ...]:
    """Returns a certificate with its category: "CACES R482 F", "ADR citernes (2021)"."""
    if last + 1 >= len(tokens):
        return span
    following = tokens[last + 1]
    if text[tokens[last].end : following.start].strip():
        return span
    letter = len(following.text) == 1 and following.text.isupper() and following.text not in "AÀY"
    alone = not text[following.end : following.end + 2].strip(" ,;.()\n")
    word = alone and following.fold.isalpha() and following.fold not in load_words().generic
    return (*span, following) if letter or word else span


_BEST = frozenset({"meilleur", "meilleure"})  # "Meilleur Ouvrier de France"
_OWN_LANGUAGE = frozenset({"francais", "francaise"})
# Words of everyday French that are also names of software.
_AMBIGUOUS = grammar("ambiguous_tools")


def _is_verb(tokens: Sequence[Token], index: int) -> bool:
    return bool(index) and tokens[index].fold == "permis" and tokens[index - 1].fold in (
        "a", "ont", "ai", "avait", "est", "aura",
    )  # fmt: skip


def _next(text: str, token: Token, following: Token) -> bool:
    return text[token.end : following.start].strip() == ""


def _with_level(text: str, tokens: Sequence[Token], index: int) -> tuple[Token, ...]:
    """Returns the language with the words up to its level, where one follows closely."""
    levels = load_words().levels
    for ahead in range(index + 1, min(index + 5, len(tokens))):
        between = text[tokens[index].end : tokens[ahead].start]
        if re.search(r"[,;.]", between):
            break
        if tokens[ahead].fold in levels or tokens[ahead].stem in levels:
            return (tokens[index], tokens[ahead])
    for behind in reversed(range(max(0, index - 3), index)):
        if re.search(r"[,;.]", text[tokens[behind].end : tokens[index].start]):
            break
        if tokens[behind].fold in levels or tokens[behind].stem in levels:
            return (tokens[behind], tokens[index])
    return (tokens[index],)


def _capitals(text: str, tokens: Sequence[Token]) -> Iterator[Claim]:
    index = 0
    while index < len(tokens):
        if not _may_be_name(text, tokens, index):
            index += 1
            continue
        stop = _end_of_name(text, tokens, index)
        span = tuple(tokens[index:stop])
        start, end = span[0].start, span[-1].end
        yield Claim(_kind(tokens, index, span), text[start:end], start, end, detail=span)
        index = stop


def _may_be_name(text: str, tokens: Sequence[Token], index: int) -> bool:
    token = tokens[index]
    words = load_words()
    if not token.capital or (len(token.text) == 1 and token.fold not in "cr"):
        return bool(index) and tokens[index - 1].fold == "chez" and _odd(token)
    near = [other.fold for other in tokens[max(0, index - 2) : index]]
    at = near[-1:] == ["chez"] or (near == ["chez", "la"] and tokens[index - 1].capital)
    common = token.fold in words.generic and not token.acronym and not at
    if token.fold in words.caps or common or token.text[:1].isdigit():
        return False
    role = role_key(token.fold) in words.roles
    if not _opens(text, token):
        return not role or token.acronym
    if token.acronym or any(letter.isupper() for letter in token.text[1:]):
        return True
    return not role and _opens_with_name(text, tokens, index)


def _opens_with_name(text: str, tokens: Sequence[Token], index: int) -> bool:
    """Tells whether the first word of a sentence is a name, by what follows it."""
    if index + 1 == len(tokens) or _COMMON_END.search(tokens[index].fold):
        return False
    following = tokens[index + 1]
    if following.capital and _next(text, tokens[index], following):
        return following.fold not in load_words().caps
    return following.fold in _VERB_AFTER


def _odd(token: Token) -> bool:
    """Tells whether a word after "chez" is no common noun or pronoun: somebody's own spelling."""
    common = token.fold in load_words().generic or token.fold in NUMBER_WORDS
    return len(token.fold) > 3 and token.fold.isalpha() and not common


def _opens(text: str, token: Token) -> bool:
    """Tells whether a sentence, an item or a quotation begins with the word."""
    before = text[: token.start].rstrip(" \t\"«“(-–—•*·●▪'’")
    return not before or before[-1] in ":.!?…\n|/"


def _end_of_name(text: str, tokens: Sequence[Token], index: int) -> int:
    stop = index + 1
    while stop < len(tokens):
        ahead = stop
        while ahead < len(tokens) and tokens[ahead].fold in _JOINTS and not tokens[ahead].capital:
            ahead += 1
        if ahead >= len(tokens) or ahead - stop > 2:
            break
        between = text[tokens[stop - 1].end : tokens[ahead].start]
        joined = re.fullmatch(r"[\w\s'’&-]*", between) and "\n" not in between
        named = tokens[ahead].capital and tokens[ahead].fold not in load_words().caps
        if not (joined and named):
            break
        stop = ahead + 1
    return stop


def _kind(tokens: Sequence[Token], index: int, span: Sequence[Token]) -> ClaimKind:
    before = [token.fold for token in tokens[max(0, index - 3) : index]]
    if before and before[-1] in _PERSON_BEFORE:
        return "person"
    name = " ".join(token.fold for token in span)
    if name in _known_places() or (before and before[-1] in _PLACE_BEFORE):
        return "place"
    if _EMPLOYER_BEFORE & set(before):
        return "employer"
    if len(span) == 1 and (span[0].acronym or not span[0].text.isalpha()):
        return "tool"
    return "employer"


@cache
def _known_places() -> frozenset[str]:
    names = [place.name for place in load_places()] + list(REGIONS)
    return frozenset(fold(name).replace("-", " ").replace("'", " ") for name in names)
