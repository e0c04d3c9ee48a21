"""A kernel sees the same folders, MLflow and model name as the process that starts it."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobmatch_ml.pipeline.tracked import kernel_environment
from jobmatch_ml.settings import get_settings


def test_a_kernel_reads_the_settings_of_its_pipeline(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("JOBMATCH_ROOT", str(tmp_path))
    monkeypatch.setenv("JOBMATCH_DATA_DIR", "d")
    monkeypatch.setenv("JOBMATCH_MODEL_NAME", "other")
    before = get_settings()
    environment = kernel_environment(before)
    assert environment["JOBMATCH_DATA_DIR"] == str(tmp_path / "d")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir("/")  # a kernel's folder must not matter
    get_settings.cache_clear()
    after = get_settings()
    assert after.runs == before.runs
    assert after.tracking_uri == before.tracking_uri
    assert after.model_name == "other"
