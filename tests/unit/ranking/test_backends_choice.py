"""Which backend is taken: as asked, as set, as remembered, else torch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jobmatch_ml.errors import InputError, UnknownNameError
from jobmatch_ml.ranking.backends_cache import Choice
from jobmatch_ml.ranking.backends_choice import export_cache, open_backend, wished_backend
from jobmatch_ml.ranking.model_files import load_model
from jobmatch_ml.ranking.precision import resolve_precision
from jobmatch_ml.settings import get_settings
from tests.toy import build_tiny_model


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return load_model(build_tiny_model(tmp_path_factory.mktemp("tiny")))


def never() -> Any:
    raise AssertionError("an export was made")


def remember(model: Any, backend: str) -> None:
    choice = Choice(backend=backend, reason="", measured_at="2026-01-01T00:00:00", rows=[])
    export_cache(model).remember(choice)


def test_a_precision_means_torch_whatever_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBMATCH_ENCODER_BACKEND", "openvino-int8")
    get_settings.cache_clear()
    assert wished_backend("fp32", "auto") == "torch-fp32"
    assert wished_backend("auto", "auto") == "openvino-int8"
    assert wished_backend("auto", "torch-bf16") == "torch-bf16"


def test_contradictions_and_unknown_names_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="give one of the two"):
        wished_backend("fp32", "onnx-int8")
    monkeypatch.setenv("JOBMATCH_ENCODER_BACKEND", "open-vino")
    get_settings.cache_clear()
    with pytest.raises(UnknownNameError, match="encoder backend"):
        wished_backend("auto", "auto")


def test_nothing_remembered_is_torch_without_a_wait(model: Any) -> None:
    assert open_backend("auto", model, never)[0] == f"torch-{resolve_precision('auto')}"


def test_a_remembered_choice_is_taken(model: Any) -> None:
    remember(model, "torch-fp32")
    assert open_backend("auto", model, never)[0] == "torch-fp32"


def test_a_remembered_export_that_is_gone_gives_way_to_torch(
    model: Any, caplog: pytest.LogCaptureFixture
) -> None:
    remember(model, "openvino-int8")
    assert open_backend("auto", model, never)[0] == f"torch-{resolve_precision('auto')}"
    assert "the encoder runs on torch" in caplog.text


def test_a_choice_belongs_to_its_model(model: Any, tmp_path: Path) -> None:
    remember(model, "torch-fp32")
    other = load_model(build_tiny_model(tmp_path, seed=5))
    assert export_cache(other).choice() is None
