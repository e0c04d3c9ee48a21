"""The real provider against a local server: answers, and one typed error for each fault."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from jobmatch_ml.assistant.errors import (
    EndpointRefusedError,
    ProviderBusyError,
    ProviderDownError,
    ProviderError,
    ProviderGarbageError,
    ProviderKeyError,
    ProviderSlowError,
)
from jobmatch_ml.assistant.providers.base import ChatMessage, Limits
from jobmatch_ml.assistant.providers.endpoints import Endpoint, operator_endpoint
from tests.llm_server import INVENTED, LlmServer, running_llm_server

pytest.importorskip("openai")
from jobmatch_ml.assistant.providers.openai_compatible import OpenAICompatibleProvider

QUICK = Limits(connect_s=2, first_token_s=1.0, idle_s=1.0, total_s=3.0, max_chars=20_000, retries=0)
SECRET = "sk-cle-secrete"  # noqa: S105 - the canary that no error may hold
PERSON = "Awa Traoré a encaissé"
ASK: list[ChatMessage] = [{"role": "user", "content": PERSON}]


class Answer(BaseModel):
    title: str
    skills: list[str]


@pytest.fixture(scope="module")
def server() -> Iterator[LlmServer]:
    with running_llm_server() as running:
        yield running


def provider(server: LlmServer, model: str, limits: Limits = QUICK) -> OpenAICompatibleProvider:
    return OpenAICompatibleProvider(operator_endpoint(server.url), model, SECRET, limits=limits)


def test_an_answer_comes_whole_in_pieces_and_as_an_object(server: LlmServer) -> None:
    inventive = provider(server, "invent")
    assert inventive.complete(ASK) == INVENTED.strip()
    pieces = list(inventive.stream(ASK))
    assert len(pieces) > 5
    assert "".join(pieces) == INVENTED
    assert inventive.structured(ASK, Answer) == Answer(title=INVENTED, skills=[INVENTED])


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("status-401", ProviderKeyError),
        ("status-403", ProviderKeyError),
        ("status-429", ProviderBusyError),
        ("status-529", ProviderBusyError),
        ("status-500", ProviderDownError),
        ("status-503", ProviderDownError),
        ("status-400", ProviderGarbageError),
        ("redirect", ProviderGarbageError),
        ("garbage", ProviderGarbageError),
        ("utf8", ProviderError),
        ("html", ProviderGarbageError),
        ("empty", ProviderGarbageError),
        ("cut", ProviderGarbageError),
        ("big", ProviderGarbageError),
        ("slow", ProviderSlowError),
        ("hang", ProviderSlowError),
    ],
)
def test_each_fault_is_a_typed_error_that_quotes_nothing(
    server: LlmServer, caplog: pytest.LogCaptureFixture, model: str, expected: type[ProviderError]
) -> None:
    caplog.set_level(logging.DEBUG)
    before = time.monotonic()
    with pytest.raises(expected) as caught:
        provider(server, model).complete(ASK)
    assert time.monotonic() - before < 10
    told = f"{caught.value} {caught.value.user_message} {caplog.text}"
    assert SECRET not in told
    assert "Traoré" not in told
    assert caught.value.user_message.endswith((".", "!"))


def test_a_server_that_drips_is_left_after_the_total(server: LlmServer) -> None:
    limits = Limits(first_token_s=2, idle_s=2, total_s=0.9, retries=0)
    got: list[str] = []
    with pytest.raises(ProviderSlowError, match=r"0\.9 s"):
        got.extend(provider(server, "drip", limits).stream(ASK))


def test_nobody_at_the_address_and_no_such_name_are_told_alike() -> None:
    closed = OpenAICompatibleProvider(operator_endpoint("http://127.0.0.1:9/v1"), "m", limits=QUICK)
    with pytest.raises(ProviderDownError):
        closed.complete(ASK)

    def nobody(host: str, port: int) -> list[str]:
        raise OSError

    endpoint = operator_endpoint("http://nowhere.invalid/v1")
    with pytest.raises(ProviderDownError):
        OpenAICompatibleProvider(endpoint, "m", limits=QUICK, resolve=nobody).complete(ASK)


def test_a_name_that_moves_to_a_private_address_is_not_called(server: LlmServer) -> None:
    port = int(server.url.split(":")[2].split("/")[0])
    endpoint = Endpoint(f"http://llm.example:{port}/v1", "llm.example", port, private=False)
    server.forget()
    with pytest.raises(EndpointRefusedError):
        OpenAICompatibleProvider(
            endpoint, "invent", limits=QUICK, resolve=lambda host, port: ["127.0.0.1"]
        ).complete(ASK)
    assert server.seen() == []


def test_retries_are_two_at_most_and_the_repair_is_one(server: LlmServer) -> None:
    server.forget()
    patient = Limits(first_token_s=10, idle_s=5, total_s=15, retries=2)
    with pytest.raises(ProviderDownError):
        provider(server, "status-500", patient).complete(ASK)
    assert len(server.seen()) == 3
    server.forget()
    with pytest.raises(ProviderGarbageError, match="skills, title"):
        provider(server, "schema").structured(ASK, Answer)
    assert len(server.seen()) == 2
    server.forget()
