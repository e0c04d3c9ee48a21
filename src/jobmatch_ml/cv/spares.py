"""Children that wait for a file: starting one is most of what reading a short CV takes.

A spare has its limits and its parser already; it reads one file and ends, as any other child. The
next one is started when the file was read, so that it does not compete with it. A spare whose
parent is gone reads an empty file, and ends by itself.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping

Start = Callable[[], "subprocess.Popen[bytes]"]


class Spares:
    """Keeps children ready; any thread may take one.

    Args:
        counts: How many of each kind.
    """

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = dict(counts)
        self._lock = threading.Lock()
        self._ready: dict[str, list[tuple[object, subprocess.Popen[bytes]]]] = {
            kind: [] for kind in counts
        }

    def take(self, kind: str, limits: object) -> subprocess.Popen[bytes] | None:
        """Returns a child of these very limits, if one waits; it is the caller's from now."""
        with self._lock:
            waiting = self._ready.get(kind, [])
            while waiting:
                its_limits, process = waiting.pop()
                if its_limits == limits and process.poll() is None:
                    return process
                end(process)
        return None

    def refill(self, kind: str, limits: object, start: Start) -> None:
        """Starts children until as many wait as should."""
        with self._lock:
            waiting = self._ready.get(kind, [])
            while len(waiting) < self._counts.get(kind, 0):
                waiting.append((limits, start()))

    def close(self) -> None:
        """Ends those that wait, and keeps none from now."""
        with self._lock:
            self._counts.clear()
            for waiting in self._ready.values():
                while waiting:
                    end(waiting.pop()[1])


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends a child and everything that it started, also when it has ended by itself."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            with contextlib.suppress(OSError):  # what was not yet written goes nowhere
                pipe.close()
