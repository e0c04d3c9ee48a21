"""Splits: each kind of leak is planted and must be cut; what is cut must be counted."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobmatch_ml.config import load_config
from jobmatch_ml.errors import ConfigError, InputError, MissingFileError
from jobmatch_ml.interactions import (
    InteractionSplits,
    SplitConfig,
    label_interactions,
    split_interactions,
    write_splits,
)
from tests.log_factory import day, make_log

CONFIG = SplitConfig(validation_days=10, test_days=10, validation_share=0.3, test_share=0.4, seed=1)


def market_log(n_users: int = 30, n_days: int = 40, n_offers: int = 400, seed: int = 0) -> pa.Table:
    """A log in which everyone sees an offer a day and saves it a day and a half later."""
    rng = np.random.default_rng(seed)
    return make_log(
        *(
            {
                "user": f"c{user}",
                "offer_external_id": f"o{rng.integers(n_offers)}",
                "shown_at": day(number),
                "saved": True,
                "saved_at": day(number + 1.5),
            }
            for number in range(n_days)
            for user in range(n_users)
        )
    )


def users(splits: InteractionSplits, name: str) -> set[str]:
    return set(splits.tables[name]["user"].to_pylist())


def positives(splits: InteractionSplits, name: str) -> set[str]:
    table = splits.tables[name].filter(pa.array(splits.grades[name] > 0))
    return set(table["offer_external_id"].to_pylist())


def test_windows_follow_each_other() -> None:
    splits = split_interactions(market_log(), CONFIG)
    times = {name: splits.tables[name]["shown_at"].to_pylist() for name in splits.tables}
    assert max(times["train"]) < splits.cutoffs[0] <= min(times["validation"])
    assert max(times["validation"]) < splits.cutoffs[1] <= min(times["test"])


def test_no_candidate_is_in_two_splits() -> None:
    splits = split_interactions(market_log(), CONFIG)
    assert not users(splits, "train") & users(splits, "validation")
    assert not users(splits, "train") & users(splits, "test")
    assert not users(splits, "validation") & users(splits, "test")


def test_no_held_out_positive_is_a_training_positive() -> None:
    splits = split_interactions(market_log(), CONFIG)
    held_out = positives(splits, "validation") | positives(splits, "test")
    assert held_out
    assert not held_out & positives(splits, "train")


def test_a_planted_near_duplicate_is_cut_by_its_group() -> None:
    log = market_log(n_offers=4000)
    plain = split_interactions(log, CONFIG)
    leaked = plain.tables["train"]["offer_external_id"][0].as_py()
    tested = plain.tables["test"]["offer_external_id"][0].as_py()
    grouped = split_interactions(log, CONFIG, offer_groups={leaked: "twins", tested: "twins"})
    assert leaked in plain.tables["train"]["offer_external_id"].to_pylist()
    assert leaked not in grouped.tables["train"]["offer_external_id"].to_pylist()


def test_training_labels_know_nothing_of_the_time_after_the_cut_off() -> None:
    log = market_log()
    splits = split_interactions(log, CONFIG)
    # Saves come a day and a half after the showing: later rows of the window are still open.
    shown = np.array([t.timestamp() for t in splits.tables["train"]["shown_at"].to_pylist()])
    open_rows = shown + 1.5 * 86_400 >= splits.cutoffs[0].timestamp()
    assert open_rows.any()
    assert (splits.grades["train"][open_rows] == 0).all()
    assert (splits.grades["train"][~open_rows] == 1).all()


def test_every_row_is_kept_or_counted() -> None:
    log = market_log()
    splits = split_interactions(log, CONFIG)
    kept = sum(len(table) for table in splits.tables.values())
    assert kept + sum(splits.dropped.values()) == len(log)


@settings(max_examples=5, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_log_does_not_matter(shuffler: object) -> None:
    log = market_log(n_users=12)
    order = list(range(len(log)))
    shuffler.shuffle(order)  # type: ignore[attr-defined]
    first = split_interactions(log, CONFIG)
    again = split_interactions(log.take(pa.array(order)), CONFIG)
    for name in first.tables:
        ids = set(first.tables[name]["impression_id"].to_pylist())
        assert ids == set(again.tables[name]["impression_id"].to_pylist())


def test_another_seed_assigns_people_anew() -> None:
    log = market_log()
    other = CONFIG.model_copy(update={"seed": 2})
    first, second = split_interactions(log, CONFIG), split_interactions(log, other)
    assert users(first, "test") != users(second, "test")


def test_a_split_without_positives_says_which_and_what_to_do() -> None:
    with pytest.raises(InputError, match=r"train split has .* change `split"):
        split_interactions(make_log({"saved": True, "saved_at": day(0.1)}), CONFIG)


def test_an_empty_log_is_refused() -> None:
    with pytest.raises(InputError, match="log is empty"):
        split_interactions(make_log(), CONFIG)


def test_shares_must_leave_training_candidates() -> None:
    with pytest.raises(ConfigError, match="below 1"):
        load_config(SplitConfig, overrides=["test_share=0.9", "validation_share=0.5"])


def test_a_split_on_disk_holds_the_same_rows_in_the_same_order(tmp_path: Path) -> None:
    log = market_log()
    # Several row groups, so that two threads share the file.
    pq.write_table(log, tmp_path / "log.parquet", row_group_size=300)
    expected = split_interactions(log, CONFIG)
    for threads in (1, 2):
        report = write_splits(tmp_path / "log.parquet", tmp_path / "out", CONFIG, threads=threads)
        assert report.cutoffs == expected.cutoffs
        assert report.dropped == expected.dropped
        for name, table in expected.tables.items():
            written = pq.read_table(tmp_path / "out" / name / "interactions.parquet")
            assert written["impression_id"].to_pylist() == table["impression_id"].to_pylist()
            assert written["grade"].to_pylist() == expected.grades[name].tolist()
            assert report.rows[name] == len(table)
            assert report.positives[name] == int((expected.grades[name] > 0).sum())
            labels = label_interactions(
                table, as_of=None if name == "test" else expected.cutoffs[name == "validation"]
            )
            assert written["weight"].to_pylist() == pytest.approx(labels["weight"].to_pylist())


def test_a_folder_of_files_is_one_log(tmp_path: Path) -> None:
    log = market_log()
    (tmp_path / "log").mkdir()
    half = len(log) // 2
    pq.write_table(log.slice(0, half), tmp_path / "log" / "1.parquet")
    pq.write_table(log.slice(half), tmp_path / "log" / "2.parquet")
    pq.write_table(log, tmp_path / "log.parquet")
    one = write_splits(tmp_path / "log.parquet", tmp_path / "one", CONFIG)
    many = write_splits(tmp_path / "log", tmp_path / "many", CONFIG)
    assert one.rows == many.rows
    for name in one.rows:
        file = Path(name) / "interactions.parquet"
        assert pq.read_table(one.folder / file).equals(pq.read_table(many.folder / file))


def test_a_refused_split_leaves_nothing_and_a_missing_log_is_named(tmp_path: Path) -> None:
    pq.write_table(make_log({"saved": True, "saved_at": day(0.1)}), tmp_path / "log.parquet")
    with pytest.raises(InputError, match="train split has"):
        write_splits(tmp_path / "log.parquet", tmp_path / "out", CONFIG)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["log.parquet"]
    with pytest.raises(MissingFileError, match="does not exist"):
        write_splits(tmp_path / "none.parquet", tmp_path / "out", CONFIG)


def test_people_are_assigned_by_the_hash_of_seed_and_id() -> None:
    # sha256("1:c0") begins with a number; its share of 2^64 decides (test < 0.4 <= validation).
    splits = split_interactions(market_log(), CONFIG)
    for name in splits.tables:
        for user in users(splits, name):
            digest = hashlib.sha256(f"1:{user}".encode()).digest()
            draw = int.from_bytes(digest[:8], "big") / 2**64
            owner = "test" if draw < 0.4 else "validation" if draw < 0.7 else "train"
            assert owner == name


def test_many_rows_keep_the_order_of_their_file_whatever_the_threads(tmp_path: Path) -> None:
    log = pa.concat_tables([market_log()] * 60)
    numbers = pa.array([f"i{number:06d}" for number in range(len(log))])
    log = log.set_column(0, log.schema.field(0), numbers)
    pq.write_table(log, tmp_path / "log.parquet", row_group_size=5000)
    for threads in (1, 2):
        write_splits(tmp_path / "log.parquet", tmp_path / "out", CONFIG, threads=threads)
        for name in ("train", "validation", "test"):
            ids = pq.read_table(tmp_path / "out" / name / "interactions.parquet")["impression_id"]
            assert ids.to_pylist() == sorted(ids.to_pylist())
            assert len(ids) > 2000
