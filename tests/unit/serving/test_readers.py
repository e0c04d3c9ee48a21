"""Reading uploads: so many at once, so many waiting, and nothing is read for nobody."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from typing import Any

import pytest

from jobmatch_ml.cv.children import announce
from jobmatch_ml.serving.errors import ClientGoneError, TooBusyError
from jobmatch_ml.serving.readers import Readers, run_while_connected


async def _never() -> dict[str, Any]:
    await asyncio.Event().wait()
    raise AssertionError


def test_two_run_four_wait_and_the_seventh_is_refused_at_once() -> None:
    gate, running = threading.Event(), []

    def call() -> str:
        running.append(1)
        gate.wait(5)
        return "read"

    async def scenario() -> list[str]:
        readers = Readers(at_once=2, waiting=4)
        tasks = [asyncio.ensure_future(readers.run(call)) for _ in range(6)]
        await asyncio.sleep(0.1)
        assert len(running) == 2
        started = time.monotonic()
        with pytest.raises(TooBusyError):
            await readers.run(call)
        assert time.monotonic() - started < 4  # without the refusal: 5
        gate.set()
        done = await asyncio.gather(*tasks)
        return [*done, await readers.run(call)]

    assert asyncio.run(scenario()) == ["read"] * 7


def test_a_client_that_leaves_ends_the_child_and_frees_the_place() -> None:
    children: list[subprocess.Popen[bytes]] = []

    def call() -> int:
        process = subprocess.Popen(
            [sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True
        )
        children.append(process)
        announce(process)
        return process.wait()

    async def leave() -> dict[str, Any]:
        while not children:
            await asyncio.sleep(0.01)
        return {"type": "http.disconnect"}

    async def scenario() -> str:
        readers = Readers(at_once=1, waiting=0)
        with pytest.raises(ClientGoneError):
            await run_while_connected(readers, call, leave)
        for _ in range(500):
            try:
                return await run_while_connected(readers, lambda: "free", _never)
            except TooBusyError:
                await asyncio.sleep(0.01)
        return "never free"

    started = time.monotonic()
    assert asyncio.run(scenario()) == "free"
    assert time.monotonic() - started < 5
    assert children[0].returncode == -9


def test_a_client_that_leaves_while_it_waits_is_forgotten() -> None:
    gate = threading.Event()

    async def leave() -> dict[str, Any]:
        await asyncio.sleep(0.05)
        return {"type": "http.disconnect"}

    async def scenario() -> None:
        readers = Readers(at_once=1, waiting=1)
        first = asyncio.ensure_future(readers.run(lambda: gate.wait(5)))
        await asyncio.sleep(0.01)
        for _ in range(3):
            with pytest.raises(ClientGoneError):
                await run_while_connected(readers, lambda: pytest.fail("was read"), leave)
            await asyncio.sleep(0)
        gate.set()
        assert await first

    asyncio.run(scenario())


def test_a_failure_of_the_call_is_the_callers() -> None:
    def call() -> None:
        raise ValueError("odd")

    async def scenario() -> None:
        readers = Readers(at_once=1, waiting=0)
        for _ in range(2):
            with pytest.raises(ValueError, match="odd"):
                await run_while_connected(readers, call, _never)

    asyncio.run(scenario())
