"""What a pipeline is: a YAML file that names notebooks, their order and their parameters.

A pipeline is data, not code; a stage is a notebook. Values are literals or references:
``${config.a.b}`` to the configuration, ``${stage.record}`` to what an earlier stage recorded.
"""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel, Field

from jobmatch_ml.config import StrictModel, load_config
from jobmatch_ml.errors import ConfigError, MissingFileError, UnknownNameError, suggest

NAME = r"^[a-z][a-z0-9_]*$"
CONFIG = "config"

# Name of a configuration in a pipeline's file -> its model, imported when the pipeline is run.
CONFIGS: dict[str, str] = {
    "rerank": "jobmatch_ml.training.cross_encoder_config:RerankConfig",
    "train": "jobmatch_ml.training.config:TrainConfig",
}


class StageSpec(StrictModel):
    """One stage: a notebook and what it is given."""

    name: str = Field(pattern=NAME, max_length=60, description="Name, used in references.")
    notebook: str = Field(description="The notebook's path, from the project's root.")
    parameters: dict[str, Any] = Field(
        default_factory=dict, description="Literals, ${config.a.b} or ${stage.record}."
    )
    inputs: tuple[str, ...] = Field(
        (), description="Parameters that name files or folders; their content is hashed."
    )
    timeout_s: int = Field(600, ge=1, description="Longest time of one cell, seconds.")
    when: str | None = Field(
        None, description="Section of the configuration without which the stage is left out."
    )


class PipelineSpec(StrictModel):
    """A pipeline: `pipelines/<name>.yaml`."""

    name: str = Field(pattern=NAME, max_length=60, description="Name, as the file's.")
    description: str = Field(description="One sentence: what comes out of it.")
    config: str | None = Field(None, description="Name of the configuration model, see CONFIGS.")
    stages: tuple[StageSpec, ...] = Field(min_length=1, description="Stages in order.")


def read_pipeline(path: Path) -> PipelineSpec:
    """Reads a pipeline's file.

    Raises:
        MissingFileError: There is no such file.
        ConfigError: Broken YAML, an unknown key, or two stages of one name.
    """
    spec = load_config(PipelineSpec, path)
    twice = [
        name for name, count in Counter(stage.name for stage in spec.stages).items() if count > 1
    ]
    if twice:
        raise ConfigError(f"{path}: two stages are named {', '.join(twice)}", field="stages")
    if any(stage.name == CONFIG for stage in spec.stages):
        raise ConfigError(
            f"{path}: a stage cannot be named '{CONFIG}': ${{{CONFIG}.…}} means the configuration",
            field="stages",
        )
    return spec


def pipeline_paths(folder: Path) -> dict[str, Path]:
    """Returns the pipelines of a folder: ``{name: file}``, by name.

    Raises:
        MissingFileError: There is none, most often because the command runs elsewhere.
    """
    found = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    if not found:
        raise MissingFileError(
            f"no pipeline under {folder}; run this from the project's root, or set JOBMATCH_ROOT "
            "to it",
            field="root",
        )
    return {path.stem: path for path in found}


def find_pipeline(name: str, folder: Path) -> PipelineSpec:
    """Reads the pipeline of that name.

    Raises:
        MissingFileError: The folder holds no pipeline.
        UnknownNameError: It holds none of that name; the nearest is suggested.
        ConfigError: Its file is wrong.
    """
    paths = pipeline_paths(folder)
    if name not in paths:
        raise UnknownNameError(suggest(name, paths, kind="pipeline"), field="pipeline")
    return read_pipeline(paths[name])


def list_pipelines(folder: Path) -> list[PipelineSpec]:
    """Reads every pipeline of a folder, by name.

    Raises:
        MissingFileError: The folder holds none.
        ConfigError: One of the files is wrong.
    """
    return [read_pipeline(path) for path in pipeline_paths(folder).values()]


def config_model(spec: PipelineSpec) -> type[BaseModel] | None:
    """Imports the configuration model of a pipeline; ``None`` when it takes none.

    Raises:
        UnknownNameError: :data:`CONFIGS` has no such name.
    """
    if spec.config is None:
        return None
    if spec.config not in CONFIGS:
        raise UnknownNameError(suggest(spec.config, CONFIGS, kind="configuration"), field="config")
    module, _, attribute = CONFIGS[spec.config].partition(":")
    return cast("type[BaseModel]", getattr(import_module(module), attribute))
