"""The seam: what every provider can do, within which limits, and the reading of its JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypedDict, TypeVar

from pydantic import BaseModel, ValidationError

from jobmatch_ml.assistant.errors import ProviderGarbageError
from jobmatch_ml.settings import LlmVision

ModelT = TypeVar("ModelT", bound=BaseModel)

_FENCE = re.compile(r"^\s*```(?:json)?\s*(.*?)\s*```\s*$", re.DOTALL)


class ChatMessage(TypedDict):
    """One message of a prompt."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much, for one call.

    Args:
        connect_s: Seconds to connect.
        first_token_s: Seconds to the first token, connecting included.
        idle_s: Longest silence after it.
        total_s: Seconds for everything, retries included.
        max_tokens: Most tokens that are asked for.
        max_chars: Longest answer that is read; more is garbage.
        retries: Further tries, only before the first token.
    """

    connect_s: float = 5.0
    first_token_s: float = 120.0
    idle_s: float = 60.0
    total_s: float = 240.0
    max_tokens: int = 4096
    max_chars: int = 60_000
    retries: int = 2


class Provider(Protocol):
    """Words texts. Every method raises a :class:`ProviderError` when nothing usable came."""

    name: str

    @property
    def writes(self) -> bool:
        """Whether it is a language model: ``False`` for the rules, which need none."""

    @property
    def vision(self) -> LlmVision:
        """Whether it reads pictures, and what of them it may be sent."""

    def complete(self, messages: Sequence[ChatMessage], *, max_tokens: int | None = None) -> str:
        """Returns a whole answer."""

    def stream(
        self, messages: Sequence[ChatMessage], *, max_tokens: int | None = None
    ) -> Iterator[str]:
        """Yields an answer in pieces, as they come."""

    def structured(self, messages: Sequence[ChatMessage], schema: type[ModelT]) -> ModelT:
        """Returns an answer as an object of the schema; one repair is asked for."""


def read_structured(text: str, schema: type[ModelT]) -> ModelT:
    """Returns the object that a text holds.

    Raises:
        ProviderGarbageError: No JSON, or not of the schema; the text is never quoted.
    """
    fenced = _FENCE.match(text)
    bare = fenced[1] if fenced else text
    start, end = bare.find("{"), bare.rfind("}")
    if start < 0 or end < start:
        raise ProviderGarbageError("the model's answer holds no JSON object")
    try:
        return schema.model_validate_json(bare[start : end + 1])
    except ValidationError as error:
        fields = sorted({".".join(map(str, item["loc"])) for item in error.errors()})
        known = [name for name in fields if name.split(".")[0] in schema.model_fields]
        raise ProviderGarbageError(
            "the model's answer does not fit the schema: " + (", ".join(known[:5]) or "not JSON")
        ) from None


def ask_structured(
    ask: Callable[[Sequence[ChatMessage]], str],
    messages: Sequence[ChatMessage],
    schema: type[ModelT],
) -> ModelT:
    """Asks, reads, and asks once more with the fault named.

    Raises:
        ProviderGarbageError: The second answer does not fit either.
    """
    first = ask(messages)
    try:
        return read_structured(first, schema)
    except ProviderGarbageError as fault:
        form = json.dumps(schema.model_json_schema(), ensure_ascii=False)
        repair: ChatMessage = {
            "role": "user",
            "content": "Ta réponse n'est pas utilisable : "
            f"{fault}. Réponds par un seul objet JSON conforme à ce schéma, sans rien d'autre : "
            f"{form}",
        }
        said: ChatMessage = {"role": "assistant", "content": first[:4_000]}
        return read_structured(ask([*messages, said, repair]), schema)
