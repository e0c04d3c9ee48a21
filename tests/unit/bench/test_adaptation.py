"""The ablation's arms really differ from the recipe, and are judged on what was held out."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobmatch_ml.bench import adaptation as module
from jobmatch_ml.bench.adaptation import DENSE_ARMS, STATIC_ARMS, run_adaptation_bench
from jobmatch_ml.errors import InputError
from jobmatch_ml.training.adaptation.config import StaticConfig, TransformerConfig
from tests.tiny_classifications import write_esco, write_rome


def test_every_arm_changes_something_that_exists() -> None:
    for arms, config in ((STATIC_ARMS, StaticConfig), (DENSE_ARMS, TransformerConfig)):
        for name, change in arms.items():
            settings = {key: value for key, value in change.items() if key != "drop"}
            made = config.model_validate(settings)
            assert made != config() or name.endswith("recipe") or "drop" in change


def test_training_beats_its_start_on_what_was_held_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "write_market", lambda _rome, _config: ((), ()))
    monkeypatch.setattr(
        "jobmatch_ml.training.adaptation.pairs.is_held_out", lambda text: text == "dessinateur"
    )
    monkeypatch.setattr(
        "jobmatch_ml.training.adaptation.validation.is_held_out",
        lambda text: text == "dessinateur",
    )
    monkeypatch.setattr(
        module,
        "StaticConfig",
        lambda **values: StaticConfig(**{**values, "min_documents": 1, "batch_size": 4}),
    )
    rows = run_adaptation_bench(
        rome=str(write_rome(tmp_path / "rome")),
        esco=str(write_esco(tmp_path / "esco")),
        n_offers=0,
        epochs=20,
        arms="static: ",
    )
    found = {row["arm"]: row for row in rows}
    assert set(found) == set(STATIC_ARMS)
    start = found["static: as it starts (TF-IDF)"]["mean of tasks"]
    assert found["static: recipe"]["mean of tasks"] >= start
    assert "labels to labels" in found["static: recipe"]
    with pytest.raises(InputError, match="no arm"):
        run_adaptation_bench(rome=str(tmp_path / "rome"), n_offers=0, arms="x")
