"""Runs a pipeline: stage after stage, each a notebook in a fresh kernel and a nested MLflow run.

Home-made and small on purpose: a task runner such as doit brings its own database of what is done,
while here a stage's folder and key are the record, and the same notebooks run by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jobmatch_ml.config import config_hash
from jobmatch_ml.notebook import execute_notebook
from jobmatch_ml.pipeline.keys import hash_code
from jobmatch_ml.pipeline.optional import chosen_stages
from jobmatch_ml.pipeline.plan import ReadyStage, find_finished, forced_stages, prepare_stage
from jobmatch_ml.pipeline.progress import StageEvent, Status, stage_teller
from jobmatch_ml.pipeline.references import check_pipeline
from jobmatch_ml.pipeline.spec import PipelineSpec
from jobmatch_ml.pipeline.state import StageResult
from jobmatch_ml.pipeline.tracked import kernel_environment, log_outcome, log_start, summarise_stage
from jobmatch_ml.registry import TrackedRun, git_state, start_run, start_tracking
from jobmatch_ml.settings import Settings


@dataclass(frozen=True, slots=True)
class PipelineResult:
    """A pipeline that came to its end: its MLflow run and what each stage left, in order."""

    pipeline: str
    run_id: str
    stages: tuple[StageResult, ...]


def run_pipeline(
    spec: PipelineSpec,
    config_values: Mapping[str, Any],
    *,
    settings: Settings,
    from_stage: str | None = None,
    on_stage: Callable[[StageEvent], None] = lambda _: None,
    progress: bool = False,
) -> PipelineResult:
    """Runs the stages that are not done yet for these very inputs, and logs everything to MLflow.

    Args:
        spec: The pipeline.
        config_values: The resolved configuration, as plain values.
        settings: Where the project, its runs and MLflow are.
        from_stage: This stage and those after it run even if they are done.
        on_stage: Called when a stage starts and when it ends.
        progress: Show a bar of cells on stderr.

    Raises:
        ConfigError: The pipeline has a problem; nothing ran.
        NotebookError: A stage failed; the next run resumes there.
        NotReadyError: Another process is running the same stage.
    """
    root = settings.under_root(Path())
    spec = chosen_stages(spec, config_values)
    check_pipeline(spec, config_values, root=root)
    forced = forced_stages(spec, from_stage)
    lineage = {
        "pipeline": spec.name,
        "git_commit": git_state(root).label,
        "config_hash": config_hash(config_values),
        "code_hash": hash_code(root),
    }
    results: list[StageResult] = []
    with start_run(start_tracking(settings), spec.name, tags=lineage) as parent:
        log_start(parent, config_values)
        for position, stage in enumerate(spec.stages, start=1):
            ready = prepare_stage(
                stage,
                spec.name,
                config=config_values,
                records={result.name: result.records for result in results},
                settings=settings,
                code_hash=lineage["code_hash"],
                parent_run_id=parent.run_id,
            )
            run = _StageRun(ready, parent, lineage, settings, progress)
            tell = stage_teller(on_stage, stage.name, position, len(spec.stages))
            results.append(run.execute_or_skip(tell, force=stage.name in forced))
            summarise_stage(results[-1], parent)
    return PipelineResult(spec.name, parent.run_id, tuple(results))


@dataclass(frozen=True, slots=True)
class _StageRun:
    ready: ReadyStage
    parent: TrackedRun
    lineage: Mapping[str, str]
    settings: Settings
    progress: bool

    def execute_or_skip(self, tell: Callable[[Status], None], *, force: bool) -> StageResult:
        with self.ready.folder.lock():
            finished = None if force else find_finished(self.ready, self.settings)
            if finished:
                tell("skipped")
                return finished
            tell("started")
            try:
                result = self._execute()
            except BaseException:
                tell("failed")
                raise
            tell("done")
            return result

    def _execute(self) -> StageResult:
        ready, name, folder = self.ready, self.ready.spec.name, self.ready.folder
        root = self.settings.under_root(Path())
        own = {"stage": name, "stage_key": folder.path.name, "inputs_hash": ready.inputs_hash}
        copy = folder.path / "notebooks" / ready.notebook.name
        folder.clear()
        tags = {**self.lineage, **own}
        with start_run(self.parent.tracking, name, parent=self.parent, tags=tags) as run:
            run.log_parameters(ready.parameters)
            try:
                ran = execute_notebook(
                    ready.notebook,
                    copy,
                    ready.parameters | ready.automatic,
                    cwd=root,
                    timeout_s=ready.spec.timeout_s,
                    lineage={**tags, "run_id": run.run_id},
                    environment=kernel_environment(self.settings),
                    progress=self.progress,
                )
            finally:  # the copy of a failed notebook is the one that is needed most
                if copy.exists():
                    run.log_file(copy, "notebooks")
            log_outcome(run, ran, root=root)
        return folder.finish(name, ran.records, run_id=run.run_id, seconds=ran.duration_s)
