"""Work in parts, in one process or several, with the results in order and few of them in memory."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from jobmatch_ml.errors import JobMatchError

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")

AHEAD = 2
"""Parts in work or waiting for their turn, per worker."""

_function: Callable[[Any], Any] | None = None


def ordered_map(
    function: Callable[[TaskT], ResultT], tasks: Iterable[TaskT], *, workers: int = 1
) -> Iterator[ResultT]:
    """Applies a function to tasks and yields the results in the order of the tasks.

    With several workers, processes are forked: they share what the function holds without copying
    it, so only tasks and results travel. Where forking is not possible, one process does it all.

    Args:
        function: Must not depend on what earlier tasks did.
        tasks: Small values.
        workers: Processes; 1: this one.

    Raises:
        JobMatchError: A worker died (out of memory, say).
    """
    if workers <= 1 or "fork" not in multiprocessing.get_all_start_methods():
        yield from map(function, tasks)
        return
    # Arguments of the initializer reach forked processes as they are; they are not pickled.
    pool = ProcessPoolExecutor(
        workers, multiprocessing.get_context("fork"), initializer=_adopt, initargs=(function,)
    )
    waiting: deque[Future[Any]] = deque()
    try:
        for task in tasks:
            waiting.append(pool.submit(_apply, task))
            if len(waiting) >= AHEAD * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise JobMatchError(
            "a worker process ended before its part was done, perhaps for want of memory; "
            "try again with --workers 1"
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _adopt(function: Callable[[Any], Any]) -> None:
    global _function  # noqa: PLW0603  a forked worker serves one function all its life
    _function = function


def _apply(task: Any) -> Any:
    if _function is None:
        raise JobMatchError("a worker was given a part before its function")
    return _function(task)
