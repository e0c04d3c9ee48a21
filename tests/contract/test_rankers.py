"""One suite over every registered ranker, discovered from the registry, not listed here."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable

import pytest

from jobmatch_ml.errors import InputError, RankerNotApplicableError, UnknownNameError
from jobmatch_ml.ranking import RANKERS, RankerContext, create_ranker
from jobmatch_ml.types import Document, Query, Ranker, Run
from tests.toy import ToyEncoder, ToyScorer, toy_documents, toy_queries

COUNTS = {"d03": 5.0, "d07": 2.0, "d01": 2.0}
TEXT_BLIND = {"random", "popularity"}
# Ranks the catalogue whose facts it is given and no other: tests/unit/ranking/test_cascade.py.
NEEDS_FACTS = {"ltr"}
MakeRanker = Callable[[], Ranker]


@pytest.fixture(params=sorted(set(RANKERS) - NEEDS_FACTS))
def make(request: pytest.FixtureRequest) -> MakeRanker:
    """Builds one registered ranker, always alike."""
    return lambda: build(request.param)


@pytest.fixture(params=sorted(set(RANKERS) - TEXT_BLIND - NEEDS_FACTS))
def make_text_ranker(request: pytest.FixtureRequest) -> MakeRanker:
    """Builds one of the rankers that read texts."""
    return lambda: build(request.param)


def build(name: str) -> Ranker:
    context = RankerContext(
        seed=7, interaction_counts=COUNTS, encoder=ToyEncoder(), cross_encoder=ToyScorer()
    )
    return create_ranker(name, context)


def indexed(make: MakeRanker, documents: list[Document] | None = None) -> Ranker:
    ranker = make()
    ranker.index(toy_documents() if documents is None else documents)
    return ranker


def in_order(run: Run) -> dict[str, list[tuple[str, float]]]:
    return {query_id: list(scores.items()) for query_id, scores in run.items()}


def check_finds_itself(ranker: Ranker) -> None:
    """Each document must be the first answer to its own text."""
    run = ranker.rank(toy_queries(), top_k=3)
    firsts = {query_id: next(iter(scores)) for query_id, scores in run.items()}
    assert firsts == {query.query_id: f"d{query.query_id[1:]}" for query in toy_queries()}


def test_every_ranker_fills_the_protocol(make: MakeRanker) -> None:
    assert isinstance(make(), Ranker)


@pytest.mark.parametrize("top_k", [1, 5, 12, 1000])
def test_a_run_holds_top_k_finite_scores_in_order(make: MakeRanker, top_k: int) -> None:
    run = indexed(make).rank(toy_queries(), top_k=top_k)
    assert list(run) == [query.query_id for query in toy_queries()]
    for scores in run.values():
        assert len(scores) == min(top_k, 12)
        assert all(type(score) is float and math.isfinite(score) for score in scores.values())
        assert list(scores) == sorted(scores, key=lambda doc_id: (-scores[doc_id], doc_id))


def test_a_shorter_list_is_the_beginning_of_a_longer_one(make: MakeRanker) -> None:
    ranker = indexed(make)
    short = in_order(ranker.rank(toy_queries(), top_k=4))
    longer = in_order(ranker.rank(toy_queries(), top_k=12))
    assert short == {query_id: rows[:4] for query_id, rows in longer.items()}


def test_a_query_scores_alone_as_in_a_batch(make: MakeRanker) -> None:
    ranker = indexed(make)
    batch = ranker.rank(toy_queries(), top_k=5)
    single: Run = {}
    for query in toy_queries():
        single |= ranker.rank([query], top_k=5)
    assert in_order(batch) == in_order(single)


def test_the_order_of_queries_does_not_matter(make: MakeRanker) -> None:
    ranker = indexed(make)
    forward = ranker.rank(toy_queries(), top_k=5)
    backward = ranker.rank(toy_queries()[::-1], top_k=5)
    assert in_order(forward) == {name: in_order(backward)[name] for name in forward}


def test_the_order_of_documents_does_not_matter(make: MakeRanker) -> None:
    forward = indexed(make).rank(toy_queries(), top_k=12)
    backward = indexed(make, toy_documents()[::-1]).rank(toy_queries(), top_k=12)
    assert in_order(forward) == in_order(backward)


def test_two_runs_are_equal(make: MakeRanker) -> None:
    runs = [in_order(indexed(make).rank(toy_queries(), top_k=12)) for _ in range(2)]
    assert runs[0] == runs[1]


def test_indexing_again_replaces_the_corpus(make: MakeRanker) -> None:
    ranker = indexed(make)
    ranker.index([Document("new", "Boulanger", "")])
    assert list(ranker.rank(toy_queries()[:1], top_k=5)["q01"]) == ["new"]


def test_equal_texts_tie_and_come_in_the_order_of_their_ids(make_text_ranker: MakeRanker) -> None:
    twins = [Document(name, "Boulanger", "Pain et levain") for name in ("t3", "t1", "t2")]
    ranker = indexed(make_text_ranker, [*toy_documents()[1:], *twins])
    top = ranker.rank([Query("q", "Boulanger", "Pain et levain")], top_k=3)["q"]
    assert list(top) == ["t1", "t2", "t3"]
    assert len(set(top.values())) == 1


def test_ties_at_the_cut_go_to_the_smaller_ids(make: MakeRanker) -> None:
    same = [Document(f"s{number}", "Maçon", "Chantier") for number in range(9, 0, -1)]
    run = indexed(make, same).rank([Query("q", "Maçon", "Chantier")], top_k=4)
    if len(set(run["q"].values())) == 1:  # random draws no ties
        assert list(run["q"]) == ["s1", "s2", "s3", "s4"]


def test_empty_texts_are_ranked_like_any_others(make: MakeRanker) -> None:
    documents = [Document("a", "", ""), Document("b", "Maçon", ""), Document("c", "", "Chantier")]
    run = indexed(make, documents).rank([Query("q", "", ""), Query("r", "Maçon", "")], top_k=3)
    assert {len(scores) for scores in run.values()} == {3}


def test_a_corpus_of_empty_texts_can_be_indexed(make: MakeRanker) -> None:
    documents = [Document("a", "", ""), Document("b", " ", "\n")]
    run = indexed(make, documents).rank([Query("q", "Maçon", "Chantier")], top_k=2)
    assert set(run["q"]) == {"a", "b"}


def test_composed_and_decomposed_accents_rank_alike(make_text_ranker: MakeRanker) -> None:
    ranker = indexed(make_text_ranker)
    title = "Électricien à Besançon"
    forms = [unicodedata.normalize(form, title) for form in ("NFC", "NFD")]
    runs = [ranker.rank([Query("q", form, "")], top_k=12)["q"] for form in forms]
    assert list(runs[0].items()) == list(runs[1].items())


@pytest.mark.parametrize("title", ["🥖🥖", "تصفيف", "\x00\x07", "面包师", "ß" * 5000, "C++ / C#"])
def test_unusual_characters_are_ranked(make: MakeRanker, title: str) -> None:
    documents = [*toy_documents(), Document("odd", title, title)]
    assert len(indexed(make, documents).rank([Query("q", title, "")], top_k=13)["q"]) == 13


def test_each_text_ranker_puts_the_exact_match_first(make_text_ranker: MakeRanker) -> None:
    check_finds_itself(indexed(make_text_ranker))


@pytest.mark.parametrize("name", sorted(TEXT_BLIND))
def test_a_ranker_that_does_not_read_fails_the_exact_match(name: str) -> None:
    """The mutation check: were it passed without reading, the test above would mean nothing."""
    with pytest.raises(AssertionError):
        check_finds_itself(indexed(lambda: build(name)))


def test_no_queries_give_an_empty_run(make: MakeRanker) -> None:
    assert indexed(make).rank([], top_k=3) == {}


def test_ranking_before_indexing_is_refused(make: MakeRanker) -> None:
    with pytest.raises(InputError, match=r"call index\(documents\)"):
        make().rank(toy_queries(), top_k=3)


def test_an_empty_corpus_is_refused(make: MakeRanker) -> None:
    with pytest.raises(InputError, match="corpus is empty"):
        make().index([])


def test_repeated_document_ids_are_refused(make: MakeRanker) -> None:
    with pytest.raises(InputError, match=r"doc_id not unique: d01 \(2 times\)"):
        make().index([*toy_documents(), toy_documents()[0]])


def test_repeated_query_ids_are_refused(make: MakeRanker) -> None:
    with pytest.raises(InputError, match=r"query_id not unique: q01 \(2 times\)"):
        indexed(make).rank([toy_queries()[0]] * 2, top_k=3)


@pytest.mark.parametrize("top_k", [0, -1])
def test_a_top_k_below_one_is_refused(make: MakeRanker, top_k: int) -> None:
    with pytest.raises(InputError, match=f"top_k is {top_k}"):
        indexed(make).rank(toy_queries(), top_k=top_k)


def test_a_refused_corpus_leaves_the_former_one(make: MakeRanker) -> None:
    ranker = indexed(make)
    with pytest.raises(InputError):
        ranker.index([])
    assert len(ranker.rank(toy_queries()[:1], top_k=12)["q01"]) == 12


def test_popularity_orders_by_counts_then_ids() -> None:
    run = indexed(lambda: build("popularity")).rank(toy_queries()[:1], top_k=4)
    assert list(run["q01"].items()) == [("d03", 5.0), ("d01", 2.0), ("d07", 2.0), ("d02", 0.0)]


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("popularity", "bm25, tfidf_char"),
        ("bi_encoder", "--model"),
        ("cross_encoder", "pipeline run rerank"),
        ("retrieve_rerank", "pipeline run rerank"),
    ],
)
def test_what_a_ranker_cannot_do_without_is_named(name: str, remedy: str) -> None:
    with pytest.raises(RankerNotApplicableError, match=remedy):
        create_ranker(name)


def test_an_unknown_ranker_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'bm25'"):
        create_ranker("bm52")
