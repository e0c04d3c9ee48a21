"""Reads uploads a few at a time; more wait, and beyond that they are refused at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from jobmatch_ml.cv.children import Children
from jobmatch_ml.serving.errors import ClientGoneError, TooBusyError
from jobmatch_ml.serving.receiving import Receive

T = TypeVar("T")


class Readers:
    """Runs blocking calls that start child processes, so many at once.

    Args:
        at_once: Calls that run.
        waiting: Calls that wait for one to end.
    """

    def __init__(self, *, at_once: int, waiting: int) -> None:
        self._slots = asyncio.Semaphore(at_once)
        self._most = at_once + waiting
        self._inside = 0

    async def run(self, call: Callable[[], T]) -> T:
        """Runs a call in a thread. A caller that is cancelled ends the call's child processes.

        Raises:
            TooBusyError: As many as may are running and waiting.
        """
        if self._inside >= self._most:
            raise TooBusyError("the readers are busy; try again in a few seconds", field="file")
        self._inside += 1
        try:
            await self._slots.acquire()
        except BaseException:
            self._inside -= 1
            raise
        children = Children()
        work = asyncio.ensure_future(asyncio.to_thread(children.watch, call))
        # A place is free when the thread is, also where nobody waits for it any more.
        work.add_done_callback(self._free)
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            children.kill()
            raise

    def _free(self, _: object) -> None:
        self._inside -= 1
        self._slots.release()


async def run_while_connected(readers: Readers, call: Callable[[], T], receive: Receive) -> T:
    """Runs a call as long as the client is there to hear its result.

    Raises:
        ClientGoneError: The client left.
        TooBusyError: As many as may are running and waiting.
    """
    work = asyncio.ensure_future(readers.run(call))
    gone = asyncio.ensure_future(_until_gone(receive))
    try:
        await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            return work.result()
        raise ClientGoneError("the client left before its file was read", field="file")
    finally:
        work.cancel()
        gone.cancel()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
