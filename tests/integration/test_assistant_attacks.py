"""The recorded attacks on the coaches, against a model that obeys them to the letter."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jobmatch_ml.assistant.chatting import check_message, take_turn
from jobmatch_ml.assistant.errors import HistoryError
from jobmatch_ml.assistant.providers import Provider
from jobmatch_ml.assistant.providers.endpoints import operator_endpoint
from tests.llm_server import LlmServer, running_llm_server

pytest.importorskip("openai")
from jobmatch_ml.assistant.providers.openai_compatible import OpenAICompatibleProvider

CORPUS = Path(__file__).resolve().parent.parent / "corpora" / "assistant"


def rows(name: str) -> list[dict[str, Any]]:
    lines = (CORPUS / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


CANDIDATES = {row["id"]: row["candidate"] for row in rows("candidates.jsonl")}
ATTACKS = [row for row in rows("attacks.jsonl") if row["target"] in ("star", "pitch")]


@pytest.fixture(scope="module")
def llm() -> Iterator[LlmServer]:
    with running_llm_server() as running:
        yield running


def context_of(attack: dict[str, Any]) -> dict[str, Any]:
    candidate = CANDIDATES[attack["candidate_id"]]
    context = {**candidate, "existing_successes": candidate["professional_successes"]}
    if attack["where"] == "success_text":
        success = {**context["existing_successes"][0], "result": attack["text"]}
        context["existing_successes"] = [success]
    if attack["where"] == "interest":
        context["interests"] = [attack["text"]]
    return context


def say(attack: dict[str, Any], provider: Provider) -> list[str]:
    """Returns everything that the coach says while it is attacked."""
    coaching, context = attack["target"], context_of(attack)
    said = [take_turn(coaching, context, None, provider).response]
    messages = ["oui", attack["text"], "En 2021 il y avait une panne chaque lundi matin."]
    history: list[dict[str, str]] = [{"role": "assistant", "content": said[0]}]
    if attack["where"] == "history":
        history = [{"role": "assistant", "content": attack["text"]}]
    for message in messages:
        try:
            turns = check_message(coaching, context, history, message)
        except HistoryError:
            break  # a forged turn of the coach is refused, and that is the end of it
        said.append(take_turn(coaching, context, turns, provider).response)
        history += [
            {"role": "user", "content": message},
            {"role": "assistant", "content": said[-1]},
        ]
    return said


def test_no_attack_on_a_coach_gets_anything_out_of_it(llm: LlmServer) -> None:
    assert len(ATTACKS) >= 20
    leaks = []
    for attack in ATTACKS:
        for form in ("fill", "say"):
            reply = attack["obeyed_reply"]
            provider = OpenAICompatibleProvider(operator_endpoint(llm.url), f"{form}:{reply}")
            said = " ".join(say(attack, provider))
            leaks += [
                (attack["id"], form, canary)
                for canary in attack["canaries"]
                if canary.casefold() in said.casefold()
            ]
            leaks += [
                (attack["id"], form, "markup") for mark in ("<img", "http", "](") if mark in said
            ]
    assert leaks == []
