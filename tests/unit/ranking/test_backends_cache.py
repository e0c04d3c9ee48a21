"""The cache of exports: identity, whole or not at all, damage mended, choices kept."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jobmatch_ml.errors import IntegrityError, MissingFileError
from jobmatch_ml.ranking import backends_cache
from jobmatch_ml.ranking.backends_cache import Choice, ExportCache, model_fingerprint
from jobmatch_ml.ranking.model_files import load_model
from tests.toy import build_tiny_model

CHOICE = Choice(backend="onnx-fp32", reason="fast", measured_at="2026-01-01T00:00:00", rows=[])


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ExportCache:
    """A cache whose exports are one file, so that only the keeping is tested."""

    def write(export: str, out_dir: Path, **_: Any) -> None:
        (out_dir / "model.onnx").write_text(export)

    monkeypatch.setattr(backends_cache, "write_export", write)
    monkeypatch.setattr(
        backends_cache,
        "exported_runner",
        lambda name, folder: (folder / "model.onnx").read_text(),
    )
    return ExportCache(tmp_path, "ab" * 32)


def texts() -> list[Any]:
    return [np.array([1, 2], dtype=np.int32)]


def never() -> list[Any]:
    raise AssertionError("an export was made again")


def test_an_export_is_made_once_with_what_it_is_made_from(cache: ExportCache) -> None:
    assert cache.open("openvino-int8", None, texts) == "openvino-int8"
    assert cache.open("openvino-int8", None, never) == "openvino-int8"
    assert cache.open("onnx-fp32", None, never) == "onnx-fp32"
    assert cache.open_existing("openvino-bf16") == "onnx-fp32"


def test_a_damaged_export_is_made_again_or_refused(cache: ExportCache) -> None:
    cache.open("onnx-fp32", None, texts)
    (cache.folder / "onnx-fp32" / "model.onnx").write_text("tampered!")
    with pytest.raises(IntegrityError, match=r"model\.onnx"):
        cache.open_existing("onnx-fp32")
    assert cache.open("onnx-fp32", None, texts) == "onnx-fp32"


def test_nothing_is_made_where_only_a_look_was_asked_for(cache: ExportCache) -> None:
    with pytest.raises(MissingFileError):
        cache.open_existing("onnx-int8")


def test_an_export_that_fails_leaves_nothing(
    cache: ExportCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(export: str, out_dir: Path, **_: Any) -> None:
        (out_dir / "model.onnx").write_text("half")
        raise IntegrityError("other vectors")

    monkeypatch.setattr(backends_cache, "write_export", fail)
    with pytest.raises(IntegrityError):
        cache.open("onnx-fp32", None, texts)
    assert list(cache.folder.iterdir()) == []


def test_a_choice_is_kept_for_this_environment_only(
    cache: ExportCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cache.choice() is None
    cache.remember(CHOICE)
    assert cache.choice() == CHOICE
    assert ExportCache(cache.root, "cd" * 32).choice() is None
    monkeypatch.setattr(backends_cache, "cpu_flags", lambda: frozenset({"another"}))
    assert cache.choice() is None


@pytest.mark.parametrize("raw", ["{", "[]", '{"backend": "x"}', '{"format": 9}'])
def test_a_choice_that_cannot_be_read_counts_as_none(cache: ExportCache, raw: str) -> None:
    cache.remember(CHOICE)
    (cache.folder / "choice.json").write_text(raw)
    assert cache.choice() is None


def test_the_fingerprint_follows_the_weights_not_their_storage(tmp_path: Path) -> None:
    import torch

    model = load_model(build_tiny_model(tmp_path / "one"))
    shutil.copytree(tmp_path / "one" / "model", tmp_path / "elsewhere")
    assert model_fingerprint(load_model(tmp_path / "elsewhere")) == model_fingerprint(model)
    rounded = load_model(tmp_path / "one" / "model").bfloat16()
    other = load_model(build_tiny_model(tmp_path / "other", seed=1))
    assert len({model_fingerprint(item) for item in (model, rounded, other)}) == 3
    rounded.save(str(tmp_path / "half"), create_model_card=False)
    rounded.to(torch.float32).save(str(tmp_path / "full"), create_model_card=False)
    stored = [model_fingerprint(load_model(tmp_path / name)) for name in ("half", "full")]
    assert stored[0] == stored[1] == model_fingerprint(rounded)
