"""Numbers written in words: "trois cent vingt", "un tiers", "un an et demi"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from jobmatch_ml.assistant.claims_text import Token, stem
from jobmatch_ml.assistant.words import grammar

_UNITS = {
    "un": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8,
    "neuf": 9, "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15,
    "seize": 16, "vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50,
    "soixante": 60, "dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20,
    "trentaine": 30, "quarantaine": 40, "cinquantaine": 50, "soixantaine": 60, "centaine": 100,
    "millier": 1000, "demi": 0.5,
    "two": 2, "three": 3, "four": 4, "five": 5, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40,
    "fifty": 50, "sixty": 60, "hundred": 100, "thousand": 1000,
}  # fmt: skip
SCALES = {"cent": 100, "cents": 100, "mille": 1000, "million": 1e6, "millions": 1e6,
          "milliard": 1e9, "milliards": 1e9}  # fmt: skip
SMALL_NUMBERS = tuple(word for word, value in _UNITS.items() if 1 <= value <= 60)
NUMBER_WORDS = frozenset(_UNITS) | frozenset(SCALES)
_TIMES = {
    "double": 2.0, "doublee": 2.0, "doubler": 2.0, "doublement": 2.0, "triple": 3.0,
    "tripler": 3.0, "triplee": 3.0, "quadruple": 4.0, "quadrupler": 4.0, "moitie": 0.5,
}  # fmt: skip
_CLASSES = {
    "percent": "% pourcent pourcents",
    "money": "€ k€ m€ euro euros eur keuros ke",
    "year": "an ans annee annees",
    "month": "mois",
    "week": "semaine semaines",
    "day": "jour jours journee journees j",
    "hour": "heure heures h",
    "minute": "minute minutes min mn",
    "semester": "semestre semestres",
    "quarter": "trimestre trimestres",
    "second": "seconde secondes",
    "ms": "milliseconde millisecondes",
    "km": "kilometre kilometres",
    "kg": "kilo kilos kilogramme kilogrammes",
    "ha": "hectare hectares",
    "people": (
        "personne personnes collaborateur collaborateurs collaboratrice collaboratrices salarie "
        "salaries salariee salariees employe employes employee employees agent agents membre "
        "membres equipier equipiers equipiere equipieres subordonne subordonnes equipe equipes "
        "effectif collegue collegues"
    ),
    "job": (
        "experience experiences poste postes entreprise entreprises employeur employeurs emploi "
        "emplois structure structures etablissement etablissements"
    ),
}
UNIT_OF = {word: name for name, words in _CLASSES.items() for word in words.split()}
TIMES_LONG = frozenset({"year", "month", "week", "day", "hour", "minute", "semester", "quarter"})


_IDIOM = re.compile(r" (?:côtés|pas|bords|mains|heures? de route)\b(?! de \d)")
_SHIFTS = re.compile(r"(?:deux|trois|quatre|cinq)-huit", re.IGNORECASE)


def find_in_words(text: str, tokens: Sequence[Token]) -> list[tuple[int, int, float, str]]:
    """Returns where the numbers in words begin and end, their values and units."""
    found = []
    index = 0
    while index < len(tokens):
        rank = _RANK.fullmatch(tokens[index].fold)
        if rank and index + 1 < len(tokens) and tokens[index + 1].fold == "fois":
            value = float(_RANKS[rank[1]])
            found.append((tokens[index].start, tokens[index].end, value, "ordinal"))
        if part := _fraction(tokens, index):
            stop, value, unit = part
            found.append((tokens[index].start, tokens[stop - 1].end, value, unit))
            index = stop
            continue
        stop, value = _number_word(tokens, index)
        if stop == index:
            index += 1
            continue
        found.append((tokens[index].start, tokens[stop - 1].end, value, ""))
        index = stop
    found += [
        (token.start, token.end, _TIMES[token.fold], "times")
        for token in tokens
        if token.fold in _TIMES
    ]
    found += _ends_of_changes(tokens)
    # "en trois-huit" names a rhythm of work.
    shifts = [s for s in found if _SHIFTS.fullmatch(text[s[0] : s[1]])]
    found = [span for span in found if not _IDIOM.match(text, span[1])]
    return [span for span in found if text[span[0]] != "&" and span not in shifts]


_REACHED = frozenset(stem(w) for n in ("reached", "less", "more") for w in grammar(n))
_REACH = 7


def _ends_of_changes(tokens: Sequence[Token]) -> Iterator[tuple[int, int, float, str]]:
    """Yields "zéro" and "une heure" where something fell to it: elsewhere they count nothing."""
    for index, token in enumerate(tokens):
        led = index and tokens[index - 1].fold in ("a", "en")
        if token.fold not in ("zero", "un", "une") or not led:
            continue
        after = [other.fold for other in tokens[index + 1 : index + 5]]
        told = _REACHED & {other.stem for other in tokens[max(0, index - _REACH) : index - 1]}
        instead = after[1:3] == ["au", "lieu"] or "contre" in after[1:2]
        if token.fold == "zero" and told:
            yield token.start, token.end, 0.0, ""
        elif after and UNIT_OF.get(after[0]) in _SHORT_TIMES and (told or instead):
            yield token.start, tokens[index + 1].end, 1.0, UNIT_OF[after[0]]


_SHORT_TIMES = frozenset({"week", "day", "hour", "minute", "second"})
_RANKS = {
    "deux": 2, "trois": 3, "quatr": 4, "cinqu": 5, "six": 6, "sept": 7, "huit": 8, "neuv": 9,
    "dix": 10, "onz": 11, "douz": 12, "quinz": 15, "vingt": 20,
}  # fmt: skip
_RANK = re.compile(rf"({'|'.join(_RANKS)})ieme")
_PARTS = {"tiers": 1 / 3, "quart": 0.25, "cinquieme": 0.2, "dixieme": 0.1}
_BEFORE_PARTS = {"un": 1, "une": 1, "le": 1, "deux": 2, "trois": 3, "quatre": 4}
OF = frozenset({"d", "de", "demi"})


def _fraction(tokens: Sequence[Token], index: int) -> tuple[int, float, str] | None:
    """Reads "un tiers", "trois quarts d'heure", "un demi-million" and "un an" from ``index`` on.

    Returns:
        Where it ends, its value and its unit: a part of something unnamed is a percentage.
    """
    names = [token.fold for token in tokens[index : index + 4]] + [""] * 4
    times = _BEFORE_PARTS.get(names[0])
    if times is None:
        return None
    part = _PARTS.get(names[1]) or _PARTS.get(names[1].removesuffix("s"), 0.0)
    share = 0.5 if names[1] == "demi" else part
    whole = names[2] if names[1] == "demi" else names[3]
    if share and (names[2] in OF or names[1] == "demi") and whole in ("heure", "million"):
        length = 3 if names[1] == "demi" else 4
        in_minutes = whole == "heure"
        value = times * share * (60 if in_minutes else 1e6)
        return index + length, value, "minute" if in_minutes else ""
    if part and names[2] != "temps" and (names[0] != "le" or names[2] in OF | {"des"}):
        return index + 2, round(100 * times * share, 1), "percent"
    if names[1] in ("an", "mois", "heure") and names[2:4] == ["et", "demi"]:
        return index + 4, times + 0.5, UNIT_OF[names[1]]
    lasts = names[0] in ("un", "une") and names[1] in ("an", "mois", "trimestre", "semestre")
    often = index and tokens[index - 1].fold in ("par", "chaque", "fois")
    return (index + 2, 1.0, UNIT_OF[names[1]]) if lasts and not often else None


def _number_word(tokens: Sequence[Token], index: int) -> tuple[int, float]:
    """Reads a number in words from ``index`` on; returns where it ends and its value."""
    total, current, position = 0.0, 0.0, index
    following = tokens[index + 1].fold if index + 1 < len(tokens) else ""
    if tokens[index].fold == "un" and following in _UNITS and following != "demi":
        return index, 0.0  # "un quatre étoiles": an article
    while position < len(tokens):
        word = (
            tokens[position].fold.removesuffix("s") if position > index else tokens[position].fold
        )
        word = word if word in _UNITS or word in SCALES else tokens[position].fold
        singular = word.removesuffix("s")
        tens = current % 100 in _TENS and "aine" not in tokens[position - 1].fold
        if word == "et" and position > index and tens and _follows(tokens, position + 1):
            position += 1
            continue
        if singular in _UNITS or word in _UNITS:
            value = _UNITS.get(word, _UNITS.get(singular, 0))
            # "quatre-vingt" multiplies, "soixante-dix" adds.
            fours = value == 20 and current % 100 == 4
            current = current + 76 if fours else current + value
        elif word in SCALES:
            scale = SCALES[word]
            if scale >= 1000:
                total, current = total + (current or 1) * scale, 0.0
            else:
                current = (current or 1) * scale
        else:
            break
        position += 1
    if position == index or (position == index + 1 and not _is_number(tokens, index)):
        return index, 0.0
    return position, total + current


# "mille détails": many.
_COUNTLESS = frozenset({"details", "choses", "mercis", "merci", "facons", "idees", "excuses"})


_TENS = frozenset({20, 30, 40, 50, 60})


def _follows(tokens: Sequence[Token], position: int) -> bool:
    return position < len(tokens) and tokens[position].fold in ("un", "une", "onze", "demi")


def _is_number(tokens: Sequence[Token], index: int) -> bool:
    word = tokens[index].fold
    if word in ("un", "demi", "neufs"):
        return False
    before = tokens[index - 1].fold if index else ""
    if word in ("cent", "cents"):
        one = {"un", "une"} & {token.fold for token in tokens[max(0, index - 3) : index]}
        # "un contrat sur cent" tells of one in a hundred, "91 sur cent" of a percentage.
        hundredth = before == "sur" and bool(one)
        return hundredth or (before not in ("pour", "sur") and not before.isdigit())
    following = tokens[index + 1].fold if index + 1 < len(tokens) else ""
    if word in ("million", "millions", "mille", "milliard", "milliards"):
        return not before.isdigit() and following not in _COUNTLESS
    after = tokens[index + 1].fold if index + 1 < len(tokens) else ""
    if "tous" in (before, tokens[index - 2].fold if index > 1 else "") and after not in UNIT_OF:
        return False  # "tous deux", "tous les trois": who was told of already
    # "neuf" is also "new": only a plural after it makes it a number.
    return word != "neuf" or after.endswith(("s", "x"))
