"""Reading an uploaded CV: at once, or as a task that a client comes back for."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from jobmatch_ml.cv.assisted import Prepared, Reader, ask_model, prepare_file
from jobmatch_ml.cv.llm_extraction import LlmRun
from jobmatch_ml.cv.reading import CvReading
from jobmatch_ml.serving.errors import SlowAnswerError
from jobmatch_ml.serving.schemas import ExtractAnswer, LlmReport

KIND = "extract"
_LATER_READERS = 1
"""Files of tasks that are parsed at once: who waits for an answer goes before them."""


class Task(Protocol):
    """One piece of work that goes on whether or not anybody listens."""

    task_id: str
    status: Any
    result: Mapping[str, Any]
    error: str
    error_code: str
    ended: threading.Event
    created_at: datetime
    updated_at: datetime


class Tasks(Protocol):
    """Where tasks are kept; the assistant's store is such a place."""

    def start(self, kind: str, work: Callable[[], Mapping[str, Any]], *, slow: bool) -> Task:
        """Returns a task that is there already, and is worked on from now."""

    def get(self, task_id: str, kind: str) -> Task:
        """Returns a task."""


class SlowModelError(SlowAnswerError):
    """A model that is still reading; the task that waits for it is named."""

    user_message = (
        "Le modèle de langue lit encore ce CV. Patientez un peu puis demandez le résultat, ou "
        "continuez sans modèle de langue."
    )

    def __init__(self, message: str, *, task_id: str) -> None:
        super().__init__(message)
        self.task_id = task_id


class Extracting:
    """Reads CVs with or without a model.

    Args:
        tasks: Where readings that take long are kept.
        patience_s: Seconds that an answer at once waits for a model.
    """

    def __init__(self, tasks: Tasks, *, patience_s: float = 40.0) -> None:
        self.tasks = tasks
        self.patience_s = patience_s
        self._later = threading.BoundedSemaphore(_LATER_READERS)

    async def ask(self, prepared: Prepared, model: Reader) -> ExtractAnswer:
        """Returns a model's reading of what the rules have read.

        Raises:
            SlowModelError: It takes too long; the task goes on.
            JobMatchError: The task failed, or there are too many.
        """
        if not model.writes:
            return answer_of(prepared.reading, None)

        def work() -> Mapping[str, Any]:
            return {"_answer": answer_of(*ask_model(prepared, model))}

        task = self.tasks.start(KIND, work, slow=True)
        deadline = time.monotonic() + self.patience_s
        pause = 0.005
        while not task.ended.is_set():
            if time.monotonic() > deadline:
                raise SlowModelError(
                    f"the language model is still reading after {self.patience_s:g} s; its result "
                    f"will be at GET /extract/status/{task.task_id}; POST /extract/async answers "
                    "at once",
                    task_id=task.task_id,
                )
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, 0.1)
        found = task.result.get("_answer")
        if not isinstance(found, ExtractAnswer):
            # The rules' reading was there before the model was asked: it is never lost.
            return answer_of(prepared.reading, None)
        return found

    def begin(self, data: bytes, model: Reader) -> dict[str, Any]:
        """Returns the task of reading a file.

        Raises:
            JobMatchError: As many tasks as may are at work or waiting.
        """

        def work() -> Mapping[str, Any]:
            with self._later:
                prepared = prepare_file(data, vision=model.vision if model.writes else "off")
            return {"_answer": answer_of(*ask_model(prepared, model))}

        task = self.tasks.start(KIND, work, slow=True)
        message = "Votre CV est en cours de lecture."
        return {"task_id": task.task_id, "status": "pending", "message": message}

    def describe(self, task_id: str) -> dict[str, Any]:
        """Returns how far a task is, and what it read.

        Raises:
            JobMatchError: There is no such task, or no longer.
        """
        task = self.tasks.get(task_id, KIND)
        found: dict[str, Any] = {
            "task_id": task.task_id,
            "status": task.status,
            "created_at": task.created_at.isoformat(),
            "updated_at": task.updated_at.isoformat(),
        }
        if task.status == "completed":
            answer: ExtractAnswer = task.result["_answer"]
            found |= answer.model_dump(mode="json")
        elif task.status == "failed":
            found |= {"success": False, "error": task.error, "error_code": task.error_code}
        return found


def preparation(data: bytes, model: Reader) -> Callable[[], Prepared]:
    """Returns the call that reads a file by the rules, for a thread that may start children."""
    return partial(prepare_file, data, vision=model.vision if model.writes else "off")


def answer_of(reading: CvReading, run: LlmRun | None) -> ExtractAnswer:
    """Returns a reading as it is sent."""
    report = LlmReport(**asdict(run)) if run else None
    return ExtractAnswer(success=True, raw_text=reading.raw_text, llm=report, **reading.to_json())
