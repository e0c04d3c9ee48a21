"""A learned ranker on disk: text and JSON, checked before it is believed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from jobmatch_ml.errors import InputError, IntegrityError, MissingFileError
from jobmatch_ml.ranking.features import NAMES
from jobmatch_ml.ranking.ltr import BOOSTER, FEATURES_FILE, LtrModel
from jobmatch_ml.training.ltr import train_ltr
from tests.ltr_rows import QUICK, make_rows


@pytest.fixture(scope="module")
def model() -> LtrModel:
    """A model of two features, trained once."""
    return train_ltr(make_rows(), make_rows(seed=1), QUICK).model


@pytest.fixture
def folder(model: LtrModel, tmp_path: Path) -> Path:
    """The model on disk."""
    model.save(tmp_path / "ltr")
    return tmp_path / "ltr"


def test_the_folder_holds_text_and_a_definition_and_nothing_else(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == [BOOSTER, FEATURES_FILE]
    definition = json.loads((folder / FEATURES_FILE).read_text())
    assert [each["name"] for each in definition["features"]] == ["static_title", "n_words"]
    assert len(definition["sha256"]) == 64


def test_contributions_add_up_to_the_score(model: LtrModel) -> None:
    matrix = make_rows(seed=3).matrix[:20]
    parts = model.contributions(matrix)
    np.testing.assert_allclose(parts.sum(axis=1), model.score(matrix), rtol=1e-9, atol=1e-9)
    assert sum(model.gains().values()) == pytest.approx(1)


def test_a_matrix_of_another_width_is_refused(model: LtrModel) -> None:
    with pytest.raises(InputError, match=str(len(NAMES))):
        model.score(np.zeros((2, 3), dtype=np.float32))
    assert len(model.score(np.zeros((0, len(NAMES)), dtype=np.float32))) == 0


def test_models_for_other_features_are_refused(folder: Path) -> None:
    path = folder / FEATURES_FILE
    definition = json.loads(path.read_text())
    definition["features"][0]["formula"] = "another"
    definition["sha256"] = "0" * 64
    path.write_text(json.dumps(definition))
    with pytest.raises(IntegrityError, match="other features"):
        LtrModel.load(folder)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (BOOSTER, "\x80\x04pickle", "not LightGBM's text"),
        (BOOSTER, "tree\nversion=v4\n", "damaged"),
        (FEATURES_FILE, "{", "not a feature definition"),
        (FEATURES_FILE, '{"format": "jobmatch-ltr-9"}', "jobmatch-ltr-9"),
    ],
)
def test_damaged_files_are_refused_by_name(
    folder: Path, name: str, content: str, message: str
) -> None:
    (folder / name).write_text(content)
    with pytest.raises(IntegrityError, match=message):
        LtrModel.load(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / BOOSTER).unlink()
    with pytest.raises(MissingFileError, match=BOOSTER):
        LtrModel.load(folder)
