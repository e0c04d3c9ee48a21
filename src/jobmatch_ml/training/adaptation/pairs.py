"""Pairs of texts that mean the same thing, from ROME, ESCO and written offers.

A pair has two texts and a key: pairs of one key never count as each other's negatives, because
their texts mean the same (all appellations of a fiche, all labels of an ESCO concept). Mobility
neighbours of a fiche are neither positives nor, by :attr:`AdaptationPair.neighbours`, negatives.

Titles are dressed as recruiters write them (``H/F``, contract, town, capitals, typos) and bodies
are cropped; every epoch draws anew, so that no text is seen twice in the same dress.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from jobmatch_ml.reference import EscoTables, RomeTables
from jobmatch_ml.reference.esco import EscoConcept
from jobmatch_ml.reference.rome import Appellation, Fiche

View = Literal["title", "title_to_body", "body"]
VIEWS: tuple[View, ...] = ("title", "title_to_body", "body")

_GENDER_MARKS = (" H/F", " (H/F)", " - H/F", " F/H", " (h/f/x)", " h/f", " (F/H)")
_BEFORE = ("CDI - ", "Recherche ", "URGENT ", "Un(e) ", "Poste de ", "Alternance - ")
_AFTER = (
    " - Paris",
    " CDI",
    " 35h",
    " - Lyon (69)",
    " débutant accepté",
    " - Nantes",
    " en alternance",
    " confirmé",
    " temps partiel",
)
_SENTENCE_END = re.compile(r"(?<=[.])\s+")
_SHORTEST_SENTENCE = 25  # characters; shorter ones say nothing about an occupation
_NAMES_SHOWN = (5, 10, 20, 30)
_ITEMS_SHOWN = (2, 4, 8)
_CROPS = (40, 80, 160, 300)  # words


@dataclass(frozen=True, slots=True)
class AdaptationPair:
    """Two texts that mean the same thing.

    Args:
        view: What they are: two titles, a title and a body, or two bodies.
        left: Text of the searching side.
        right: Text of the side that is found.
        key: What both mean: a ROME code or an ESCO concept.
        neighbours: Keys so near in meaning that they are no negatives either.
    """

    view: View
    left: str
    right: str
    key: str
    neighbours: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DomainText:
    """An offer or a CV as training text.

    Args:
        title: An offer's title, or what a person calls themselves.
        body: An offer's description, or a CV.
        rome_code: The fiche that it is about.
    """

    title: str
    body: str
    rome_code: str


@dataclass(frozen=True)
class OpenData:
    """Everything that pairs are drawn from.

    Args:
        rome: The fiches, or ``None``.
        esco: The concepts, or ``None``.
        offers: Offers written by the project's market.
        people: CVs written by the project's market.
        local: One's own offers, if any.
    """

    rome: RomeTables | None
    esco: EscoTables | None
    offers: tuple[DomainText, ...] = ()
    people: tuple[DomainText, ...] = ()
    local: tuple[DomainText, ...] = ()


def draw_pairs(data: OpenData, *, seed: int) -> list[AdaptationPair]:
    """Returns one epoch of pairs; labels held out for validation are no title of their own.

    They are kept from being a pair's title. Their words are not unseen: a fiche's body may list
    them among its names, a market's offer may bear one, and ROME and ESCO share some names.

    Args:
        data: What to draw from.
        seed: Another seed gives other dresses and crops of the same texts.
    """
    rng = random.Random(seed)
    pairs: list[AdaptationPair] = []
    fiches = data.rome.fiches if data.rome else {}
    for fiche in fiches.values():
        pairs += _fiche_pairs(fiche, _item_labels(data, fiche), rng)
    if data.esco:
        for concept in data.esco.occupations.values():
            pairs += _occupation_pairs(concept, rng)
        for concept in data.esco.skills.values():
            pairs += _skill_pairs(concept, rng)
    for text in (*data.offers, *data.people, *data.local):
        pairs += _domain_pairs(text, fiches.get(text.rome_code), rng)
    pairs += _match_pairs(data, rng)
    return pairs


def fiche_body(fiche: Fiche, *, n_names: int = 30, rng: random.Random | None = None) -> str:
    """Returns a fiche as a document's body: its definition, then its appellations.

    Args:
        fiche: The fiche.
        n_names: Appellations at most.
        rng: Draws how many and which; ``None`` takes the first.
    """
    names = [appellation.label for appellation in fiche.appellations]
    if rng is not None:
        names = rng.sample(names, min(len(names), rng.choice(_NAMES_SHOWN)))
    return f"{fiche.definition} {', '.join(names[:n_names])}".strip()


def dress_title(title: str, rng: random.Random) -> str:
    """Returns a title as a recruiter might have typed it; often unchanged."""
    if rng.random() < 0.25:
        title += rng.choice(_GENDER_MARKS)
    if rng.random() < 0.1:
        title = rng.choice(_BEFORE) + title
    if rng.random() < 0.1:
        title += rng.choice(_AFTER)
    if rng.random() < 0.08:
        title = title.upper()
    if rng.random() < 0.06 and len(title) > 8:
        title = _mistype(title, rng)
    return title


def crop_body(text: str, rng: random.Random, *, n_words: int | None = None) -> str:
    """Returns a random run of words of a body, 40 to 300 of them unless told."""
    words = text.split()
    size = n_words or rng.choice(_CROPS)
    if len(words) <= size:
        return " ".join(words)
    start = rng.randrange(len(words) - size + 1)
    return " ".join(words[start : start + size])


def is_held_out(text: str, *, share: float = 0.04) -> bool:
    """Says whether a label is held out, by a hash of its text: validation needs some."""
    number = int.from_bytes(hashlib.sha256(text.casefold().encode()).digest()[:4], "big")
    return number / 2**32 < share


def labels_of(concept: EscoConcept) -> list[str]:
    """Returns a concept's distinct labels, preferred first, each gender of it by itself too."""
    parts = concept.label.split("/")
    labels = [concept.label, *concept.alternatives, *(parts if len(parts) == 2 else ())]
    return list(dict.fromkeys(label.strip() for label in labels if label.strip()))


def appellation_forms(appellation: Appellation) -> tuple[str, ...]:
    """Returns an appellation with both genders, shortened, masculine and feminine."""
    return (
        appellation.label,
        appellation.short,
        appellation.masculine,
        appellation.feminine,
    )


def _fiche_pairs(
    fiche: Fiche, items: Sequence[str], rng: random.Random
) -> Iterator[AdaptationPair]:
    neighbours = frozenset(item.code for item in fiche.mobility)

    def pair(view: View, left: str, right: str) -> AdaptationPair:
        return AdaptationPair(view, left, right, fiche.code, neighbours)

    names = [item for item in fiche.appellations if not is_held_out(item.masculine)]
    for appellation in names:
        title = dress_title(rng.choice(appellation_forms(appellation)), rng)
        yield pair("title", title, fiche.label)
        other = rng.choice(names)
        if other is not appellation:
            yield pair("title", title, dress_title(rng.choice(appellation_forms(other)), rng))
        yield pair("title_to_body", title, fiche_body(fiche, rng=rng))
        if items and rng.random() < 0.6:
            drawn = rng.sample(items, min(len(items), rng.choice(_ITEMS_SHOWN)))
            yield pair("body", ". ".join(drawn), fiche_body(fiche, rng=rng))
    if fiche.definition:
        yield pair("title_to_body", fiche.label, fiche.definition)
        for sentence in _SENTENCE_END.split(fiche.definition):
            if len(sentence) > _SHORTEST_SENTENCE:
                yield pair("body", sentence, fiche_body(fiche, rng=rng))


def _item_labels(data: OpenData, fiche: Fiche) -> list[str]:
    items = data.rome.items if data.rome else {}
    return [items[link.code].label for link in fiche.links if link.code in items]


def _occupation_pairs(concept: EscoConcept, rng: random.Random) -> Iterator[AdaptationPair]:
    labels = [label for label in labels_of(concept) if not is_held_out(label)]
    for label in labels[1:]:
        other = rng.choice([item for item in labels if item != label])
        yield AdaptationPair("title", dress_title(label, rng), other, concept.uri)
    if concept.description and labels:
        yield AdaptationPair("title_to_body", rng.choice(labels), concept.description, concept.uri)


def _skill_pairs(concept: EscoConcept, rng: random.Random) -> Iterator[AdaptationPair]:
    for other in concept.alternatives[:2]:
        yield AdaptationPair("title", other, concept.label, concept.uri)
    if concept.description and rng.random() < 0.3:
        yield AdaptationPair("title_to_body", concept.label, concept.description, concept.uri)


def _domain_pairs(
    text: DomainText, fiche: Fiche | None, rng: random.Random
) -> Iterator[AdaptationPair]:
    body = crop_body(text.body, rng)
    if fiche is None:
        yield AdaptationPair("title_to_body", text.title, body, text.rome_code)
        return
    neighbours = frozenset(item.code for item in fiche.mobility)
    yield AdaptationPair("title", text.title, fiche.label, fiche.code, neighbours)
    yield AdaptationPair("body", body, fiche_body(fiche, rng=rng), fiche.code, neighbours)
    if rng.random() < 0.5:
        yield AdaptationPair("title_to_body", text.title, body, fiche.code, neighbours)


def _match_pairs(data: OpenData, rng: random.Random) -> Iterator[AdaptationPair]:
    """Yields each person with an offer of the same fiche."""
    offers: dict[str, list[DomainText]] = defaultdict(list)
    for offer in data.offers:
        offers[offer.rome_code].append(offer)
    fiches = data.rome.fiches if data.rome else {}
    for person in data.people:
        if person.rome_code not in offers:
            continue
        offer = rng.choice(offers[person.rome_code])
        fiche = fiches.get(person.rome_code)
        near = frozenset(item.code for item in fiche.mobility) if fiche else frozenset()
        left, right = crop_body(person.body, rng), crop_body(offer.body, rng)
        yield AdaptationPair("body", left, right, person.rome_code, near)
        yield AdaptationPair("title", person.title, offer.title, person.rome_code, near)


def _mistype(title: str, rng: random.Random) -> str:
    place = rng.randrange(1, len(title) - 2)
    swapped = title[place + 1] + title[place]
    return title[:place] + rng.choice(
        (swapped + title[place + 2 :], title[place + 1 :], title[place] + title[place:])
    )
