"""The assistant's HTTP client: streams read event by event, tasks polled, a sentence a failure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

pytest.importorskip("gradio", reason="the extra 'app' is not installed")

from gradio_app import assistant_client, sentences
from gradio_app.assistant_client import AssistantClient
from gradio_app.client import HttpServiceClient
from gradio_app.polling import Pace
from gradio_app.sentences import ServiceFailure

Handler = Callable[[httpx.Request], httpx.Response]


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assistant_client, "TASK_PACE", Pace(total_s=9.0, from_s=0.0, to_s=0.0))


def client_of(handler: Handler) -> AssistantClient:
    return HttpServiceClient("http://service", transport=httpx.MockTransport(handler)).assistant


def streaming(*parts: str | type[httpx.HTTPError]) -> AssistantClient:
    class Parts(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            for part in parts:
                if not isinstance(part, str):
                    raise part("boom")  # type: ignore[call-arg]
                yield part.encode()

    return client_of(lambda request: httpx.Response(200, stream=Parts()))


def event(**fields: Any) -> str:
    return f"data: {json.dumps(fields, ensure_ascii=False)}\n\n"


def word(text: str) -> str:
    return event(**{"token": text})


def test_a_stream_gives_each_token_and_what_comes_beside_the_last() -> None:
    first, second = word("Bonjour"), word(" à toi")
    # Events may arrive in pieces, and with comments that only keep the connection.
    parts = (first[:9], first[9:] + ": en cours\n\n" + second)
    end = event(token="", step="situation", score={"points": 70, "tips": ["a"]}, notice="N")
    found = list(streaming(*parts, end, "data: [DONE]\n\n").start("star", "c", {}))
    assert [item.token for item in found] == ["Bonjour", " à toi", ""]
    assert (found[-1].step, found[-1].notice) == ("situation", "N")
    assert found[-1].score is not None
    assert found[-1].score.points == 70


def test_a_message_travels_with_the_history_as_the_contract_says() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/chat/message/stream"
        assert json.loads(request.content) == {
            "conversation_id": "c",
            "message": "Oui",
            "history": [{"role": "assistant", "content": "Bonjour ?"}],
            "user_context": {"first_name": "Awa"},
            "coaching_type": "pitch",
        }
        return httpx.Response(200, text=word("Bien") + "data: [DONE]\n\n")

    history = [{"role": "assistant", "content": "Bonjour ?"}]
    client, context = client_of(handler), {"first_name": "Awa"}
    sent = client.send("pitch", "c", "Oui", history=history, context=context)
    assert [item.token for item in sent] == ["Bien"]


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ((word("Bon"),), sentences.STREAM_CUT),
        ((word("Bon"), httpx.RemoteProtocolError), sentences.STREAM_CUT),
        ((word("Bon"), httpx.ReadTimeout), sentences.SERVICE_SLOW),
        ((event(error="Le modèle est saturé.", code="llm_busy"),), "Le modèle est saturé."),
        ((event(error={"code": 1}),), sentences.STREAM_CUT),
        (("data: nonsense\n\n",), sentences.BAD_ANSWER),
        (("data: [1]\n\n",), sentences.BAD_ANSWER),
    ],
)
def test_a_stream_that_does_not_end_well_is_a_sentence(parts: Any, sentence: str) -> None:
    with pytest.raises(ServiceFailure) as failure:
        list(streaming(*parts).start("star", "c", {}))
    assert str(failure.value) == sentence


def test_a_refusal_is_told_in_the_assistants_own_french() -> None:
    body = {"code": "invalid_history", "message": "x", "user_message": "Rechargez la page."}
    client = client_of(lambda request: httpx.Response(422, json=body))
    with pytest.raises(ServiceFailure, match=r"^Rechargez la page\.$"):
        list(client.start("star", "c", {}))
    with pytest.raises(ServiceFailure, match=r"^Rechargez la page\.$"):
        client.extract_success("c", [])


def test_the_other_routes_never_repeat_what_the_service_says() -> None:
    body = {"code": "invalid_input", "user_message": "echo"}
    client = HttpServiceClient(
        "http://service", transport=httpx.MockTransport(lambda r: httpx.Response(422, json=body))
    )
    with pytest.raises(ServiceFailure) as failure:
        client.match_text("a", "b", top_k=1)
    assert str(failure.value) == sentences.TEXT_REFUSED


def tasks(*states: dict[str, Any]) -> AssistantClient:
    waiting = iter(states)

    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(200, json={"task_id": "t-1", "message": "ok"})
        assert request.url.path == "/generate/status/t-1"
        return httpx.Response(200, json=next(waiting))

    return client_of(handler)


def test_a_task_is_asked_about_until_it_is_done() -> None:
    done = {
        "status": "completed",
        "task_id": "t-1",
        "content": "CV",
        "sentences": [{"text": "Vente", "section": "skills", "source_line_ids": ["skill-1"]}],
        "sources": {"skill-1": "Vente"},
        "score_before": 0.2,
        "new_field": 1,
    }
    states = list(tasks({"status": "pending"}, {"status": "processing"}, done).generate_cv({}))
    assert [state.status for state in states] == ["pending", "processing", "completed"]
    assert states[-1].sources == {"skill-1": "Vente"}
    assert (states[-1].score_before, states[-1].score_after) == (0.2, None)


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ({"status": "failed", "error": "Votre CV est vide."}, "Votre CV est vide."),
        ({"status": "failed"}, sentences.TASK_FAILED),
        ({"state": "?"}, sentences.BAD_ANSWER),
    ],
)
def test_a_task_that_fails_is_a_sentence(state: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ServiceFailure) as failure:
        list(tasks(state).generate_letter({}))
    assert str(failure.value) == sentence


def test_a_task_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assistant_client, "TASK_PACE", Pace(total_s=0.0, from_s=0.0, to_s=0.0))
    with pytest.raises(ServiceFailure) as failure:
        list(tasks({"status": "processing"}).generate_cv({}))
    assert str(failure.value) == sentences.SERVICE_SLOW


def test_a_document_is_the_bytes_of_the_answer() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        assert json.loads(request.content) == {"task_id": "t-1", "format": "pdf"}
        return httpx.Response(200, content=b"%PDF")

    assert client_of(handler).export("t-1", "pdf") == b"%PDF"
