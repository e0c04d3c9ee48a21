"""What a pipeline run leaves in MLflow besides the executed notebooks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from jobmatch_ml.errors import NotebookError
from jobmatch_ml.notebook import ExecutedNotebook
from jobmatch_ml.pipeline.state import StageResult
from jobmatch_ml.registry import TrackedRun
from jobmatch_ml.settings import Settings

# A record of this name lists small files (plots, tables) that belong to the run. Folders and models
# are recorded as paths and stay where they are: a copy of each would double every run.
ARTIFACTS = "artifacts"
MAX_ARTIFACT_BYTES = 20_000_000


def kernel_environment(settings: Settings) -> dict[str, str]:
    """Returns the variables that give a notebook's kernel the settings of this process."""
    return {
        "JOBMATCH_ENV": settings.env,
        "JOBMATCH_ROOT": str(settings.under_root(Path())),
        "JOBMATCH_DATA_DIR": str(settings.data),
        "JOBMATCH_MLRUNS_DIR": str(settings.under_root(settings.mlruns_dir)),
        "JOBMATCH_MLFLOW_TRACKING_URI": settings.mlflow_tracking_uri,
        "JOBMATCH_MODEL_NAME": settings.model_name,
    }


def log_start(parent: TrackedRun, config_values: Mapping[str, Any]) -> None:
    """Logs the resolved configuration, as parameters and as a file."""
    parent.log_parameters(config_values)
    text = orjson.dumps(config_values, option=orjson.OPT_INDENT_2).decode()
    parent.log_text(text, "config/config.json")


def log_outcome(run: TrackedRun, ran: ExecutedNotebook, *, root: Path) -> None:
    """Logs what a stage recorded, and the small files that it named.

    Raises:
        NotebookError: It named a file that is not there, or is too large to be a plot or a table.
    """
    records = dict(ran.records)
    files = records.pop(ARTIFACTS, [])
    run.log_records(records)
    run.log_metrics({"duration_s": ran.duration_s})
    for name in files:
        path = root / str(name)
        size = path.stat().st_size if path.is_file() else -1
        if not 0 <= size <= MAX_ARTIFACT_BYTES:
            found = "no file" if size < 0 else f"{size:,} bytes"
            raise NotebookError(
                f"{ran.path.name}: record(artifacts=…) names {name}, which is {found}; expected a "
                f"file of at most {MAX_ARTIFACT_BYTES:,} bytes"
            )
        run.log_file(path, ARTIFACTS)


def summarise_stage(result: StageResult, parent: TrackedRun) -> None:
    """Logs a stage on the pipeline's own run: how it ended, which run did it, and its numbers."""
    tags = {f"stage/{result.name}": f"{result.status} by run {result.run_id}"}
    if "data_hash" in result.records:
        tags["data_hash"] = result.records["data_hash"]
    parent.set_tags(tags)
    parent.log_metrics(result.records)
