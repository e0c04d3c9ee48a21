"""Ollama's own protocol: read as it comes, faults named by their kind, pictures beside the text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("openai")

from jobmatch_ml.assistant.errors import ProviderError
from jobmatch_ml.assistant.providers import ChatMessage, LlmChoice, choose_provider
from jobmatch_ml.assistant.providers.ollama_native import OllamaNativeProvider
from jobmatch_ml.cv.llm_extraction import LlmReading
from jobmatch_ml.settings import Settings
from tests.llm_server import LlmServer, running_llm_server

ASKED: list[ChatMessage] = [{"role": "user", "content": "Bonjour"}]


@pytest.fixture(scope="module")
def server() -> Iterator[LlmServer]:
    with running_llm_server() as running:
        yield running


def provider(server: LlmServer, model: str, **more: Any) -> Any:
    values = {"llm_first_token_s": 1.0, "llm_idle_s": 1.0, "llm_total_s": 3.0, "llm_retries": 0}
    settings = Settings(
        llm_type="ollama_native", llm_endpoint=server.url, llm_model=model, **values | more
    )
    return choose_provider(settings)


def test_an_answer_is_read_from_the_native_route(server: LlmServer) -> None:
    server.forget()
    asked = provider(server, "say:Bonjour à vous, Awa", llm_api_key="sk-own")
    assert isinstance(asked, OllamaNativeProvider)
    assert "".join(asked.stream(ASKED, max_tokens=64)) == "Bonjour à vous, Awa"
    [seen] = server.seen()
    assert seen["messages"] == ASKED
    assert seen["options"] == {"num_predict": 64}
    assert seen["auth"] == "Bearer sk-own"


def test_a_form_is_asked_for_and_read(server: LlmServer) -> None:
    server.forget()
    items = {"items": [{"type": "skill_hard", "quote": "Sage"}]}
    found = provider(server, "say:" + json.dumps(items)).structured(ASKED, LlmReading)
    assert found.items[0].quote == "Sage"
    assert server.seen()[0]["format"]["additionalProperties"] is False


def test_pictures_go_beside_the_text(server: LlmServer) -> None:
    server.forget()
    content: Any = [
        {"type": "text", "text": "Une page"},
        {"type": "image_url", "image_url": {"url": "data:image/jpeg;base64,/9hh"}},
    ]
    provider(server, "say:vu").complete([{"role": "user", "content": content}])
    assert server.seen()[0]["messages"] == [
        {"role": "user", "content": "Une page", "images": ["/9hh"]}
    ]


@pytest.mark.parametrize(
    ("model", "code"),
    [
        ("status-401", "llm_key_refused"), ("status-429", "llm_busy"),
        ("status-500", "llm_unreachable"), ("html", "llm_garbage"), ("garbage", "llm_garbage"),
        ("empty", "llm_garbage"), ("cut", "llm_garbage"), ("redirect", "llm_garbage"),
        ("hang", "llm_timeout"), ("slow", "llm_timeout"), ("big", "llm_garbage"),
    ],
)  # fmt: skip
def test_a_fault_is_an_error_of_its_kind_without_what_was_sent(
    server: LlmServer, model: str, code: str
) -> None:
    with pytest.raises(ProviderError) as failed:
        provider(server, model).complete(ASKED)
    assert failed.value.code == code
    assert "Bonjour" not in str(failed.value)


def test_a_server_that_is_not_there_is_tried_again_and_named(server: LlmServer) -> None:
    asked = choose_provider(
        Settings(llm_type="ollama_native", llm_endpoint="http://127.0.0.1:9", llm_model="m",
                 llm_retries=1)
    )  # fmt: skip
    with pytest.raises(ProviderError) as failed:
        asked.complete(ASKED)
    assert failed.value.code == "llm_unreachable"


def test_a_server_that_fails_for_a_moment_is_asked_again(server: LlmServer) -> None:
    server.forget()
    with pytest.raises(ProviderError):
        provider(server, "status-500", llm_retries=1).complete(ASKED)
    assert len(server.seen()) == 2


def test_a_request_may_name_the_protocol(server: LlmServer) -> None:
    settings = Settings(llm_private_hosts="127.0.0.1")
    choice = LlmChoice(server.url, "say:oui", api_mode="ollama_native")
    assert choose_provider(settings, choice).complete(ASKED) == "oui"
