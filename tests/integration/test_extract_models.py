"""``/extract`` with a language model: by request or environment, text or pictures, or none."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.llm_server import LlmServer, running_llm_server
from tests.running_service import RunningApp, assert_refused

pytest.importorskip("httpx")
pytest.importorskip("bentoml")
pytest.importorskip("openai")

CV = """Sophie MARTIN
Comptable
sophie.martin@example.org | 06 12 34 56 78
EXPÉRIENCE
Comptable confirmée chez Cabinet Durand, de 2019 à 2022
COMPÉTENCES
Sage, Excel
"""
FILE = {"file": ("cv.txt", CV.encode())}
ITEMS = [
    {"type": "experience", "quote": "Comptable confirmée chez Cabinet Durand",
     "position": "Comptable confirmée", "entity": "Cabinet Durand", "dates": "2019 à 2022"},
    {"type": "skill_hard", "quote": "Sage"},
    {"type": "skill_hard", "quote": "Kubernetes"},
]  # fmt: skip
# What fits into the form's field for a model's name.
GIVEN = "say:" + json.dumps({"items": ITEMS[1:]})
NOTHING = "say:" + json.dumps({"items": ITEMS[2:]})


@pytest.fixture(scope="module")
def llm() -> Iterator[LlmServer]:
    with running_llm_server() as running:
        yield running


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, llm: LlmServer) -> Iterator[Any]:
    """Returns a function that sets the operator's model; short limits stand in any case."""
    from jobmatch_ml.settings import get_settings

    limits = {"FIRST_TOKEN_S": "1", "IDLE_S": "1", "TOTAL_S": "3", "RETRIES": "0",
              "PRIVATE_HOSTS": "127.0.0.1"}  # fmt: skip
    for name, value in limits.items():
        monkeypatch.setenv(f"JOBMATCH_LLM_{name}", value)
    get_settings.cache_clear()

    def choose(model: str, **more: str) -> None:
        values = {
            "TYPE": "openai_compatible",
            "ENDPOINT": llm.url,
            "MODEL": model,
            "API_KEY": "sk-operator-key",  # pragma: allowlist secret
            **more,
        }
        for name, value in values.items():
            monkeypatch.setenv(f"LLM_{name}", value)
        get_settings.cache_clear()

    llm.forget()
    yield choose
    monkeypatch.undo()
    get_settings.cache_clear()


def finished(app: RunningApp, task_id: str) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        answer = app.request("GET", f"/extract/status/{task_id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        if found["status"] in ("completed", "failed"):
            return found
        time.sleep(0.05)
    raise AssertionError("the task did not end")


def skills(answer: dict[str, Any]) -> list[str]:
    return [
        line["content"]
        for line in answer["extracted_lines"]
        if line["content_type"] == "skill_hard"
    ]


def test_the_operators_model_reads_and_only_the_cvs_words_are_kept(
    app: RunningApp, environment: Any, llm: LlmServer
) -> None:
    environment("say:" + json.dumps({"items": ITEMS}))
    response = app.post("/extract", files=FILE)
    assert response.status_code == 200, response.text
    answer = response.json()
    assert skills(answer) == ["Sage"]
    assert answer["llm"]["kept"] == 2
    assert answer["llm"]["dropped"] == 1
    assert answer["llm"]["failed"] == ""
    assert answer["raw_text"].startswith("Sophie")
    seen = json.dumps(llm.seen(), ensure_ascii=False)
    assert "Durand" in seen
    assert "Sophie" not in seen
    assert "example.org" not in seen


@pytest.mark.parametrize("mode", ["openai_compatible", "ollama_native"])
def test_a_requests_own_model_reads_with_its_own_key(
    app: RunningApp, environment: Any, llm: LlmServer, mode: str
) -> None:
    environment("garbage")
    fields = {
        "llm_endpoint": llm.url,
        "llm_model": GIVEN,
        "llm_api_key": "sk-own-key",  # pragma: allowlist secret
        "llm_api_mode": mode,
        "llm_max_tokens": "128",
    }
    answer = app.post("/extract", files=FILE, data=fields).json()
    assert skills(answer) == ["Sage"]
    assert answer["llm"]["provider"] == mode
    [asked] = llm.seen()
    assert asked["auth"] == "Bearer sk-own-key"
    assert 128 in (asked.get("max_tokens"), asked.get("options", {}).get("num_predict"))


def test_a_request_may_ask_for_the_rules(app: RunningApp, environment: Any, llm: LlmServer) -> None:
    environment("garbage")
    answer = app.post("/extract", files=FILE, data={"llm_type": "rules"}).json()
    assert answer["llm"] is None
    assert answer["warnings"] == []
    assert llm.seen() == []


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        ("status-401", "clé"), ("status-429", "saturé"), ("status-500", "injoignable"),
        ("garbage", "inutilisable"), ("schema", "inutilisable"), ("empty", "inutilisable"),
        ("html", "inutilisable"), ("cut", "inutilisable"), ("redirect", ""),
        ("hang", "trop de temps"), ("slow", "trop de temps"), (NOTHING, "ne figure dans le CV"),
        ("obey", "inutilisable"),
    ],
)  # fmt: skip
def test_a_model_that_fails_leaves_the_rules_reading_and_says_why(
    app: RunningApp, environment: Any, model: str, reason: str
) -> None:
    environment("garbage", TYPE="rules")
    by_rules = app.post("/extract", files=FILE).json()
    environment(model)
    response = app.post("/extract", files=FILE)
    assert response.status_code == 200, response.text
    answer = response.json()
    assert answer["extracted_lines"] == by_rules["extracted_lines"]
    assert answer["llm"]["failed"]
    assert "lu par les règles" in answer["warnings"][-1]
    assert reason in answer["warnings"][-1]
    assert "sk-operator-key" not in response.text


def test_a_server_that_is_not_there_leaves_the_rules_reading(
    app: RunningApp, environment: Any
) -> None:
    environment("any", ENDPOINT="http://127.0.0.1:9/v1")
    answer = app.post("/extract", files=FILE).json()
    assert answer["llm"]["failed"] == "llm_unreachable"
    assert "Sage" in skills(answer)


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"llm_endpoint": "http://169.254.169.254/v1", "llm_model": "m"},
         ("llm_not_allowed", "llm_config")),
        ({"llm_model": "m"}, ("invalid_input", "llm_config")),
        ({"llm_max_tokens": "many"}, ("invalid_input", "llm_max_tokens")),
        ({"llm_max_tokens": "1"}, ("invalid_input", "llm_max_tokens")),
        ({"llm_api_mode": "telepathy"}, ("invalid_input", "llm_api_mode")),
        ({"llm_model": "m" * 201}, ("invalid_input", "llm_model")),
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/extract", "/extract/async"])
def test_settings_that_cannot_be_used_are_refused_in_french(
    app: RunningApp, environment: Any, path: str, fields: dict[str, str], refused: tuple[str, str]
) -> None:
    response = app.post(path, files=FILE, data=fields)
    assert_refused(response, 422, *refused)
    assert response.json()["user_message"].endswith(".")


def test_a_task_reads_with_the_model_and_is_found_again(app: RunningApp, environment: Any) -> None:
    environment(GIVEN)
    begun = app.post("/extract/async", files=FILE).json()
    assert begun["status"] == "pending"
    found = finished(app, begun["task_id"])
    assert found["status"] == "completed"
    assert found["success"] is True
    assert skills(found) == ["Sage"]
    assert found["created_at"] <= found["updated_at"]


def test_a_task_that_cannot_read_its_file_says_why(app: RunningApp, environment: Any) -> None:
    begun = app.post("/extract/async", files={"file": ("a.pdf", b"%PDF-1.7 no")}).json()
    found = finished(app, begun["task_id"])
    assert found["status"] == "failed"
    assert found["error_code"] == "cv_damaged"
    assert found["error"].endswith(".")
    unknown = app.request("GET", "/extract/status/00000000-0000-0000-0000-000000000000")
    assert_refused(unknown, 404, "not_found", "task_id")


def test_an_answer_that_takes_too_long_names_the_task_that_goes_on(
    app: RunningApp, environment: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bentos.jobmatch import service

    environment("hang")
    monkeypatch.setattr(service.extracting, "patience_s", 0.2)
    response = app.post("/extract", files=FILE)
    assert response.status_code == 504
    assert response.json()["task_id"] in response.json()["message"]
    body = response.json()
    assert body["code"] == "gateway_timeout"
    assert "/extract/async" in body["message"]
    task_id = body["message"].partition("/extract/status/")[2][:36]
    found = finished(app, task_id)
    assert found["status"] == "completed"
    assert found["llm"]["failed"] == "llm_timeout"
    assert "Sage" in skills(found)


needs_tesseract = pytest.mark.skipif(
    shutil.which("tesseract") is None, reason="the program tesseract is not installed"
)


@needs_tesseract
def test_a_scan_is_shown_to_a_model_without_what_identifies_its_owner(
    app: RunningApp, environment: Any, llm: LlmServer
) -> None:
    from jobmatch_ml.bench.cv import write_documents
    from jobmatch_ml.documents import TEMPLATES, render

    layout = next(name for name, each in TEMPLATES.items() if each.scanned)
    [person] = write_documents(1, seed=7)
    data, _ = render(person, layout)
    job = person.experiences[0]
    items = [
        {"page": 1, "type": "experience", "quote": job.title, "position": job.title},
        {"page": 1, "type": "skill_hard", "quote": "Téléportation quantique"},
        {"page": 1, "type": "summary", "quote": "Écrire à canari@example.org"},
    ]
    environment("say:" + json.dumps({"items": items}), VISION="masked")
    begun = app.post("/extract/async", files={"file": ("scan.pdf", data)}).json()
    found = finished(app, begun["task_id"])
    assert found["status"] == "completed", found
    assert found["method"] == "vision"
    jobs = [x for x in found["extracted_lines"] if x["content_type"] == "experience"]
    assert [x["position"] for x in jobs] == [job.title]
    assert [x["content"] for x in found["unverified_lines"]] == ["Téléportation quantique"]
    assert "ne comptent pas" in found["warnings"][-1]
    assert "canari" not in json.dumps(found)
    [asked] = llm.seen()
    text, picture = asked["messages"][1]["content"]
    assert text["type"] == "text"
    raw = base64.b64decode(picture["image_url"]["url"].partition("base64,")[2])
    assert raw.startswith(b"\xff\xd8")
    assert person.full_name.split()[-1] not in json.dumps(asked)
    assert_not_shown(raw, person.full_name.split()[-1])


def assert_not_shown(jpeg: bytes, name: str) -> None:
    read = subprocess.run(
        [str(shutil.which("tesseract")), "stdin", "stdout", "-l", "fra+eng"], input=jpeg,
        capture_output=True,
        check=True, timeout=60,
    ).stdout.decode()  # fmt: skip
    assert len(read.split()) > 30  # the rest of the page is there
    assert name.casefold() not in read.casefold()


@needs_tesseract
def test_a_model_that_fails_on_pictures_leaves_what_was_recognised(
    app: RunningApp, environment: Any
) -> None:
    from jobmatch_ml.bench.cv import write_documents
    from jobmatch_ml.documents import TEMPLATES, render

    layout = next(name for name, each in TEMPLATES.items() if each.scanned)
    data, _ = render(write_documents(1, seed=7)[0], layout)
    environment("garbage", VISION="masked")
    begun = app.post("/extract/async", files={"file": ("scan.pdf", data)}).json()
    found = finished(app, begun["task_id"])
    assert found["method"] == "ocr"
    assert found["llm"]["failed"]
    assert len(found["extracted_lines"]) > 5
    assert "lu par les règles" in found["warnings"][-1]
