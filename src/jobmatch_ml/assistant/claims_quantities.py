"""Numbers with what they count, in figures and in words: read alike in a text and in the candidate's lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from jobmatch_ml.assistant.claims_dates import DatePoint
from jobmatch_ml.assistant.claims_text import Token
from jobmatch_ml.assistant.words import grammar
from jobmatch_ml.reference.titles import fold

_NUMBER = re.compile(
    r"(?<![\w,.])(?P<digits>\d{1,3}(?:[ .\u00a0\u202f]\d{3})+(?!\d)|\d{1,12})"
    r"(?P<part>[.,]\d{1,3}(?!\d))?"
    r"(?P<ordinal>(?:er|re|[èe]re|e|[èe]me|nde?)\b)?"
    r"(?:\s?(?P<unit>%|k€|M€|€|k\b|(?:h|j|kg|km|ha|m²|m2|ans?|mn|min|ms)\b(?!/)|pour\s?cent\b))?",
)
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
_SCALES = {"cent": 100, "cents": 100, "mille": 1000, "million": 1e6, "millions": 1e6}
NUMBER_WORDS = frozenset(_UNITS) | frozenset(_SCALES)
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
_CLASS = {word: name for name, words in _CLASSES.items() for word in words.split()}
_SPANS = frozenset({"year", "month", "week", "day", "hour", "minute", "semester", "quarter"})
_SMALL = grammar("skipped")
_WINDOW = 4
_NEXT_THING = frozenset({"par", "chaque", "en", "dans", "sur", "pendant", "chez", "pour"})


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts.

    Args:
        start: Offset of its first character.
        end: Offset after its last one, the unit included where it stands right after.
        value: The number; thousands and millions of euros are written out.
        unit: ``percent``, ``money``, ``year`` … or empty.
        after: Stems of the words after it, nearest first.
        before: Stems of the words before it, nearest first.
        at_least: Whether the text says "more than".
        lead: The word right before it.
        nearly: Whether the text says "almost" or "about".
        held: Whether it is how long one thing lasted ("pendant"), not a whole career.
        at_most: Whether the text says "less than".
        share: What part it is of the number after it: 0.8 in "huit sur dix"; else 0.
    """

    start: int
    end: int
    value: float
    unit: str
    after: tuple[str, ...] = field(default=())
    before: tuple[str, ...] = field(default=())
    at_least: bool = False
    lead: str = ""
    nearly: bool = False
    held: bool = False
    at_most: bool = False
    share: float = 0.0


def find_quantities(
    text: str, tokens: Sequence[Token], dates: Sequence[DatePoint]
) -> list[Quantity]:
    """Returns the numbers of a text, in figures or words, those in dates left out."""
    taken = [(date.start, date.end) for date in dates]
    found = []
    position = 0
    spans = [*_in_figures(text, taken), *_in_words(text, tokens)]
    for start, end, value, unit in sorted(spans):
        while position < len(tokens) and tokens[position].end <= start:
            position += 1
        first_after = position
        while first_after < len(tokens) and tokens[first_after].start < end:
            first_after += 1
        found.append(_quantity(text, tokens, (position, first_after), (start, end, value, unit)))
    return _with_shared_units(text, found)


# "de 20 à 75 %", "42 et 34 jours": the unit is said once, with the last number; in "quinze minutes,
# contre 42 auparavant" with the first.
_FORWARD = re.compile(r"\s*(?:à|a|et|ou|-|–)\s*", re.IGNORECASE)
_BACKWARD = re.compile(r"[^.;\n]{0,30}\b(?:contre|au lieu de|à|vers)\s+", re.IGNORECASE)


_ELLIPSIS = re.compile(r"\s(?:auparavant|avant|ensuite|plus tôt|chez|(?:à|au) [A-ZÉ])")
_SHARE = re.compile(r"(?:\s[^\W\d]{2,}){0,2}\s(?:sur|(?:de )?(?:mes|ces|nos)|des)\s", re.IGNORECASE)


def _with_shared_units(text: str, found: list[Quantity]) -> list[Quantity]:
    for index in range(len(found) - 2, -1, -1):
        first, second = found[index], found[index + 1]
        between = text[first.end : second.start]
        if second.unit and not first.unit and _FORWARD.fullmatch(between):
            # "de 1,1 à 1,7 million": so is how large both are.
            millions = second.value >= 1e6 and first.value < 1e3
            scale = 1e6 if millions else 1
            found[index] = replace(first, unit=second.unit, value=first.value * scale)
        # "sept ans à Lyon, cinq auparavant": the unit is said once.
        again = _ELLIPSIS.match(text, second.end) and re.fullmatch(r"[^.;]{3,40}", between)
        if again and first.unit in _SPANS and not second.unit:
            found[index + 1] = replace(second, unit=first.unit)
        if 0 < first.value <= second.value and _SHARE.fullmatch(between):
            found[index] = replace(found[index], share=first.value / second.value)
    for index in range(1, len(found)):
        first, second = found[index - 1], found[index]
        between = text[first.end : second.start]
        if first.unit and not second.unit and _BACKWARD.fullmatch(between):
            found[index] = replace(second, unit=first.unit)
    return found


def _in_figures(text: str, taken: Sequence[tuple[int, int]]) -> list[tuple[int, int, float, str]]:
    found = []
    busy = iter([*taken, (len(text) + 1, len(text) + 1)])
    current = next(busy)
    for match in _NUMBER.finditer(text):
        while current[1] <= match.start():
            current = next(busy)
        if current[0] < match.end("digits"):
            continue
        after = text[match.end() : match.end() + 1]
        if not match["unit"] and after and (after.isalpha() or after == "_"):
            continue  # a code such as 3D or 2FA: a name, no number
        value = float(re.sub(r"\D", "", match["digits"]))
        if match["part"]:
            value += float("0." + match["part"][1:])
        unit = fold(match["unit"] or "").replace(" ", "").replace("\u00a0", "")
        value *= 1e3 if unit in ("k€", "k") else 1e6 if unit == "m€" else 1
        unit = "m2" if unit == "m²" else unit
        kind = "ordinal" if match["ordinal"] else _CLASS.get(unit, unit)
        found.append((match.start(), len(match[0].rstrip()) + match.start(), value, kind))
    return found


_SHIFTS = re.compile(r"(?:deux|trois|quatre|cinq)-huit", re.IGNORECASE)


def _in_words(text: str, tokens: Sequence[Token]) -> list[tuple[int, int, float, str]]:
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
    # "en trois-huit" names a rhythm of work.
    shifts = [s for s in found if _SHIFTS.fullmatch(text[s[0] : s[1]])]
    return [span for span in found if text[span[0]] != "&" and span not in shifts]


_RANKS = {
    "deux": 2, "trois": 3, "quatr": 4, "cinqu": 5, "six": 6, "sept": 7, "huit": 8, "neuv": 9,
    "dix": 10, "onz": 11, "douz": 12, "quinz": 15, "vingt": 20,
}  # fmt: skip
_RANK = re.compile(rf"({'|'.join(_RANKS)})ieme")
_PARTS = {"tiers": 1 / 3, "quart": 0.25, "cinquieme": 0.2, "dixieme": 0.1}
_BEFORE_PARTS = {"un": 1, "une": 1, "le": 1, "deux": 2, "trois": 3, "quatre": 4}
_OF = frozenset({"d", "de", "demi"})


def _fraction(tokens: Sequence[Token], index: int) -> tuple[int, float, str] | None:
    """Reads "un tiers", "trois quarts d'heure", "un demi-million" and "un an" from ``index`` on.

    Returns:
        Where it ends, its value and its unit: a part of something unnamed is a percentage.
    """
    names = [token.fold for token in tokens[index : index + 4]] + [""] * 4
    times = _BEFORE_PARTS.get(names[0])
    if times is None:
        return None
    share = 0.5 if names[1] == "demi" else _PARTS.get(names[1].removesuffix("s"), 0.0)
    whole = names[2] if names[1] == "demi" else names[3]
    if share and (names[2] in _OF or names[1] == "demi") and whole in ("heure", "million"):
        length = 3 if names[1] == "demi" else 4
        in_minutes = whole == "heure"
        value = times * share * (60 if in_minutes else 1e6)
        return index + length, value, "minute" if in_minutes else ""
    if names[1].removesuffix("s") in _PARTS and names[2] != "temps":
        return index + 2, round(100 * times * share, 1), "percent"
    if names[1] in ("an", "mois", "heure") and names[2:4] == ["et", "demi"]:
        return index + 4, times + 0.5, _CLASS[names[1]]
    lasts = names[0] in ("un", "une") and names[1] in ("an", "mois", "trimestre", "semestre")
    often = index and tokens[index - 1].fold in ("par", "chaque", "fois")
    return (index + 2, 1.0, _CLASS[names[1]]) if lasts and not often else None


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
        word = word if word in _UNITS or word in _SCALES else tokens[position].fold
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
        elif word in _SCALES:
            scale = _SCALES[word]
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
    if word in ("un", "demi"):
        return False
    before = tokens[index - 1].fold if index else ""
    if word in ("cent", "cents"):
        return before not in ("pour", "sur") and not before.isdigit()
    following = tokens[index + 1].fold if index + 1 < len(tokens) else ""
    if word in ("million", "millions", "mille"):
        return not before.isdigit() and following not in _COUNTLESS
    after = tokens[index + 1].fold if index + 1 < len(tokens) else ""
    if "tous" in (before, tokens[index - 2].fold if index > 1 else "") and after not in _CLASS:
        return False  # "tous deux", "tous les trois": who was told of already
    # "neuf" is also "new": only a plural after it makes it a number.
    return word != "neuf" or after.endswith(("s", "x"))


def _quantity(
    text: str,
    tokens: Sequence[Token],
    around: tuple[int, int],
    span: tuple[int, int, float, str],
) -> Quantity:
    start, end, value, unit = span
    first, last = around
    after = _after(text, end, tokens[last : last + 8])
    before = _before(text, start, tokens[max(0, first - 6) : first])
    # "400 factures par mois" counts invoices, not months.
    stop = next((i for i, token in enumerate(after) if token.fold in _NEXT_THING), len(after))
    if [token.fold for token in after[stop : stop + 2]] in _LESS:
        stop += 2  # "18 kilos de pertes en moins"
    named = [token for token in after[:stop] if token.fold not in _SMALL]
    if after and after[0].fold in ("million", "millions", "mille"):
        value *= _SCALES[after[0].fold]
    if text[start:end].lower().startswith("quinzaine") and not (after and after[0].fold in _OF):
        unit = "day"  # "chaque quinzaine"
    if not unit:
        counted = named[: 2 if "a" not in [token.fold for token in after[:2]] else 1]
        unit = next(
            (_CLASS[t.fold] for t in counted if t.fold in _CLASS and len(t.fold) > 1), ""
        )  # the "j" of "j'ai" is no day
        joined = [token.fold for token in after[:2]]
        unit = "percent" if joined == ["pour", "cent"] else unit
        unit = "m2" if _square(joined) else unit
        unit = "percent" if _of_hundred(text, start, end) else unit
        if not unit and before and before[-1].fold in ("de", "a") and len(before) > 1:
            unit = "people" if before[-2].fold in ("equipe", "equipes") else ""
    lead = " ".join(token.fold for token in before[-3:])
    if after and unit in _SPANS and _CLASS.get(after[0].fold) == unit:
        end = after[0].end  # "trois semaines" for "trois jours": the unit is part of the claim
    return Quantity(
        start,
        end,
        value,
        unit,
        tuple(token.stem for token in named[:_WINDOW]),
        tuple(t.stem for t in reversed(before) if t.fold not in _SMALL)[:_WINDOW],
        f" {lead}".endswith(_MORE_THAN),
        before[-1].fold if before else "",
        f" {lead}".endswith(_ABOUT) or text[start:end].rstrip("s").endswith("aine"),
        bool({"pendant", "durant"} & {token.fold for token in before[-4:]}),
        lead.endswith(("moins de", "moins d", "au plus", "moins d une", "moins d un")),
    )


_LESS = (["en", "moins"], ["en", "plus"])
_MORE_THAN = (" plus de", " au moins", " plus d", " plus d une", " plus d un", " minimum", " dela de",
              " bonne", " depasse", " depassant")  # fmt: skip
_ABOUT = (" pres de", " pres d", " pres d une", " pres d un", " presque", " environ", " quasi", " quelque",
          " quasiment", " peu pres", " autour de", " alentour de", " avoisinant")  # fmt: skip

# "91 dossiers sur cent", "sur cent appels, 88": a share of a hundred is a percentage.
_HUNDRED_AFTER = re.compile(r"(?:\s\w+){0,2} sur (?:cent|100)\b")
_HUNDRED_BEFORE = re.compile(r"\bsur (?:cent|100) \w+,(?:\s\w+)?\s$")


def _of_hundred(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - 40) : start].lower()
    return bool(_HUNDRED_AFTER.match(text[end : end + 50]) or _HUNDRED_BEFORE.search(before))


def _square(words: Sequence[str]) -> bool:
    return len(words) == 2 and words[0].startswith("metre") and words[1].startswith("carre")


_BREAK = re.compile(r"[,;()\n]|[.!?]\s")


def _after(text: str, end: int, tokens: Sequence[Token]) -> list[Token]:
    """Returns the words after a number, as far as the clause goes."""
    found = []
    for token in tokens:
        if _BREAK.search(text, end, token.start):
            break
        found.append(token)
        end = token.end
    return found


def _before(text: str, start: int, tokens: Sequence[Token]) -> list[Token]:
    """Returns the words before a number in their order, as far back as the clause goes."""
    found: list[Token] = []
    for token in reversed(tokens):
        if _BREAK.search(text, token.end, start):
            break
        found.insert(0, token)
        start = token.start
    return found
