"""From a stage's line in the file to what would run: parameters, key, folder; and the dry run."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jobmatch_ml.errors import MissingFileError, NotebookError, UnknownNameError, suggest
from jobmatch_ml.notebook.parameters import check_values, notebook_parameters
from jobmatch_ml.notebook.source import load_notebook
from jobmatch_ml.pipeline.keys import content_hash, hash_code, stage_key
from jobmatch_ml.pipeline.optional import chosen_stages
from jobmatch_ml.pipeline.references import (
    PARENT_RUN,
    RUN_DIR,
    check_pipeline,
    parse_reference,
    resolve,
)
from jobmatch_ml.pipeline.spec import CONFIG, PipelineSpec, StageSpec
from jobmatch_ml.pipeline.state import StageFolder, StageResult
from jobmatch_ml.registry import has_run
from jobmatch_ml.settings import Settings

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReadyStage:
    """A stage whose parameters are all known.

    Args:
        spec: Its line in the pipeline's file.
        notebook: The notebook's file.
        parameters: Values from the file, references resolved.
        automatic: What the runner adds: its folder and the parent run, where declared.
        inputs_hash: Hash of its input data; empty without inputs.
        folder: Where it writes.
    """

    spec: StageSpec
    notebook: Path
    parameters: dict[str, Any]
    automatic: dict[str, Any]
    inputs_hash: str
    folder: StageFolder


@dataclass(frozen=True, slots=True)
class StagePlan:
    """One line of a dry run.

    Args:
        stage: The stage.
        notebook: Its notebook.
        action: ``skip`` or ``run``.
        key: Its key; empty while it waits for the records of a stage that must run first.
    """

    stage: str
    notebook: str
    action: str
    key: str


def prepare_stage(
    stage: StageSpec,
    pipeline: str,
    *,
    config: Mapping[str, Any],
    records: Mapping[str, Mapping[str, Any]],
    settings: Settings,
    code_hash: str,
    parent_run_id: str = "",
) -> ReadyStage:
    """Resolves a stage's parameters, hashes its inputs and finds its folder.

    Raises:
        ConfigError: A record it refers to was not recorded.
        NotebookError: A recorded value is not of the type that the parameter declares.
        MissingFileError: An input is not there.
    """
    root = settings.under_root(Path())
    notebook = root / stage.notebook
    declared = notebook_parameters(load_notebook(notebook))
    given = check_values(declared, resolve(stage, config, records), where=f"stage {stage.name}")
    everything = {name: item.default for name, item in declared.items()} | given
    inputs_hash = _hash_inputs(stage, everything, root)
    key = stage_key(notebook, given, inputs_hash=inputs_hash, code_hash=code_hash)
    folder = settings.runs / pipeline / stage.name / key
    # Relative where it can be: recorded paths are part of later keys, and a checkout may move.
    run_dir = folder.relative_to(root) if folder.is_relative_to(root) else folder
    automatic = {RUN_DIR: str(run_dir), PARENT_RUN: parent_run_id}
    automatic = {name: value for name, value in automatic.items() if name in declared}
    return ReadyStage(stage, notebook, given, automatic, inputs_hash, StageFolder(folder))


def find_finished(ready: ReadyStage, settings: Settings) -> StageResult | None:
    """Returns what an earlier run of this stage left; ``None`` when it must run.

    A stage that is given the pipeline's MLflow run leaves things there (a registered version), not
    only in its folder. It counts as done only in the MLflow that knows its run: after ``mlruns/``
    was lost, or at another address, the folder alone would lead to "there is no version".

    Raises:
        RegistryError: MLflow cannot be asked.
    """
    finished = ready.folder.finished(ready.spec.name)
    if finished is None or PARENT_RUN not in ready.automatic:
        return finished
    if has_run(settings, finished.run_id):
        return finished
    logger.info("stage %s was done in another MLflow; it runs again", ready.spec.name)
    return None


def plan_pipeline(
    spec: PipelineSpec,
    config_values: Mapping[str, Any],
    *,
    settings: Settings,
    from_stage: str | None = None,
) -> list[StagePlan]:
    """Says what :func:`run_pipeline` would do, without running or writing anything.

    Raises:
        ConfigError: The pipeline has a problem; all of them in one message.
        UnknownNameError: ``from_stage`` is no stage of it.
    """
    root = settings.under_root(Path())
    spec = chosen_stages(spec, config_values)
    check_pipeline(spec, config_values, root=root)
    forced = forced_stages(spec, from_stage)
    code_hash = hash_code(root)
    records: dict[str, dict[str, Any]] = {}
    plans = []
    for stage in spec.stages:
        if not _sources(stage) <= records.keys():
            plans.append(StagePlan(stage.name, stage.notebook, "run", ""))
            continue
        ready = prepare_stage(
            stage,
            spec.name,
            config=config_values,
            records=records,
            settings=settings,
            code_hash=code_hash,
        )
        finished = None if stage.name in forced else find_finished(ready, settings)
        if finished:
            records[stage.name] = finished.records
        action = "skip" if finished else "run"
        plans.append(StagePlan(stage.name, stage.notebook, action, ready.folder.path.name))
    return plans


def forced_stages(spec: PipelineSpec, from_stage: str | None) -> set[str]:
    """Returns the stages that run even if they are done: ``from_stage`` and those after it.

    Raises:
        UnknownNameError: It is no stage of this pipeline.
    """
    names = [stage.name for stage in spec.stages]
    if from_stage is None:
        return set()
    if from_stage not in names:
        raise UnknownNameError(suggest(from_stage, names, kind="stage"), field="from")
    return set(names[names.index(from_stage) :])


def _sources(stage: StageSpec) -> set[str]:
    references = [parse_reference(value) for value in stage.parameters.values()]
    return {item.source for item in references if item is not None} - {CONFIG}


def _hash_inputs(stage: StageSpec, values: Mapping[str, Any], root: Path) -> str:
    if not stage.inputs:
        return ""
    digest = hashlib.sha256()
    for name in stage.inputs:
        value = values[name]
        if value is not None and not isinstance(value, str):
            raise NotebookError(f"stage {stage.name}: input `{name}` is {value!r}; expected a path")
        try:
            content = content_hash(root / value) if value else "none"
        except MissingFileError as error:
            raise MissingFileError(f"stage {stage.name}, input `{name}`: {error}") from error
        digest.update(f"{name}\0{content}\n".encode())
    return digest.hexdigest()
