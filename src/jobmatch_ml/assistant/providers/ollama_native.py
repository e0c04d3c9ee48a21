"""Ollama's own protocol (``/api/chat``): lines of JSON instead of events.

Its ``/v1`` speaks OpenAI's protocol too, but may list no models there, and older servers have no
JSON form on it.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

from jobmatch_ml.assistant.errors import (
    ProviderDownError,
    ProviderError,
    ProviderGarbageError,
    ProviderSlowError,
)
from jobmatch_ml.assistant.providers.base import ChatMessage, Limits, ModelT, ask_structured
from jobmatch_ml.assistant.providers.endpoints import Endpoint, Resolver
from jobmatch_ml.assistant.providers.openai_compatible import error_of_status
from jobmatch_ml.assistant.providers.timing import within_limits
from jobmatch_ml.errors import JobMatchError, missing_extra
from jobmatch_ml.settings import LlmVision

_PAUSE_S = 0.5  # before a retry


class OllamaNativeProvider:
    """Asks one model of one Ollama server; every answer is streamed.

    Args:
        endpoint: A checked endpoint, with or without the path ``/v1`` or ``/api``.
        model: The model's name there.
        api_key: Sent to that endpoint where one is needed, and written nowhere.
        limits: How long and how much.
        vision: Whether the model reads pictures, and what of them it may be sent.
        resolve: Stands in for the system's resolver in tests.
    """

    name = "ollama_native"
    writes = True

    def __init__(
        self,
        endpoint: Endpoint,
        model: str,
        api_key: str = "",
        *,
        limits: Limits | None = None,
        vision: LlmVision = "off",
        resolve: Resolver | None = None,
    ) -> None:
        try:
            from jobmatch_ml.assistant.providers.transport import make_http_client
        except ImportError as error:
            raise missing_extra("httpx2", "assistant") from error
        self.model = model
        self.limits = limits or Limits()
        self.vision: LlmVision = vision
        base = endpoint.url.removesuffix("/v1").removesuffix("/api")
        self._url = f"{base}/api/chat"
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._client = make_http_client(endpoint, self.limits, resolve)

    def complete(self, messages: Sequence[ChatMessage], *, max_tokens: int | None = None) -> str:
        """Returns a whole answer.

        Raises:
            ProviderError: Its class says what went wrong.
        """
        return "".join(self.stream(messages, max_tokens=max_tokens)).strip()

    def stream(
        self, messages: Sequence[ChatMessage], *, max_tokens: int | None = None
    ) -> Iterator[str]:
        """Yields the answer's pieces; an answer that is cut off ends with an error.

        Raises:
            ProviderError: Its class says what went wrong.
        """
        return self._ask(messages, max_tokens, None)

    def structured(self, messages: Sequence[ChatMessage], schema: type[ModelT]) -> ModelT:
        """Returns an answer as an object of the schema, after one repair at most.

        Raises:
            ProviderError: Its class says what went wrong.
        """
        form = schema.model_json_schema()
        told: ChatMessage = {
            "role": "system",
            "content": "Réponds par un seul objet JSON conforme à ce schéma : "
            + json.dumps(form, ensure_ascii=False),
        }

        def ask(asked: Sequence[ChatMessage]) -> str:
            return "".join(self._ask(asked, None, form))

        return ask_structured(ask, [*messages, told], schema)

    def _ask(
        self,
        messages: Sequence[ChatMessage],
        max_tokens: int | None,
        form: dict[str, Any] | None,
    ) -> Iterator[str]:
        most = min(max_tokens or self.limits.max_tokens, self.limits.max_tokens)
        body: dict[str, Any] = {
            "model": self.model,
            "messages": [_native(message) for message in messages],
            "stream": True,
            "options": {"num_predict": most},
        }
        if form is not None:
            body["format"] = form

        def read(left: threading.Event) -> Iterator[str]:
            for tries_left in range(self.limits.retries, -1, -1):
                begun = False
                try:
                    for piece in self._read(body, left):
                        begun = True
                        yield piece
                    return
                except JobMatchError as error:
                    # What has begun is never begun again: the client has read it.
                    if begun or not tries_left or not _passing(error):
                        raise
                    time.sleep(_PAUSE_S)

        return within_limits(read, self.limits)

    def _read(self, body: dict[str, Any], left: threading.Event) -> Iterator[str]:
        try:
            yield from self._pieces(body, left)
        except JobMatchError:
            raise
        except Exception as error:
            raise _explain(error) from None

    def _pieces(self, body: dict[str, Any], left: threading.Event) -> Iterator[str]:
        finished, characters = False, 0
        with self._client.stream("POST", self._url, json=body, headers=self._headers) as answer:
            if answer.status_code != 200:
                raise error_of_status(answer.status_code)
            for line in answer.iter_lines():
                if left.is_set():
                    return
                if not line.strip():
                    continue
                chunk = json.loads(line)
                if chunk.get("error"):
                    raise ProviderDownError("the LLM server failed while it answered")
                finished = finished or chunk.get("done") is True
                piece = (chunk.get("message") or {}).get("content") or ""
                characters += len(piece)
                if characters > self.limits.max_chars:
                    raise ProviderGarbageError("the model's answer is too long")
                if piece:
                    yield piece
        if not characters:
            raise ProviderGarbageError("the model's answer is empty")
        if not finished:
            raise ProviderGarbageError("the model's answer was cut off")


def _native(message: ChatMessage) -> dict[str, Any]:
    """Returns a message as Ollama takes it: pictures beside the text, without their media type."""
    content: Any = message["content"]
    if isinstance(content, str):
        return {"role": message["role"], "content": content}
    texts = [part["text"] for part in content if part["type"] == "text"]
    pictures = [
        part["image_url"]["url"].partition("base64,")[2]
        for part in content
        if part["type"] == "image_url"
    ]
    return {"role": message["role"], "content": "\n".join(texts), "images": pictures}


def _passing(error: JobMatchError) -> bool:
    return error.http_status in (502, 503) and not isinstance(error, ProviderGarbageError)


def _explain(error: Exception) -> ProviderError:
    """Names the failure by its kind alone: an error's own text may quote what was sent."""
    import httpx2

    if isinstance(error, httpx2.TimeoutException):
        return ProviderSlowError("the LLM server did not answer in time")
    if isinstance(error, httpx2.TransportError):
        return ProviderDownError("the LLM server cannot be reached, or broke the connection off")
    return ProviderGarbageError(f"the LLM server's answer is not readable ({type(error).__name__})")
