"""Calls that go wrong: what is tried again, how long is waited, what is final at once."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from jobmatch_ml.errors import ConfigError, UpstreamError
from jobmatch_ml.offers import france_travail_http
from jobmatch_ml.offers.france_travail_http import Answer, Transient, check_url
from tests.france_travail_server import FranceTravail
from tests.unit.offers.conftest import MakeTransport

QUERY = "codeROME=M1805"


def test_what_passes_is_tried_again_after_waits_that_double_with_jitter(
    make_transport: MakeTransport, waits: list[float]
) -> None:
    transport = make_transport(retries=4, backoff_s=1.0)
    tries = []

    def call() -> str:
        tries.append(1)
        if len(tries) < 5:
            raise Transient("the server failed (status 503)")
        return "done"

    assert transport.attempt(call, "it") == "done"
    assert transport.retried == 4
    for wait, least in zip(waits, (1, 2, 4, 8), strict=True):
        assert least <= wait <= least + 1


def test_the_last_failure_is_told_with_the_number_of_tries(
    make_transport: MakeTransport, waits: list[float]
) -> None:
    def call() -> None:
        raise Transient("no answer within 5 s")

    with pytest.raises(UpstreamError, match=r"^it: no answer within 5 s, 4 tries in 0 s\.$"):
        make_transport().attempt(call, "it")
    assert len(waits) == 3


def test_no_wait_is_longer_than_a_minute(make_transport: MakeTransport, waits: list[float]) -> None:
    def call() -> None:
        raise Transient("x")

    with pytest.raises(UpstreamError):
        make_transport(retries=12, backoff_s=1.0).attempt(call, "it")
    assert max(waits) == 60


def test_retry_after_is_waited_for_in_seconds_or_until_its_date(
    make_transport: MakeTransport, waits: list[float], api: FranceTravail
) -> None:
    transport = make_transport(backoff_s=0.0)
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    api.set(token_faults={"1": "429 7", "2": f"429 {at}", "3": "429 soon", "4": "500"})
    with pytest.raises(UpstreamError, match=r"status 500"):
        transport.attempt(lambda: transport.send("POST", api.token_url, form={}), "it")
    assert waits[0] == 7
    assert 30 < waits[1] <= 40
    assert waits[2] == 0


def test_a_wait_of_hours_ends_the_run(make_transport: MakeTransport, api: FranceTravail) -> None:
    api.set(token_faults={"1": "429 7200"})
    with pytest.raises(UpstreamError, match=r"asks to wait 7,200 s \(status 429\)"):
        make_transport().send("POST", api.token_url, form={})


def test_calls_keep_their_distance(make_transport: MakeTransport, api: FranceTravail) -> None:
    transport = make_transport(interval_s=0.05, sleep=time.sleep)
    started = time.monotonic()
    for _ in range(5):
        transport.send("GET", f"{api.base}/seen")
    assert time.monotonic() - started >= 0.2
    assert transport.calls == 5


def test_a_closed_connection_and_a_refused_one_may_pass(
    make_transport: MakeTransport, api: FranceTravail
) -> None:
    api.set(token_faults={"1": "close"})
    with pytest.raises(Transient, match="the connection broke"):
        make_transport().send("POST", api.token_url, form={"said": "hush"})
    with pytest.raises(Transient, match=r"the connection broke \(ConnectError\)"):
        make_transport().send("GET", "http://127.0.0.1:9/")


def test_a_body_beyond_all_bounds_is_refused(
    make_transport: MakeTransport, api: FranceTravail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(france_travail_http, "MAX_BODY_BYTES", 10)
    with pytest.raises(UpstreamError, match="more than 10 bytes"):
        make_transport().send("GET", f"{api.base}/seen")


def test_redirects_are_not_followed(make_transport: MakeTransport, api: FranceTravail) -> None:
    api.set(token_faults={"1": "redirect"})
    answer = make_transport().send("POST", api.token_url, form={"said": "hush"})
    assert answer.status == 302


def test_a_body_that_is_no_json_is_told_by_its_size_alone() -> None:
    with pytest.raises(Transient, match=r"\(200, 17 bytes\) is not JSON"):
        Answer(200, {}, b"<html>Marie</html").json()


@pytest.mark.parametrize("url", ["https://api.example/x", "http://127.0.0.1:80/", "http://[::1]/"])
def test_secrets_go_to_https_or_this_machine(url: str) -> None:
    assert check_url(url, "JOBMATCH_FRANCE_TRAVAIL_API_URL") == url


@pytest.mark.parametrize("url", ["", "http://api.example/", "ftp://x/", "https://", "http://a b/"])
def test_secrets_go_nowhere_else(url: str) -> None:
    with pytest.raises(ConfigError, match="JOBMATCH_FRANCE_TRAVAIL_API_URL is not an https"):
        check_url(url, "JOBMATCH_FRANCE_TRAVAIL_API_URL")
