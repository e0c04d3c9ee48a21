"""Retrieval tasks made of what was kept from training: the fusion's weights are learned on them.

One task a kind of search: offers and CVs that look for fiches or offers (bodies on both sides),
titles that look for fiches, and labels that look for other labels of their concept. All come from
open data and a market of another seed; no benchmark and no real offer is used. What is kept is
pairs, not words (:func:`.pairs.draw_pairs`): these figures choose weights, they do not say how good
the encoders are.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from jobmatch_ml.ranking.hybrid import Regime
from jobmatch_ml.training.adaptation.pairs import (
    DomainText,
    OpenData,
    dress_title,
    is_held_out,
    labels_of,
)
from jobmatch_ml.types import Document, Qrels, Query


@dataclass(frozen=True)
class RetrievalTask:
    """A small benchmark.

    Args:
        name: What searches what.
        regime: Which of the fusion's weights it teaches.
        queries: Who searches.
        documents: What is found.
        qrels: What is right.
    """

    name: str
    regime: Regime
    queries: tuple[Query, ...]
    documents: tuple[Document, ...]
    qrels: Qrels


def validation_tasks(
    data: OpenData,
    market: OpenData,
    *,
    n_queries: int = 300,
    n_documents: int = 1500,
    seed: int = 0,
) -> list[RetrievalTask]:
    """Returns the tasks that the data allows.

    Args:
        data: What the encoders were fitted on: its fiches and labels are the documents.
        market: Offers and people of a market of another seed.
        n_queries: Queries a task at most.
        n_documents: Offers that people search.
        seed: Of the draws.
    """
    rng = random.Random(seed)
    tasks = []
    if data.rome:
        fiches = _fiche_documents(data)
        offers = _sample(market.offers, n_queries, rng)
        tasks.append(_by_code("offers to fiches", offers, fiches))
        tasks.append(_held_out_titles(data, fiches, n_queries, rng))
    if market.offers and market.people:
        found = _sample(market.offers, n_documents, rng)
        documents = [
            (Document(f"offer-{row}", offer.title, offer.body), offer.rome_code)
            for row, offer in enumerate(found)
        ]
        codes = {code for _, code in documents}
        people = [person for person in market.people if person.rome_code in codes]
        tasks.append(_by_code("CVs to offers", _sample(people, n_queries, rng), documents))
    if data.esco:
        tasks.append(_held_out_labels(data, n_queries, rng))
    return [task for task in tasks if task.queries]


def _sample(items: Sequence[DomainText], size: int, rng: random.Random) -> list[DomainText]:
    return rng.sample(list(items), min(size, len(items)))


def _fiche_documents(data: OpenData) -> list[tuple[Document, str]]:
    """Returns the fiches without the names that are searched for: they would find themselves."""
    documents = []
    for fiche in data.rome.fiches.values() if data.rome else ():
        names = [item.label for item in fiche.appellations if not is_held_out(item.masculine)]
        body = f"{fiche.definition} {', '.join(names[:30])}"
        documents.append((Document(fiche.code, fiche.label, body.strip()), fiche.code))
    return documents


def _by_code(
    name: str, texts: Sequence[DomainText], documents: Sequence[tuple[Document, str]]
) -> RetrievalTask:
    of_code: dict[str, dict[str, int]] = defaultdict(dict)
    for document, code in documents:
        of_code[code][document.doc_id] = 1
    queries = tuple(
        Query(f"q{row}", text.title, text.body)
        for row, text in enumerate(texts)
        if text.rome_code in of_code
    )
    qrels = {
        f"q{row}": dict(of_code[text.rome_code])
        for row, text in enumerate(texts)
        if text.rome_code in of_code
    }
    return RetrievalTask(name, "bodies", queries, tuple(item for item, _ in documents), qrels)


def _held_out_titles(
    data: OpenData, fiches: Sequence[tuple[Document, str]], n_queries: int, rng: random.Random
) -> RetrievalTask:
    kept = [
        (rng.choice((item.masculine, item.feminine, item.label)), fiche.code)
        for fiche in (data.rome.fiches.values() if data.rome else ())
        for item in fiche.appellations
        if is_held_out(item.masculine)
    ]
    drawn = rng.sample(kept, min(n_queries, len(kept)))
    queries = tuple(
        Query(f"q{row}", dress_title(title, rng), "") for row, (title, _) in enumerate(drawn)
    )
    qrels: Qrels = {f"q{row}": {code: 1} for row, (_, code) in enumerate(drawn)}
    documents = tuple(document for document, _ in fiches)
    return RetrievalTask("titles to fiches", "titles", queries, documents, qrels)


def _held_out_labels(data: OpenData, n_queries: int, rng: random.Random) -> RetrievalTask:
    documents: list[Document] = []
    searched: list[tuple[str, dict[str, int]]] = []
    for number, concept in enumerate(data.esco.occupations.values() if data.esco else ()):
        labels = labels_of(concept)
        kept = [label for label in labels if is_held_out(label)]
        shown = [label for label in labels if label not in kept]
        ids = {f"e{number}-{row}": 1 for row in range(len(shown))}
        documents += [Document(name, label, "") for name, label in zip(ids, shown, strict=True)]
        if kept and ids:
            searched.append((rng.choice(kept), ids))
    drawn = rng.sample(searched, min(n_queries, len(searched)))
    queries = tuple(
        Query(f"q{row}", dress_title(label, rng), "") for row, (label, _) in enumerate(drawn)
    )
    qrels: Qrels = {f"q{row}": dict(ids) for row, (_, ids) in enumerate(drawn)}
    return RetrievalTask("labels to labels", "labels", queries, tuple(documents), qrels)
