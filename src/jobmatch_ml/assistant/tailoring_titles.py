"""The title above a tailored CV: the offer's, where the candidate's own titles allow it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from jobmatch_ml.assistant.candidate import CandidateData, EvidenceKind
from jobmatch_ml.assistant.claims_text import tokenize
from jobmatch_ml.assistant.claims_words import load_words, role_key
from jobmatch_ml.assistant.offer import OfferContext
from jobmatch_ml.assistant.tailoring_clean import typeset
from jobmatch_ml.assistant.tailoring_skills import is_limited
from jobmatch_ml.reference import OccupationLookup, gender_forms, load_table
from jobmatch_ml.reference.titles import fold

_SAME = 99.0
_LEAST_WORDS = 2
_ROOT, _SHORTEST = 5, 3  # letters that two words of one root share; of a short form
_DONE: tuple[EvidenceKind, ...] = ("experience", "certification")
_LISTED: tuple[EvidenceKind, ...] = (*_DONE, "skill")
# A rank that the candidate never held is an invention, whatever the occupation.
_RANK = re.compile(
    r"\b(?:senior|junior|chef\w*|responsable\w*|direct(?:eur|rice)\w*|manager\w*|lead|principal\w*|"
    r"expert\w*|confirme\w*|adjoint\w*|apprenti\w*|stagiaire\w*|alternan\w*|cadre\w*|head|"
    r"superviseu\w*|coordinat\w*|referent\w*|assistant\w*|aide|ingenieur\w*|technicien\w*|maitre)\b"
)
# Who wrote one of these is less, or more, than the title says without it.
_TELLING_RANK = re.compile(
    r"\b(?:junior|adjoint\w*|apprenti\w*|stagiaire\w*|alternan\w*|assistant\w*|aide|debutant\w*|"
    r"senior|chef\w*|responsable\w*|direct(?:eur|rice)\w*|manager\w*|lead|head|superviseu\w*)\b"
)
# Heads that say how somebody is employed, and nothing of the work.
_GENERAL = (
    "agent employe ouvrier operateur charge collaborateur salarie equipier personnel conseiller "
    "hote gestionnaire conducteur chauffeur professeur enseignant"
)
_FEMININE = re.compile(
    r"(?:euse|trice|i?ère|ienne|ante|ente|onne|cheffe|ée|esse|conseillère|femme)s?$"
)
_MASCULINE = re.compile(r"(?:eur|ier|cher|(?<!mana)ger|ien|ant|ent|chef|eux|homme|gé|yé)s?$")
# Nouns of doing look like nouns of persons: "recrutement" like "agent".
_ACT = re.compile(r"(?:ment|tion|sion)s?$")
_TAIL = re.compile(
    r"\s+[-–|(].*$|\s*\(.*?\)|\s*\b[HFM]\s?/\s?[HFM](?:\s?/\s?X)?\b|"
    r"\b(?:CDI|CDD|intérim|temps plein|temps partiel)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Headline:
    """A title and why it may stand there.

    Args:
        text: The title.
        line_ids: Lines that bear it out.
        reason: In French, for the table of changes; empty when the title is the candidate's own.
    """

    text: str
    line_ids: tuple[str, ...]
    reason: str = ""


def is_role(title: str) -> bool:
    """Tells whether a title names what a person is: "vendeuse", no "recrutement" or "stage".

    Example:
        >>> is_role("Lead Developer"), is_role("Recrutement"), is_role("Aide à domicile")
        (True, False, True)
    """
    words = title.split()
    if not words:
        return False
    if _occupations(title) or role_key(fold(words[0])) in _role_heads():
        return True
    return bool(_gender_of_word(words[0])) and not _ACT.search(fold(words[0]))


@lru_cache(maxsize=1)
def _role_heads() -> frozenset[str]:
    titles = [
        title
        for occupation in load_table().occupations
        for title in (occupation.masculine, *occupation.offer_titles, *occupation.cv_titles)
    ]
    heads = {role_key(fold(title.split()[0])) for title in titles if title[1:2].islower()}
    return frozenset(heads | {role_key(word) for word in ("lead", "responsable", "stagiaire")})


def own_headline(data: CandidateData) -> Headline:
    """Returns the title that the candidate gives: the headline, else the last position."""
    if data.headline:
        shown = typeset(data.headline)
        ids = [line.line_id for line in data.lines if data.headline in (line.title, line.text)]
        return Headline(shown, tuple(ids[:1]) or ("profile.headline",))
    for line in data.of_kind("experience"):
        if line.title:
            return Headline(typeset(line.title), (line.line_id,))
    return Headline("", ())


def choose_headline(data: CandidateData, offer: OfferContext) -> Headline:
    """Returns the offer's title where it says what the candidate already is, else their own.

    Allowed: a title of an occupation that one of their titles names (``reference``), or with the
    same head word, and nothing in it that the candidate does not say. One occupation holds
    teachers of mathematics and of English, and drivers with licences of every kind: to be of it
    is not enough. Never a rank of its own.
    """
    own = own_headline(data)
    titles = _own_titles(data)
    forms = _forms(offer)
    if not forms or any(_roles(own.text) == _roles(form) for form in forms):
        return own
    wished = _of_gender(forms, [text for text, _ in titles])
    if not wished:
        return own
    ids = _same_occupation(wished, forms, titles, data) or _same_words(wished, titles, data)
    if not ids:
        return own
    reason = "titre de l'offre, pour un métier que vous avez exercé ou annoncé"
    return Headline(wished, ids, reason)


def _roles(title: str) -> list[str]:
    """Returns a title's words without gender."""
    return [role_key(token.fold) for token in tokenize(title)]


def offer_title(data: CandidateData, offer: OfferContext) -> str:
    """Returns the offer's title for a sentence about the offer.

    It is in the candidate's gender where their own titles tell it, else as the offer writes it.
    """
    forms = _forms(offer)
    told = _of_gender(forms, [text for text, _ in _own_titles(data)]) if forms else ""
    return told or _cased(_TAIL.sub("", offer.named_title).strip())


def _forms(offer: OfferContext) -> list[str]:
    forms = (_cased(form) for form in gender_forms(_TAIL.sub("", offer.named_title).strip()))
    found = [form for form in forms if form]
    return _both_genders(found[0]) if len(found) == 1 else found


def _both_genders(title: str) -> list[str]:
    """Adds the feminine of a title that the reference has in both forms: nobody changes gender."""
    by_code = load_table().by_code
    for code in sorted(_occupations(title)):
        pair = [by_code[code].masculine, by_code[code].feminine]
        if fold(title) in map(fold, pair):
            return [_cased(form) for form in pair]
    return [title]


def _own_titles(data: CandidateData) -> list[tuple[str, str]]:
    found = [(data.headline, own_headline(data).line_ids[0])] if data.headline else []
    found += [(line.title, line.line_id) for line in data.of_kind("experience") if line.title]
    return found


def _same_occupation(
    wished: str, forms: Sequence[str], titles: Sequence[tuple[str, str]], data: CandidateData
) -> tuple[str, ...]:
    wanted = {code for form in forms for code in _occupations(form)}
    if not wanted:
        return ()
    same = [(title, line_id) for title, line_id in titles
            if wanted & _occupations(title) and _same_rank(forms[0], title)]  # fmt: skip
    for title, line_id in same:
        if _is_short_for(title, forms):
            return (line_id,)
    sources = _sources_of(wished, titles, data) if same else None
    return () if sources is None else tuple(dict.fromkeys((same[0][1], *sources)))


def _same_rank(form: str, title: str) -> bool:
    """Tells whether a title adds no rank and hides none, which would make it less or more."""
    own = {role_key(token.fold) for token in tokenize(title)}
    ranks = {role_key(rank) for rank in _RANK.findall(fold(form))}
    held = {role_key(rank) for rank in _TELLING_RANK.findall(fold(title))}
    return ranks <= own | _ranks_of(title) and held <= ranks


def _is_short_for(title: str, forms: Sequence[str]) -> bool:
    """Tells whether a title is the short name of one occupation, and a form its whole name."""
    codes = _occupations(title)
    if len(codes) != 1:
        return False
    occupation = load_table().by_code[next(iter(codes))]
    names = {fold(occupation.masculine), fold(occupation.feminine)}
    short = fold(title) in map(fold, occupation.abbreviations)
    return short and not names.isdisjoint(map(fold, forms)) and not any(map(_RANK.search, names))


def _sources_of(
    wished: str, titles: Sequence[tuple[str, str]], data: CandidateData
) -> list[str] | None:
    """Returns the lines that say the words of a title besides their own titles do.

    ``None`` where a word is said nowhere. Skills that are only listed do not count: who lists
    English is no teacher of it.
    """
    small = load_words().small
    words = [token for token in tokenize(wished) if token.fold not in small]
    named = [[t for t in tokenize(title) if t.fold not in small] for title, _ in titles]
    own = [token for tokens in named for token in tokens]
    heads = [tokens[0] for tokens in named if tokens]
    roles = {role_key(token.fold) for token in own}
    stems = {token.stem for token in own}
    sources: list[str] = []
    for position, token in enumerate(words):
        if position == 0 and role_key(token.fold) in _general_heads():
            continue
        if role_key(token.fold) in roles or (position and token.stem in stems):
            continue
        # "Fleuriste" is what somebody is; who sells flowers has the word alone.
        if any(_is_akin(token.fold, other.fold) for other in (own if position else heads)):
            continue
        said = "" if _RANK.search(token.fold) else _says(data, token.stem, *_DONE)
        if not said:
            return None
        sources.append(said)
    return sources


def _is_akin(word: str, own: str) -> bool:
    """Tells whether a word is one of somebody's title or what that is short for or derived from.

    Example:
        >>> _is_akin("caisse", "caissiere"), _is_akin("developpeur", "dev")
        (True, True)
        >>> _is_akin("commercial", "communication")
        False
    """
    common = next((n for n, (a, b) in enumerate(zip(word, own, strict=False)) if a != b),
                  min(len(word), len(own)))  # fmt: skip
    return common >= _ROOT or (common == len(own) and common >= _SHORTEST)


@lru_cache(maxsize=1)
def _general_heads() -> frozenset[str]:
    return frozenset(role_key(word) for word in _GENERAL.split())


def _ranks_of(title: str) -> set[str]:
    """Returns the rank words that belong to an occupation's own name ("Élec" is no rank)."""
    table = load_table().by_code
    names = [
        name
        for code in _occupations(title)
        for name in (table[code].masculine, table[code].feminine)
    ]
    return {role_key(word) for name in names for word in _RANK.findall(fold(name))}


def _occupations(title: str) -> set[str]:
    found = _lookup().find(title, limit=5, min_score=_SAME)
    return {match.key for match in found if match.source == "own"}


@lru_cache(maxsize=1)
def _lookup() -> OccupationLookup:
    return OccupationLookup(load_table())


def _same_words(
    wished: str, titles: Sequence[tuple[str, str]], data: CandidateData
) -> tuple[str, ...]:
    """Allows a title with the same head word whose other words the candidate says as well."""
    small = load_words().small
    words = [token for token in tokenize(wished) if token.fold not in small]
    if len(words) < _LEAST_WORDS:
        return ()  # "Technicien" alone says less than any title of a technician
    for title, line_id in titles:
        own = [token for token in tokenize(title) if token.fold not in small]
        if not own or role_key(own[0].fold) != role_key(words[0].fold):
            continue
        known = {token.stem for token in own}
        roles = {role_key(token.fold) for token in own}
        sources = [line_id]
        # What only adds to their own title may come from a skill that they list.
        adds = known <= {token.stem for token in words} | {own[0].stem}
        kinds = _LISTED if adds else _DONE
        for token in words[1:]:
            if token.stem in known or role_key(token.fold) in roles:
                continue
            said = _RANK.search(token.fold) is None and _says(data, token.stem, *kinds)
            if not said:
                break
            sources.append(said)
        else:
            return tuple(dict.fromkeys(sources))
    return ()


def _says(data: CandidateData, word: str, *kinds: EvidenceKind) -> str:
    """Returns the first line of some kinds that says a word and does not limit it; or nothing."""
    for line in data.of_kind(*kinds):
        for row in line.text.split("\n"):
            if any(token.stem == word for token in tokenize(row)) and not is_limited(row):
                return line.line_id
    return ""


def _of_gender(forms: Sequence[str], titles: Sequence[str]) -> str:
    """Returns the form in the gender of the candidate's own titles; empty where there is none.

    Nobody changes gender for an offer that is written in one form alone ("Développeur (H/F)"):
    the candidate's own word replaces it, else the title is not theirs to take.
    """
    own = {
        role_key(fold(word)): word
        for title in reversed(titles)
        for word in re.findall(r"[^\W\d_]+", title)
    }
    for form in forms:
        first = form.split()[0]
        known = own.get(role_key(fold(first)))
        if known and fold(known) == fold(first):
            return form
    gender = _gender_of(titles)
    if len(forms) > 1:
        return {"f": forms[1], "m": forms[0]}.get(gender, "")
    first, *rest = forms[0].split(" ")
    known = own.get(role_key(fold(first)))
    if known:
        return " ".join([_cased(known.lower()), *rest])
    return forms[0] if _gender_of_word(first) in ("", gender) else ""


def _gender_of(titles: Sequence[str]) -> str:
    """Returns "f" or "m" where the head words of the titles tell it; the first one wins."""
    told = [_gender_of_word(title.split()[0]) for title in titles if title.split()]
    return next(filter(None, told), "")


def _gender_of_word(word: str) -> str:
    head = re.split(r"[-/(,.]", word.lower())[0]
    if _FEMININE.search(head):
        return "f"
    return "m" if _MASCULINE.search(head) else ""


@lru_cache(maxsize=1)
def _acronyms() -> frozenset[str]:
    """Returns what the occupations' titles write in capitals: RH, BTP, CNC."""
    titles = [
        title
        for occupation in load_table().occupations
        for title in (occupation.masculine, *occupation.offer_titles, *occupation.cv_titles)
        if not title.isupper()
    ]
    words = {word for title in titles for word in re.findall(r"[^\W\d_]+", title)}
    # "AS" and "DE" are somebody's work or diploma, "de" is a word.
    common = {word.upper() for word in words if word.islower()} | {"AS", "ES"}
    return frozenset(word for word in words - common if word.isupper() and len(word) > 1)


def _cased(text: str) -> str:
    text = " ".join(text.split()).strip(" -–,;/")
    letters = [char for char in text if char.isalpha()]
    if letters and all(char.isupper() for char in letters) and len(letters) > 4:
        words = text.capitalize().split(" ")
        text = " ".join(word.upper() if word.upper() in _acronyms() else word for word in words)
    return text[:1].upper() + text[1:]
