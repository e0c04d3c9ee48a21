"""Runs the parser of a file in a process that can be killed, and turns its end into an answer."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import jobmatch_ml
from jobmatch_ml.cv.errors import CvReadError
from jobmatch_ml.cv.limits import CvLimits

Kind = Literal["pdf", "docx", "ocr"]


def read_in_child(kind: Kind, data: bytes, *, limits: CvLimits, place: str = "") -> dict[str, Any]:
    """Parses ``data`` in a child with memory, CPU and clock limits.

    The child leads a session of its own, so that whatever it started dies with it; it inherits no
    secrets of the environment.

    Args:
        kind: Which reader.
        data: The file.
        limits: Enforced by the child on itself, and by this function on the clock.
        place: File name for the error message.

    Returns:
        ``{"pages": [{"lines": [[text, box], …]}], "scanned": bool}``.

    Raises:
        CvReadError: The reader refused the file, was too slow, too large, or fell over.
    """
    wall_s = limits.wall_s
    if kind == "ocr":
        wall_s += 2 * limits.ocr_page_cpu_s * limits.ocr_pages
    command = [sys.executable, "-m", "jobmatch_ml.cv.reader_process", kind]
    process = subprocess.Popen(  # noqa: S603 - our own module, no shell
        [*command, json.dumps(asdict(limits))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=_environment(),
    )
    try:
        output, _ = process.communicate(data, timeout=wall_s)
    except subprocess.TimeoutExpired as error:
        raise CvReadError("cv_time", place=place, detail=f"over {wall_s} s") from error
    finally:
        _kill(process)
    return _answer(process.returncode, output, place)


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "TESSDATA_PREFIX") if name in os.environ}
    # The package may be imported from a source folder that is not installed (a built bento).
    source = str(Path(jobmatch_ml.__file__).parent.parent)
    return {**kept, "PYTHONPATH": source, "PYTHONSAFEPATH": "1", "LC_ALL": "C.UTF-8",
            "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}  # fmt: skip


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Ends the child and everything that it started, also when it has ended by itself."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream:
            stream.close()


def _answer(code: int, output: bytes, place: str) -> dict[str, Any]:
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        raise CvReadError("cv_time", place=place, detail="CPU limit")
    if code != 0:
        raise CvReadError("cv_reader_failed", place=place, detail=f"exit {code}")
    try:
        answer: dict[str, Any] = json.loads(output)
    except ValueError as error:
        raise CvReadError("cv_reader_failed", place=place, detail="no answer") from error
    if "refused" in answer:
        raise CvReadError(answer["refused"], place=place, detail=answer["detail"])
    return answer
