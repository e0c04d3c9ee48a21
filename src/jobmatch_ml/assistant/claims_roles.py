"""Titles, degrees and rank: what a person says they are, were or lead.

A noun of a person is a claim where the sentence says it of the writer ("comme vendeuse",
"Vendeuse, Decathlon", "je suis responsable de rayon"), not where it names somebody else ("avec le
chef de rayon", "j'ai formé des vendeurs").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from jobmatch_ml.assistant.claims_kinds import Claim
from jobmatch_ml.assistant.claims_text import Token
from jobmatch_ml.assistant.claims_words import load_words, role_key
from jobmatch_ml.assistant.words import grammar

# Said of oneself, right before a title or a few words before it.
_SELF = grammar("of_self")
_POST = grammar("posts")
_OTHERS = grammar("determiners")
_PRONOUNS = grammar("pronouns")
_STOP = grammar("title_ends")
_PASS = grammar("title_joints")
_OBJECTS = frozenset({"les", "la", "le", "l", "un", "une", "des", "leur", "leurs", "nos", "aux"})
_AGENTS = ("eur", "euse", "rice", "ante", "ien", "ienne", "iste", "chef", "cheffe")
_LONGEST = 6
_PUNCTUATION = tuple(",:;|/–—-()•.")
# General words that raise a title.
_TELLING = frozenset({"principal", "principale", "general", "generale", "national", "nationale"})
_VERBS_OF_BEING = grammar("being")
_AMBIGUOUS = grammar("ambiguous_roles")


def find_roles(text: str, tokens: Sequence[Token]) -> list[Claim]:
    """Returns titles, degrees and claims of rank in one sentence."""
    return [*_titles(text, tokens), *_degrees(text, tokens), *_rank(text, tokens)]


def _titles(text: str, tokens: Sequence[Token]) -> Iterator[Claim]:
    words = load_words()
    index = 0
    while index < len(tokens):
        key = role_key(tokens[index].fold)
        known = key in words.roles or _opens_as_agent(tokens, index)
        if known and _of_self(text, tokens, index):
            span = _with_complement(text, tokens, index, whole=key in words.ranks)
            start, end = span[0].start, span[-1].end
            yield Claim("title", text[start:end], start, end, detail=span)
            while index + 1 < len(tokens) and tokens[index + 1].start < end:
                index += 1
        index += 1


_MACHINES = grammar("machines")


_LEAST_AGENT = 8


def _opens_as_agent(tokens: Sequence[Token], index: int) -> bool:
    """Tells a title that no list knows: "Régulateur de réseau" at the start of a sentence."""
    word = tokens[index].fold.removesuffix("rice") + "eur" * tokens[index].fold.endswith("rice")
    agent = word.endswith(("ateur", "iteur", "uteur")) and word not in _MACHINES
    follows = index == 0 and len(tokens) > 1 and tokens[1].fold
    scholar = word.endswith(("logiste", "logue", "icien", "icienne")) and len(word) > _LEAST_AGENT
    if scholar and follows in ("de", "du", "d", "a", "au", "chez", "depuis", "en"):
        return True
    return agent and follows in ("de", "du", "d", "des")


def _of_self(text: str, tokens: Sequence[Token], index: int) -> bool:
    token = tokens[index]
    if _plural(token) or token.acronym:
        return False
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    is_role = following is not None and role_key(following.fold) in load_words().roles
    if token.fold in _AMBIGUOUS and not is_role:
        return _before_is_post(tokens, index) or _opens_as_second(text, tokens, index)
    if token.fold.startswith("charge"):
        # "chargé d'affaires" is a title; "chargé de former" and "j'ai chargé" are none.
        told = index == 0 or tokens[index - 1].fold in _VERBS_OF_BEING | {"suis", "est"}
        return told and following is not None and following.fold in ("d", "de")
    person = token.fold.endswith(_AGENTS) or role_key(token.fold) in load_words().ranks
    if following and following.fold in _OBJECTS and not person:
        return False  # a verb: "conseiller les clients"
    if index == 0:
        return True
    previous = tokens[index - 1]
    between = text[previous.end : token.start].strip(' \t"«“')
    return between[-1:] in _PUNCTUATION if between else _leads_to_self(tokens, index - 1)


def _opens_as_second(text: str, tokens: Sequence[Token], index: int) -> bool:
    """Tells "Second de cuisine, je …" from "second" in the course of a sentence."""
    opens = re.match(r"\W*\w+ (?:de |d['’])[^\W\d]+(?:,| à | chez |\s*$)", text)
    return index == 0 and opens is not None and len(tokens) > 1


def _leads_to_self(tokens: Sequence[Token], index: int) -> bool:
    """Tells whether the word right before a noun of a person says it of the writer."""
    previous = tokens[index]
    if previous.fold in _OTHERS:
        return previous.fold in ("un", "une", "la", "le", "l") and _said_of_self(tokens, index)
    if previous.fold in ("de", "d", "a", "en"):
        return _before_is_post(tokens, index)
    known = previous.fold in _SELF or previous.fold in load_words().generic
    told = known or previous.fold.isdigit() or previous.capital
    return told and previous.fold not in _PRONOUNS


def _plural(token: Token) -> bool:
    return token.fold.endswith("s") and token.fold not in ("commis", "sous")


def _before_is_post(tokens: Sequence[Token], index: int) -> bool:
    return any(token.fold in _POST for token in tokens[max(0, index - 3) : index])


def _said_of_self(tokens: Sequence[Token], index: int) -> bool:
    return any(token.fold in _VERBS_OF_BEING for token in tokens[max(0, index - 3) : index])


def _with_complement(
    text: str, tokens: Sequence[Token], index: int, *, whole: bool
) -> tuple[Token, ...]:
    """Returns a title's words: the noun and what says of which kind ("de rayon", "comptable").

    Args:
        text: The sentence.
        tokens: Its words.
        index: The noun.
        whole: Keep general words too: "chef d'équipe" is not "chef".
    """
    words = load_words()
    before = tokens[index - 1] if index else None
    is_degree = tokens[index].fold.startswith(("brevet", "diplom"))
    span = [tokens[index]]
    if before and before.fold in ("sous", "vice") and text[before.end : tokens[index].start] == "-":
        span.insert(0, before)
    for position in range(index + 1, min(index + 1 + _LONGEST, len(tokens))):
        token = tokens[position]
        between = text[tokens[position - 1].end : token.start]
        studied = _is_year_of_study(tokens, position, index)
        if not studied and _ends_title(token, between):
            break
        if token.fold in _PASS:
            if token.fold in ("a", "en") and _ends(tokens, position + 1):
                break
            continue
        if token.fold == "etat" or studied:
            continue  # "diplôme d'État de …", "master 2 de …"
        if token.capital and not token.acronym:
            joined = tokens[position - 1].fold in _PASS and not span[-1].capital
            opens = joined or (tokens[position - 1].fold in _PASS and len(span) == 1)
            if not tokens[index].capital or opens:
                break  # "Responsable qualité de la Conserverie": a name
        kept = whole or token.fold not in words.generic
        if (
            kept
            or token.fold in _TELLING
            or (is_degree and token.fold in ("maitrise", "expertise"))
        ):
            span.append(token)
    return tuple(span)


def _ends_title(token: Token, between: str) -> bool:
    return bool(between.strip(" \t'’-/+")) or token.fold in _STOP or token.fold.isdigit()


def _is_year_of_study(tokens: Sequence[Token], position: int, index: int) -> bool:
    """Tells the number in "Master 2 droit social" and "bac +5 en chimie"."""
    token, head = tokens[position], tokens[index].fold
    studied = head in load_words().degrees
    return studied and position == index + 1 and len(token.fold) == 1 and token.fold.isdigit()


def _ends(tokens: Sequence[Token], position: int) -> bool:
    if position >= len(tokens):
        return True
    token = tokens[position]
    return token.capital or token.fold.isdigit() or token.fold in load_words().generic


def _degrees(text: str, tokens: Sequence[Token]) -> Iterator[Claim]:
    words = load_words()
    for index, token in enumerate(tokens):
        upper = token.acronym and token.text in words.upper_degrees
        if not (token.fold in words.degrees or upper or _is_diploma(tokens, index)):
            continue
        if token.fold == "master" and index and tokens[index - 1].fold == "scrum":
            continue
        span = _with_complement(text, tokens, index, whole=False)
        end = span[-1].end
        level = _level_after(text, token.end) if token.fold in ("bac", "baccalaureat") else None
        if level:
            end = max(end, level)
        yield Claim("degree", text[token.start : end], token.start, end, detail=span)


def _is_diploma(tokens: Sequence[Token], index: int) -> bool:
    """Tells whether a diploma is named: "diplôme d'État", "diplômée en chimie"."""
    if not tokens[index].fold.startswith("diplom") or index + 2 >= len(tokens):
        return False
    return tokens[index + 1].fold in ("d", "de", "en") and tokens[index + 2].fold not in (
        "un", "une", "mon", "la", "l", "niveau",
    )  # fmt: skip


def _level_after(text: str, end: int) -> int | None:
    position = end
    while position < len(text) and text[position] in " +\u00a0" and position - end < 4:
        position += 1
    named = "+" in text[end:position] and position < len(text) and text[position].isdigit()
    return position + 1 if named else None


def _rank(text: str, tokens: Sequence[Token]) -> Iterator[Claim]:
    words = load_words()
    for index, token in enumerate(tokens):
        before = [other.fold for other in tokens[max(0, index - 3) : index]]
        after = tokens[index + 1].fold if index + 1 < len(tokens) else ""
        senior = token.fold in words.seniority and _says_rank(tokens, index)
        leads = token.stem in words.leading and after not in ("vers", "par")
        if leads:
            leads = not {"sous", "par"} & set(before) and role_key(token.fold) not in words.roles
        leads = leads or _heads(tokens, index) or _hired(token, before)
        if after in _LED_THINGS or {"community", "projet"} & set(before[-1:]):
            leads = False
        if senior or leads:
            yield Claim("seniority", token.text, token.start, token.end, detail=(token,))


_HIRED = grammar("hired")


def _hired(token: Token, before: Sequence[str]) -> bool:
    """Tells "j'ai recruté" and "j'ai fondé" from being hired oneself."""
    return token.fold in _HIRED and before[-1:] in (["ai"], ["a"], ["avons"])


_LED_THINGS = frozenset({"visuel", "visuelle"})


def _heads(tokens: Sequence[Token], index: int) -> bool:
    """Tells "à la tête de" and "mon propre salon" from a head and a thing of one's own."""
    before = [other.fold for other in tokens[max(0, index - 2) : index]]
    after = tokens[index + 1].fold if index + 1 < len(tokens) else ""
    if tokens[index].fold == "tete":
        return before == ["a", "la"] and after in ("d", "de", "du", "des")
    if tokens[index].fold == "compte":  # "à son compte depuis 2022"
        return before in (["a", "mon"], ["a", "son"], ["a", "ton"])
    own = before[-1:] in (["mon"], ["ma"]) or (
        before[-1:] in (["sa"], ["son"], ["ta"], ["ton"]) and after in _FIRMS
    )
    return tokens[index].fold == "propre" and own


_FIRMS = frozenset({
    "entreprise", "societe", "cabinet", "agence", "salon", "restaurant", "atelier", "boutique",
    "affaire", "activite", "magasin", "etablissement",
})  # fmt: skip


def _says_rank(tokens: Sequence[Token], index: int) -> bool:
    """Tells a rank from a verb ("j'ai confirmé") and from other people ("les experts")."""
    words = load_words()
    before = tokens[max(0, index - 4) : index]
    named = any(
        role_key(token.fold) in words.roles
        or token.fold in ("profil", "niveau", "suis", "tant", "comme")
        for token in before
    )
    if tokens[index].fold.startswith("confirm") or tokens[index].fold.startswith("experiment"):
        verb = before and before[-1].fold in ("ai", "a", "ont", "avoir", "est", "avait")
        # "Communicante confirmée, j'ai …": the noun that opens the sentence.
        opens = index == 0 or (index == 1 and tokens[0].capital)
        return not verb and (named or opens)
    others = before and before[-1].fold in ("les", "des", "l", "aux", "un", "le")
    return not others or named
