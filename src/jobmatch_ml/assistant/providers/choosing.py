"""Which provider answers a request: its own LLM if it may, else the operator's, else the rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jobmatch_ml.assistant.errors import AssistantInputError, EndpointRefusedError
from jobmatch_ml.assistant.providers.base import Limits, Provider
from jobmatch_ml.assistant.providers.endpoints import operator_endpoint, user_endpoint
from jobmatch_ml.assistant.providers.rules import RulesProvider
from jobmatch_ml.errors import ConfigError
from jobmatch_ml.settings import Settings

if TYPE_CHECKING:
    from jobmatch_ml.assistant.providers.ollama_native import OllamaNativeProvider
    from jobmatch_ml.assistant.providers.openai_compatible import OpenAICompatibleProvider


@dataclass(frozen=True, slots=True)
class LlmChoice:
    """What a request says about its LLM; an empty one leaves it to the operator.

    Args:
        endpoint: Base URL; its host must be listed by the operator.
        model: Needed with an endpoint.
        api_key: The person's own key; the operator's is never sent to their endpoint.
        max_tokens: At most what the operator allows.
        api_mode: Protocol that its endpoint speaks; empty: OpenAI's.
        use_rules: Asks for the rules, whatever is set.
        vision: Its model reads pictures; what identifies people is left out of them.
    """

    endpoint: str = ""
    model: str = ""
    api_key: str = field(default="", repr=False)
    max_tokens: int | None = None
    use_rules: bool = False
    vision: bool = False
    api_mode: str = ""


def choose_provider(settings: Settings, choice: LlmChoice | None = None) -> Provider:
    """Returns the provider of a request.

    Raises:
        EndpointRefusedError: The request names an endpoint that it may not.
        AssistantInputError: It names a model or a key without an endpoint, or no model.
        ConfigError: The operator's own settings are not complete.
    """
    wanted = choice or LlmChoice()
    if wanted.use_rules:
        return RulesProvider()
    limits = _limits(settings, wanted.max_tokens)
    if wanted.endpoint:
        return _own(settings, wanted, limits)
    if wanted.model or wanted.api_key:
        raise AssistantInputError(
            "llm_config names a model or a key without an endpoint",
            user_message="Indiquez aussi l'adresse de votre modèle de langue, ou laissez ces "
            "champs vides pour utiliser celui du service.",
            field="llm_config",
        )
    if settings.llm_type == "rules":
        return RulesProvider()
    return _operators(settings, limits)


def _own(settings: Settings, wanted: LlmChoice, limits: Limits) -> Provider:
    endpoint = user_endpoint(
        wanted.endpoint,
        public_hosts=_hosts(settings.llm_user_hosts),
        private_hosts=_hosts(settings.llm_private_hosts),
    )
    if not wanted.model:
        raise AssistantInputError(
            "llm_config names an endpoint without a model",
            user_message="Indiquez le nom du modèle de langue à utiliser.",
            field="llm_config",
        )
    return _speaking(wanted.api_mode)(
        endpoint,
        wanted.model,
        wanted.api_key,
        limits=limits,
        vision="masked" if wanted.vision else "off",
    )


def _operators(settings: Settings, limits: Limits) -> Provider:
    if not settings.llm_endpoint or not settings.llm_model:
        raise ConfigError(
            f"LLM_TYPE is {settings.llm_type}, but LLM_ENDPOINT or LLM_MODEL is empty: set both, "
            "or LLM_TYPE=rules",
            field="llm_endpoint",
        )
    try:
        endpoint = operator_endpoint(settings.llm_endpoint)
    except EndpointRefusedError as error:
        raise ConfigError(f"LLM_ENDPOINT: {error}", field="llm_endpoint") from None
    key = settings.llm_api_key.get_secret_value()
    return _speaking(settings.llm_type)(
        endpoint, settings.llm_model, key, limits=limits, vision=settings.llm_vision
    )


def _speaking(mode: str) -> type[OpenAICompatibleProvider] | type[OllamaNativeProvider]:
    """Returns the provider of a protocol."""
    if mode == "ollama_native":
        from jobmatch_ml.assistant.providers.ollama_native import OllamaNativeProvider

        return OllamaNativeProvider
    from jobmatch_ml.assistant.providers.openai_compatible import OpenAICompatibleProvider

    return OpenAICompatibleProvider


def _limits(settings: Settings, max_tokens: int | None) -> Limits:
    return Limits(
        connect_s=settings.llm_connect_s,
        first_token_s=settings.llm_first_token_s,
        idle_s=settings.llm_idle_s,
        total_s=settings.llm_total_s,
        max_tokens=min(max_tokens or settings.llm_max_tokens, settings.llm_max_tokens),
        retries=settings.llm_retries,
    )


def _hosts(listed: str) -> frozenset[str]:
    return frozenset(host.strip().lower() for host in listed.split(",") if host.strip())
