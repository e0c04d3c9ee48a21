"""What the writer says to do or to have done, one claim for each thing that is named.

"Je conduis les chariots et je planifie les tournées" tells of two things. Each is one claim, borne
out by any of its words: the lock asks whether the candidate ever spoke of tours, not whether in
these words. Wishes, feelings and what others do claim nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from jobmatch_ml.assistant.claims_kinds import Claim
from jobmatch_ml.assistant.claims_number_words import NUMBER_WORDS, UNIT_OF
from jobmatch_ml.assistant.claims_text import Token
from jobmatch_ml.assistant.claims_words import load_words
from jobmatch_ml.assistant.words import grammar

_CUT = re.compile(
    r"[,;:.!?()\n]|\b(?:et|ou|puis|mais|ainsi que|afin|pour|qui|que|dont|car|lorsque|quand|si|"
    r"parce|comme|sans|avant|apres|chez|depuis|pendant|lors|avec|sous|en|sur|grace|selon)\b|\bqu'"
)
_SUBJECT = re.compile(
    r"^\s*(?:[a-z]+ment,? |aujourd'hui,? )?(?:j'|je |tu |il |elle )(?P<rest>.*)", re.DOTALL
)
_OTHER_SUBJECT = re.compile(
    r"^\s*(?:vous|nous|on|ils|elles|votre|vos|notre|nos|ce|cela|ca|c'|ceci|mon|ma|mes|ton|ta|tes|tout|"
    r"(?:le|la|les|l'|un|une|des|cette|cet|ces|chaque) ?\w+ (?:\w+ )?"
    r"(?:est|sont|a|ont|m'|me|\w{3,}(?:ait|aient|era|eront))\b)"
)
_CLITICS = re.compile(r"^(?:(?:ne|n'|y|en|me|m'|se|s'|les|le|la|l'|leur|lui)(?: |(?<=')))*")
_WISH = re.compile(
    r"^(?:\w+ment )?(?:aim|ador|souhait|voudr|cherch|esper|pens|croi|rev\w|veu|peu|pourr|"
    r"postul|tiens? a|"
    r"reste|serai|serait|es |as (?:envie|besoin|toujours|choisi|aim|appris)|"
    r"mettr|apport|rejoi|aurai|suis|est|etais|etait|sera|appel|"
    r"vis\b|habit|dispo|sens|ressen|sai[st] que|prefer|ai (?:hate|envie|toujours|a coeur|choisi|"
    r"aim|grandi|repris|besoin|garde|decouvert|compris|appris|souhait|voulu|pu |su |l'habitude)|"
    r"vous\b|te\b|"
    r"a (?:toujours|aim|choisi|grandi)|\w{3,}r(?:ai|ais|ait|a)\b)"
)
_AUXILIARIES = frozenset(
    {"ai", "as", "a", "avais", "avait", "suis", "est", "etais", "etait", "ont"}
)
_DETERMINERS = frozenset({
    "le", "la", "les", "l", "un", "une", "des", "du", "de", "d", "mes", "mon", "ma", "ses", "son",
    "sa", "leur", "leurs", "aux", "au", "a", "nos", "notre", "chaque", "plusieurs", "quelques",
    "tous", "toutes", "tout", "toute", "cette", "ces", "cet", "ce", "deux", "trois", "quatre",
})  # fmt: skip
_INFINITIVE = ("er", "ir", "re", "oir")
_PARTICIPLE = re.compile(r"(?:ee?s?|ie?s?|ue?s?|is|it|ert|aint|eint)$")
_PAIR = 2
_ARTICLES = frozenset({"le", "la", "l", "les", "des"})
_LEAST_COMMON = 2  # everyday words that say something together: "les feuilles de soins"
Content = Callable[[Sequence[Token], int, int], tuple[Token, ...]]


def find_deeds(text: str, flat: str, tokens: Sequence[Token], content: Content) -> Iterator[Claim]:
    """Returns one claim for each thing that the writer says to do.

    Args:
        text: One sentence.
        flat: The same, folded, every character at its place.
        tokens: Its words.
        content: Which words between two offsets tell something.
    """
    for verbs, objects, added in _told(text, flat, tokens):
        telling = content(tokens, objects[0].start, objects[-1].end)
        claim = _claim(text, verbs, telling, added=added)
        if claim is not None:
            yield claim


def _told(
    text: str, flat: str, tokens: Sequence[Token]
) -> Iterator[tuple[Sequence[Token], Sequence[Token], bool]]:
    """Yields of each part said of the writer its verb, what follows, and whether it is only added.

    "et la négociation internationale" is added: no verb of its own tells more of it.
    """
    mine = compound = False
    for start, end in _chunks(flat):
        chunk = flat[start:end]
        subject, begin = _SUBJECT.match(chunk), start
        if subject:
            rest = _CLITICS.sub("", subject["rest"].replace("’", "'"))
            mine = not _WISH.match(rest)
            compound = rest.startswith(("ai ", "as ", "a ", "avais ", "avait "))
            begin += subject.start("rest")
        elif name := _after_name(text[start:end]):
            mine, compound = True, False
            begin += name
        elif _OTHER_SUBJECT.match(chunk):
            mine = False
        inside = [token for token in tokens if begin <= token.start < end] if mine else []
        told = _verbs(inside, begin > start, compound)
        if inside[told:]:
            yield inside[:told], inside[told:], not told and inside[0].fold in _ARTICLES


def _claim(
    text: str, verbs: Sequence[Token], telling: Sequence[Token], *, added: bool
) -> Claim | None:
    words = load_words()
    dull = words.everyday | words.vague | UNIT_OF.keys()
    span = tuple(token for token in telling if token.fold not in words.vague)
    common = [token for token in span if not token.capital and token.fold in words.everyday]
    named = [token for token in span if not token.capital and token.fold not in dull]
    if not named:
        # A trade's own verb bears everyday things out: "j'ai audité nos ateliers".
        span = (*(token for token in verbs if token.stem in words.skill_stems), *span)
    if not named and len(common) < _LEAST_COMMON:
        return None
    strict = added and len(span) == len(named) == _PAIR
    start, end = span[0].start, span[-1].end
    return Claim("skill", text[start:end], start, end, detail=span, loose=not strict,
                 listed=strict)  # fmt: skip


_NAMED = re.compile(r"\s*[A-ZÉÈÎÏÂÔÇ][a-zéèêëïîçôûà-]+ (?P<next>[a-zéèêà]{3,})\b")


def _after_name(chunk: str) -> int:
    """Returns where the verb of a first name begins (", Nadia encaisse"), 0 where none does."""
    found = _NAMED.match(chunk) if chunk[:1] == " " else None
    if found is None or found["next"] in load_words().small | {"plus"}:
        return 0
    return found.start("next")


def _chunks(flat: str) -> Iterator[tuple[int, int]]:
    position = 0
    for match in _CUT.finditer(flat):
        if match.start() > position:
            yield position, match.start()
        position = match.end()
    if position < len(flat):
        yield position, len(flat)


def _verbs(inside: Sequence[Token], subject: bool, compound: bool) -> int:
    """Returns how many words at the start of a chunk are its verb."""
    index = 0
    while index < len(inside) and (
        inside[index].fold in _AUXILIARIES
        or inside[index].fold.endswith("ment")
        or inside[index].fold in _SKIPPED
    ):
        index += 1
    if index >= len(inside):
        return index
    word = inside[index].fold
    bare = word not in _DETERMINERS
    following = inside[index + 1].fold if index + 1 < len(inside) else ""
    infinitive = word.endswith(_INFINITIVE) and (following in _DETERMINERS or not following)
    counted = following in _DETERMINERS or following.isdigit() or following in NUMBER_WORDS
    participle = compound and bool(_PARTICIPLE.search(word)) and counted
    participle = participle or (word.endswith("ant") and counted)
    verb = (
        subject or infinitive or participle or following in _DETERMINERS - {"de", "d", "du", "des"}
    )
    if bare and verb:
        index += 1
        if index < len(inside) and inside[index].fold.endswith(_INFINITIVE):
            index += 1  # "j'ai fait préparer", "je viens réparer"
    return index


_SKIPPED = grammar("before_verbs")
