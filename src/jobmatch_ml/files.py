"""Writing whole or not at all: a file or folder appears under its name only when it is complete.

Everything that another program may read goes through here, so that a crash, a full disk or an
error half-way leaves what was there before.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Writes text lines as UTF-8, atomically.

    Args:
        path: Target; its folder is created. An existing file is replaced.
        lines: Lines without their newline.
    """
    write_bytes(path, (f"{line}\n".encode() for line in lines))


def write_bytes(path: Path, chunks: Iterable[bytes]) -> None:
    """Writes bytes atomically; when ``chunks`` raises, the target is as it was before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            for chunk in chunks:
                stream.write(chunk)
            stream.flush()
            os.fsync(stream.fileno())
        # mkstemp makes files private; results are meant to be read like any other new file.
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextmanager
def staged_folder(target: Path) -> Iterator[Path]:
    """Yields an empty sibling folder that takes the target's place when the block succeeds.

    An existing target is replaced; when the block raises, it is as it was before.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
    try:
        yield staging
        # mkdtemp makes folders private; a server may run as another user.
        staging.chmod(0o777 & ~_umask())
        _swap(staging, target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _swap(staging: Path, target: Path) -> None:
    # A folder cannot replace a full one in one step: the old one steps aside, and back on failure.
    old = staging.with_name(f"{staging.name}.old")
    if target.exists():
        target.rename(old)
    try:
        staging.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _umask() -> int:
    # The only portable way to read it is to set it.
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
