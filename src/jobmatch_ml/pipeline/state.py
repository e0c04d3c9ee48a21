"""A stage's folder on disk: empty, half-done, or done with a marker that holds its records."""

from __future__ import annotations

import logging
import shutil
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import orjson

from jobmatch_ml.files import write_bytes
from jobmatch_ml.registry.locks import file_lock

MARKER = "done.json"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StageResult:
    """What a finished stage left.

    Args:
        name: The stage.
        key: Hash of notebook, code, parameters and input data.
        status: ``done`` now, or ``skipped`` because an earlier run did it.
        folder: Its outputs, the executed notebook among them.
        records: What its notebook recorded.
        run_id: The MLflow run that executed it.
        seconds: How long that took.
    """

    name: str
    key: str
    status: Literal["done", "skipped"]
    folder: Path
    records: dict[str, Any]
    run_id: str
    seconds: float


class StageFolder:
    """The folder ``<runs>/<pipeline>/<stage>/<key>/``."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def lock(self) -> AbstractContextManager[None]:
        """Holds the folder for this process; another that wants it is told so."""
        name = self.path.parent.name
        lock_path = self.path.with_name(f"{self.path.name}.lock")
        return file_lock(
            lock_path, busy=f"stage {name} is being run by another process; wait for it"
        )

    def finished(self, name: str) -> StageResult | None:
        """Returns the result of a run that came to its end; ``None`` when there is none."""
        try:
            content = orjson.loads((self.path / MARKER).read_bytes())
            records, run_id = dict(content["records"]), str(content["run_id"])
            seconds = float(content["seconds"])
        except FileNotFoundError:
            return None
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
            logger.warning("%s is damaged; the stage %s runs again", self.path / MARKER, name)
            return None
        key = self.path.name
        return StageResult(name, key, "skipped", self.path, records, run_id, seconds)

    def clear(self) -> None:
        """Empties the folder: what a failed run left must not leak into the next one."""
        # The marker first, so that a kill half-way leaves a folder that counts as unfinished.
        (self.path / MARKER).unlink(missing_ok=True)
        if self.path.exists():
            shutil.rmtree(self.path)
        self.path.mkdir(parents=True)

    def finish(
        self, name: str, records: dict[str, Any], *, run_id: str, seconds: float
    ) -> StageResult:
        """Writes the marker, last and atomically; from now on the stage is done."""
        content = {
            "stage": name,
            "records": records,
            "run_id": run_id,
            "seconds": round(seconds, 3),
            "finished_at": datetime.now(UTC).isoformat(),
        }
        write_bytes(self.path / MARKER, [orjson.dumps(content, option=orjson.OPT_INDENT_2)])
        return StageResult(name, self.path.name, "done", self.path, records, run_id, seconds)
