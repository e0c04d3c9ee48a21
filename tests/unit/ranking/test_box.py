"""The encoder's folder: whole or not at all, checked before it is read, small enough to ship."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from jobmatch_ml.errors import InputError, IntegrityError, MissingFileError
from jobmatch_ml.ranking import box as box_module
from jobmatch_ml.ranking.box import (
    BOX_NAME,
    FUSION_FILE,
    MAX_BYTES,
    Box,
    open_box,
    require_box,
    write_box,
)
from jobmatch_ml.ranking.hybrid import COMPONENTS, REGIMES, FusionWeights
from jobmatch_ml.ranking.static_encoder import StaticEncoder
from tests.toy import build_tiny_model

WEIGHTS = FusionWeights({regime: dict.fromkeys(COMPONENTS, 1.0) for regime in REGIMES})


@pytest.fixture(scope="module")
def model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("model"))


def write(folder: Path, model_dir: Path) -> Box:
    static = StaticEncoder([" chef ", "chef"], np.eye(2, dtype=np.float32))
    return write_box(
        folder,
        transformer_dir=model_dir,
        static=static,
        fusion=WEIGHTS,
        about={"base": "tiny"},
        card="# Card\n",
    )


def test_a_written_box_opens_and_encodes(tmp_path: Path, model_dir: Path) -> None:
    box = write(tmp_path / "box", model_dir)
    again = open_box(tmp_path / "box")
    assert again is not None
    assert again.sha256 == box.sha256
    assert again.about["base"] == "tiny"
    assert again.fusion_weights().of("bodies") == dict.fromkeys(COMPONENTS, 1.0)
    assert again.static_encoder().encode(["chef"]).shape == (1, 2)
    encoder = again.encoder(max_length_tokens=32, precision="fp32")
    assert encoder.name == box.name
    assert encoder.encode(["chef"]).shape == (1, 32)


@pytest.mark.parametrize("name", [FUSION_FILE, "static/static.json", "transformer/modules.json"])
def test_a_changed_or_missing_file_is_refused(tmp_path: Path, model_dir: Path, name: str) -> None:
    write(tmp_path / "box", model_dir)
    box_module._open.cache_clear()
    path = tmp_path / "box" / name
    whole = path.read_bytes()
    path.write_bytes(whole + b" ")
    with pytest.raises(IntegrityError, match=Path(name).name):
        open_box(tmp_path / "box")
    path.unlink()
    with pytest.raises(IntegrityError, match="missing"):
        open_box(tmp_path / "box")


def test_an_unlisted_file_is_refused(tmp_path: Path, model_dir: Path) -> None:
    write(tmp_path / "box", model_dir)
    box_module._open.cache_clear()
    (tmp_path / "box" / "extra.json").write_text("{}", encoding="utf-8")
    with pytest.raises(IntegrityError, match="not listed"):
        open_box(tmp_path / "box")


def test_a_folder_that_is_no_box_is_kept(tmp_path: Path, model_dir: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "notes.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(InputError, match="no encoder folder"):
        write(folder, model_dir)
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "keep"
    with pytest.raises(MissingFileError, match=r"manifest\.json"):
        open_box(folder)


def test_a_box_too_large_for_a_checkout_is_refused(
    tmp_path: Path, model_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(box_module, "MAX_BYTES", 1000)
    with pytest.raises(InputError, match="more than 1,000"):
        write(tmp_path / "box", model_dir)
    assert not (tmp_path / "box").exists()


def test_the_data_folder_goes_first_and_a_broken_box_in_it_is_not_passed_over(
    tmp_path: Path, model_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, source = tmp_path / "data", tmp_path / "source"
    monkeypatch.setattr(box_module, "_SOURCE_TREE", source)
    monkeypatch.setattr(box_module, "get_settings", lambda: SimpleNamespace(data=data))
    assert open_box() is None
    with pytest.raises(MissingFileError, match="encoder adapt"):
        require_box()
    write(source / "data" / "models" / BOX_NAME, model_dir)
    assert require_box().path == source / "data" / "models" / BOX_NAME
    own = write(data / "models" / BOX_NAME, model_dir)
    assert require_box().path == own.path
    (own.path / "manifest.json").unlink()
    box_module._open.cache_clear()
    with pytest.raises(MissingFileError, match=r"manifest\.json"):
        open_box()


def test_the_box_that_ships_is_whole_and_small(project_root: Path) -> None:
    folder = project_root / "data" / "models" / "jobmatch-encoder-fr"
    box = open_box(folder)
    assert box is not None
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) <= MAX_BYTES
    assert set(box.about["data_sha256"]) == {"ROME", "ESCO", "market offers", "market people"}
    for regime in REGIMES:
        assert box.fusion_weights().of(regime)
