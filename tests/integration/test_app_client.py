"""The demo application's HTTP client: the contract's requests, a sentence for each failure."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import httpx
import pytest

pytest.importorskip("gradio", reason="the extra 'app' is not installed")

from gradio_app import sentences
from gradio_app.client import (
    HttpServiceClient,
    Readiness,
)
from gradio_app.sentences import ServiceFailure
from jobmatch_ml.cv.limits import CvLimits
from jobmatch_ml.cv.messages import REFUSALS

Handler = Callable[[httpx.Request], httpx.Response]


def client_of(handler: Handler) -> HttpServiceClient:
    return HttpServiceClient("http://service", transport=httpx.MockTransport(handler))


def refusing(status: int, body: Any = None, **headers: str) -> HttpServiceClient:
    return client_of(lambda request: httpx.Response(status, json=body, headers=headers))


def failing(error: type[httpx.HTTPError]) -> HttpServiceClient:
    def handler(request: httpx.Request) -> httpx.Response:
        raise error("boom")  # type: ignore[call-arg]

    return client_of(handler)


def test_a_match_request_and_its_answer_are_those_of_the_contract() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        assert request.method == "POST"
        assert request.url.path == "/api/match/text"
        assert request.content == b'{"title":"Boulanger","text":"CAP","top_k":3}'
        offer = {"rank": 1, "offer_id": "a", "title": "Boulanger", "score": 0.5, "new_field": 1}
        return httpx.Response(200, json={"offers": [offer], "bundle_version": 4, "request_id": "r"})

    answer = client_of(handler).match_text("Boulanger", "CAP", top_k=3)
    assert answer.bundle_version == "4"
    assert [offer.title for offer in answer.offers] == ["Boulanger"]


def test_a_file_travels_without_its_name() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/extract"
        assert b'name="file"; filename="cv.pdf"' in request.content
        assert b"camille" not in request.content
        return httpx.Response(200, json={"success": True, "raw_text": "Mon CV", "pages": 1})

    assert client_of(handler).extract("camille.pdf", b"%PDF").raw_text == "Mon CV"


def test_a_scan_is_waited_for_longer_than_a_ranking() -> None:
    waited: dict[str, float] = {}

    def handler(request: httpx.Request) -> httpx.Response:
        waited[request.url.path] = request.extensions["timeout"]["read"]
        return httpx.Response(200, json={})

    client = client_of(handler)
    client.extract("cv.pdf", b"%PDF")
    client.match_text("Boulanger", "", top_k=1)
    limits = CvLimits()
    assert waited["/extract"] >= limits.wall_s + limits.ocr_wall_s + 10
    assert waited["/api/match/text"] == 20


@pytest.mark.parametrize(
    ("client", "sentence"),
    [
        (failing(httpx.ConnectError), sentences.SERVICE_DOWN),
        (failing(httpx.ConnectTimeout), sentences.SERVICE_DOWN),
        (failing(httpx.RemoteProtocolError), sentences.SERVICE_DOWN),
        (failing(httpx.ReadTimeout), sentences.SERVICE_SLOW),
        (refusing(503, {"code": "not_ready", "message": "x"}), sentences.SERVICE_LOADING),
        (refusing(504), sentences.SERVICE_SLOW),
        (refusing(500, {"code": "integrity", "message": "x"}), sentences.SERVICE_ERROR),
        (refusing(409, {"code": "model_mismatch", "message": "x"}), sentences.MODEL_CHANGED),
        (refusing(404, "not here"), sentences.WRONG_ADDRESS),
        (refusing(302), sentences.WRONG_ADDRESS),
        (refusing(413, {"code": "limit_exceeded"}), sentences.TEXT_TOO_LONG),
        (refusing(422, {"code": "invalid_input", "field": "text"}), sentences.TEXT_REFUSED),
        (refusing(422, {"code": "invalid_input", "field": "top_k"}), sentences.TOP_K_REFUSED),
        (refusing(200, {"offers": [{"rank": "premier"}]}), sentences.BAD_ANSWER),
        (client_of(lambda request: httpx.Response(200, text="<html>")), sentences.BAD_ANSWER),
        (client_of(lambda request: httpx.Response(500, text="oops")), sentences.SERVICE_ERROR),
    ],
)
def test_every_failed_match_is_its_sentence(client: HttpServiceClient, sentence: str) -> None:
    with pytest.raises(ServiceFailure) as failure:
        client.match_text("Boulanger", "CAP", top_k=3)
    assert str(failure.value) == sentence


@pytest.mark.parametrize(
    ("client", "sentence"),
    [
        (refusing(413, {"code": "limit_exceeded"}), sentences.FILE_TOO_LARGE),
        (refusing(422, {"code": "invalid_format"}), sentences.UNREADABLE_FILE),
        (refusing(422, {"code": "cv_encrypted"}), REFUSALS["cv_encrypted"].user_message),
        (refusing(413, {"code": "cv_too_many_pages"}), REFUSALS["cv_too_many_pages"].user_message),
        (refusing(503, {"code": "not_ready"}), sentences.SERVICE_LOADING),
        (failing(httpx.ConnectError), sentences.SERVICE_DOWN),
    ],
)
def test_every_failed_reading_is_its_sentence(client: HttpServiceClient, sentence: str) -> None:
    with pytest.raises(ServiceFailure) as failure:
        client.extract("cv.pdf", b"%PDF")
    assert str(failure.value) == sentence


def test_an_offer_that_was_withdrawn_is_told_in_the_services_words() -> None:
    gone = {"code": "offer_withdrawn", "user_message": "Cette offre n'est plus disponible."}
    with pytest.raises(ServiceFailure, match="n'est plus disponible"):
        refusing(410, gone).assistant.offer("a")


def test_a_busy_service_says_when_to_come_back() -> None:
    with pytest.raises(ServiceFailure, match="Réessayez dans 12 s"):
        refusing(429, {"code": "busy"}, **{"Retry-After": "12"}).match_text("a", "b", top_k=1)


@pytest.mark.parametrize(
    ("client", "state"),
    [
        (refusing(200, {}), "ready"),
        (refusing(503, {}), "loading"),
        (failing(httpx.ConnectError), "down"),
        (failing(httpx.ReadTimeout), "down"),
    ],
)
def test_readiness_never_raises(client: HttpServiceClient, state: Readiness) -> None:
    assert client.readiness() == state


def test_no_personal_text_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    echo = {"code": "invalid_input", "message": "camille@example.org", "field": "text"}
    for client in (refusing(422, echo), refusing(200, {"offers": ["camille@example.org"]})):
        with pytest.raises(ServiceFailure):
            client.match_text("Camille", "camille@example.org", top_k=3)
    assert "invalid_input" in caplog.text
    assert "camille" not in caplog.text.lower()
