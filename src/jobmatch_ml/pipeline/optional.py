"""Optional stages: run where the configuration has their section, and left out where it has not.

``when: ltr`` makes a stage wait for the section ``ltr``. A later stage names what it takes when a
stage is left out by a second reference: ``${train_ltr.bundle_dir | register_model.bundle_dir}``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from jobmatch_ml.errors import ConfigError, suggest
from jobmatch_ml.pipeline.spec import CONFIG, PipelineSpec, StageSpec

_CHOICE = re.compile(r"\$\{([^{}|]+(?:\|[^{}|]+)+)\}")


def chosen_stages(spec: PipelineSpec, config: Mapping[str, Any]) -> PipelineSpec:
    """Returns the pipeline as this configuration runs it.

    Args:
        spec: The pipeline as its file has it.
        config: Values of the configuration.

    Returns:
        The stages that run, every reference with alternatives replaced by the first that leads to
        one of them.

    Raises:
        ConfigError: `when` names no section of the configuration, or all alternatives of a
            reference lead to stages that are left out.
    """
    stages = [stage for stage in spec.stages if _is_asked_for(stage, spec, config)]
    there = {CONFIG, *(stage.name for stage in stages)}
    known = {CONFIG, *(stage.name for stage in spec.stages)}
    chosen = tuple(
        stage.model_copy(
            update={
                "parameters": {
                    name: _first(value, there, known, where=f"stage {stage.name}, `{name}`")
                    for name, value in stage.parameters.items()
                }
            }
        )
        for stage in stages
    )
    return spec.model_copy(update={"stages": chosen})


def _is_asked_for(stage: StageSpec, spec: PipelineSpec, config: Mapping[str, Any]) -> bool:
    if stage.when is None:
        return True
    if stage.when not in config:
        raise ConfigError(
            f"pipeline {spec.name}, stage {stage.name}, `when`: "
            + suggest(stage.when, config, kind="section"),
            field="stages",
        )
    return config[stage.when] is not None


def _first(value: Any, there: set[str], known: set[str], *, where: str) -> Any:
    found = _CHOICE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return value
    options = [option.strip() for option in found[1].split("|")]
    # A name that no stage has is a slip and must not pass for a stage that is left out: it is kept,
    # and refused later as any other reference to nothing.
    slips = [option for option in options if option.partition(".")[0] not in known]
    running = [option for option in options if option.partition(".")[0] in there]
    if slips or running:
        return f"${{{(slips or running)[0]}}}"
    raise ConfigError(
        f"{where}: {value} leads to stages that are left out; add one that always runs",
        field="stages",
    )
