"""Which provider answers: the request's own, the operator's, or the rules."""

from __future__ import annotations

import pytest

from jobmatch_ml.assistant.errors import AssistantInputError, EndpointRefusedError, ProviderError
from jobmatch_ml.assistant.providers import LlmChoice, RulesProvider, choose_provider
from jobmatch_ml.errors import ConfigError
from jobmatch_ml.settings import Settings, get_settings

pytest.importorskip("openai")


def settings(**changes: object) -> Settings:
    return get_settings().model_copy(update=changes)


def test_without_settings_the_rules_answer_and_ask_no_model() -> None:
    provider = choose_provider(settings())
    assert isinstance(provider, RulesProvider)
    assert not provider.writes
    with pytest.raises(ProviderError):
        provider.complete([])


def test_the_products_own_variable_names_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLM_TYPE", "openai_compatible")
    monkeypatch.setenv("LLM_ENDPOINT", "http://127.0.0.1:11434/v1")
    monkeypatch.setenv("LLM_MODEL", "mistral")
    monkeypatch.setenv("LLM_API_KEY", "sk-secret")
    monkeypatch.setenv("LLM_MAX_TOKENS", "512")
    get_settings.cache_clear()
    read = get_settings()
    provider = choose_provider(read)
    assert (provider.name, provider.writes) == ("openai_compatible", True)
    assert read.llm_max_tokens == 512
    assert "sk-secret" not in repr(read)
    assert not choose_provider(read, LlmChoice(use_rules=True)).writes
    monkeypatch.setenv("LLM_MAX_TOKENS", "none")
    get_settings.cache_clear()
    with pytest.raises(ConfigError, match="JOBMATCH_LLM_MAX_TOKENS is 'none'"):
        get_settings()


def test_an_operators_half_set_llm_is_told() -> None:
    with pytest.raises(ConfigError, match="LLM_ENDPOINT"):
        choose_provider(settings(llm_type="openai_compatible"))
    with pytest.raises(ConfigError, match="LLM_ENDPOINT"):
        choose_provider(
            settings(llm_type="openai_compatible", llm_model="m", llm_endpoint="file:///etc")
        )


def test_a_request_may_choose_a_listed_host_with_its_own_key_and_model() -> None:
    own = LlmChoice("https://llm.example/v1", "big", "sk-own")
    with pytest.raises(EndpointRefusedError):
        choose_provider(settings(), own)
    assert choose_provider(settings(llm_user_hosts="a.example, LLM.example"), own).writes
    assert "sk-own" not in repr(own)


@pytest.mark.parametrize(
    "choice",
    [
        LlmChoice(model="bigger"),
        LlmChoice(api_key="sk-own"),
        LlmChoice(endpoint="https://llm.example/v1"),
    ],
)
def test_half_a_choice_is_refused_in_french(choice: LlmChoice) -> None:
    with pytest.raises(AssistantInputError) as caught:
        choose_provider(settings(llm_user_hosts="llm.example"), choice)
    assert "Indiquez" in caught.value.user_message
