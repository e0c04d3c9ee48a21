"""Lets a caller that nobody waits for any more end the parsing that it started."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Callable
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")


class Children:
    """The child processes of one call; :meth:`kill` may come from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: list[subprocess.Popen[bytes]] = []
        self._killed = False

    @property
    def started(self) -> int:
        """How many children there were: a scan takes a second one."""
        return len(self._running)

    def watch(self, call: Callable[[], T]) -> T:
        """Runs a call, and remembers the children that it starts in this thread."""
        token = _WATCHED_BY.set(self)
        try:
            return call()
        finally:
            _WATCHED_BY.reset(token)

    def kill(self) -> None:
        """Ends the children, and at once any that is started later."""
        with self._lock:
            self._killed = True
            for process in self._running:
                _end(process)

    def add(self, process: subprocess.Popen[bytes]) -> None:
        """Remembers a child, which leads a session of its own."""
        with self._lock:
            self._running.append(process)
            if self._killed:
                _end(process)


_WATCHED_BY: ContextVar[Children | None] = ContextVar("watched_by", default=None)


def announce(process: subprocess.Popen[bytes]) -> None:
    """Makes a child known to the caller that watches this thread, if one does."""
    if children := _WATCHED_BY.get():
        children.add(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            process.kill()
