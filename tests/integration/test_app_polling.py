"""A task that is asked about: how often, how long, and what ends it. The clock is a fake one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

pytest.importorskip("gradio", reason="the extra 'app' is not installed")

from gradio_app import client as client_module
from gradio_app import polling, sentences
from gradio_app.client import HttpServiceClient
from gradio_app.sentences import ServiceFailure

Answer = httpx.Response | type[httpx.HTTPError]
DONE = httpx.Response(200, json={"status": "completed", "raw_text": "Mon CV"})
WORKING = httpx.Response(200, json={"status": "processing"})
BUSY = httpx.Response(429, json={"code": "too_many_requests"}, headers={"Retry-After": "30"})
GATEWAY = httpx.Response(502, text="<html>Bad gateway</html>")


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(polling, "time", made)
    return made


def reading(*answers: Answer, then: Answer | None = None) -> HttpServiceClient:
    """A service whose model reads longer than an answer may take; then these answers."""
    left = list(answers)

    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/extract":
            return httpx.Response(504, json={"code": "gateway_timeout", "task_id": "t/1"})
        assert request.url.raw_path == b"/extract/status/t%2F1"
        answer = left.pop(0) if left else then
        assert answer is not None
        if isinstance(answer, httpx.Response):
            return answer
        raise answer("boom")  # type: ignore[call-arg]

    return HttpServiceClient("http://service", transport=httpx.MockTransport(handler))


def read(client: HttpServiceClient) -> str:
    return client.extract("cv.pdf", b"%PDF").raw_text


def told(client: HttpServiceClient) -> str:
    with pytest.raises(ServiceFailure) as failure:
        read(client)
    return str(failure.value)


def test_a_slow_model_is_asked_again_until_it_has_read(clock: Clock) -> None:
    assert read(reading(WORKING, DONE)) == "Mon CV"
    assert clock.slept == [2.0]


def test_the_questions_become_rarer(clock: Clock) -> None:
    assert read(reading(*[WORKING] * 7, DONE)) == "Mon CV"
    assert clock.slept == [2.0, 3.0, 4.5, 6.75, 10.0, 10.0, 10.0]


@pytest.mark.parametrize("passing", [BUSY, GATEWAY, httpx.ReadTimeout, httpx.ConnectError])
def test_a_failure_that_passes_does_not_end_the_waiting(passing: Answer) -> None:
    assert read(reading(WORKING, passing, passing, WORKING, DONE)) == "Mon CV"


def test_a_service_that_says_when_to_come_back_is_obeyed(clock: Clock) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    later = httpx.Response(503, json={}, headers={"Retry-After": date})
    assert read(reading(BUSY, later, DONE)) == "Mon CV"
    assert clock.slept[0] == 30.0
    assert 50 < clock.slept[1] <= 60


@pytest.mark.parametrize("header", ["", "soon", "²", "-3", "1.5"])
def test_a_header_that_says_nothing_usable_leaves_the_usual_pause(
    clock: Clock, header: str
) -> None:
    answer = httpx.Response(429, json={}, headers=[(b"Retry-After", header.encode())])
    assert read(reading(answer, DONE)) == "Mon CV"
    assert clock.slept == [2.0]


@pytest.mark.parametrize(
    ("then", "sentence"),
    [
        (WORKING, sentences.READING_LOST),
        (httpx.ConnectError, sentences.SERVICE_DOWN),
        (httpx.ReadTimeout, sentences.SERVICE_SLOW),
        (GATEWAY, sentences.SERVICE_ERROR),
        (BUSY, "Le service reçoit trop de demandes. Réessayez dans 30 s."),
    ],
)
def test_a_waiting_that_ends_without_the_reading_says_why(
    clock: Clock, then: Answer, sentence: str
) -> None:
    assert told(reading(WORKING, then=then)) == sentence
    total_s = client_module.READING_PACE.total_s
    assert total_s - 31 < clock.now <= total_s


def test_nobody_waits_longer_than_the_reading_may_take(clock: Clock) -> None:
    tomorrow = httpx.Response(503, json={}, headers={"Retry-After": "9" * 5_000})
    assert told(reading(tomorrow)) == sentences.SERVICE_LOADING
    assert clock.slept == []


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ({"error": "Le PDF compte trop de pages."}, "Le PDF compte trop de pages."),
        ({"error": None}, sentences.READING_FAILED),
        ({}, sentences.READING_FAILED),
    ],
)
def test_a_reading_that_failed_says_why(state: dict[str, Any], sentence: str) -> None:
    failed = httpx.Response(200, json={"status": "failed", "success": False, **state})
    assert told(reading(WORKING, failed)) == sentence


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"code": "not_found", "user_message": "Relancez la demande."}, "Relancez la demande."),
        ({"code": "not_found"}, sentences.READING_LOST),
        ({}, sentences.WRONG_ADDRESS),
    ],
)
def test_a_reading_that_the_service_has_forgotten_is_not_asked_for_again(
    clock: Clock, body: dict[str, str], sentence: str
) -> None:
    assert told(reading(httpx.Response(404, json=body))) == sentence
    assert clock.slept == []


def test_a_text_being_written_is_waited_for_in_the_same_way(clock: Clock) -> None:
    answers: list[Callable[[], httpx.Response]] = [
        lambda: httpx.Response(200, json={"task_id": "t/1", "message": "ok"}),
        lambda: httpx.Response(200, json={"status": "processing"}),
        lambda: BUSY,
        lambda: httpx.Response(200, json={"status": "completed", "content": "CV"}),
    ]
    transport = httpx.MockTransport(lambda request: answers.pop(0)())
    assistant = HttpServiceClient("http://service", transport=transport).assistant
    assert [state.status for state in assistant.generate_cv({})] == ["processing", "completed"]
    assert clock.slept == [0.2, 30.0]
