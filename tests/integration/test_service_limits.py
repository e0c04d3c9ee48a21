"""The service's limits and uploads, in process: what is refused, and what it leaves behind."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

import pytest

from tests import hostile_files
from tests.running_service import MULTIPART_PDF, RunningApp, assert_refused

pytest.importorskip("httpx")
pytest.importorskip("bentoml")


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 400, "invalid_json"),
        (b"{", 400, "invalid_json"),
        (b"\xff\xfe", 400, "invalid_json"),
        (b'{"title_embedding": [NaN, 0, 0, 0], "cv_embedding": [1, 0, 0, 0]}', 400, "invalid_json"),
        (b'{"title_embedding": [1e999, 0], "cv_embedding": [1, 0]}', 400, "invalid_json"),
        (b"[1, 2]", 422, "invalid_input"),
        (b'"text"', 422, "invalid_input"),
        (b'{"a":' * 33 + b"1" + b"}" * 33, 413, "limit_exceeded"),
        (b"[" * 100_000, 413, "limit_exceeded"),
    ],
    ids=range(9),
)
def test_bodies_that_are_not_the_json_expected_are_refused(
    app: RunningApp, content: bytes, status: int, code: str
) -> None:
    headers = {"content-type": "application/json"}
    response = app.post("/api/match", content=content, headers=headers)
    assert_refused(response, status, code, "body")


@pytest.mark.parametrize("path", ["/api/match", "/api/match/text", "/extract", "/nowhere"])
def test_pickled_bodies_are_never_read(app: RunningApp, path: str) -> None:
    headers = {"content-type": "application/vnd.bentoml+pickle"}
    response = app.post(path, content=b"cos\nsystem\n(S'id'\ntR.", headers=headers)
    assert_refused(response, 415, "unsupported_media_type")


def test_other_media_types_are_refused(app: RunningApp) -> None:
    response = app.post("/api/match/text", data={"text": "Comptable"})
    assert_refused(response, 415, "unsupported_media_type", "body")
    assert_refused(app.post("/extract", json={}), 415, "unsupported_media_type", "file")


@pytest.mark.parametrize("path", ["/api/match/text", "/extract"])
def test_an_eleven_megabyte_body_is_refused_declared_or_streamed(
    app: RunningApp, path: str
) -> None:
    kinds = {"/extract": "multipart/form-data; boundary=b"}
    headers = {"content-type": kinds.get(path, "application/json")}
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'

    async def chunks() -> Any:
        yield head
        for _ in range(11):
            yield b"a" * 1_000_000

    declared = app.post(path, content=head + b"a" * 11_000_000, headers=headers)
    assert_refused(declared, 413, "limit_exceeded", "body")
    streamed = app.post(path, content=chunks(), headers=headers)
    assert_refused(streamed, 413, "limit_exceeded", "body")


def test_unknown_routes_and_methods_answer_in_the_same_shape(app: RunningApp) -> None:
    assert_refused(app.post("/nowhere", json={}), 404, "not_found")
    assert_refused(app.request("GET", "/api/match"), 405, "method_not_allowed")


@pytest.mark.parametrize("path", ["/extract/", "/api/match/text/", "/static_content"])
def test_no_path_is_redirected_to_the_host_that_the_client_names(
    app: RunningApp, path: str
) -> None:
    response = app.post(path, json={}, headers={"host": "elsewhere.example"})
    assert_refused(response, 404, "not_found")
    assert "location" not in response.headers


def test_a_thousand_random_paths_leave_no_trace_in_the_metrics(app: RunningApp) -> None:
    app.request("GET", "/livez")
    app.request("GET", "/jean.dupont.first@example.org")
    before = _all_metrics()
    for number in range(1_000):
        app.request("GET", f"/jean.dupont.{number}@example.org")
    after = _all_metrics()
    assert "dupont" not in after
    assert len(after.splitlines()) == len(before.splitlines())
    app.post("/api/match/text", content=b"{")
    refusal = 'jobmatch_answers_total{code="invalid_json",route="match_text"}'
    assert refusal in _all_metrics()
    assert 'endpoint="/livez"' in after  # the framework still counts what it knows


def _all_metrics() -> str:
    # One process only here; `/metrics` itself collects from the files of several.
    from prometheus_client import REGISTRY, generate_latest

    return generate_latest(REGISTRY).decode()


def test_the_page_at_the_root_names_no_other_host(app: RunningApp) -> None:
    response = app.request("GET", "/")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/html")
    assert "//" not in response.text
    assert "default-src 'none'" in response.headers["content-security-policy"]


@pytest.mark.parametrize("charset", ["undefined", "nope", "base64", "idna", "utf-16"])
def test_an_odd_charset_of_a_form_is_the_clients_mistake(app: RunningApp, charset: str) -> None:
    part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    response = app.post(
        "/extract",
        content=part + b"Comptable\n\r\n--b--\r\n",
        headers={"content-type": f"multipart/form-data; boundary=b; charset={charset}"},
    )
    assert response.status_code in (200, 422), response.text


def test_a_file_a_little_over_the_limit_is_told_in_french(app: RunningApp) -> None:
    response = app.post("/extract", files={"file": ("cv.txt", b"a " * 5_000_010)})
    assert_refused(response, 413, "cv_too_large", "file")
    assert response.json()["user_message"].endswith(".")


def test_a_text_is_read_while_scans_are_waited_for_and_the_next_file_is_refused(
    app: RunningApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jobmatch_ml.serving import extracting

    gate, real = threading.Event(), extracting.prepare_file

    def slow(data: bytes, **options: Any) -> Any:
        if data.startswith(b"%PDF"):
            gate.wait(20)
        return real(data, **options)

    monkeypatch.setattr(extracting, "prepare_file", slow)
    waiting = [
        asyncio.run_coroutine_threadsafe(
            app.client.post("/extract", files=MULTIPART_PDF), app._loop
        )
        for _ in range(6)
    ]
    try:
        time.sleep(0.5)
        text = app.post("/extract", files={"file": ("cv.txt", b"Comptable\nSage, paie")})
        assert text.status_code == 200, text.text
        started = time.monotonic()
        refused = app.post("/extract", files=MULTIPART_PDF)
        assert time.monotonic() - started < 5
        assert_refused(refused, 429, "too_many_requests", "file")
        assert refused.headers["retry-after"] == "5"
    finally:
        gate.set()
    assert [future.result(30).status_code for future in waiting] == [200] * 6


def test_an_uploaded_cv_is_read(app: RunningApp) -> None:
    response = app.post("/extract", files=MULTIPART_PDF)
    assert response.status_code == 200, response.text
    answer = response.json()
    assert set(answer) == {
        "success", "extracted_lines", "raw_text", "language", "pages", "method", "warnings",
        "hidden_text", "unverified_lines", "llm",
    }  # fmt: skip
    assert answer["llm"] is None
    assert answer["success"] is True
    assert answer["method"] == "pdf_text"
    line = answer["extracted_lines"][-1]
    assert line["content_type"] == "skill_hard"
    assert answer["raw_text"][line["evidence"]["start"] : line["evidence"]["end"]] == "paie"


@pytest.mark.parametrize(
    ("files", "status", "code", "field"),
    [
        ({"file": ("a.pdf", b"")}, 422, "cv_empty", "file"),
        ({"file": ("a.pdf", b"%PDF-1.7 no")}, 422, "cv_damaged", "file"),
        ({"file": ("a.png", b"\x89PNG\r\n\x1a\n\x00")}, 415, "cv_unsupported", "file"),
        ({"file": ("a.pdf", hostile_files.encrypted_pdf())}, 422, "cv_encrypted", "file"),
        ({"other": ("a.pdf", b"%PDF-")}, 422, "invalid_input", "file"),
    ],
    ids=["empty", "damaged", "picture", "encrypted", "unnamed"],
)
def test_refused_files_carry_a_code_and_a_french_sentence(
    app: RunningApp, files: Any, status: int, code: str, field: str
) -> None:
    response = app.post("/extract", files=files)
    assert_refused(response, status, code, field)
    if code.startswith("cv_"):
        assert response.json()["user_message"].endswith(".")


def test_a_malformed_multipart_body_is_refused(app: RunningApp) -> None:
    headers = {"content-type": "multipart/form-data; boundary=b"}
    response = app.post("/extract", content=b"--c\r\nnonsense", headers=headers)
    assert response.status_code == 422
    assert response.json()["code"] == "invalid_input"


def test_a_gigabyte_bomb_is_refused_and_the_service_goes_on(app: RunningApp) -> None:
    started = time.monotonic()
    files = {"file": ("cv.pdf", hostile_files.double_flate_bomb())}
    response = app.post("/extract", files=files)
    assert response.status_code == 422
    assert time.monotonic() - started < 10
    assert app.request("GET", "/livez").status_code == 200
