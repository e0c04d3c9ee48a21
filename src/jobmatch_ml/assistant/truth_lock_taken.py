"""What a sentence says that the offer asks, and that the writer then takes for themselves.

"Vous attendez un Master, décroché à Lyon" claims a degree, though its only subject is the
recruiter. The sentence is cut into parts: what the offer asks is the offer's only where each later
part is a wish, goes on about the recruiter, or speaks of something else that the writer has.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from jobmatch_ml.assistant.claims_kinds import Claim
from jobmatch_ml.assistant.claims_skills import content_words
from jobmatch_ml.assistant.claims_text import Token, fold_in_place, tokenize
from jobmatch_ml.assistant.claims_words import load_words

_PARTS = re.compile(
    r"[,;:!?()–—]|(?<=\s)-(?=\s)|\.(?=\s)|"
    r"\b(?:et|mais|car|puis|or|donc)\b|\b(?=(?:que|qu'|dont|ou) ?(?:je|j')\b)"
)
# What somebody would like, feels, or is ready for: nothing is claimed.
_WISH = re.compile(
    r"\b\w{3,}r(?:ais|ait|aient)\b|\b(?:m'|me )\w|\b(?:aim|souhait|voudr|espere|rev|desir|envi|"
    r"ador|postul|propos|rejoi|candidat|motiv|interess|curi|attir|plai|convien|tent|arrang|seduit|"
    r"enthousias|pret\b|prete\b|ravie?\b|heureu|impatien|hate|disponib|decouvr|apprendr|prefer|"
    r"contact|rencontr|bonne idee|beau|belle|tant mieux|merci|salu|(?:compte|vais|veux|dois|peux "
    r"encore) \w+(?:er|ir|re)\b)\w*"
)
# Only what the recruiter asks for can be taken up so.
_ASKS = re.compile(
    r"\b(?:vous|votre|vos|annonce|offre|poste|(?:faut|fallait|demand|exig|atten|cherch|recherch|veut|"
    r"voul|souhait|requi)\w*)\b"
)
_NO = re.compile(r"\b(?:ne|n'\w+|jamais|pas encore|pas)\b")
# The recruiter goes on being spoken of.
_THEIRS = re.compile(
    r"(?:et |mais |car |ou |que |qui |dont |comme |si |avec |pour |dans |a |au |aux |sur |chez "
    r"|par |sans |en |de |des |du |entre |vers |sous )*(?:vous|votre|vos|le poste|la mission|"
    r"l'equipe|l'entreprise|l'annonce|l'offre|on)\b"
)
# The writer takes up what was named before: "que j'ai", "j'en ai fait", "mon quotidien".
_TAKEN_UP = re.compile(
    r"^(?:que|qu'|dont|ou) ?(?:je|j')|\bj'(?:en|y|l')|\b(?:je|j') ?(?:les?|la|l')\b|\bpour moi\b|"
    r"\bderriere moi\b|\bpar mes soins\b|\b(?:je|j')\w* leurs?\b|"
    r"\b(?:que|ou|dont) (?:je|j')|\bj'ai (?:cela|ca|ce)\b"
)
_OWN = re.compile(r"^(?:c'est |ce sont |voila |a |dans |en |de |sur )?(?:mon|ma|mes)\b")
_PRONOUN = re.compile(
    r"^(?:justement |precisement |deja |bien |tout |cela |ca )*"
    r"(?:il (?!vous|faut|fau|s'agi|y a|convien)|(?:elle|ils|elles|c'|ce (?:n'|que|sont)|ca|cela|"
    r"le compte|la voici|le voici|les voici|me voi\w+|n'a plus)\b)|^c'"
)
# Read with its accents: "passé le mois dernier", not "ville sur la côte".
_PARTICIPLE = re.compile(
    r"^(?:\w+ment |déjà |bien |tout |tous |toutes |justement )*(?!situé|basé|install|implant|prév|"
    r"demand|requis|propos|souhait|exig|rattach|fond|cré|répart|équip|destin|ouvert|consacr|dédi|"
    r"compos|entour|bord|pourv|rédig|publi|long|appel)"
    r"(?:\w{2,}ée?s?|(?:ob|dé|main|entre)?tenue?s?|suivie?s?|acquise?s?|apprise?s?|réussie?s?|"
    r"faite?s?|écrite?s?|reçue?s?|vécue?s?|vendue?s?|conduite?s?|construite?s?|lue?s?|connue?s?|"
    r"prise?s?|remise?s?|servie?s?|choisie?s?|bâtie?s?|menée?s?)\b"
)
_LASTED = re.compile(
    r"^(?:deja |plus de |pres de |bientot |voila |depuis )*[\w-]+ "
    r"(?:ans|annees|mois|etes|saisons)\b"
)
_SURE = re.compile(
    r"\b(?:aucun souci|pas de souci|sans probleme|aucun probleme|acquis|chose faite)\b"
)


# "m'a été délivrée en mars", "le mien porte sur les sols", "brevet en poche".
_GIVEN = re.compile(r"\bm'(?:a|ont|avait) ete\b|\b(?:le|la|les) mien(?:ne)?s?\b|\ben poche\b")
_OF_MINE = re.compile(r"\b(?:mon|ma|mes|moi)\b")
_FEW = 6  # words: "logiciel de mes débuts"
# "La réhabilitation que vous visez est mon quotidien."
_IS_MINE = re.compile(r"\b(?:est|sont|fut|furent|fait partie de|font partie de) (?:mon|ma|mes)\b")


def is_taken(sentence: str, end: int) -> bool:
    """Tells whether a sentence claims for its writer what it says the offer asks.

    Args:
        sentence: The sentence; after a question, with the answer.
        end: Where what the offer asks ends in it.
    """
    low = sentence.lower().replace("\u2019", "'")
    flat = fold_in_place(low)
    if not _ASKS.search(flat):
        return False
    if _IS_MINE.search(flat, end) and not _WISH.search(flat, end):
        return True
    return any(_claims(flat[a:b], low[a:b]) for a, b in _later_parts(flat, end))


def _later_parts(flat: str, end: int) -> Iterator[tuple[int, int]]:
    stops = list(_PARTS.finditer(flat, end))
    for first, second in itertools.pairwise([*stops, None]):
        if first is None:
            return
        start, stop = first.end(), second.start() if second else len(flat)
        while start < stop and flat[start] == " ":
            start += 1
        while stop > start and flat[stop - 1] in " .!?":
            stop -= 1
        if start < stop:
            yield start, stop


def _claims(part: str, accented: str) -> bool:
    if len(part.split()) <= _FEW and _OF_MINE.search(part) and not _WISH.search(part):
        return True
    if _GIVEN.search(part):
        return True
    if _WISH.search(part) or _THEIRS.match(part) or _NO.search(part):
        # "n'a plus de secret pour moi" denies nothing.
        return bool(re.search(r"plus de secrets?|pas a (?:rougir|apprendre)", part))
    return bool(
        _TAKEN_UP.search(part)
        or _OWN.match(part)
        or _PRONOUN.match(part)
        or _PARTICIPLE.match(accented)
        or _LASTED.match(part)
        or _SURE.search(part)
    )


def find_asked(sentence: str, offset: int, claims: Sequence[Claim]) -> list[Claim]:
    """Returns what the first part of a sentence asks and a later one takes up, as a claim.

    Args:
        sentence: The sentence; after a question, with the answer.
        offset: Where it begins in the whole text.
        claims: Its claims so far; where one stands in the first part, nothing is added.
    """
    flat = fold_in_place(sentence.replace("\u2019", "'"))
    stop = next((stop.start() for stop in _PARTS.finditer(flat) if stop.start()), len(flat))
    strong = [claim for claim in claims if claim.start - offset < stop]
    if strong or not is_taken(sentence, 0):
        return []
    tokens = tokenize(sentence[:stop], offset)
    words = load_words()
    dull = words.everyday | words.vague
    named = [t for t in content_words(tokens, offset, offset + stop) if not _asks(t)]
    if not any(token.capital or token.fold not in dull for token in named):
        return []
    start, end = named[0].start, named[-1].end
    text = sentence[start - offset : end - offset]
    return [Claim("skill", text, start, end, detail=tuple(named))]


def _asks(token: Token) -> bool:
    asking = token.fold.endswith(("ez", "ent")) or _ASKS.match(token.fold) is not None
    return asking and not token.capital
