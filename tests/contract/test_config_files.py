"""Every file under `configs/` loads into its model, and every pipeline's plan can be made."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobmatch_ml.config import StrictModel, load_config
from jobmatch_ml.pipeline.spec import config_model, find_pipeline, list_pipelines
from jobmatch_ml.training.config import TrainConfig
from jobmatch_ml.world.config import WorldConfig
from tests.conftest import ROOT

# Folder of configs/ -> its model; a folder without a model fails.
MODELS: dict[str, type[StrictModel]] = {"train": TrainConfig, "world": WorldConfig}
FILES = sorted((ROOT / "configs").rglob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_configuration_file_is_valid(path: Path) -> None:
    config = load_config(MODELS[path.parent.name], path)
    assert isinstance(config, MODELS[path.parent.name])


def test_there_are_configurations_to_check() -> None:
    assert {path.parent.name for path in FILES} == set(MODELS)


@pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.__name__)
def test_every_field_says_what_it_means(model: type[StrictModel]) -> None:
    silent = [
        name
        for name, field in model.model_fields.items()
        if not field.description and not issubclass(_type_of(field.annotation), StrictModel)
    ]
    assert silent == []


def test_every_pipeline_names_a_configuration_that_exists(project_root: Path) -> None:
    specs = list_pipelines(project_root / "pipelines")
    assert [spec.name for spec in specs] == ["train"]
    train = find_pipeline("train", project_root / "pipelines")
    assert config_model(train) is TrainConfig


def _type_of(annotation: object) -> type:
    return annotation if isinstance(annotation, type) else object
