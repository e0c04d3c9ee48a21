"""Every registered ranker on what is stored and loaded again, on repeats and on very long texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobmatch_ml.ranking import RANKERS, RankerContext, create_ranker
from jobmatch_ml.ranking.beir import read_run, write_run
from jobmatch_ml.ranking.encoder import SentenceTransformerEncoder
from jobmatch_ml.ranking.model_files import load_model
from jobmatch_ml.types import Document, Query, Run
from tests.contract.test_rankers import COUNTS, NEEDS_FACTS, TEXT_BLIND, build, in_order, indexed
from tests.toy import ToyScorer, build_tiny_model, toy_documents, toy_queries

NAMES = sorted(set(RANKERS) - NEEDS_FACTS)
LONG = "boulanger pétrissage " * 2400  # 50,400 characters


@pytest.fixture(scope="module")
def encoders(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[SentenceTransformerEncoder, SentenceTransformerEncoder]:
    """One model, as it was built, and as it is after being saved and loaded."""
    folder = tmp_path_factory.mktemp("models")
    first = build_tiny_model(folder / "tiny")
    load_model(first).save_pretrained(str(folder / "again"), create_model_card=False)
    built, again = (
        SentenceTransformerEncoder(str(path), max_length_tokens=48, precision="fp32", name="tiny")
        for path in (first, folder / "again")
    )
    return built, again


@pytest.mark.parametrize("name", NAMES)
def test_a_ranker_of_a_saved_encoder_ranks_as_before(
    name: str, encoders: tuple[SentenceTransformerEncoder, SentenceTransformerEncoder]
) -> None:
    def ranked(encoder: SentenceTransformerEncoder) -> Run:
        context = RankerContext(
            seed=7, interaction_counts=COUNTS, encoder=encoder, cross_encoder=ToyScorer()
        )
        ranker = create_ranker(name, context)
        ranker.index(toy_documents())
        return ranker.rank(toy_queries(), top_k=12)

    before, after = (in_order(ranked(encoder)) for encoder in encoders)
    assert before == after


@pytest.mark.parametrize("name", NAMES)
def test_a_run_is_read_back_in_the_order_it_was_written(name: str, tmp_path: Path) -> None:
    run = indexed(lambda: build(name)).rank(toy_queries(), top_k=5)
    write_run(tmp_path / "run.trec", run, name)
    stored = read_run(tmp_path / "run.trec")
    assert in_order(stored) == in_order(run)


@pytest.mark.parametrize("name", sorted(set(NAMES) - TEXT_BLIND))
def test_two_queries_of_one_text_get_one_answer(name: str) -> None:
    twins = [Query("one", "Maçon", "chantier"), Query("two", "Maçon", "chantier")]
    run = indexed(lambda: build(name)).rank(twins, top_k=12)
    assert list(run["one"].items()) == list(run["two"].items())


@pytest.mark.parametrize("name", NAMES)
def test_a_text_of_50_000_characters_is_ranked(name: str) -> None:
    documents = [*toy_documents(), Document("long", "Boulanger", LONG)]
    run = indexed(lambda: build(name), documents).rank([Query("q", "Boulanger", LONG)], top_k=13)
    assert len(run["q"]) == 13
