"""Every file under `configs/` loads into its model, and every pipeline's plan can be made."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from jobmatch_ml.config import StrictModel, load_config
from jobmatch_ml.pipeline import plan_pipeline
from jobmatch_ml.pipeline.optional import chosen_stages
from jobmatch_ml.pipeline.spec import config_model, find_pipeline, list_pipelines
from jobmatch_ml.registry.review_config import ReviewConfig
from jobmatch_ml.settings import get_settings
from jobmatch_ml.training.adaptation.config import AdaptationConfig
from jobmatch_ml.training.config import BiEncoderConfig, TrainConfig
from jobmatch_ml.training.cross_encoder_config import RerankConfig
from jobmatch_ml.world.config import WorldConfig
from tests.conftest import ROOT

# Folder of configs/ -> its model; a folder without a model fails.
MODELS: dict[str, type[StrictModel]] = {
    "bi_encoder": BiEncoderConfig,
    "configs": ReviewConfig,  # files in the folder itself
    "cross_encoder": RerankConfig,
    "encoder": AdaptationConfig,
    "train": TrainConfig,
    "world": WorldConfig,
}
FILES = sorted((ROOT / "configs").rglob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_configuration_file_is_valid(path: Path) -> None:
    config = load_config(MODELS[path.parent.name], path)
    assert isinstance(config, MODELS[path.parent.name])


def test_there_are_configurations_to_check() -> None:
    assert {path.parent.name for path in FILES} == set(MODELS)


@pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.__name__)
def test_every_field_says_what_it_means(model: type[StrictModel]) -> None:
    assert [name for name, field in leaves(model).items() if not field.description] == []


def test_nested_fields_are_looked_at_too() -> None:
    assert {"world_dir", "split.test_days", "bi_encoder.epochs"} <= leaves(TrainConfig).keys()


def test_every_field_of_the_training_reaches_a_notebook(project_root: Path) -> None:
    spec = find_pipeline("train", project_root / "pipelines")
    given = {value for stage in spec.stages for value in stage.parameters.values()}
    unused = [name for name in leaves(TrainConfig) if f"${{config.{name}}}" not in given]
    assert unused == [], "these could be set, and nothing would change"


@pytest.mark.parametrize("path", [path for path in FILES if path.parent.name == "train"])
def test_every_training_configuration_makes_a_plan(path: Path, project_root: Path) -> None:
    spec = find_pipeline("train", project_root / "pipelines")
    overrides = ["world_dir=data/sample"]  # the one world that every checkout has
    values = load_config(TrainConfig, path, overrides=overrides).model_dump(mode="json")
    plans = plan_pipeline(spec, values, settings=get_settings())
    asked = [stage for stage in spec.stages if stage.when is None or values[stage.when]]
    assert [plan.stage for plan in plans] == [stage.name for stage in asked]
    assert {plan.action for plan in plans} == {"run"}
    assert plans[0].key, "the first stage waits for nobody's records"


def test_the_cascade_runs_every_stage(project_root: Path) -> None:
    spec = find_pipeline("train", project_root / "pipelines")
    config = load_config(TrainConfig, project_root / "configs" / "train" / "cascade.yaml")
    assert chosen_stages(spec, config.model_dump(mode="json")).stages[-1].name == "calibrate"
    assert len(chosen_stages(spec, config.model_dump(mode="json")).stages) == len(spec.stages)


@pytest.mark.parametrize("section", ["cross_encoder", "ltr"])
def test_no_stage_of_a_cascade_goes_unregistered(section: str) -> None:
    with pytest.raises(ValidationError, match="calibration"):
        TrainConfig.model_validate({section: {}})
    assert TrainConfig.model_validate({section: {}, "calibration": {}}).calibration is not None


def test_every_pipeline_names_a_configuration_that_exists(project_root: Path) -> None:
    specs = list_pipelines(project_root / "pipelines")
    assert [spec.name for spec in specs] == ["rerank", "train"]
    train = find_pipeline("train", project_root / "pipelines")
    assert config_model(train) is TrainConfig


def leaves(model: type[BaseModel], *, prefix: str = "") -> dict[str, FieldInfo]:
    """Returns the fields that hold values, by dotted name; nested models are entered."""
    found: dict[str, FieldInfo] = {}
    for name, field in model.model_fields.items():
        nested = [part for part in _parts(field.annotation) if issubclass(part, BaseModel)]
        for part in nested:
            found |= leaves(part, prefix=f"{prefix}{name}.")
        if not nested:
            found[prefix + name] = field
    return found


def _parts(annotation: object) -> list[type]:
    """Returns the classes that an annotation names: of `tuple[A, ...]` and `A | None` it is A."""
    arguments = get_args(annotation)
    if not arguments:
        return [annotation] if isinstance(annotation, type) else []
    return [part for argument in arguments for part in _parts(argument)]
