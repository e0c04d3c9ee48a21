"""A request's own language model: an address that may not be called is refused in French."""

from __future__ import annotations

from typing import Any

import pytest

from tests.running_service import RunningApp

pytest.importorskip("httpx")
pytest.importorskip("bentoml")
pytest.importorskip("openai")

LISTED = "models.example,2130706433,0177.0.0.1,127.1,::ffff:127.0.0.1,169.254.169.254"
REFUSED = [
    "https://2130706433/v1",
    "https://0177.0.0.1/v1",
    "https://0x7f000001/v1",
    "https://127.1/v1",
    "https://[::ffff:127.0.0.1]/v1",
    "https://[::1",
    "https://[fe80::1%25eth0]/v1",
    "https://169.254.169.254/latest",
    "https://somebody:secret@models.example/v1",
    "https://models.example@127.0.0.1/v1",
    "https://models.example:99999/v1",
    f"https://{'a' * 80}.example/v1",
    "https://..example/v1",
    "https:///v1",
    "file:///etc/passwd",
    "//models.example/v1",
    "modèle",
]
CALLED_AT_MOST = ("https://[::ffff:127.0.0.1]/v1", "https://169.254.169.254/latest")
PATHS: dict[str, dict[str, Any]] = {
    "/chat/start": {},
    "/chat/start/stream": {},
    "/chat/message/async": {"message": "oui", "history": [{"role": "assistant", "content": "?"}]},
}


def body(endpoint: str, **changes: Any) -> dict[str, Any]:
    context = {"first_name": "Awa", "experiences": [{"title": "Vendeuse", "company": "Roux"}]}
    model = {"endpoint": endpoint, "model": "m", "api_key": "sk-canary-key"}
    return {"conversation_id": "c1", "user_context": context, "coaching_type": "star",
            "llm_config": model, **changes}  # fmt: skip


@pytest.mark.parametrize("endpoint", REFUSED)
def test_an_address_that_is_not_listed_is_a_4xx(app: RunningApp, endpoint: str) -> None:
    for path, changes in PATHS.items():
        answer = app.post(path, json=body(endpoint, **changes))
        assert 400 <= answer.status_code < 500, (path, answer.text)
        assert answer.json()["user_message"]
        assert "canary" not in answer.text
        assert "secret" not in answer.text


@pytest.mark.parametrize("endpoint", REFUSED)
def test_a_listed_host_is_refused_or_the_task_says_why(
    app: RunningApp, monkeypatch: pytest.MonkeyPatch, endpoint: str
) -> None:
    from jobmatch_ml.settings import get_settings

    monkeypatch.setenv("JOBMATCH_LLM_USER_HOSTS", f"{LISTED},{'a' * 80}.example,..example")
    get_settings.cache_clear()
    monkeypatch.setenv("JOBMATCH_LLM_CONNECT_S", "1")
    for path, changes in PATHS.items():
        answer = app.post(path, json=body(endpoint, **changes))
        assert answer.status_code < 500, (path, answer.text)
        assert "secret" not in answer.text
        # 169.254.169.254 and IPv6-mapped ones are plain: refused when they are called.
        if answer.status_code == 200:
            assert endpoint in CALLED_AT_MOST
        else:
            assert answer.json()["user_message"]
