"""The packaged encoder: found without being imported, refused when it is not the original."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from pathlib import Path

import pytest

from jobmatch_ml.errors import IntegrityError, MissingExtraError
from jobmatch_ml.ranking import packaged


def test_the_published_weights_are_found_and_the_package_is_not_imported() -> None:
    folder = packaged.packaged_model_dir()
    assert (folder / "modules.json").is_file()
    assert packaged.PACKAGE not in sys.modules


def test_other_weights_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"other")
    with pytest.raises(IntegrityError, match="not the published weights"):
        packaged.check_weights(path)
    packaged.check_weights(path, expected=hashlib.sha256(b"other").hexdigest())


def test_missing_weights_are_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(IntegrityError, match="is missing"):
        packaged.check_weights(tmp_path / "model.safetensors")


def test_an_absent_package_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match="extra 'models'"):
        packaged.packaged_model_dir()


def test_only_the_name_packaged_means_the_packaged_encoder() -> None:
    assert packaged.resolve_model_path("org/model") == "org/model"
    assert packaged.resolve_model_path("packaged") == packaged.packaged_model_dir()
