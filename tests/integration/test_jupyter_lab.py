"""JupyterLab as `make lab` starts it: a kernel of a notebook begins at the project's root."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

TOKEN = "only-for-this-test"  # noqa: S105  # a server that lives for seconds on loopback


@pytest.fixture
def server(project_root: Path, tmp_path: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = project_root / "infra" / "jupyter_server_config.py"
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root"),
                *(f"--config={config}", f"--port={port}", "--ip=127.0.0.1"),
                f"--IdentityProvider.token={TOKEN}",
            ],
            cwd=project_root,
            stdout=log,
            stderr=log,
        )
        url = f"http://127.0.0.1:{port}"
        try:
            _wait_until_ready(url, process)
            yield url
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            _call(url, "/api/status")
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.3)
        else:
            return
    pytest.fail("JupyterLab did not answer within 60 s")


def _call(url: str, path: str, body: dict[str, Any] | None = None) -> Any:
    request = urllib.request.Request(  # noqa: S310  # http on loopback
        url + path,
        data=json.dumps(body).encode() if body else None,
        headers={"Authorization": f"token {TOKEN}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310  # as above
        return json.loads(answer.read())


@pytest.mark.notebook
def test_a_notebooks_kernel_starts_at_the_project_root(server: str, project_root: Path) -> None:
    listed = _call(server, "/api/contents/notebooks")["content"]
    assert "01_quickstart.ipynb" in {entry["name"] for entry in listed}
    session = _call(
        server,
        "/api/sessions",
        {
            "path": "notebooks/01_quickstart.ipynb",
            "name": "quickstart",
            "type": "notebook",
            "kernel": {"name": "python3"},
        },
    )
    folders = {_working_folder(pid) for pid in _kernel_processes(session["kernel"]["id"])}
    assert folders == {project_root}


def _kernel_processes(kernel_id: str) -> list[Path]:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        found = [
            process
            for process in Path("/proc").glob("[0-9]*")
            if kernel_id in _command_line(process)
        ]
        if found:
            return found
        time.sleep(0.2)
    return []


def _command_line(process: Path) -> str:
    try:
        return (process / "cmdline").read_text()
    except OSError:  # the process has ended meanwhile
        return ""


def _working_folder(process: Path) -> Path:
    return (process / "cwd").resolve()
