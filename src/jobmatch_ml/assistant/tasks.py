"""Tasks in memory: what was asked, how far it is, what came out. Bounded, and forgotten in time.

A task exists before its id is returned, and it is worked on to its end whether or not anybody is
still listening: who comes back with the id finds the result.
"""

from __future__ import annotations

import asyncio
import logging
import re
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, Literal

from jobmatch_ml.assistant.errors import TooManyTasksError, UnknownTaskError
from jobmatch_ml.errors import JobMatchError

logger = logging.getLogger(__name__)

Status = Literal["pending", "processing", "completed", "failed"]
FAILED = "Quelque chose n'a pas fonctionné. Vos messages sont conservés : réessayez."
_FAILED = {
    "extract": "Ce CV n'a pas pu être lu. Envoyez-le de nouveau, ou collez son texte.",
    "generate": "Le texte n'a pas pu être préparé. Rien n'est perdu : relancez la demande.",
}
_TOKEN = re.compile(r"\s*\S+|\s+$")
_QUICK_THREADS = 2


@dataclass
class Task:
    """One piece of work.

    Args:
        task_id: Random; who has it may read the result.
        kind: ``chat``, ``generate`` or ``extract``.
        status: How far it is.
        result: What came out, once completed.
        error: A French sentence, once failed.
        error_code: The error's code, for programs.
        created_at: When it was asked for.
        updated_at: When ``status`` last changed.
    """

    task_id: str
    kind: str
    created: float
    status: Status = "pending"
    result: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""
    error_code: str = ""
    ended: threading.Event = field(default_factory=threading.Event)
    created_at: datetime = field(default_factory=partial(datetime.now, UTC))
    updated_at: datetime = field(default_factory=partial(datetime.now, UTC))

    def move(self, status: Status) -> None:
        """Changes the status, and remembers when."""
        self.updated_at = datetime.now(UTC)
        self.status = status


class TaskStore:
    """Runs tasks in threads and keeps their results for a while.

    Args:
        most: Tasks at work or waiting; more are refused.
        threads: Tasks at once that wait for a model; the quick ones have threads of their own, so
            that a model that hangs delays nobody else.
        results: Ended tasks that are remembered, the oldest forgotten first.
        ttl_s: Seconds they are remembered.
    """

    def __init__(
        self, *, most: int = 128, threads: int = 32, results: int = 2_000, ttl_s: float = 3_600
    ) -> None:
        self._most, self._results, self._ttl_s = most, results, ttl_s
        self._tasks: OrderedDict[str, Task] = OrderedDict()
        self._lock = threading.Lock()
        self._slow = ThreadPoolExecutor(threads, thread_name_prefix="assistant-llm")
        self._quick = ThreadPoolExecutor(_QUICK_THREADS, thread_name_prefix="assistant")

    def start(self, kind: str, work: Callable[[], Mapping[str, Any]], *, slow: bool) -> Task:
        """Returns a task that is there already, and is worked on from now.

        Raises:
            TooManyTasksError: As many as may are at work or waiting.
        """
        task = Task(str(uuid.uuid4()), kind, time.monotonic())
        with self._lock:
            self._forget()
            if sum(not each.ended.is_set() for each in self._tasks.values()) >= self._most:
                raise TooManyTasksError("too many assistant tasks; try again in a few seconds")
            self._tasks[task.task_id] = task
        (self._slow if slow else self._quick).submit(_work, task, work)
        return task

    def get(self, task_id: str, kind: str) -> Task:
        """Returns a task.

        Raises:
            UnknownTaskError: There is none of that id and kind, or no longer.
        """
        with self._lock:
            self._forget()
            task = self._tasks.get(task_id)
        if task is None or task.kind != kind:
            raise UnknownTaskError(
                "no such task; results are kept for a limited time",
                user_message="Ce résultat n'est plus disponible. Relancez la demande.",
                field="task_id",
            )
        return task

    def close(self) -> None:
        """Ends the threads; what is waiting is not begun."""
        self._slow.shutdown(wait=False, cancel_futures=True)
        self._quick.shutdown(wait=False, cancel_futures=True)

    def _forget(self) -> None:
        now = time.monotonic()
        ended = [each for each in self._tasks.values() if each.ended.is_set()]
        surplus = len(ended) - self._results
        for number, task in enumerate(ended):
            if number < surplus or now - task.created > self._ttl_s:
                del self._tasks[task.task_id]


def _work(task: Task, work: Callable[[], Mapping[str, Any]]) -> None:
    task.move("processing")
    try:
        task.result = work()
        task.move("completed")
    except JobMatchError as error:
        task.error = getattr(error, "user_message", "") or _failure_of(task)
        task.error_code = error.code
        task.move("failed")
        logger.info("task failed: %s", error.code)
    except Exception as error:
        # The text of an unexpected error may quote what the person wrote: its kind alone is logged.
        logger.error("task failed: %s", type(error).__name__)
        task.error, task.error_code = _failure_of(task), "error"
        task.move("failed")
    finally:
        task.ended.set()


def _failure_of(task: Task) -> str:
    return _FAILED.get(task.kind, FAILED)


async def wait_for(task: Task, *, beat_s: float = 10.0) -> AsyncIterator[None]:
    """Yields at each beat while a task is at work, and ends with it."""
    beat = time.monotonic()
    pause = 0.005
    while not task.ended.is_set():
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, 0.1)
        if time.monotonic() - beat >= beat_s:
            beat = time.monotonic()
            yield


def tokens_of(text: str) -> list[str]:
    """Returns the pieces in which a text is streamed; together they are the text.

    Example:
        >>> tokens_of("Bonjour Awa !")
        ['Bonjour', ' Awa', ' !']
    """
    return _TOKEN.findall(text)
