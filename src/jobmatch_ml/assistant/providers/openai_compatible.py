"""Any server that speaks OpenAI's chat completions: OpenAI, Ollama's ``/v1``, vLLM and others."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator, Sequence
from typing import Any

from jobmatch_ml.assistant.errors import (
    ProviderBusyError,
    ProviderDownError,
    ProviderError,
    ProviderGarbageError,
    ProviderKeyError,
    ProviderSlowError,
)
from jobmatch_ml.assistant.providers.base import ChatMessage, Limits, ModelT, ask_structured
from jobmatch_ml.assistant.providers.endpoints import Endpoint, Resolver
from jobmatch_ml.assistant.providers.timing import within_limits
from jobmatch_ml.errors import JobMatchError, missing_extra
from jobmatch_ml.settings import LlmVision


class OpenAICompatibleProvider:
    """Asks one model of one server; every answer is streamed, so that all limits hold for all.

    Args:
        endpoint: A checked endpoint; the address is checked again at each connection.
        model: The model's name there.
        api_key: Sent to that endpoint and written nowhere; many local servers need none.
        limits: How long and how much.
        vision: Whether the model reads pictures, and what of them it may be sent.
        resolve: Stands in for the system's resolver in tests.
    """

    name = "openai_compatible"
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
            import openai
        except ImportError as error:
            raise missing_extra("openai", "assistant") from error
        from jobmatch_ml.assistant.providers.transport import make_http_client

        # At DEBUG the SDK writes whole prompts, that is CVs, into the log.
        logging.getLogger("openai").setLevel(logging.WARNING)
        self.model = model
        self.limits = limits or Limits()
        self.vision: LlmVision = vision
        self._client = openai.OpenAI(
            base_url=endpoint.url,
            api_key=api_key or "none",
            organization="",
            project="",
            max_retries=self.limits.retries,
            http_client=make_http_client(endpoint, self.limits, resolve),
        )

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
        return self._ask(messages, max_tokens, {})

    def structured(self, messages: Sequence[ChatMessage], schema: type[ModelT]) -> ModelT:
        """Returns an answer as an object of the schema, after one repair at most.

        Raises:
            ProviderError: Its class says what went wrong.
        """
        form = schema.model_json_schema()
        wanted = {
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": schema.__name__, "schema": form},
            }
        }
        # Servers that do not know the option ignore it: the schema stands in the prompt as well.
        told: ChatMessage = {
            "role": "system",
            "content": "Réponds par un seul objet JSON conforme à ce schéma : "
            + json.dumps(form, ensure_ascii=False),
        }

        def ask(asked: Sequence[ChatMessage]) -> str:
            return "".join(self._ask(asked, None, wanted))

        return ask_structured(ask, [*messages, told], schema)

    def _ask(
        self, messages: Sequence[ChatMessage], max_tokens: int | None, options: dict[str, Any]
    ) -> Iterator[str]:
        most = min(max_tokens or self.limits.max_tokens, self.limits.max_tokens)

        def read(left: threading.Event) -> Iterator[str]:
            try:
                yield from self._read(messages, most, options, left)
            except JobMatchError:
                raise
            except Exception as error:
                raise _explain(error) from None

        return within_limits(read, self.limits)

    def _read(
        self,
        messages: Sequence[ChatMessage],
        max_tokens: int,
        options: dict[str, Any],
        left: threading.Event,
    ) -> Iterator[str]:
        finished, characters = False, 0
        asked: Any = list(messages)
        with self._client.chat.completions.create(
            model=self.model, messages=asked, max_tokens=max_tokens, stream=True, **options
        ) as chunks:
            for chunk in chunks:
                if left.is_set():
                    return
                for choice in chunk.choices or ():
                    finished = finished or bool(choice.finish_reason)
                    piece = choice.delta.content if choice.delta else None
                    if piece:
                        characters += len(piece)
                        yield piece
                if characters > self.limits.max_chars:
                    raise ProviderGarbageError("the model's answer is too long")
        if not characters:
            raise ProviderGarbageError("the model's answer is empty")
        if not finished:
            raise ProviderGarbageError("the model's answer was cut off")


def _explain(error: Exception) -> ProviderError:
    """Names the failure by its kind alone: an SDK's own message may quote what was sent."""
    import openai

    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in causes:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    for inner in causes:
        if isinstance(inner, ProviderError):
            return inner
    if isinstance(error, openai.APITimeoutError):
        return ProviderSlowError("the LLM server did not answer in time")
    if isinstance(error, openai.APIStatusError):
        return error_of_status(error.status_code)
    if isinstance(error, openai.APIConnectionError):
        return ProviderDownError("the LLM server cannot be reached, or broke the connection off")
    return ProviderGarbageError(f"the LLM server's answer is not readable ({type(error).__name__})")


def error_of_status(status: int) -> ProviderError:
    """Returns what a status of the server means."""
    if status in (401, 403):
        return ProviderKeyError(f"the LLM server refuses the key (status {status})")
    if status in (429, 529):
        return ProviderBusyError(f"the LLM server has too many requests (status {status})")
    if status in (408, 504):
        return ProviderSlowError(f"the LLM server gave up (status {status})")
    if status >= 500:
        return ProviderDownError(f"the LLM server failed (status {status})")
    return ProviderGarbageError(f"the LLM server refuses the request (status {status})")
