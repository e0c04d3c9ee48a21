"""Preparing a data set: what comes out, what is refused, and that nothing is left half-written."""

from __future__ import annotations

import shutil
from pathlib import Path

import orjson
import pyarrow.parquet as pq
import pytest

from jobmatch_ml.errors import FormatError, InputError, MissingFileError
from jobmatch_ml.interactions import check_split_folder
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


def test_texts_come_from_offers_and_cvs_alone(world: Path, dataset: Path, tmp_path: Path) -> None:
    """What else is known of a person, declared or hidden, reaches no file of the data set."""
    shutil.copytree(world, tmp_path / "told")
    lines = (world / "candidates.jsonl").read_bytes().splitlines()
    hidden = {"occupation": "K4N4RY", "skills": ["K4N4RY"], "preferences": {"place": "K4N4RY"}}
    hidden["profiles"] = [{"name": "K4N4RY", "title": "K4N4RY"}]
    people = [orjson.dumps({**orjson.loads(line), **hidden}) for line in lines]
    (tmp_path / "told" / "candidates.jsonl").write_bytes(b"\n".join(people) + b"\n")
    again = prepare_dataset(tmp_path / "told", tmp_path / "again")
    assert again.data_hash == read_dataset_summary(dataset).data_hash
    files = [path for path in again.dataset_dir.rglob("*") if path.is_file()]
    assert [path.name for path in files if b"K4N4RY" in path.read_bytes()] == []


def test_popularity_knows_the_last_days_before_the_window_and_nothing_of_it(dataset: Path) -> None:
    # 64 people save an offer every second day, 0 to 38. The test window opens on day 24, the
    # validation window on day 17; the fourteen days before them count.
    for split, opens in (("test", 24), ("validation", 17)):
        counts = orjson.loads((dataset / split / "popularity.json").read_bytes())
        days = [day for day in range(0, 40, 2) if opens - 14 <= day < opens]
        assert sum(counts.values()) == 64 * len(days)


def test_people_without_a_positive_are_kept_to_be_counted(tmp_path: Path) -> None:
    world = write_tiny_world(tmp_path / "world")
    log = pq.read_table(world / "interactions.parquet").to_pylist()
    test_people = set(
        read_qrels(prepare_dataset(world, tmp_path / "plain").dataset_dir / "test" / "qrels.tsv")
    )
    idle = sorted(test_people)[0]
    for row in log:
        if row["user"] == idle:
            row.update(saved=False, saved_at=None)
    pq.write_table(make_log(*log), world / "interactions.parquet")
    summary = prepare_dataset(world, tmp_path / "dataset")
    qrels = read_qrels(summary.dataset_dir / "test" / "qrels.tsv")
    assert set(qrels[idle].values()) == {0}
    assert summary.counts["test_candidates"] == len(test_people)
    assert summary.counts["test_candidates_with_positive"] == len(test_people) - 1


def test_impressions_of_a_rejected_offer_are_dropped_and_counted(tmp_path: Path) -> None:
    world = write_tiny_world(tmp_path / "world")
    path = next((world / "bronze").rglob("*.json"))
    offers = orjson.loads(path.read_bytes())
    offers["resultats"][0]["intitule"] = " "
    path.write_bytes(orjson.dumps(offers))
    summary = prepare_dataset(world, tmp_path / "dataset")
    assert summary.counts["offers_rejected"] == 1
    assert summary.dropped["offer was rejected"] > 0


def test_a_missing_part_is_named(world: Path, tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match=r"bronze does not exist; expected a world folder"):
        prepare_dataset(tmp_path, tmp_path / "out")


def test_all_broken_candidates_are_named_at_once_and_nothing_is_left(tmp_path: Path) -> None:
    world = write_tiny_world(tmp_path / "world")
    good = b'{"candidate_id": "c0", "title": "x", "cv_text": "y"}'
    bad = [b'{"candidate_id": "c1", "title": "x"}', b"{", good.replace(b'"y"', b"null"), good]
    (world / "candidates.jsonl").write_bytes(b"\n".join([good, *bad]))
    with pytest.raises(FormatError) as caught:
        prepare_dataset(world, tmp_path / "runs" / "out")
    message = str(caught.value)
    for part in ("line 2: expected", "line 3: expected", "line 4: expected", "line 5: repeats"):
        assert part in message
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_damaged_summary_says_what_to_run(dataset: Path, tmp_path: Path) -> None:
    (tmp_path / "dataset.json").write_text("{")
    with pytest.raises(FormatError, match="damaged; run the prepare_data notebook"):
        read_dataset_summary(tmp_path)


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


def test_new_keys_of_candidates_change_nothing(world: Path, dataset: Path, tmp_path: Path) -> None:
    copy = write_tiny_world(tmp_path / "world")
    path = copy / "candidates.jsonl"
    people = [orjson.loads(line) for line in path.read_bytes().splitlines()]
    for person in people:
        person |= {"language": "fr", "preferences": {"salaryMin": 2000}, "profiles": []}
    path.write_bytes(b"".join(orjson.dumps(person) + b"\n" for person in people))
    again = prepare_dataset(copy, tmp_path / "again")
    assert again.data_hash == read_dataset_summary(dataset).data_hash


def test_what_is_prepared_does_not_leak_and_knows_its_cut_offs(dataset: Path) -> None:
    summary = read_dataset_summary(dataset)
    first, second, last = summary.cutoffs
    assert ((last - second).days, (second - first).days) == (14, 7)
    assert check_split_folder(dataset, summary.cutoffs).is_clean


def test_labels_say_what_they_are_worth(dataset: Path) -> None:
    for name in ("train", "validation", "test"):
        rows = pq.read_table(dataset / name / "interactions.parquet")
        assert rows.schema.names[-4:] == ["grade", "grade_known_stage", "p_final", "weight"]
        assert set(rows["grade_known_stage"].to_pylist()) <= {"shown", "saved"}
        assert min(rows["weight"].to_pylist()) >= 0


def test_a_reworded_posting_of_a_held_out_positive_is_not_trained_on(tmp_path: Path) -> None:
    world = write_tiny_world(tmp_path / "world")
    plain = prepare_dataset(world, tmp_path / "plain").dataset_dir
    positives = {
        split: {
            row["offer_external_id"]
            for row in pq.read_table(plain / split / "interactions.parquet").to_pylist()
            if row["grade"] > 0
        }
        for split in ("train", "test")
    }
    trained, tested = sorted(positives["train"])[0], sorted(positives["test"])[0]
    path = next((world / "bronze").rglob("*.json"))
    offers = orjson.loads(path.read_bytes())
    texts = {offer["id"]: offer for offer in offers["resultats"]}
    words = " ".join(f"mot{number}" for number in range(80))
    texts[trained]["description"] = f"{words} ajout"
    texts[tested]["description"] = words
    path.write_bytes(orjson.dumps(offers))
    grouped = prepare_dataset(world, tmp_path / "grouped").dataset_dir
    rows = pq.read_table(grouped / "train" / "interactions.parquet").to_pylist()
    assert trained not in {row["offer_external_id"] for row in rows if row["grade"] > 0}
