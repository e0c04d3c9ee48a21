"""Pipelines: notebooks in order, skipped when nothing changed, resumed where one failed."""

from __future__ import annotations

from jobmatch_ml.pipeline.plan import StagePlan, plan_pipeline
from jobmatch_ml.pipeline.progress import StageEvent
from jobmatch_ml.pipeline.runner import PipelineResult, run_pipeline
from jobmatch_ml.pipeline.spec import PipelineSpec, StageSpec, find_pipeline, list_pipelines
from jobmatch_ml.pipeline.state import StageResult

__all__ = [
    "PipelineResult",
    "PipelineSpec",
    "StageEvent",
    "StagePlan",
    "StageResult",
    "StageSpec",
    "find_pipeline",
    "list_pipelines",
    "plan_pipeline",
    "run_pipeline",
]
