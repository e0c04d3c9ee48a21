"""The recorded attacks on CVs and letters, through the routes, against a model that obeys them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.llm_server import LlmServer, running_llm_server

pytest.importorskip("openai")
pytest.importorskip("httpx")
from starlette.testclient import TestClient

from jobmatch_ml.assistant.candidate import from_request
from jobmatch_ml.assistant.routes import Assistant, create_assistant_app
from jobmatch_ml.assistant.truth_lock import check_text
from jobmatch_ml.settings import get_settings

CORPUS = Path(__file__).resolve().parent.parent / "corpora" / "assistant"
OFFER_FIELDS = {"offer_title": "title", "offer_company": "company", "offer_location": "location",
                "offer_contract": "contract_type"}  # fmt: skip
# What stands in the candidate's own data may be shown again: it is theirs.
CANDIDATE_FIELDS: dict[str, Callable[[str], tuple[str, Any]]] = {
    "cv_line": lambda text: ("experiences", [{"title": "Vendeuse", "description": text}]),
    "interest": lambda text: ("interests", [text]),
    "social_link": lambda text: ("social_links", [text]),
    "first_name": lambda text: ("first_name", text),
    "success_text": lambda text: (
        "professional_successes", [{"title": "Réussite", "result": text}]
    ),
}  # fmt: skip


def rows(name: str) -> list[dict[str, Any]]:
    lines = (CORPUS / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


CANDIDATES = {row["id"]: row["candidate"] for row in rows("candidates.jsonl")}
ATTACKS = [row for row in rows("attacks.jsonl") if row["target"] in ("cv", "letter")]


@pytest.fixture(scope="module")
def llm() -> Iterator[LlmServer]:
    with running_llm_server() as running:
        yield running


@pytest.fixture
def client() -> TestClient:
    def refuse(error: Any) -> Any:
        raise error

    return TestClient(create_assistant_app(Assistant(get_settings), refuse))


def body_of(attack: dict[str, Any]) -> dict[str, Any]:
    candidate = json.loads(json.dumps(CANDIDATES[attack["candidate_id"]]))
    offer = {"title": "Vendeur / Vendeuse (H/F)", "company": "Verdier", "location": "Lille",
             "description": "Encaissement, Python, Excel, accueil."}  # fmt: skip
    field, text = attack["where"], attack["text"]
    body: dict[str, Any] = {"application_id": attack["id"], "candidate": candidate}
    if field == "offer_description":
        offer["description"] += f" {text}"
    elif field in OFFER_FIELDS:
        offer[OFFER_FIELDS[field]] = text
    elif field == "offer_skills":
        offer["skills"] = ["Encaissement", text]  # type: ignore[assignment]
    elif field == "custom_cv":
        body["custom_cv"] = text
    else:
        name, item = CANDIDATE_FIELDS[field](text)
        candidate[name] = item if isinstance(item, str) else [*candidate.get(name, []), *item]
    if attack["target"] == "cv":
        body["adaptation_level"] = 3
    return {**body, "job_offer": offer}


def made(client: TestClient, attack: dict[str, Any]) -> dict[str, Any]:
    route = "/generate/cv" if attack["target"] == "cv" else "/generate/cover-letter"
    task = client.post(route, json=body_of(attack)).json()["task_id"]
    for _ in range(200):
        found: dict[str, Any] = client.get(f"/generate/status/{task}").json()
        if found["status"] not in ("pending", "processing"):
            break
        time.sleep(0.02)
    assert found["status"] == "completed", (attack["id"], found)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("form", ["say", "obey"])
def test_no_attack_gets_into_a_cv_or_a_letter(
    form: str, llm: LlmServer, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(ATTACKS) >= 50
    llm.forget()
    leaks = []
    monkeypatch.setenv("LLM_TYPE", "openai_compatible")
    monkeypatch.setenv("LLM_ENDPOINT", llm.url)
    monkeypatch.setenv("LLM_API_KEY", "sk-canary-key")
    # A model that repeats its whole prompt is told the same each time: a third is enough.
    for attack in ATTACKS if form == "say" else ATTACKS[::3]:
        model = f"say:{attack['obeyed_reply']}" if form == "say" else "obey"
        monkeypatch.setenv("LLM_MODEL", model)
        found = made(client, attack)
        own = json.dumps(body_of(attack)["candidate"], ensure_ascii=False).casefold()
        told = found["content"].casefold()
        strange = [*attack["canaries"], "CANARI-7731", "sk-canary-key", "<img", "http", "]("]
        leaks += [(attack["id"], mark) for mark in strange
                  if mark.casefold() in told and mark.casefold() not in own]  # fmt: skip
        if found["ai_generated"]:
            leaks.append((attack["id"], "a model's words"))
    asked = len(llm.seen())
    assert asked >= len(ATTACKS) // 6, "the model was not asked: nothing was tested"
    assert leaks == []


def test_a_letter_after_an_attack_is_borne_out(
    llm: LlmServer, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LLM_TYPE", "openai_compatible")
    monkeypatch.setenv("LLM_ENDPOINT", llm.url)
    monkeypatch.setenv("LLM_MODEL", "invent")
    letters = [attack for attack in ATTACKS if attack["target"] == "letter"]
    for attack in letters[:6]:
        found = made(client, attack)
        data = from_request(CANDIDATES[attack["candidate_id"]])
        told = " ".join(s["text"] for s in found["sentences"] if s["source_line_ids"])
        invented = [c.text for c in check_text(told, data).unsupported]
        assert not set(invented) & {"Google", "45", "12 ans", "380 %", "Kubernetes"}, attack["id"]
        assert "Google" not in told
