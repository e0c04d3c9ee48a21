"""Opening models: what is refused before anything runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobmatch_ml.errors import IntegrityError, MissingFileError
from jobmatch_ml.ranking.model_files import load_model, model_label


def model_folder(tmp_path: Path, modules: str) -> Path:
    (tmp_path / "modules.json").write_text(modules)
    return tmp_path


def test_a_folder_that_names_foreign_code_is_refused(tmp_path: Path) -> None:
    folder = model_folder(tmp_path, '[{"idx": 0, "name": "0", "path": "", "type": "evil.Module"}]')
    with pytest.raises(IntegrityError, match=r"not ours to run: \['evil.Module'\]"):
        load_model(folder)


@pytest.mark.parametrize("modules", ["{", "[1]", '[{"name": "0"}]'])
def test_a_broken_module_list_is_refused(tmp_path: Path, modules: str) -> None:
    with pytest.raises(IntegrityError, match="not a list of modules"):
        load_model(model_folder(tmp_path, modules))


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IntegrityError, match=r"no modules\.json"):
        load_model(tmp_path)


def test_pickled_weights_are_not_read(tmp_path: Path) -> None:
    from tests.toy import build_tiny_model

    folder = build_tiny_model(tmp_path / "tiny")
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(IntegrityError, match="safetensors"):
        load_model(folder)


@pytest.mark.parametrize("model", ["./absent", "/absent/model", Path("absent")])
def test_a_missing_folder_is_said_to_be_missing(model: str | Path) -> None:
    with pytest.raises(MissingFileError, match="no such model folder"):
        load_model(model)


def test_an_unknown_name_without_a_hub_says_what_to_do() -> None:
    with pytest.raises(MissingFileError, match=r"'nobody/nothing' .*give a folder"):
        load_model("nobody/nothing")


def test_labels_hold_name_and_revision() -> None:
    assert model_label("org/model", "abc") == "org/model@abc"
    assert model_label("packaged") == "sentence-transformers/all-MiniLM-L6-v2@53aa51172d14"
