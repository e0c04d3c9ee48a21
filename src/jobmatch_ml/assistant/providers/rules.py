"""The built-in provider: there is no model, and nothing needs one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NoReturn

from jobmatch_ml.assistant.errors import ProviderError
from jobmatch_ml.assistant.providers.base import ChatMessage, ModelT
from jobmatch_ml.settings import LlmVision


class RulesProvider:
    """Stands where a model could stand; the coaches word everything themselves when they see it."""

    name = "rules"
    writes = False
    vision: LlmVision = "off"

    def complete(self, messages: Sequence[ChatMessage], *, max_tokens: int | None = None) -> str:
        """Refuses: there is no model to ask."""
        _refuse()

    def stream(
        self, messages: Sequence[ChatMessage], *, max_tokens: int | None = None
    ) -> Iterator[str]:
        """Refuses: there is no model to ask."""
        _refuse()

    def structured(self, messages: Sequence[ChatMessage], schema: type[ModelT]) -> ModelT:
        """Refuses: there is no model to ask."""
        _refuse()


def _refuse() -> NoReturn:
    raise ProviderError("no language model is set; the rules word texts without one")
