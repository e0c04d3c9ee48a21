"""The training benchmark: its clock, its rows and its two ways, on a tiny world."""

from __future__ import annotations

import time
from typing import Any

import pytest

from jobmatch_ml.bench import train
from jobmatch_ml.errors import InputError
from jobmatch_ml.settings import get_settings
from jobmatch_ml.training.config import BiEncoderConfig
from jobmatch_ml.training.dataset import prepare_dataset
from tests.tiny_world import write_tiny_world
from tests.toy import build_tiny_model


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> train._Data:
    folder = tmp_path_factory.mktemp("bench")
    dataset = prepare_dataset(write_tiny_world(folder / "world"), folder / "dataset").dataset_dir
    config = BiEncoderConfig(
        base=str(build_tiny_model(folder / "tiny")),
        max_pairs=64,
        batch_size=8,
        learning_rate=3e-3,
        title_length_tokens=16,
        body_length_tokens=32,
    )
    return train._Data(dataset, config, 40)


def test_the_clock_leaves_pauses_out() -> None:
    clock = train.Clock()
    now = clock.read()
    time.sleep(0.2)
    clock.skip(now)
    assert clock.read()[0] < 0.15


def test_both_ways_are_judged_on_the_way_and_compared(
    data: train._Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train, "STOCK_LENGTH_TOKENS", 48)
    stock, ours = train._measure_quality(data)
    assert stock["what"].startswith("stock: to nDCG@10")
    assert ours["what"].startswith("ours")
    for row in (stock, ours):
        assert 0 <= row["ndcg@10"] <= 1
        assert len(row["curve"].split()) == 4
    # The stock way reaches its own final quality at the latest when it ends.
    assert stock["wall_s"] is not None
    assert stock["wall_ratio"] == 1.0


def test_every_part_is_timed_against_the_stock_way(
    data: train._Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train, "STOCK_LENGTH_TOKENS", 48)
    kept = [part for part in train._PARTS if "frozen" not in part[0] and "64" not in part[0]]
    monkeypatch.setattr(train, "_PARTS", (kept[0], kept[-1]))
    rows = train._measure_parts(data, 1)
    assert [row["what"] for row in rows] == [kept[0][0], kept[-1][0]]
    assert rows[0]["wall_ratio"] == rows[0]["cpu_ratio"] == 1.0
    assert all(row["pairs_per_s"] > 0 for row in rows)


def test_the_stock_way_reads_whole_texts_of_each_view() -> None:
    plan: Any = type("Plan", (), {})()
    plan.texts = {"candidate": {"p": ("pain", "")}, "offer": {"o": ("Boulanger", "au levain")}}
    pairs = [train.TrainingPair("p", "o", "A")]
    assert train.full_rows(plan, pairs, 0) == {"anchor": ["pain"], "positive": ["Boulanger"]}
    # A missing body is represented by its title.
    assert train.full_rows(plan, pairs, 1) == {"anchor": ["pain"], "positive": ["au levain"]}


def test_without_a_prepared_data_set_it_says_what_to_do() -> None:
    assert not (get_settings().data / "runs").exists()
    with pytest.raises(InputError, match="--option dataset=DIR"):
        train.run_train_bench()
