"""Writing whole or not at all: the file appears under its name only when it is complete."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Writes text lines as UTF-8, atomically: a temporary file in the same folder, then a rename.

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


def _umask() -> int:
    # The only portable way to read it is to set it.
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
