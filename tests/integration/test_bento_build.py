"""``bentoml build`` works without a network, and the bento holds what the service imports."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("bentoml")


def _pins(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    pins = (line.split("==") for line in lines if "==" in line and not line.startswith("#"))
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in pins}


def test_the_bento_pins_what_the_lock_pins(project_root: Path) -> None:
    lock = _pins(project_root / "requirements.lock")
    pins = _pins(project_root / "bentos" / "jobmatch" / "requirements.txt")
    assert pins
    assert {name: lock.get(name) for name in pins} == pins


def test_a_bento_is_built_offline(project_root: Path, tmp_path: Path) -> None:
    command = ["-m", "bentoml", "build", "-f", "bentos/jobmatch/bentofile.yaml", "-o", "tag", "."]
    done = subprocess.run(
        [sys.executable, *command],
        cwd=project_root,
        env={**os.environ, "BENTOML_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    version = done.stdout.strip().rpartition(":")[2]
    source = tmp_path / "bentos" / "jobmatch" / version / "src"
    assert (source / "bentos" / "jobmatch" / "service.py").is_file()
    assert (source / "src" / "jobmatch_ml" / "cv" / "words" / "stop_fr.txt").is_file()
    assert not (source / "data").exists()
    _import_the_service(source)


def _import_the_service(source: Path) -> None:
    """Imports the service from the bento alone: the project's folder is nowhere on the path."""
    code = (
        "import sys, bentos.jobmatch.service as service, jobmatch_ml; "
        "sys.stdout.write(f'{service.__file__}\\n{jobmatch_ml.__file__}\\n'); "
        "service.JobMatch.to_asgi()"
    )
    path = os.pathsep.join([str(source / "src"), str(source)])
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=source.parent,
        env={**os.environ, "PYTHONPATH": path, "BENTOML_HOME": str(source.parent / "home")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert all(line.startswith(str(source)) for line in done.stdout.split()), done.stdout
