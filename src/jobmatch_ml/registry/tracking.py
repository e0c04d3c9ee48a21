"""MLflow runs: where they are kept, how a run and its nested runs are written.

Everything goes through an explicit client, never through MLflow's global "active run": pipelines,
notebooks and tests in one process cannot write into each other's runs.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import orjson

from jobmatch_ml.errors import NotReadyError, RegistryError, missing_extra
from jobmatch_ml.evaluation.metrics import mlflow_key
from jobmatch_ml.registry.locks import file_lock
from jobmatch_ml.settings import Settings

EXPERIMENT = "jobmatch"
# What messages advise where nothing was trained yet. A bare `pipeline run train` would work too, on
# the tiny sample whose model is good for nothing.
TRAIN_COMMANDS = "`make demo`, or `jobmatch pipeline run train --config configs/train/demo.yaml`"
_MAX_PARAMETER, _MAX_TAG = 6000, 8000  # MLflow's own limits, in characters
_NOT_IN_KEYS = re.compile(r"[^\w\-. :/]")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Tracking:
    """An open MLflow: its client, the address it talks to and the experiment of all runs."""

    client: Any
    uri: str
    experiment_id: str


def start_tracking(settings: Settings, *, create: bool = True) -> Tracking:
    """Opens MLflow: by default SQLite and artifacts under ``mlruns/``, else the address set.

    Args:
        settings: Says where.
        create: Make the local database when it is not there. ``False`` for questions: asking for
            the champion must not leave an empty registry behind.

    Raises:
        NotReadyError: There is no local database and ``create`` is false.
        RegistryError: MLflow cannot be reached or its database cannot be read.
        MissingExtraError: MLflow is not installed.
    """
    uri = settings.tracking_uri
    local = not settings.mlflow_tracking_uri
    folder = settings.under_root(settings.mlruns_dir)
    if local and not create and not (folder / "mlflow.db").exists():
        raise NotReadyError(f"no MLflow records under {folder} yet: run {TRAIN_COMMANDS}")
    client_class = _import_client()
    # An address may hold a password: what stands before the @ is left out.
    with registry_errors(f"opening MLflow at {re.sub('//[^/@]*@', '//', uri)}"):
        if not local:
            client = client_class(tracking_uri=uri, registry_uri=uri)
            return Tracking(client, uri, _experiment(client, None))
        # Two processes that create the tables at once would trip over each other.
        with file_lock(folder / ".mlflow.lock"):
            client = client_class(tracking_uri=uri, registry_uri=uri)
            return Tracking(client, uri, _experiment(client, settings.artifact_root.as_uri()))


def has_run(settings: Settings, run_id: str) -> bool:
    """Says whether the MLflow of these settings knows a run that was not deleted.

    Raises:
        RegistryError: MLflow cannot be reached or its database cannot be read.
    """
    try:
        tracking = start_tracking(settings, create=False)
    except NotReadyError:
        return False
    with registry_errors(f"looking for the run {run_id}"):
        from mlflow.exceptions import MlflowException

        try:
            found = tracking.client.get_run(run_id)
        except MlflowException as error:
            if error.error_code == "RESOURCE_DOES_NOT_EXIST":
                return False
            raise
    return bool(found.info.lifecycle_stage == "active")


class TrackedRun:
    """One MLflow run being written. Made by :func:`start_run`."""

    def __init__(self, tracking: Tracking, run_id: str) -> None:
        self.tracking = tracking
        self.run_id = run_id

    def log_parameters(self, values: Mapping[str, Any]) -> None:
        """Logs parameters; nested names are joined by a slash, long values are cut."""
        for name, value in flatten(values):
            text = _text(value, _MAX_PARAMETER)
            self._write("log_param", run_key(name), text)

    def log_metrics(self, values: Mapping[str, Any]) -> None:
        """Logs the numbers among the values as metrics and passes over everything else."""
        for name, value in flatten(values):
            if _is_number(value):
                self._write("log_metric", run_key(name), float(value))

    def log_curve(self, name: str, points: Iterable[tuple[int, float]]) -> None:
        """Logs a number that changes on the way, as (step, value)."""
        for step, value in points:
            self._write("log_metric", run_key(name), value, None, step)

    def log_records(self, records: Mapping[str, Any]) -> None:
        """Logs what a notebook recorded: numbers as metrics, everything else as tags."""
        self.log_metrics(records)
        self.set_tags({name: value for name, value in flatten(records) if not _is_number(value)})

    def set_tags(self, tags: Mapping[str, Any]) -> None:
        """Sets tags; values that are not text are written as JSON, long ones are cut."""
        for name, value in tags.items():
            self._write("set_tag", run_key(name), _text(value, _MAX_TAG))

    def log_file(self, path: Path, folder: str) -> None:
        """Copies a file to the run's artifacts under ``folder``."""
        self._write("log_artifact", str(path), folder)

    def log_text(self, text: str, name: str) -> None:
        """Writes a text as an artifact of that name."""
        self._write("log_text", text, name)

    def close(self, status: Literal["FINISHED", "FAILED", "KILLED"]) -> None:
        """Says how the run ended."""
        self._write("set_terminated", status)

    def _write(self, method: str, *arguments: Any) -> None:
        with registry_errors(f"writing to the run {self.run_id}"):
            getattr(self.tracking.client, method)(self.run_id, *arguments)


@contextmanager
def start_run(
    tracking: Tracking,
    name: str,
    *,
    parent: TrackedRun | None = None,
    tags: Mapping[str, Any] | None = None,
) -> Iterator[TrackedRun]:
    """Opens a run, nested when it has a parent, and closes it as FINISHED, FAILED or KILLED."""
    nested = {"mlflow.parentRunId": parent.run_id} if parent else {}
    with registry_errors(f"starting the run {name}"):
        made = tracking.client.create_run(tracking.experiment_id, run_name=name, tags=nested)
    run = TrackedRun(tracking, made.info.run_id)
    status: Literal["FINISHED", "FAILED", "KILLED"] = "FAILED"
    try:
        run.set_tags(tags or {})
        yield run
        status = "FINISHED"
    except KeyboardInterrupt:
        status = "KILLED"
        raise
    finally:
        run.close(status)


@contextmanager
def registry_errors(doing: str) -> Iterator[None]:
    """Turns what MLflow and its database raise into a :class:`RegistryError` that says more."""
    from mlflow.exceptions import MlflowException
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except (MlflowException, SQLAlchemyError, OSError) as error:
        first_line = str(error).strip().splitlines()[0][:300] if str(error).strip() else ""
        raise RegistryError(
            f"{doing} failed: {type(error).__name__}: {first_line}. Is MLflow up, and is "
            "JOBMATCH_MLFLOW_TRACKING_URI (or the folder mlruns/) right?"
        ) from error


def run_key(name: str) -> str:
    """Returns a metric, parameter or tag name as MLflow accepts it.

    Example:
        >>> run_key("test/ndcg@10")
        'test/ndcg_at_10'
    """
    return _NOT_IN_KEYS.sub("_", mlflow_key(name))[:250]


def flatten(values: Mapping[str, Any], *, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yields ``(name, value)`` with the names of nested dictionaries joined by a slash.

    Example:
        >>> dict(flatten({"test": {"mrr@10": 0.5}, "n": 2}))
        {'test/mrr@10': 0.5, 'n': 2}
    """
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from flatten(value, prefix=f"{prefix}{name}/")
        else:
            yield f"{prefix}{name}", value


def _import_client() -> Any:
    # No code from a model directory is ever run, and nobody is told what we do. Set here because
    # MLflow reads them when it is imported or used, in the service and in notebooks alike.
    os.environ["MLFLOW_ALLOW_MODEL_CODE_EXECUTION"] = "false"
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    os.environ["DO_NOT_TRACK"] = "true"
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "WARNING")
    # A hanging server must not hold up a service that has its bundle in the cache.
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "10")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    try:
        from mlflow import MlflowClient
    except ImportError as error:
        raise missing_extra("mlflow", "tracking") from error
    return MlflowClient


def _experiment(client: Any, artifact_location: str | None) -> str:
    found = client.get_experiment_by_name(EXPERIMENT)
    if found is not None:
        return str(found.experiment_id)
    return str(client.create_experiment(EXPERIMENT, artifact_location=artifact_location))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(value: Any, limit: int) -> str:
    text = value if isinstance(value, str) else orjson.dumps(value, default=str).decode()
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
