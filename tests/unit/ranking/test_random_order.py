"""The random order: one a query, another for another seed."""

from __future__ import annotations

from jobmatch_ml.ranking.random_order import RandomRanker
from tests.toy import toy_documents, toy_queries


def orders(seed: int) -> list[list[str]]:
    ranker = RandomRanker(seed)
    ranker.index(toy_documents())
    return [list(scores) for scores in ranker.rank(toy_queries(), top_k=12).values()]


def test_each_query_has_an_order_of_its_own() -> None:
    assert len({tuple(order) for order in orders(0)}) == len(toy_queries())


def test_another_seed_gives_other_orders_and_the_same_seed_the_same() -> None:
    assert orders(1) == orders(1)
    assert orders(1) != orders(2)


def test_every_document_comes_first_sometimes() -> None:
    firsts = {order[0] for seed in range(12) for order in orders(seed)}
    assert firsts == {document.doc_id for document in toy_documents()}
