"""Numbers with what they count, read alike in a text and in the candidate's lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from jobmatch_ml.assistant.claims_dates import DatePoint
from jobmatch_ml.assistant.claims_number_words import (
    NUMBER_WORDS,
    OF,
    SCALES,
    SMALL_NUMBERS,
    TIMES_LONG,
    UNIT_OF,
    find_in_words,
)
from jobmatch_ml.assistant.claims_text import Token, stem
from jobmatch_ml.assistant.words import grammar
from jobmatch_ml.reference.titles import fold

_NUMBER = re.compile(
    r"(?<![\w,.])(?P<digits>\d{1,3}(?:[ .\u00a0\u202f]\d{3})+(?!\d)|\d{1,12})"
    r"(?P<part>[.,]\d{1,3}(?!\d))?"
    r"(?P<ordinal>(?:er|re|[èe]re|e|[èe]me|nde?)\b)?"
    r"(?:\s?(?P<unit>%|k€|M€|€|k\b|(?:h|j|kg|km|ha|m²|m2|ans?|mn|min|ms)\b(?!/)|pour\s?cent\b))?",
)
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
        rate: In what time that many are counted: ``day`` in "90 appels par jour"; else empty.
        role: ``from`` and ``to`` for the ends of a change, ``by`` for its size, ``one_in`` for
            "un client sur cinq"; else empty.
        within: Both ends of "entre 80 et 100"; what is counted lies between them.
        marks: Other words that make the number what it is: "par jour", "baissé".
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
    rate: str = ""
    role: str = ""
    within: tuple[float, float] | None = None
    marks: tuple[tuple[int, int], ...] = ()

    @property
    def asked(self) -> Quantity:
        """What is asked of the candidate's lines: the number without its place in the text."""
        return replace(self, start=0, end=0, marks=())


def find_quantities(
    text: str, tokens: Sequence[Token], dates: Sequence[DatePoint]
) -> list[Quantity]:
    """Returns the numbers of a text, in figures or words, those in dates left out."""
    taken = [(date.start, date.end) for date in dates]
    found = []
    position = 0
    spans = [*_in_figures(text, taken), *find_in_words(text, tokens)]
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


# After a number without a noun of its own: "contre 42 auparavant".
_NO_NOUN = frozenset(
    stem(word) for word in (*grammar("title_ends"), "auparavant", "ensuite", "maintenant", "ans")
)
_SOON = re.compile(r"\ben\s$", re.IGNORECASE)  # "En un an, la note est passée à 4,5"
_BETWEEN = stem("entre")
_WIDEST = 1.5
_ELLIPSIS = re.compile(
    r"\s(?:auparavant|avant|ensuite|plus tôt|chez|(?:à|au) [A-ZÉ]|dans (?:la |le |les |l['’]))"
)
_SHARE = re.compile(r"(?:\s[^\W\d]{2,})?\s(?:sur|(?:de )?(?:mes|ces|nos)|des)\s", re.IGNORECASE)


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
        again = re.fullmatch(r"[^.;]{3,40}", between) and (
            _ELLIPSIS.match(text, second.end) or between.rstrip().endswith("dont")
        )
        if again and first.unit in TIMES_LONG and not second.unit:
            found[index + 1] = replace(second, unit=first.unit)
        range_of = first.before[:1] == (_BETWEEN,) and re.fullmatch(r"\s*et\s*", between)
        if range_of and first.value < second.value <= _WIDEST * first.value:
            ends = (first.value, second.value)
            found[index] = replace(first, within=ends, unit=second.unit, after=second.after,
                                   rate=second.rate)  # fmt: skip
            found[index + 1] = replace(second, within=ends)
        named = " " in text[: first.start].strip() and _is_name_before(text, first.start)
        if 0 < first.value <= second.value and _SHARE.fullmatch(between) and not named:
            share = first.value / second.value
            found[index] = replace(found[index], share=share)
            found[index + 1] = replace(second, share=share, nearly=first.nearly)
    for index in range(1, len(found)):
        first, second = found[index - 1], found[index]
        between = text[first.end : second.start]
        counts = second.after[:1] and second.after[0] not in _NO_NOUN
        soon = _SOON.search(text, max(0, first.start - 4), first.start)
        back = not (counts or soon) and _BACKWARD.fullmatch(between)
        if first.unit and not second.unit and back:
            found[index] = replace(second, unit=first.unit)
    return found


def _is_name_before(text: str, start: int) -> bool:
    """Tells whether a number ends a name: "Windows 11"."""
    return text[:start].rstrip().rpartition(" ")[2][:1].isupper()


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
        kind = "ordinal" if match["ordinal"] else UNIT_OF.get(unit, unit)
        found.append((match.start(), len(match[0].rstrip()) + match.start(), value, kind))
    return found


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
    scale = SCALES.get(after[0].fold, 1) if after else 1
    if scale >= 1000:
        value *= scale
    if text[start:end].lower().startswith("quinzaine") and not (after and after[0].fold in OF):
        unit = "day"  # "chaque quinzaine"
    if unit == "year" or (named and named[0].fold == "ans"):
        aged = {token.stem for token in before[-5:]} & _AGED
        unit = "age" if aged and before[-1].fold in ("de", "a", "et", "entre") else unit
    if not unit:
        counted = named[: 2 if "a" not in [token.fold for token in after[:2]] else 1]
        unit = next((UNIT_OF[t.fold] for t in counted if _measures(t, counted, after)), "")
        unit = "" if unit == "job" and value > _MOST_JOBS else unit
        joined = [token.fold for token in after[:2]]
        unit = "percent" if joined == ["pour", "cent"] else unit
        unit = "m2" if _square(joined) else unit
        unit = "percent" if _of_hundred(text, start, end) else unit
        if not unit and before and before[-1].fold in ("de", "a") and len(before) > 1:
            unit = "people" if before[-2].fold in ("equipe", "equipes") else ""
        if not unit and before and before[-1].fold in ("sommes", "etions"):
            unit = "people"  # "nous sommes quatre à la boutique"
    lead = " ".join(token.fold for token in before[-3:])
    measured = unit not in ("people", "job") and unit
    if after and (scale >= 1000 or (measured and UNIT_OF.get(after[0].fold) == unit)):
        end = after[0].end  # "trois semaines" for "trois jours": the unit is part of the claim
    rate, said = _rate(text, end)
    turns = [(t.start, t.end) for t in (*before, *after) if t.stem in _TURNS]
    return Quantity(
        start,
        end,
        value,
        unit,
        tuple(token.stem for token in named[:_WINDOW]),
        tuple(t.stem for t in reversed(before) if t.fold not in _SMALL)[:_WINDOW],
        f" {lead}".endswith(_MORE_THAN) or _more_than_told(before, after),
        before[-1].fold if before else "",
        f" {lead}".endswith(_ABOUT) or bool(_ROUGH.search(text[start:end].lower())),
        bool({"pendant", "durant"} & {token.fold for token in before[-4:]}),
        f" {lead}".endswith(_LESS_THAN) or [t.fold for t in after[1:3]] == ["au", "plus"],
        rate=rate,
        role=_role(before, after),
        marks=(*said, *turns),
    )


_MOST_JOBS = 12  # "cent quarante postes" are computers


def _measures(token: Token, counted: Sequence[Token], after: Sequence[Token]) -> bool:
    """Tells a unit from a word that only follows: "15 questions de salariés" counts questions."""
    if token.fold not in UNIT_OF or len(token.fold) == 1:  # the "j" of "j'ai" is no day
        return False
    between = [t.fold for t in after[: after.index(token)]]
    owned = bool({"de", "d", "des", "du"} & set(between))
    return token is counted[0] or not owned or UNIT_OF[token.fold] not in ("people", "job")


_TURNS = frozenset(stem(word) for word in grammar("more") | grammar("less"))
_AGED = frozenset(stem(word) for word in grammar("aged"))
_REACHED = frozenset(stem(word) for word in grammar("reached"))
_BY_AFTER = re.compile(
    r"(?:\w+ ){0,4}(?:(?:en|de) (?:moins|plus)|plus (?:tot|tard|vite)|d avance)\b"
)


def _role(before: Sequence[Token], after: Sequence[Token]) -> str:
    """Tells which part of a change a number is: "de 52 à 41 jours", "réduit de onze jours"."""
    lead = before[-1].fold if before else ""
    said = " ".join(token.fold for token in after)
    if lead == "sur" and _one_of(before):
        return "one_in"
    changed = any(token.stem in _TURNS | _REACHED for token in before[-5:-1])
    numbers_before = any(token.fold.isdigit() or token.fold in NUMBER_WORDS for token in before)
    if lead in ("de", "d"):
        if _TO_NEXT.match(said):
            return "from"
        # "moins de cinq minutes" compares; "baisse de plus de cinq" is a change all the same.
        compares = len(before) > 1 and before[-2].fold in ("plus", "moins")
        turns = before[-5:-2] if compares else before[-4:-1]
        return "by" if any(token.stem in _TURNS for token in turns) else ""
    if lead in ("a", "au") and (changed or numbers_before):
        return "to"
    if lead == "contre" or [token.fold for token in before[-3:-1]] == ["au", "lieu"]:
        return "from"
    return "by" if _BY_AFTER.match(said) else ""


def _one_of(before: Sequence[Token]) -> bool:
    """Tells "un client sur" and "un seul film sur" from "en un an sur"."""
    one = {"un", "une", "seul", "seule"} & {token.fold for token in before[-4:-2]}
    # "une fenêtre sur cent", then "c'est une sur cent".
    bare = len(before) > 1 and before[-2].fold in ("un", "une")
    return bare or (bool(one) and before[-2].fold not in UNIT_OF)


_TO_NEXT = re.compile(rf"(?:\w+ ){{0,3}}(?:a|puis a) (?:\d|(?:{'|'.join(sorted(NUMBER_WORDS))})\b)")
_RATE = re.compile(
    r"[^,;:.!?()\n\d]{0,45}?\b(?P<said>(?:par|chaque|tous les|toutes les|l'|l’|à la|/)\s?"
    r"(?P<time>jour|semaine|mois|an(?:née)?|trimestre|heure|minute)s?"
    r"|(?P<often>quotidien|journalier|hebdomadaire|mensuel|annuel|trimestriel)\w*)\b",
    re.IGNORECASE,
)
_OFTEN = {
    "jour": "day", "semaine": "week", "mois": "month", "an": "year", "année": "year",
    "trimestre": "quarter", "heure": "hour", "minute": "minute", "quotidien": "day",
    "journalier": "day", "hebdomadaire": "week", "mensuel": "month", "annuel": "year",
    "trimestriel": "quarter",
}  # fmt: skip


def _rate(text: str, end: int) -> tuple[str, list[tuple[int, int]]]:
    """Returns in what time that many are counted, and where the text says so."""
    found = _RATE.match(text[end : end + 80])
    if found is None:
        return "", []
    name = (found["time"] or found["often"]).lower()
    return _OFTEN[name], [(end + found.start("said"), end + found.end("said"))]


def _more_than_told(before: Sequence[Token], after: Sequence[Token]) -> bool:
    """Tells "plus que divisé par deux" and "200 clients et plus" from "ne dure plus que"."""
    near = {token.fold for token in before[-4:]}
    only = {"ne", "n"} & {token.fold for token in before[-5:]}
    said = " ".join(token.fold for token in after)
    return (near >= _PLUS_QUE and not only) or bool(_OR_MORE.match(said))


_PLUS_QUE = {"plus", "que"}
_OR_MORE = re.compile(r"(?:[a-z]\w+ ){0,2}(?:et|ou|voire)(?: meme)? (?:plus|davantage)\b(?! d)")
_LESS = (["en", "moins"], ["en", "plus"])
_MORE_THAN = (
    " plus de", " au moins", " plus d", " plus d une", " plus d un", " minimum", " dela de",
    " bonne", " depasse", " depassant",
)  # fmt: skip
_LESS_THAN = (
    " moins de",
    " moins d",
    " au plus",
    " moins d une",
    " moins d un",
    " sous",
    " sous les",
)
_ROUGH = re.compile(r"(?:aine|tiers|quart|cinquième|dixième)s?$")
_ABOUT = (
    " pres de", " pres d", " pres d une", " pres d un", " presque", " environ", " quasi",
    " quelque", " quasiment", " peu pres", " autour de", " alentour de", " avoisinant",
)  # fmt: skip

# "91 dossiers sur cent", "sur cent appels, 88": a share of a hundred is a percentage.
_HUNDRED_AFTER = re.compile(
    r"(?:\s\w+){0,2} sur (?:cent|100)\b(?! \w*(?:" + "|".join(SMALL_NUMBERS) + "))"
)
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
