"""An adaptation's run in a real MLflow store, read back through its client."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from jobmatch_ml.registry.adaptations import track_adaptation
from jobmatch_ml.registry.tracking import start_tracking
from jobmatch_ml.settings import get_settings
from jobmatch_ml.training.adaptation.recipe import AdaptationReport


def report(folder: Path) -> AdaptationReport:
    for name in ("README.md", "manifest.json"):
        (folder / name).write_text("{}")
    about = {
        "name": "tiny",
        "config": {"name": "tiny", "static": {"epochs": 2}},
        "data_sha256": {"ROME": "5" * 64},
        "versions": {"torch": "2"},
        "seconds": {"static": 1.5},
    }
    box = SimpleNamespace(path=folder, sha256="7" * 64, about=about)
    fusion = SimpleNamespace(ndcg={"titles": {"hybrid": 0.5}})
    return AdaptationReport(cast("Any", box), {}, cast("Any", fusion), ((1, 4.0), (9, 2.0)))


def test_recipe_worth_curve_and_hashes_are_on_the_run(tmp_path: Path) -> None:
    settings = get_settings()
    run_id = track_adaptation(settings, report(tmp_path))
    client = start_tracking(settings).client
    run = client.get_run(run_id)
    assert run.info.status == "FINISHED"
    assert run.data.params["static/epochs"] == "2"
    assert run.data.metrics["validation_ndcg_at_10/titles/hybrid"] == pytest.approx(0.5)
    assert run.data.metrics["seconds/static"] == pytest.approx(1.5)
    assert run.data.tags["encoder_sha256"] == "7" * 64
    assert run.data.tags["data_sha256/ROME"] == "5" * 64
    curve = client.get_metric_history(run_id, "transformer/loss")
    assert [(point.step, point.value) for point in curve] == [(1, 4.0), (9, 2.0)]
    names = {item.path for item in client.list_artifacts(run_id, "encoder")}
    assert names == {"encoder/README.md", "encoder/manifest.json"}
