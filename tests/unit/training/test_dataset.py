"""Preparing a data set: what comes out, what is refused, and that nothing is left half-written."""

from __future__ import annotations

from pathlib import Path

import orjson
import pyarrow.parquet as pq
import pytest

from jobmatch_ml.errors import FormatError, InputError, MissingFileError
from jobmatch_ml.ranking.beir import read_corpus, read_qrels, read_queries
from jobmatch_ml.training.dataset import prepare_dataset, read_dataset_summary
from tests.log_factory import make_log
from tests.tiny_world import N_CANDIDATES, write_tiny_world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_world(tmp_path_factory.mktemp("worlds") / "tiny")


@pytest.fixture(scope="module")
def dataset(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare_dataset(world, tmp_path_factory.mktemp("data") / "dataset").dataset_dir


def test_every_offer_is_in_the_corpus_and_every_judged_person_has_a_query(dataset: Path) -> None:
    documents = {document.doc_id for document in read_corpus(dataset / "corpus.jsonl")}
    assert len(documents) == 192
    for split in ("validation", "test"):
        people = {query.query_id for query in read_queries(dataset / split / "queries.jsonl")}
        qrels = read_qrels(dataset / split / "qrels.tsv")
        assert set(qrels) <= people
        assert {doc for judged in qrels.values() for doc in judged} <= documents


def test_the_counts_are_those_of_the_files(dataset: Path) -> None:
    summary = read_dataset_summary(dataset)
    rows = {
        name: pq.read_table(dataset / name / "interactions.parquet").num_rows
        for name in ("train", "validation", "test")
    }
    assert summary.counts["candidates"] == N_CANDIDATES
    assert {name: summary.counts[f"{name}_impressions"] for name in rows} == rows
    assert sum(rows.values()) + sum(summary.dropped.values()) == summary.counts["impressions"]


def test_the_same_world_gives_the_same_hash_wherever_it_is_written(
    world: Path, dataset: Path, tmp_path: Path
) -> None:
    again = prepare_dataset(world, tmp_path / "again")
    assert again.data_hash == read_dataset_summary(dataset).data_hash


def test_the_truth_is_never_opened(world: Path, dataset: Path, tmp_path: Path) -> None:
    (world / "truth").mkdir(exist_ok=True)
    (world / "truth" / "qrels.tsv").write_text("not a judgement file")
    again = prepare_dataset(world, tmp_path / "again")
    assert again.data_hash == read_dataset_summary(dataset).data_hash


def test_popularity_knows_nothing_of_the_test_window(dataset: Path) -> None:
    counts = orjson.loads((dataset / "train" / "popularity.json").read_bytes())
    # 64 people save an offer every second day of 40; the last 14 days are the test window.
    assert sum(counts.values()) == 64 * len([d for d in range(0, 40, 2) if d + 0.1 < 38 - 14])


def test_a_missing_part_is_named(world: Path, tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match=r"bronze does not exist; expected a world folder"):
        prepare_dataset(tmp_path, tmp_path / "out")


def test_a_broken_candidate_is_named_by_line_and_nothing_is_left(
    tmp_path: Path,
) -> None:
    world = write_tiny_world(tmp_path / "world")
    (world / "candidates.jsonl").write_bytes(b'{"candidate_id": "c0", "title": "x"}\n')
    with pytest.raises(FormatError, match="line 1: expected a JSON object"):
        prepare_dataset(world, tmp_path / "runs" / "out")
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_log_of_another_world_is_refused(tmp_path: Path) -> None:
    world = write_tiny_world(tmp_path / "world")
    pq.write_table(
        make_log({"offer_external_id": "zzz", "user": "nobody"}), world / "interactions.parquet"
    )
    with pytest.raises(InputError, match="names 1 offers and 1 candidates that are not"):
        prepare_dataset(world, tmp_path / "out")


def test_a_folder_that_is_no_data_set_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="prepare_data notebook"):
        read_dataset_summary(tmp_path)
