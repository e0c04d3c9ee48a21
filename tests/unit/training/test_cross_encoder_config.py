"""A configuration that could not train is refused when it is read."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from jobmatch_ml.config import load_config
from jobmatch_ml.pipeline import plan_pipeline
from jobmatch_ml.pipeline.spec import find_pipeline
from jobmatch_ml.settings import get_settings
from jobmatch_ml.training.cross_encoder_config import CrossEncoderConfig, RerankConfig
from tests.conftest import ROOT


def test_a_list_of_taken_offers_alone_is_refused() -> None:
    with pytest.raises(ValidationError, match="at least one negative"):
        CrossEncoderConfig(list_size=2, positives_per_list=2)


def test_a_student_has_at_most_three_layers() -> None:
    with pytest.raises(ValidationError, match="student_layers"):
        CrossEncoderConfig(student_layers=4)


def test_every_field_reaches_the_notebook() -> None:
    spec = find_pipeline("rerank", ROOT / "pipelines")
    given = {value for stage in spec.stages for value in stage.parameters.values()}
    fields = [f"cross_encoder.{name}" for name in CrossEncoderConfig.model_fields]
    fields += [name for name in RerankConfig.model_fields if name not in ("split", "cross_encoder")]
    assert [name for name in fields if f"${{config.{name}}}" not in given] == []


@pytest.mark.parametrize("name", ["demo", "toy"])
def test_every_configuration_makes_a_plan(name: str) -> None:
    path = ROOT / "configs" / "cross_encoder" / f"{name}.yaml"
    values = load_config(RerankConfig, path, overrides=["world_dir=data/sample"])
    spec = find_pipeline("rerank", ROOT / "pipelines")
    plans = plan_pipeline(spec, values.model_dump(mode="json"), settings=get_settings())
    assert [plan.stage for plan in plans] == ["prepare_data", "train_cross_encoder"]
