"""What holds for every test: no network, no model hub, no trace outside the test's own folder.

In CI a test that is skipped because a component is missing (Chromium, Tesseract …) is a failure: a
green run must mean that everything was tried.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Before any test imports a library that reads these once.
os.environ.update(
    {
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "GRADIO_ANALYTICS_ENABLED": "False",
        "BENTOML_DO_NOT_TRACK": "True",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_ALLOW_MODEL_CODE_EXECUTION": "false",
        "DO_NOT_TRACK": "1",
        "OMP_WAIT_POLICY": "PASSIVE",
        "MPLBACKEND": "Agg",
    }
)

# Skips that no installation can cure; anything else skipped in CI is a failure.
ALLOWED_SKIPS = ("needs an accelerator", "needs the shared benchmark data")


@pytest.fixture
def project_root() -> Path:
    """The checkout's root: notebooks, configs and the sample data are there."""
    return ROOT


@pytest.fixture(autouse=True)
def _isolated_homes(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Points every store at a fresh folder, so that no test sees or leaves anything."""
    from jobmatch_ml.settings import get_settings

    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("JOBMATCH_ROOT", str(ROOT))
    monkeypatch.setenv("JOBMATCH_DATA_DIR", str(home / "data"))
    monkeypatch.setenv("JOBMATCH_MLRUNS_DIR", str(home / "mlruns"))
    monkeypatch.setenv("BENTOML_HOME", str(home / "bentoml"))
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(home / "gradio"))
    for name in ("JOBMATCH_MLFLOW_TRACKING_URI", "JOBMATCH_CATALOGUE", "MLFLOW_TRACKING_URI"):
        monkeypatch.delenv(name, raising=False)
    for name in ("TYPE", "ENDPOINT", "API_KEY", "MODEL", "MAX_TOKENS"):
        monkeypatch.delenv(f"LLM_{name}", raising=False)
    get_settings.cache_clear()


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuses every connection that would leave this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
            raise RuntimeError(f"a test tried to reach {address!r}; tests are offline")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """In CI turns "skipped: a component is missing" into a failure."""
    outcome = yield
    report = outcome.get_result()
    if not (report.skipped and os.environ.get("CI")) or hasattr(report, "wasxfail"):
        return
    reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
    if not any(allowed in reason for allowed in ALLOWED_SKIPS):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI, where everything must run: {reason}"
