"""``jobmatch offers fetch`` as a person types it, against a local France Travail."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from jobmatch_ml.cli.main import main
from jobmatch_ml.offers.catalogue import read_catalogue
from jobmatch_ml.reference import open_rome
from jobmatch_ml.settings import get_settings
from tests.france_travail_server import (
    CLIENT_ID,
    CLIENT_SECRET,
    FranceTravail,
    running_france_travail,
)
from tests.gcs_server import BUCKET, running_gcs
from tests.tiny_classifications import write_rome

Jobmatch = Callable[[str], tuple[int, str, str]]
SINCE = "2026-01-01"


@pytest.fixture(scope="module")
def _running() -> Iterator[FranceTravail]:
    with running_france_travail() as server:
        yield server


@pytest.fixture
def api(_running: FranceTravail, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FranceTravail:
    _running.reset()
    for name, value in {
        "ROOT": str(tmp_path), "DATA_DIR": "data",
        "FRANCE_TRAVAIL_CLIENT_ID": CLIENT_ID, "FRANCE_TRAVAIL_CLIENT_SECRET": CLIENT_SECRET,
        "FRANCE_TRAVAIL_TOKEN_URL": _running.token_url, "FRANCE_TRAVAIL_API_URL": _running.api_url,
        "FRANCE_TRAVAIL_INTERVAL_S": "0", "FRANCE_TRAVAIL_BACKOFF_S": "0",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"JOBMATCH_{name}", value)
    monkeypatch.chdir(tmp_path)
    get_settings.cache_clear()
    return _running


@pytest.fixture
def jobmatch(
    api: FranceTravail, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Jobmatch:
    """Runs ``jobmatch offers`` in this process: (exit code, stdout, stderr)."""

    def run(arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["jobmatch", "offers", *arguments.split()])
        code: object = 0
        try:
            main()
        except SystemExit as stop:
            code = stop.code
        captured = capsys.readouterr()
        return int(str(code or 0)), captured.out, captured.err

    return run


def hold(api: FranceTravail, **changes: Any) -> None:
    first = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    started = first.replace(tzinfo=None).isoformat()
    made = [{"rome": rome, "count": 160, "first": started} for rome in ("M1805", "J1501")]
    api.set(make=made, **changes)


def test_a_fetch_says_what_it_did_and_what_comes_next(
    jobmatch: Jobmatch, api: FranceTravail
) -> None:
    hold(api)
    code, out, err = jobmatch(f"fetch --rome M1805 --rome j1501 --since {SINCE}")
    assert (code, err) == (0, "")
    first, second, last = out.splitlines()
    assert first.startswith("320 offers fetched for 2 ROME codes: 2 queries, 5 calls, ")
    bronze = next(Path("data/bronze").rglob("offer_*.json")).resolve()
    assert second == f"bronze: {bronze} (320 offers: 320 new, 0 changed)"
    assert last == f"next: jobmatch offers ingest {bronze.parent}"
    code, out, err = jobmatch(last.removeprefix("next: jobmatch offers "))
    assert (code, err) == (0, "")
    assert "320 records read, 320 offers loaded" in out


def test_ingest_loads_what_was_fetched(jobmatch: Jobmatch, api: FranceTravail) -> None:
    hold(api)
    code, out, _ = jobmatch("fetch --rome M1805 --ingest")
    assert code == 0
    assert "160 offers fetched for M1805: 1 queries" in out
    assert "160 records read, 160 offers loaded" in out
    assert "next:" not in out
    assert len(read_catalogue(get_settings().catalogue_path)) == 160


def test_json_is_for_programs(jobmatch: Jobmatch, api: FranceTravail) -> None:
    hold(api)
    report = json.loads(jobmatch("fetch --rome M1805 --department 69 --json --ingest")[1])
    assert (report["fetched"], report["warnings"], report["resumed"]) == (48, [], False)
    assert report["ingest"]["loaded"] == 48


def test_a_failure_is_one_line_and_the_same_command_goes_on(
    jobmatch: Jobmatch, api: FranceTravail
) -> None:
    hold(api, faults={str(number): "503" for number in range(3, 99)})
    command = f"fetch --rome M1805 --rome J1501 --since {SINCE}"
    code, out, err = jobmatch(command)
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert err.startswith("error: France Travail, J1501 from 2026-01-01T00:00:00Z to ")
    assert "the server failed (status 503), 6 tries in 0 s. Fetched so far: 160 offers" in err
    api.set(faults={})
    code, out, err = jobmatch(command)
    assert code == 0
    assert err.startswith(f"going on with the fetch that began on {datetime.now(UTC):%Y-%m-}")
    assert ": 1 of 2 queries are done" in err
    assert "320 offers fetched for 2 ROME codes" in out
    assert "an earlier run was gone on with" in out
    assert list(Path("data/fetch").glob("*/cursor.json")) == []


def test_a_refused_code_is_a_warning(jobmatch: Jobmatch, api: FranceTravail) -> None:
    hold(api)
    code, out, err = jobmatch("fetch --rome M1805 --rome M1999")
    assert code == 0
    assert "160 offers fetched" in out
    assert err.startswith("warning: France Travail refuses the query M1999")


def test_all_is_every_code_of_the_imported_rome(jobmatch: Jobmatch, api: FranceTravail) -> None:
    rome = write_rome(Path("data/reference/rome"))
    codes = open_rome(rome).fiches
    code, out, _ = jobmatch("fetch --rome all")
    assert code == 0
    assert f"0 offers fetched for {len(codes)} ROME codes: {len(codes)} queries" in out
    asked = [each.partition("&")[0].removeprefix("codeROME=") for each in api.seen()["calls"]]
    assert asked == sorted(codes)


def test_nothing_online_is_said(jobmatch: Jobmatch) -> None:
    code, out, _ = jobmatch("fetch --rome M1805")
    assert code == 0
    assert out.endswith("nothing to keep: no offer is online for this request\n")
    assert "next" not in out
    assert jobmatch("fetch --rome M1805 --ingest")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "exit_code", "text"),
    [
        ("fetch", 2, "Missing option '--rome'"),
        ("fetch --rome M1805 --since yesterday", 2, "does not match the format '%Y-%m-%d'"),
        ("fetch --rome dev", 1, "error: 'dev' is no ROME code: expected a letter from A to N"),
        ("fetch --rome M1805 --department 99", 1, "error: '99' is no department code"),
        ("fetch --rome M1805 --since 2199-01-01", 1, "error: no offer can be that new"),
        ("fetch --rome M1805 --out s3://x", 1, "error: bronze cannot be kept in 's3://x'"),
        ("fetch --rome all", 1, "run `jobmatch rome import DIR`, or name codes"),
    ],
)
def test_what_is_wrong_is_one_line(
    jobmatch: Jobmatch, arguments: str, exit_code: int, text: str
) -> None:
    code, _, err = jobmatch(arguments)
    assert code == exit_code
    assert text in err
    assert exit_code == 2 or len(err.splitlines()) == 1


def test_without_credentials_the_line_says_what_to_set(
    jobmatch: Jobmatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JOBMATCH_FRANCE_TRAVAIL_CLIENT_ID")
    monkeypatch.delenv("JOBMATCH_FRANCE_TRAVAIL_CLIENT_SECRET")
    get_settings.cache_clear()
    code, _, err = jobmatch("fetch --rome M1805")
    assert code == 1
    assert err.startswith("error: no credentials for France Travail: set JOBMATCH_FRANCE_TRAVAIL_")


def test_a_bucket_takes_the_offers_and_they_are_loaded_from_there(
    jobmatch: Jobmatch, api: FranceTravail, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(api)
    with running_gcs() as bucket:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", f"http://127.0.0.1:{bucket.server_port}")
        code, out, _ = jobmatch(f"fetch --rome M1805 --out gs://{BUCKET}/raw")
        assert code == 0
        (name,) = bucket.objects
        day = Path(name).parent.name
        assert out.splitlines()[-1] == (
            f"next: gcloud storage cp gs://{BUCKET}/{name} {day}/{Path(name).name} "
            f"&& jobmatch offers ingest {day}"
        )
        monkeypatch.setenv("JOBMATCH_BRONZE_URI", f"gs://{BUCKET}/raw")
        get_settings.cache_clear()
        code, out, _ = jobmatch("fetch --rome J1501 --ingest")
        assert "320 records read, 320 offers loaded" in out
    assert not Path("data/bronze").exists()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGKILL])
def test_a_fetch_that_is_stopped_or_killed_goes_on(
    jobmatch: Jobmatch, api: FranceTravail, stop: signal.Signals
) -> None:
    hold(api, per_second=1, retry_after="30")
    program = "from jobmatch_ml.cli.main import main; main()"
    command = [sys.executable, "-c", program, "-v", "offers", "fetch", "--rome", "M1805"]
    child = subprocess.Popen(command, env=os.environ.copy(), stderr=subprocess.PIPE, text=True)
    try:
        for _ in range(400):
            if len(api.seen()["calls"]) >= 2:
                break
            time.sleep(0.05)
        time.sleep(0.2)
        child.send_signal(stop)
        _, err = child.communicate(timeout=30)
    finally:
        child.kill()
    assert "too many requests (status 429); again in 30" in err
    assert CLIENT_SECRET not in err
    assert "token-1" not in err
    if stop == signal.SIGINT:
        assert child.returncode == 130
        assert err.endswith("the same command goes on where this stopped\n\ninterrupted\n")
    api.set(per_second=0)
    code, out, err = jobmatch("fetch --rome M1805")
    assert (code, err[:8]) == (0, "going on")
    assert out.startswith("160 offers fetched for M1805")
