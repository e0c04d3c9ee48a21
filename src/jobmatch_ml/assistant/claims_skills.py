"""Skills: what a text says that a person masters, knows, uses or was trained in.

Two nets. After words that announce a skill ("je maîtrise", "compétences en", a heading
"Compétences") every thing named is one, known or not. Elsewhere a word is one when few occupations
use it for their skills (``reference``), such as "soudure" or "perfusions".
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from jobmatch_ml.assistant.claims_deeds import find_deeds
from jobmatch_ml.assistant.claims_kinds import Claim
from jobmatch_ml.assistant.claims_number_words import NUMBER_WORDS, UNIT_OF
from jobmatch_ml.assistant.claims_text import BULLET, Token
from jobmatch_ml.assistant.claims_words import load_words, role_key
from jobmatch_ml.reference.titles import fold

# On text without accents and of the same length (``_flat``).
_TRIGGER = re.compile(
    r"\b(?:maitris(?:e|es|er|ant|ais|ait)(?: (?:parfaitement|bien|egalement|aussi|aujourd'hui))?"
    r"|(?:sais|savoir)(?= \w{3,}(?:er|ir|re)\b)|connais(?:sant)?\b"
    r"|connaissances? (?:\w+ )?(?:en|de|du|des|d'|sur)"
    r"|competences? (?:\w+ ){0,2}(?:en|dans|de|du|des|d')|competences? ?:|logiciels? ?:|outils? ?:"
    r"|a l'aise (?:avec|en|dans|sur)|"
    r"(?:experience|expertise)s? (?:\w+ ){0,2}?(?:en|dans|de|du|des|d')"
    r"|ans (?:d'experience (?:en|dans)|en)|speciali(?:se|see|ste|sation|sant)s? "
    r"(?:\w+ )?(?:en|dans|du|de|des|d')"
    r"|form(?:e|ee) (?:a|au|aux|en)|forme(?:e)? sur|formations? (?:en|a|au|aux|sur)"
    r"|initi(?:e|ee|ation)s? (?:a|au|aux)|certifi(?:e|ee)s?|habilit(?:e|ee)s? (?:a|au|aux|en)?"
    r"|utilis(?:e|ant|ais|er)(?: \w+ement)?|utilisation (?:de|du|des|d')|pratiqu(?:e|ant|ais)\b"
    r"|pratique (?:de|du|des|d')|savoir-faire (?:en|dans)|expert(?:e)? (?:en|dans|du|de|des|d')"
    r"|(?:habile|habituee?|accoutumee?) (?:a|au|aux)|familier(?:e)? (?:de|du|des|d'|avec)"
    r"|(?:ma |mes |)specialites? ?:|a mon actif ?:"
    r"|port(?:e|ent)(?: aussi| egalement| surtout)? sur|ai appris(?= (?:la|le|les) |(?= l'))"
    r"|qualifi(?:e|ee) (?:en|dans|pour)|competent(?:e)? (?:en|dans|sur)|rompu(?:e)? (?:a|au|aux)"
    r"|aguerri(?:e)? (?:a|au|aux)|parle (?:couramment)?)(?:(?<=')|(?!\w))"
)
_ITEM_END = re.compile(
    r"[,;:.!?()\n]| (?:et|ou|ainsi que|puis|mais|grace|afin|pour|que|qui|dont|lors|pendant|depuis|"
    r"chez|avec|ce qui) | qu'"
)
_LEAST_DEED = 2
_MOST_WORDS = 12
_LONGEST_ITEM = 90
_LONGEST_CLAUSE = 200


def find_skills(
    text: str, tokens: Sequence[Token], heading: str, *, bullet: bool
) -> tuple[list[Claim], str]:
    """Returns one sentence's skills, and the heading that stands above the next one.

    Args:
        text: One sentence.
        tokens: Its words.
        heading: ``skills`` below a heading of skills, else empty.
        bullet: Whether it is an item of a list.
    """
    flat = _flat(text)
    if len(flat) > 3 * _LONGEST_ITEM:
        heading = ""  # a paragraph: the list is over
    found: list[Claim] = []
    if heading and (bullet or len(flat) <= _LONGEST_ITEM):
        start = found_bullet.end() if (found_bullet := BULLET.match(text)) else 0
        found += _items(text, tokens, start, len(text))
    if not found and _is_list(text, flat, tokens):
        found += [
            replace(claim, listed=True)
            for claim in _items(text, tokens, 0, len(text))
            if not claim.words[0].capital or claim.words[0] is tokens[0]
        ]
    done = 0
    for match in _TRIGGER.finditer(flat):
        if match.end() >= done:
            done = min(len(text), match.end() + _LONGEST_CLAUSE)
            found += _items(text, tokens, match.end(), done, clause=True)
            done = found[-1].end if found and found[-1].end > match.end() else match.end()
    taken = {position for claim in found for position in range(claim.start, claim.end)}
    named = [c for c in _named(text, tokens) if c.start not in taken or c.end - 1 not in taken]
    found += named
    taken |= {position for claim in named for position in range(claim.start, claim.end)}
    deeds = list(
        find_deeds(text, flat, tokens, content_words) if not bullet else _item(text, tokens)
    )
    told = {position for claim in deeds for position in range(claim.start, claim.end)}
    trades = load_words().trade_stems
    rare = _rare(tokens, taken)
    found += [c for c in rare if c.start not in told or c.words[0].stem in trades]
    return found + deeds, heading


_VERB = re.compile(
    r"\b(?:j'|je |il |elle |nous |on |vous |ils |elles |qui |que |a |ai |est |sont |ont |suis |"
    r"etais |etait |sera |depuis |chez |comme )|\w{3,}(?:ez|aient|rais|rait)\b|"
    r"\b(?!portrait|extrait|retrait|souhait|parfait|forfait|abstrait)\w{4,}ait\b"
)
_LEAST_ITEMS = 3
_LONGEST_IN_LIST = 6


def _is_list(text: str, flat: str, tokens: Sequence[Token]) -> bool:
    """Tells a list without a verb, "Word, Excel, droit du travail.", from a sentence."""
    items = [item for item in re.split(r",| et ", text) if item.strip()]
    if len(items) < _LEAST_ITEMS or len(flat) > 3 * _LONGEST_ITEM or _VERB.search(flat):
        return False
    return all(len(item.split()) <= _LONGEST_IN_LIST for item in items)


def _rare(tokens: Sequence[Token], taken: set[int]) -> list[Claim]:
    """Returns the words that only few occupations use."""
    words = load_words()
    return [
        Claim("skill", token.text, token.start, token.end, detail=(token,))
        for index, token in enumerate(tokens)
        if (token.stem in words.skill_stems or _TRADE.search(token.fold))
        and token.start not in taken
        and token.fold not in words.generic | words.everyday | words.vague | UNIT_OF.keys()
        and (not token.capital or token is tokens[0])
        and role_key(token.fold) not in words.roles
        and not (index and tokens[index - 1].fold in _NOT_MINE)
        and (token.stem in words.trade_stems or not _is_verb(tokens, index))
    ]


# Words made like those of a trade: "soudage", "sommellerie", "photogrammétrie", "permaculture".
_TRADE = re.compile(
    r"^\w{3,}(?:[cdglmnprstv]age|logie|graphie|metrie|therapie|scopie|culture|ellerie|isterie|"
    r"urgie|ectomie|nomie|technie|tique|plastie|protection|conduite)s?$"
)
_NOT_MINE = frozenset({"votre", "vos", "tous", "toutes"})  # "tous statuts confondus"
_BEFORE_VERBS = frozenset({
    "je", "j", "il", "elle", "me", "m", "s", "se", "y", "n", "ne", "ai", "a", "avais", "avait",
})  # fmt: skip


def _is_verb(tokens: Sequence[Token], index: int) -> bool:
    """Tells whether a word is what somebody does: what it is done to is the claim."""
    before = tokens[index - 1].fold if index else ""
    gerund = before == "en" and tokens[index].fold.endswith("ant")
    return before in _BEFORE_VERBS or gerund or tokens[index].fold.endswith(("ait", "aient"))


def _item(text: str, tokens: Sequence[Token]) -> Iterator[Claim]:
    """Returns what an item of a list says to have been done, in whatever words."""
    everyday = load_words().everyday
    if len(tokens) > _MOST_WORDS:
        return
    cuts = [found.span() for found in _JOINED.finditer(_flat(text))]
    starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(text)]
    for begin, stop in zip(starts, ends, strict=True):
        inside = content_words(tokens, begin, stop)
        span = tuple(t for t in inside if not t.capital and t.fold not in everyday)
        # "… et pose de parquets": what is added is a thing of its own.
        if len(span) >= (_LEAST_DEED if not begin else 1):
            first, last = span[0].start, span[-1].end
            yield Claim("skill", text[first:last], first, last, detail=span, loose=True)


_JOINED = re.compile(r", | et | ainsi que | puis ")


def _named(text: str, tokens: Sequence[Token]) -> Iterator[Claim]:
    """Returns the skills of the reference that a text calls by their name."""
    words = load_words()
    dull = words.small | NUMBER_WORDS
    content = [token for token in tokens if token.fold not in dull]
    stems = [token.stem for token in content]
    for index, first in enumerate(content):
        for name in words.skill_names.get(first.fold.removesuffix("s"), ()):
            if tuple(stems[index : index + len(name)]) == name:
                span = tuple(content[index : index + len(name)])
                start, end = span[0].start, span[-1].end
                if not set(",;.\n") & set(text[start:end]):
                    yield Claim("skill", text[start:end], start, end, detail=span)


def _flat(text: str) -> str:
    """Returns the text folded, every character at its place."""
    if text.isascii():
        return text.lower()
    return "".join(fold(char)[:1] or " " if char > "\x7f" else char.lower() for char in text)


def _items(
    text: str, tokens: Sequence[Token], start: int, end: int, *, clause: bool = False
) -> Iterator[Claim]:
    """Returns the things of a list, one claim each: their words that are not general."""
    flat = _flat(text[start:end])
    position = start
    for match in [*_ITEM_END.finditer(flat), None]:
        stop = start + match.start() if match else end
        span = content_words(tokens, position, stop)
        if span:
            yield Claim("skill", text[span[0].start : span[-1].end], span[0].start, span[-1].end,
                        detail=span)  # fmt: skip
        if match is None:
            return
        position = start + match.end()
        joins = match[0] in (",", " et ", " ou ", " ainsi que ")
        if clause and (not joins or _new_clause(tokens, position)):
            return


# "gratuitement", "fréquemment": how something was done, no "traitement" or "recrutement".
_ADVERB = re.compile(
    r"(?:amment|emment|llement|ivement|eusement|iquement|[ai]blement|i?erement|ectement|uitement|"
    r"faitement|airement|urement|ondement|olument|poliment|joliment|hardiment)$"
)


def content_words(tokens: Sequence[Token], start: int, end: int) -> tuple[Token, ...]:
    """Returns the words between two offsets that tell something, the first twelve."""
    words = load_words()
    first = bisect_left(tokens, start, key=_start)
    last = bisect_left(tokens, end, key=_start)
    inside = tokens[first : min(last, first + _MOST_WORDS)]
    # Names are claims of their own, so are languages and numbers.
    return tuple(
        token
        for token in inside
        if token.fold not in words.vague | words.generic
        and token.stem not in words.generic_stems
        and not token.fold.isdigit() and token.fold not in words.languages
        and token.fold not in NUMBER_WORDS and token.fold not in ("naissance", "notions")
        and token.fold not in words.levels and len(token.fold) > 1
        and not _ADVERB.search(token.fold)
    )  # fmt: skip


def _start(token: Token) -> int:
    return token.start


def _new_clause(tokens: Sequence[Token], position: int) -> bool:
    """Tells whether a new clause begins: "et je", ", ce qui", "et ai"."""
    index = bisect_left(tokens, position, key=_start)
    following = tokens[index].fold if index < len(tokens) else ""
    return following in {
        "je", "j", "ai", "suis", "me", "m", "ce", "cela", "il", "elle", "nous", "vous", "on",
        "mon", "ma", "mes", "votre", "vos", "c", "qui", "ou", "a", "au", "dans", "chez", "souhaite",
    }  # fmt: skip
