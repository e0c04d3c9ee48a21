"""How a person writes in a CV what a classification says: by rules and small tables of our own.

ROME says "Contrôler l'état des équipements", a CV "Vérification de l'état du matériel". Verbs
become nouns, explanations in brackets go, words make room for others. The result is plain and
sometimes clumsy, as CVs are; what matters is that the words are not those of the offers.
"""

from __future__ import annotations

import csv
import re
import zlib
from functools import lru_cache
from importlib import resources

from jobmatch_ml.reference.titles import fold

_BRACKETS = re.compile(r"\s*\([^()]*\)")
# What follows explains: a CV leaves it out.
_TAIL = re.compile(
    r",? (?:afin d|pour (?=\w+(?:er|ir|re)\b)|selon |en fonction d|tels? que |telles? que "
    r"|dans le respect |en tenant compte|en vue d|conformément |à partir d|en respectant )"
)
_ARTICLES = (
    ("les ", "des "), ("le ", "du "), ("la ", "de la "), ("l'", "de l'"), ("une ", "d'une "),
    ("un ", "d'un "), ("des ", "de "), ("du ", "de "), ("de la ", "de "), ("de l'", "d'"),
)  # fmt: skip
_PREPOSITIONS = (
    "à ", "au ", "aux ", "avec ", "sur ", "dans ", "en ", "pour ", "par ", "contre ", "auprès ",
    "chez ", "de ", "d'", "selon ", "sous ", "entre ", "vers ", "comme ", "sans ",
)  # fmt: skip
_VOWELS = "aeiouyhàâäéèêëîïôöùûüœæ"
_TO = (("les ", "aux "), ("le ", "au "), ("la ", "à la "), ("l'", "à l'"))
# A further noun of the same object; what follows a preposition belongs to that.
_FURTHER = re.compile(r"(?: et | ou |, )(?=(?:les |le |la |l'|un |une |des ))")
_INDIRECT = re.compile(r" (?:à|au|aux|avec|sur|dans|par|pour|en|lors|entre|selon) ")
_FOLLOWED = r"(?=$|,| (?:de|du|des|d'|et|ou|à|au|aux|en|sur|dans|pour|par|avec|lors|selon)\b| d')"
_AFTER = re.compile(r"\b(?:avec|sur|dans|par|pour|chez|à|en|entre) $")
_ADVERB = re.compile(r"^(?:\w+ment|rapidement|bien|constamment|en continu) (?=\S)")
# Heads of a knowledge that say nothing of their own.
_HEAD = re.compile(
    r"^(?:techniques?|connaissances?(?: générales?| approfondies?)?|utilisation|règles?|normes?|"
    r"méthodes?|principes?|notions?|maîtrise|bases?|procédures?|outils?|éléments? de base|"
    r"caractéristiques?|fonctionnement|typologie|pratiques?|process|protocoles?) "
    r"(?:de la |de l'|des |du |de |d'|en )",
    re.I,
)
_FRAMES = ("Connaissance", "Pratique", "Notions", "Bases", "Maîtrise")
_SMALL = re.compile(
    r"\b(?:de la|de l'|des|du|de|d'|les|la|le|l'|aux|au|une|un|et)(?:\s+|(?<='))", re.I
)


@lru_cache(maxsize=1)
def _verbs() -> dict[str, tuple[str, ...]]:
    rows = _table("cv_verbs.csv")
    return {fold(row["verb"]): tuple(row["nouns"].split("|")) for row in rows}


@lru_cache(maxsize=1)
def _synonyms() -> dict[str, str]:
    return {row["phrase"]: row["replacement"] for row in _table("cv_synonyms.csv")}


@lru_cache(maxsize=1)
def _synonym_pattern() -> re.Pattern[str]:
    longest = sorted(_synonyms(), key=lambda phrase: (-len(phrase), phrase))
    # Before an adjective another noun would not agree with it.
    return re.compile(rf"(?<!\w)({'|'.join(map(re.escape, longest))}){_FOLLOWED}")


@lru_cache(maxsize=1)
def _clause_pattern() -> re.Pattern[str]:
    verbs = sorted(_verbs(), key=lambda verb: (-len(verb), verb))
    return re.compile(rf"(, | et | ou |, et )(?=(?:{'|'.join(map(re.escape, verbs))})\b)")


def _table(name: str) -> list[dict[str, str]]:
    text = (resources.files("jobmatch_ml.reference") / "tables" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def reword_task(text: str) -> str:
    """Returns the CV wording of a task that begins with an infinitive.

    The same text gives the same wording; it always differs from the text.

    Example:
        >>> reword_task("Contrôler l'état des équipements (chariots, palettes)")
        "Vérification de l'état du matériel"
    """
    short = _shorten(text.replace("’", "'").replace("œ", "oe"))
    clauses = _nominal_clauses(short, _draw(text))
    worded = _replace(clauses if clauses else _telegraphic(short))
    return worded if _differs(worded, text) else _telegraphic(f"{_FRAMES[1]} : {short}")


def reword_skill(text: str) -> tuple[str, ...]:
    """Returns the CV wordings of a skill or knowledge, at least one, none equal to the text.

    Example:
        >>> reword_skill("Techniques de soudage")
        ('Soudage', 'Pratique : soudage')
    """
    plain = text.replace("’", "'")
    if _first_verb(plain):
        return (reword_task(text),)
    core = _HEAD.sub("", _shorten(plain), count=1).strip() or plain
    core = _capital(_replace(core))
    acronym = re.search(r"\(([A-Z][A-Za-z0-9&+-]{1,7})\)", plain)
    framed = f"{_FRAMES[_draw(text) % len(_FRAMES)]} : {_lower(core)}"
    wordings = [core, *([acronym[1]] if acronym else []), _telegraphic(core), framed]
    return tuple(dict.fromkeys(word for word in wordings if _differs(word, text)))[:2]


def _draw(text: str) -> int:
    return zlib.crc32(text.encode())


def _differs(worded: str, text: str) -> bool:
    return bool(worded) and fold(worded) != fold(text)


def _shorten(text: str) -> str:
    bare = _BRACKETS.sub("", text).strip(" .")
    found = _TAIL.search(bare)
    # A head of fewer than three words would say nothing any more.
    return bare[: found.start()] if found and bare[: found.start()].count(" ") >= 2 else bare


def _first_verb(text: str) -> str:
    words = fold(text).replace(",", " ,").split()
    for count in (3, 2, 1):
        if " ".join(words[:count]) in _verbs():
            return " ".join(words[:count])
    return ""


def _nominal_clauses(text: str, draw: int) -> str:
    """Turns "Suivre et régler la presse" into "Suivi et réglage de la presse"; "" if it cannot."""
    # Cut where a further infinitive begins; the folded text has the same separators in order.
    parts = _cut(text)
    worded = []
    for place, part in enumerate(parts[::2]):
        noun_phrase = _nominalise(part, draw, alone=place + 1 < len(parts[::2]))
        if not noun_phrase:
            return ""
        worded.append(noun_phrase if place == 0 else _lower(noun_phrase))
    separators = [*parts[1::2], ""]
    return _capital("".join(word + mark for word, mark in zip(worded, separators, strict=True)))


def _cut(text: str) -> list[str]:
    folded = fold(text)
    if len(folded) != len(text):  # A rare sign that folds into several: offsets would not fit.
        return [text]
    parts, start = [], 0
    for found in _clause_pattern().finditer(folded):
        parts += [text[start : found.start()], text[found.start() : found.end()]]
        start = found.end()
    return [*parts, text[start:]]


def _nominalise(clause: str, draw: int, *, alone: bool) -> str:
    """Nominalises one clause; ``alone``: a verb without object may share that of the next one."""
    verb = _first_verb(clause)
    if not verb:
        return ""
    rest = " ".join(clause.split()[verb.count(" ") + 1 :])
    rest = _ADVERB.sub("", rest)
    # "Veiller au respect": what follows has lost its article to the preposition.
    bare = verb.endswith((" au", " aux")) or _bare(rest)
    nouns = [noun for noun in _verbs()[verb] if noun or bare]
    if not nouns or (not rest and not alone):
        return nouns[0] if nouns else ""
    noun = nouns[draw % len(nouns)]
    if not rest:
        return noun or nouns[-1]
    return _joined(noun, rest)


def _joined(noun: str, rest: str) -> str:
    if not noun:
        return _bare(rest) or rest
    if noun.endswith(" à"):
        return f"{noun.removesuffix(' à')} {_indirect(rest)}"
    return f"{noun} {_object(rest)}"


def _bare(rest: str) -> str:
    """Returns an object without its article: "la tonte des pelouses" -> "tonte des pelouses"."""
    for article in ("les ", "le ", "la ", "l'", "une ", "un ", "des ", "du "):
        if rest.startswith(article):
            return rest.removeprefix(article)
    return ""


def _indirect(rest: str) -> str:
    for article, contracted in _TO:
        if rest.startswith(article):
            return contracted + rest.removeprefix(article)
    return f"à {rest}"


def _object(rest: str) -> str:
    """Joins an object to its noun: "le tri et la collecte" -> "du tri et de la collecte"."""
    prepositional = rest.startswith(_PREPOSITIONS)
    end = found.start() if (found := _INDIRECT.search(rest)) else len(rest)
    direct, start, pieces = rest[:end], 0, []
    if not prepositional:
        for mark in _FURTHER.finditer(direct):
            pieces += [_complement(direct[start : mark.start()]), mark[0]]
            start = mark.end()
    return "".join([*pieces, _complement(direct[start:]), rest[end:]])


def _complement(rest: str) -> str:
    for article, contracted in _ARTICLES:
        if rest.startswith(article):
            return _elide(contracted, rest.removeprefix(article))
    if rest.startswith(_PREPOSITIONS):
        return rest
    return _elide("de ", rest)


def _elide(preposition: str, rest: str) -> str:
    elided = preposition == "de " and rest[:1].lower() in _VOWELS
    return f"d'{rest}" if elided else f"{preposition}{rest}"


def _replace(text: str, *, most: int = 2) -> str:
    synonyms = _synonyms()

    def other(found: re.Match[str]) -> str:
        # "avec des X": there "des" is the article, elsewhere it is "de les".
        article = found[0].startswith("d") and _AFTER.search(text[: found.start()])
        return found[0] if article else synonyms[found[0]]

    return _capital(_synonym_pattern().sub(other, text, count=most))


def _telegraphic(text: str) -> str:
    return _capital(_SMALL.sub("", text).strip())


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    # Acronyms and names keep their capitals.
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
