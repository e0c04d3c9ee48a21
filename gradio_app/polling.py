"""Asks how a task is doing until it has ended: ever less often, and again after a passing failure.

The service may limit how often it is asked, and a poll may be lost on the way; neither says
anything about the task, which goes on.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from gradio_app.answers import Progress
from gradio_app.door import ServiceDoor
from gradio_app.sentences import SERVICE_SLOW, ServiceFailure

ProgressT = TypeVar("ProgressT", bound=Progress)
_GROWTH = 1.5


@dataclass(frozen=True)
class Pace:
    """How long a task is followed, and how often it is asked for.

    Args:
        total_s: Seconds after which it is given up.
        from_s: Seconds between the first two questions.
        to_s: Most seconds between two questions, unless the service asks for more.
    """

    total_s: float
    from_s: float
    to_s: float


def follow_task(
    door: ServiceDoor,
    path: str,
    answer: type[ProgressT],
    *,
    pace: Pace,
    too_late: str = SERVICE_SLOW,
) -> Iterator[ProgressT]:
    """Yields how a task is doing; the last one that is yielded is completed.

    Args:
        door: The connection to the service.
        path: Where the task's status is read.
        answer: What the status is read as.
        pace: How long and how often.
        too_late: The sentence for a task that is at work still when its time is over.

    Raises:
        ServiceFailure: The task failed, is unknown, or its time is over; with the reason. When
            the service could not be asked any more, that is the reason.
    """
    deadline = time.monotonic() + pace.total_s
    pause = pace.from_s
    while True:
        wait, reason = pause, ServiceFailure(too_late)
        try:
            status = door.get(path, answer)
        except ServiceFailure as failure:
            if not failure.may_pass:
                raise
            # Asked sooner than the service allows, it would only refuse again.
            wait, reason = max(pause, failure.retry_after_s), failure
        else:
            if status.status == "failed":
                raise ServiceFailure(status.error or status.unexplained)
            yield status
            if status.status == "completed":
                return
        if time.monotonic() + wait >= deadline:
            raise reason
        time.sleep(wait)
        pause = min(pause * _GROWTH, pace.to_s)
