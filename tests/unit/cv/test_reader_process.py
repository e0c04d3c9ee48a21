"""The child confines itself: memory, CPU and core dumps, before it reads a byte."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from jobmatch_ml.cv.limits import CvLimits
from tests import hostile_files


def run(code: str) -> subprocess.CompletedProcess[str]:
    head = "from jobmatch_ml.cv.reader_process import confine; confine(1, 600_000_000)\n"
    return subprocess.run(
        [sys.executable, "-c", head + code], capture_output=True, text=True, timeout=30, check=False
    )


def test_more_memory_than_allowed_is_refused_by_the_system() -> None:
    done = run("bytearray(650_000_000)")
    assert done.returncode != 0
    assert "MemoryError" in done.stderr
    assert run("bytearray(300_000_000)").returncode == 0


def test_more_cpu_than_allowed_ends_the_process() -> None:
    assert run("while True: pass").returncode == -signal.SIGXCPU


def test_limits_cannot_be_raised_again_and_no_core_is_written() -> None:
    done = run(
        "import resource as r\n"
        "assert r.getrlimit(r.RLIMIT_CORE) == (0, 0)\n"
        "assert r.getrlimit(r.RLIMIT_AS) == (600_000_000, 600_000_000)"
    )
    assert done.returncode == 0, done.stderr


def test_the_program_confines_itself_before_it_parses(project_root: Path) -> None:
    """Under one limit of memory an honest CV is read and a bomb is refused for memory."""
    limits = json.dumps(asdict(CvLimits(memory_bytes=200_000_000)))
    honest = next((project_root / "data" / "sample" / "cvs").glob("*.pdf")).read_bytes()
    answers = [
        subprocess.run(
            [sys.executable, "-m", "jobmatch_ml.cv.reader_process", "pdf", limits],
            input=data,
            capture_output=True,
            timeout=60,
            check=True,
        ).stdout
        for data in (honest, hostile_files.double_flate_bomb(megabytes=500))
    ]
    assert json.loads(answers[0])["pages"]
    assert json.loads(answers[1])["refused"] == "cv_memory"


def test_invalid_limits_are_refused() -> None:
    with pytest.raises(ValueError, match="cpu_s"):
        CvLimits(cpu_s=0)
