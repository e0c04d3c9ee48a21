"""How a pipeline tells what happens to its stages; showing it is up to who runs it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

Status: TypeAlias = Literal["started", "skipped", "done", "failed"]


@dataclass(frozen=True, slots=True)
class StageEvent:
    """Something that happened to a stage.

    Args:
        stage: Its name.
        status: What happened.
        position: Its place in the pipeline, from 1.
        total: Number of stages.
        seconds: Since the stage was looked at.
    """

    stage: str
    status: Status
    position: int
    total: int
    seconds: float


def stage_teller(
    on_stage: Callable[[StageEvent], None], stage: str, position: int, total: int
) -> Callable[[Status], None]:
    """Returns a function that reports a stage's status with the time since now."""
    started = time.perf_counter()

    def tell(status: Status) -> None:
        seconds = time.perf_counter() - started
        on_stage(StageEvent(stage, status, position, total, seconds))

    return tell
