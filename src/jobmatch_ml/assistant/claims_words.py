"""Word lists of the claims: our own (``words/*.yaml``) and what the occupations' table knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from jobmatch_ml.assistant.claims_text import stem, tokenize
from jobmatch_ml.assistant.words import read_words
from jobmatch_ml.reference import load_table
from jobmatch_ml.reference.titles import fold, gender_forms, load_abbreviations

# A word of the table that so few occupations use tells what somebody does.
_RARE = 12
_LEAST_LETTERS = 4
_MASTERY = frozenset({"maitrise", "connaissance", "utilisation", "pratique", "notion", "notions"})
_GENERAL = ("small", "motivation", "manner")
_GENDERS = (
    ("trice", "teur"),
    ("euse", "eur"),
    ("iere", "ier"),
    ("ere", "er"),
    ("ienne", "ien"),
    ("ee", "e"),
    ("ive", "if"),
)


@dataclass(frozen=True)
class Words:
    """The lists, folded; stems where the name says so."""

    small: frozenset[str]
    generic: frozenset[str]
    generic_stems: frozenset[str]
    same: Mapping[str, frozenset[str]]
    roles: frozenset[str]
    ranks: frozenset[str]
    lesser: frozenset[str]
    seniority: frozenset[str]
    leading: frozenset[str]
    led: frozenset[str]
    awards: frozenset[str]
    languages: Mapping[str, str]
    levels: Mapping[str, int]
    degrees: frozenset[str]
    upper_degrees: frozenset[str]
    certifications: frozenset[str]
    tools: frozenset[str]
    skill_stems: frozenset[str]
    everyday: frozenset[str]
    vague: frozenset[str]
    trade_stems: frozenset[str]
    skill_names: Mapping[str, frozenset[tuple[str, ...]]]
    caps: frozenset[str]


@cache
def load_words() -> Words:
    """Returns all lists, read once."""
    generic, same, roles, things = (read_words(n) for n in ("generic", "same", "roles", "things"))
    everyday = _with_forms(generic["everyday"].split())
    words = {word for name in _GENERAL for word in generic[name].split()}
    # A general word ("compte") may share its stem with a skill ("comptabilité").
    generic_stems = _stems(words) - _stems(things["skills"].split())
    languages = {name: name for name in things["languages"]}
    for name, others in things["languages"].items():
        languages |= dict.fromkeys(others, name)
    ranks = _role_keys(roles["ranks"].split())
    return Words(
        small=frozenset(generic["small"].split()),
        generic=frozenset(words),
        generic_stems=generic_stems,
        same=_groups(same["groups"]),
        roles=_role_keys(roles["roles"].split()) | _title_heads() | ranks,
        ranks=ranks,
        lesser=_stems(roles["lesser"].split()),
        seniority=frozenset(roles["seniority"].split()),
        leading=_stems(roles["leading"].split()),
        led=_stems(roles["led"].split()),
        awards=frozenset(roles["awards"].split()),
        languages=languages,
        levels=things["levels"],
        degrees=frozenset(things["degree_words"].split()),
        upper_degrees=frozenset(things["upper_degrees"].split()),
        certifications=frozenset(things["certifications"].split()),
        tools=frozenset(things["tools"].split()),
        skill_stems=_stems(things["skills"].split())
        | (_rare_stems() - generic_stems - _stems(everyday)),
        everyday=everyday,
        vague=_with_forms(generic["vague"].split()),
        trade_stems=_stems(things["skills"].split()),
        skill_names=_skill_names(),
        caps=frozenset(things["caps"].split()),
    )


def _with_forms(words: Iterable[str]) -> frozenset[str]:
    return frozenset(form for word in words for form in (word, f"{word}s", word.removesuffix("s")))


def _skill_names() -> dict[str, frozenset[tuple[str, ...]]]:
    """Returns the stems of skills named by two words or more, by their first word."""
    small = frozenset(read_words("generic")["small"].split())
    found: dict[str, set[tuple[str, ...]]] = {}
    for skill in load_table().skills.values():
        for text in (skill.offer, *skill.cv):
            for part in text.split(","):
                name = [token for token in tokenize(part) if token.fold not in small]
                if name and name[0].fold in _MASTERY:
                    name = name[1:]
                if len(name) >= 2:
                    # The noun as it is: "conseillé la clientèle" tells what was done.
                    first = name[0].fold.removesuffix("s")
                    found.setdefault(first, set()).add(tuple(token.stem for token in name))
    return {first: frozenset(names) for first, names in found.items()}


def _stems(words: Iterable[str]) -> frozenset[str]:
    return frozenset(stem(word) for word in words)


def _groups(lines: Iterable[str]) -> dict[str, frozenset[str]]:
    """Returns for the first word of each line what bears it out (synonyms are not transitive)."""
    found: dict[str, set[str]] = {}
    for line in lines:
        stems = [stem(word) for word in line.split()]
        found.setdefault(stems[0], set()).update(stems)
        # The other words say the same as the first, but not necessarily as one another.
        for other in stems[1:]:
            found.setdefault(other, {other}).add(stems[0])
    return {word: frozenset(others) for word, others in found.items()}


def same_words(word: str, known: set[str] | frozenset[str]) -> bool:
    """Tells whether a stem, or one that says the same, is among the known ones."""
    return word in known or bool(load_words().same.get(word, frozenset()) & known)


@cache
def abbreviations() -> Mapping[str, str]:
    """Returns abbreviations, folded, with what they stand for, folded too."""
    ours = {short: fold(long) for short, long in read_words("abbreviations").items()}
    return {**load_abbreviations(), **ours}


def role_key(word: str) -> str:
    """Returns what the genders and the plural of a folded noun of a person share.

    Example:
        >>> role_key("directrices"), role_key("infirmiere"), role_key("cheffe")
        ('directeur', 'infirmier', 'chef')
    """
    left = word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word
    for feminine, masculine in _GENDERS:
        if left.endswith(feminine):
            left = left[: -len(feminine)] + masculine
            break
    if len(left) > 4 and left.endswith("e"):
        left = left[:-1]
    return left[:-1] if len(left) > 4 and left[-1] == left[-2] else left


def _role_keys(words: Iterable[str]) -> frozenset[str]:
    return frozenset(role_key(word) for word in words)


def _title_heads() -> frozenset[str]:
    """Returns the first words of the occupations' titles, in both genders."""
    heads = set()
    for item in load_table().occupations:
        for title in (item.masculine, item.feminine, *item.offer_titles, *item.cv_titles):
            for form in gender_forms(title):
                tokens = tokenize(form)
                if tokens and _may_be_role(tokens[0].fold, title):
                    heads.add(tokens[0].fold)
    return _role_keys(heads)


def _may_be_role(word: str, title: str) -> bool:
    # Titles in CVs begin with all sorts of things; these endings are those of people.
    agent = word.endswith(("eur", "euse", "trice", "ier", "iere", "ien", "ienne", "iste", "logue"))
    return len(word) > _LEAST_LETTERS and agent and not title.isupper()


def _rare_stems() -> frozenset[str]:
    """Returns the stems of words that few occupations use for their skills."""
    table = load_table()
    used: Counter[str] = Counter()
    for item in table.occupations:
        texts: list[str] = []
        for skill_id in (*item.required, *item.wished):
            skill = table.skills[skill_id]
            texts += [skill.offer, *skill.cv]
        tokens = {token.stem: token for text in texts for token in tokenize(text)}
        used.update(key for key, token in tokens.items() if token.fold.isalpha())
    return frozenset(
        word for word, count in used.items() if count <= _RARE and len(word) > _LEAST_LETTERS
    )
