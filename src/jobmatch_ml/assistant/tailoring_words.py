"""How missions are told more tightly, and the summary for an offer; only with what was said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from jobmatch_ml.assistant.candidate import CandidateData
from jobmatch_ml.assistant.claims_words import load_words
from jobmatch_ml.assistant.tailoring_parts import Item
from jobmatch_ml.assistant.tailoring_skills import Coverage, Held
from jobmatch_ml.assistant.truth_lock_evidence import collect_evidence
from jobmatch_ml.reference import load_table
from jobmatch_ml.reference.titles import fold

_OPENING = re.compile(
    r"^(?:mes missions (?:étaient|principales étaient)|missions?|mon rôle (?:était|consistait) "
    r"(?:de|à)|j'étais (?:en charge de|chargée? de)|j'ai été chargée? de|en charge de|"
    r"chargée? de)\s*:?\s+",
    re.I,
)
_FILLER = re.compile(
    r",?\s+\b(?:notamment|également|bien évidemment|entre autres|de manière générale|"
    r"au quotidien et de façon régulière)\b(?=[ ,])",
    re.I,
)
_YEARS = re.compile(r"\b\d+ ans\b")
# How nouns of doing and verbs end.
_COMMON_END = re.compile(r"(?:tion|sion|ment|age|ure|ance|ence|ise|er|ir|euse|trice|eur|ien)s?$")
_LEAST_YEARS = 2
_MOST_NAMED = 4


def condense(text: str) -> str:
    """Returns a mission without opening phrases and fillers; its facts stay as they are.

    Example:
        >>> condense("J'étais chargée de l'accueil des familles.")
        "L'accueil des familles"
        >>> condense("Mise en rayon")
        'Mise en rayon'
    """
    short = _FILLER.sub("", _OPENING.sub("", text)).strip()
    short = short.removesuffix(".") if short.count(".") == 1 else short
    return short[:1].upper() + short[1:] if short else text


def name_skill(text: str, held: Held, *, first: bool) -> str:
    """Returns a text with the offer's word for the skill that it names.

    Args:
        text: The candidate's words.
        held: The skill.
        first: Whether the offer's word opens the text, else it follows in brackets.
    """
    keyword = held.keyword.text[:1].upper() + held.keyword.text[1:]
    if first and not (text[1:2].isupper() or ":" in text):
        return f"{keyword} : {lowered(text)}"
    return f"{text.removesuffix('.')} ({lowered(held.keyword.text)})"


def write_summary(data: CandidateData, headline: str, coverage: Coverage) -> list[Item]:
    """Returns the opening sentences for an offer: how long, where last, what of it is there."""
    found: list[Item] = []
    jobs = [line for line in data.of_kind("experience") if line.title and line.dates]
    years = collect_evidence(data).career_months // 12
    told = any(_YEARS.search(line.text) for line in data.of_kind("summary"))
    if headline and years >= _LEAST_YEARS and jobs and not told:
        # All positions count, also those before this occupation.
        text = f"{headline}, {years} ans d'expérience professionnelle en tout."
        found.append(_sentence(text, [line.line_id for line in jobs]))
    best = coverage.held[:_MOST_NAMED]
    if best:
        names = [lowered(held.keyword.text) for held in best]
        ids = [line_id for held in best for line_id in held.line_ids]
        found.append(_sentence(f"Compétences en lien avec le poste : {listed(names)}.", ids))
    return found


def listed(names: Sequence[str]) -> str:
    """Returns names as a French enumeration.

    Example:
        >>> listed(["caisse", "rayon", "accueil"])
        'caisse, rayon et accueil'
    """
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} et {names[-1]}"


def _sentence(text: str, ids: Sequence[str]) -> Item:
    reason = "phrase d'accroche tirée de vos propres lignes"
    return Item(text, tuple(dict.fromkeys(ids)), reason=reason, added=True)


def lowered(text: str) -> str:
    """Returns a name as it stands inside a sentence; acronyms and names keep their capitals.

    Example:
        >>> lowered("Accueil des clients"), lowered("SQL"), lowered("Word")
        ('accueil des clients', 'SQL', 'Word')
    """
    words = re.findall(r"[^\W\d_]+", text)
    if not words or not text[0].isupper() or not (words[0][1:].islower() or len(words[0]) == 1):
        return text
    if len(words[0]) == 1:
        # "L'accueil"; "C, C++" and "R" are names.
        return text[:1].lower() + text[1:] if text[1:2] in "'’" or words[0] == "À" else text
    if fold(words[0]) in load_words().tools or (
        re.match(r"\w+-\w", text) and words[1][:1].isupper()
    ):
        return text
    # "Atelier Numérique" is somebody's name, "Gestion SAP" is none.
    named = len(words) > 1 and words[1][:1].isupper() and words[1][1:].islower()
    if named and fold(words[1]) not in load_words().tools:
        return text
    return text[:1].lower() + text[1:] if is_common(words[0]) else text


def is_common(word: str) -> bool:
    """Returns whether a capitalised word is an everyday one that a name does not begin with."""
    bare = fold(word)
    common = _common_words()
    return bare in common or bare.rstrip("sx") in common or bool(_COMMON_END.search(bare))


@lru_cache(maxsize=1)
def _common_words() -> frozenset[str]:
    """Returns the words that the occupations' table writes small, and the heads of its titles."""
    words = load_words()
    found = set(words.small | words.everyday | words.generic)
    for occupation in load_table().occupations:
        titles = (occupation.masculine, occupation.feminine, *occupation.offer_titles,
                  *occupation.cv_titles)  # fmt: skip
        found |= {fold(title.split()[0]) for title in titles if title.split()[0][1:].islower()}
        tasks = [text for task in occupation.tasks for text in (task.offer, task.cv)]
        for text in (*titles, *tasks):
            found |= {fold(word) for word in re.findall(r"[^\W\d_]+", text) if word.islower()}
        heads = [re.match(r"[^\W\d_]+", task.offer) for task in occupation.tasks]
        found |= {fold(head[0]) for head in heads if head}
    return frozenset(found - words.tools)
