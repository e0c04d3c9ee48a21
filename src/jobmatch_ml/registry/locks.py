"""One process at a time: an advisory lock on a file, released by the system when a process dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jobmatch_ml.errors import NotReadyError


@contextmanager
def file_lock(path: Path, *, busy: str | None = None) -> Iterator[None]:
    """Holds an exclusive lock on ``path`` while the block runs.

    Args:
        path: The lock file; its folder is made. It stays behind: removing it would let a third
            process lock another file of the same name.
        busy: What to say when another process holds the lock; ``None`` waits for it instead.

    Raises:
        NotReadyError: Another process holds the lock and ``busy`` was given.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(
                descriptor, fcntl.LOCK_EX if busy is None else fcntl.LOCK_EX | fcntl.LOCK_NB
            )
        except BlockingIOError as error:
            raise NotReadyError(f"{busy} (lock file: {path})") from error
        yield
    finally:
        os.close(descriptor)
