"""What the integration tests share."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.running_service import RunningApp


@pytest.fixture(scope="session")
def app() -> Iterator[RunningApp]:
    """One app for all modules: BentoML registers its metrics once a process."""
    pytest.importorskip("httpx")
    pytest.importorskip("bentoml")
    from bentos.jobmatch import service
    from tests.running_service import RunningApp
    from tests.toy_bundle import toy_state

    patch = pytest.MonkeyPatch()
    patch.setattr(service.matching, "_loader", lambda report: toy_state())
    running = RunningApp(service.JobMatch.to_asgi(), service.matching)
    deadline = time.monotonic() + 10
    while not service.matching.is_ready and time.monotonic() < deadline:
        time.sleep(0.01)
    yield running
    running.close()
    patch.undo()
