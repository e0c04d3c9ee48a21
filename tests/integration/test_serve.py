"""The real server, as a user starts it: no champion, then one is promoted while it runs."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jobmatch_ml.errors import NotReadyError
from jobmatch_ml.ranking.bundle import write_bundle
from jobmatch_ml.settings import get_settings
from tests.catalogue_file import write_catalogue
from tests.toy import build_tiny_model
from tests.toy_bundle import OFFERS

httpx = pytest.importorskip("httpx")
pytest.importorskip("bentoml")


@pytest.fixture
def server() -> Iterator[str]:
    """``jobmatch serve`` on a free port; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    code = "from jobmatch_ml.cli.main import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "serve", "--port", str(port)],
        env=dict(os.environ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for(url: str, accept: Callable[[Any], bool], *, seconds: float) -> Any:
    deadline = time.monotonic() + seconds
    last = None
    while time.monotonic() < deadline:
        try:
            last = httpx.get(url, trust_env=False)
            if accept(last):
                return last
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    pytest.fail(f"{url} never answered as expected; last: {last and last.text}")


@pytest.mark.parametrize("options", [["--port"], ["--host", "no.such.host.invalid", "--port"]])
def test_an_address_that_cannot_be_used_is_one_sentence(options: list[str]) -> None:
    code = "from jobmatch_ml.cli.main import main; main()"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-c", code, "serve", *options, port],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert port in done.stderr
    assert "--port" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.slow
def test_the_server_lives_at_once_and_serves_what_is_promoted_later(
    server: str, tmp_path: Path
) -> None:
    wait_for(f"{server}/livez", lambda r: r.status_code == 200, seconds=60)
    settings = get_settings()
    waiting = wait_for(f"{server}/readyz", lambda r: "jobmatch offers ingest" in r.text, seconds=30)
    assert waiting.status_code == 503

    write_catalogue(OFFERS, settings.catalogue_path)
    waiting = wait_for(
        f"{server}/readyz", lambda r: "jobmatch pipeline run train" in r.text, seconds=60
    )
    assert waiting.json()["components"]["catalogue"] == "ready"
    refused = httpx.post(f"{server}/api/match/text", json={"text": "Soudeur"}, trust_env=False)
    assert refused.status_code == 503

    _promote_a_tiny_bundle(tmp_path)
    wait_for(f"{server}/readyz", lambda r: r.status_code == 200, seconds=60)
    answer = httpx.post(f"{server}/api/match/text", json={"text": "Soudeur"}, trust_env=False)
    assert answer.status_code == 200
    assert len(answer.json()["offers"]) == 3
    assert answer.json()["bundle_version"] == "1"

    metrics = httpx.get(f"{server}/metrics", trust_env=False).text
    counted = re.findall(r'jobmatch_answers_total\{code="(\w+)",route="match_text"\} 1.0', metrics)
    assert sorted(counted) == ["not_ready", "ok"]
    assert "Soudeur" not in metrics


def test_an_alias_that_was_moved_with_mlflow_itself_is_seen(tmp_path: Path) -> None:
    from jobmatch_ml.registry import start_tracking
    from jobmatch_ml.serving.champion_watch import refresh_champion
    from jobmatch_ml.serving.state import champion_pointer, probe_source

    settings = get_settings()
    _promote_a_tiny_bundle(tmp_path / "one")
    first = probe_source(settings)
    refresh_champion(settings)
    assert probe_source(settings) == first

    _promote_a_tiny_bundle(tmp_path / "two", title_weight=0.3)
    client = start_tracking(settings).client
    client.set_registered_model_alias(settings.model_name, "champion", "1")
    refresh_champion(settings)
    assert b'"version":"1"' in champion_pointer(settings).read_bytes()

    client.delete_registered_model_alias(settings.model_name, "champion")
    with pytest.raises(NotReadyError, match="no champion"):
        refresh_champion(settings)


def _promote_a_tiny_bundle(folder: Path, *, title_weight: float = 0.5) -> None:
    from jobmatch_ml.registry import promote, register_bundle

    recipe = {"kind": "zero_shot", "encoder_name": "tiny", "dimension": 32, "max_length_tokens": 64,
              "title_weight": title_weight}  # fmt: skip
    write_bundle(
        folder / "bundle",
        encoder_dir=build_tiny_model(folder / "encoder"),
        ranker=recipe,
        lineage={},
        metrics={},
    )
    settings = get_settings()
    version = register_bundle(folder / "bundle", settings=settings)
    promote(version, settings=settings, by="test", override="a test")
