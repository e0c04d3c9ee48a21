"""Tasks: there before their id is known, worked on to the end, bounded and forgotten."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from typing import Any

import pytest

from jobmatch_ml.assistant.errors import ProviderSlowError, TooManyTasksError, UnknownTaskError
from jobmatch_ml.assistant.tasks import FAILED, TaskStore, tokens_of


def test_a_task_waits_works_and_keeps_its_result() -> None:
    store, gate = TaskStore(threads=1), threading.Event()

    def work() -> Mapping[str, Any]:
        gate.wait(5)
        return {"response": "Bonjour"}

    task = store.start("chat", work, slow=True)
    assert store.get(task.task_id, "chat").status in ("pending", "processing")
    gate.set()
    assert task.ended.wait(5)
    assert (task.status, task.result) == ("completed", {"response": "Bonjour"})
    with pytest.raises(UnknownTaskError):
        store.get(task.task_id, "generate")
    store.close()


def test_a_slow_model_does_not_delay_the_rules_and_too_many_are_refused() -> None:
    store, gate = TaskStore(most=2, threads=1), threading.Event()
    store.start("chat", lambda: {"late": gate.wait(5)}, slow=True)
    quick = store.start("chat", lambda: {"response": "oui"}, slow=False)
    assert quick.ended.wait(5)
    store.start("chat", lambda: {"late": gate.wait(5)}, slow=True)
    with pytest.raises(TooManyTasksError):
        store.start("chat", dict, slow=False)
    gate.set()
    store.close()


def test_failures_are_told_in_french_and_quote_nothing(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    store = TaskStore()

    def broken() -> Mapping[str, Any]:
        raise ValueError("Awa Traoré")

    def slow() -> Mapping[str, Any]:
        raise ProviderSlowError("late")

    first, second = (store.start("chat", work, slow=False) for work in (broken, slow))
    assert first.ended.wait(5)
    assert second.ended.wait(5)
    assert (first.status, first.error, first.error_code) == ("failed", FAILED, "error")
    assert second.error == ProviderSlowError.user_message
    assert "Awa" not in caplog.text
    store.close()


@pytest.mark.parametrize(("kind", "says"), [("extract", "Ce CV"), ("generate", "Le texte")])
def test_what_failed_is_named_where_there_are_no_messages(kind: str, says: str) -> None:
    store = TaskStore()

    def broken() -> Mapping[str, Any]:
        raise ValueError("Awa Traoré")

    task = store.start(kind, broken, slow=False)
    assert task.ended.wait(5)
    assert task.error.startswith(says)
    assert "messages" not in task.error
    store.close()


def test_old_results_are_forgotten_by_number_and_by_age() -> None:
    store = TaskStore(results=2)
    tasks = [store.start("chat", dict, slow=False) for _ in range(4)]
    assert all(task.ended.wait(5) for task in tasks)
    with pytest.raises(UnknownTaskError):
        store.get(tasks[0].task_id, "chat")
    assert store.get(tasks[3].task_id, "chat") is tasks[3]
    store.close()
    short = TaskStore(ttl_s=0.0)
    task = short.start("chat", dict, slow=False)
    assert task.ended.wait(5)
    with pytest.raises(UnknownTaskError):
        short.get(task.task_id, "chat")
    short.close()


def test_tokens_are_the_text_again() -> None:
    text = "  Bonjour Awa,\n\n**Pitch** (80 mots)\n"
    assert "".join(tokens_of(text)) == text
    assert tokens_of("") == []
