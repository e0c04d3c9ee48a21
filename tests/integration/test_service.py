"""The BentoML service in process, through its ASGI app: contracts, refusals, readiness, uploads."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jobmatch_ml.offers import offer_document
from jobmatch_ml.ranking.dual_view import ZeroShotRanker
from jobmatch_ml.serving.match_service import READY, MatchService
from jobmatch_ml.serving.state import ServingState
from tests import hostile_files
from tests.toy_bundle import toy_state

httpx = pytest.importorskip("httpx")
pytest.importorskip("bentoml")

Post = Callable[..., Any]
ACCOUNTANT = [1.0, 0.0, 0.0, 0.0]
WELDER = [0.0, 1.0, 0.0, 0.0]
MULTIPART_PDF = {
    "file": ("cv.pdf", hostile_files.text_pdf(["Comptable", "Competences", "Sage, paie " * 9]))
}


class RunningApp:
    """The service's ASGI app with its lifespan, driven from synchronous tests."""

    def __init__(self, app: Any, matching: MatchService) -> None:
        self.matching = matching
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._lifespan = app.router.lifespan_context(app)
        self.run(self._lifespan.__aenter__())
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://service")

    def run(self, awaitable: Awaitable[Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(_await(awaitable), self._loop).result(30)

    def request(self, method: str, path: str, **options: Any) -> Any:
        return self.run(self.client.request(method, path, **options))

    def post(self, path: str, **options: Any) -> Any:
        return self.request("POST", path, **options)

    def close(self) -> None:
        self.run(self.client.aclose())
        self.run(self._lifespan.__aexit__(None, None, None))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)


async def _await(awaitable: Awaitable[Any]) -> Any:
    return await awaitable


@pytest.fixture(scope="module")
def app() -> Iterator[RunningApp]:
    """One app for the module: BentoML registers its metrics once a process."""
    from bentos.jobmatch import service

    patch = pytest.MonkeyPatch()
    patch.setattr(service.matching, "_loader", lambda report: toy_state())
    running = RunningApp(service.JobMatch.to_asgi(), service.matching)
    deadline = time.monotonic() + 10
    while not service.matching.is_ready and time.monotonic() < deadline:
        time.sleep(0.01)
    yield running
    running.close()
    patch.undo()


def assert_refused(response: Any, status: int, code: str, field: str | None = None) -> None:
    assert response.status_code == status, response.text
    body = response.json()
    assert body["code"] == code
    assert body["message"]
    assert body["field"] == field


def test_match_answers_as_in_the_contract(app: RunningApp) -> None:
    body = {"title_embedding": ACCOUNTANT, "cv_embedding": ACCOUNTANT, "top_k": 2}
    response = app.post("/api/match", json=body)
    assert response.status_code == 200
    answer = response.json()
    assert set(answer) == {"matches"}
    assert [set(match) for match in answer["matches"]] == [
        {"offer_id", "score", "ingestion_date"}
    ] * 2
    best, second = answer["matches"]
    assert (best["offer_id"], best["ingestion_date"]) == ("A1", "2026-05-04")
    assert second["ingestion_date"] is None
    assert best["score"] > second["score"]
    assert response.headers["x-bundle-version"] == "1"
    assert response.headers["x-bundle-sha256"] == "ab" * 32
    assert len(response.headers["x-request-id"]) == 36


def test_changing_only_one_vector_changes_the_answer(app: RunningApp) -> None:
    def scores(title: list[float], cv: list[float]) -> Any:
        body = {"title_embedding": title, "cv_embedding": cv}
        return app.post("/api/match", json=body).json()["matches"]

    assert scores(ACCOUNTANT, ACCOUNTANT) != scores(WELDER, ACCOUNTANT)
    assert scores(ACCOUNTANT, ACCOUNTANT) != scores(ACCOUNTANT, WELDER)


def test_text_is_matched_without_vectors_and_agrees_with_embed(app: RunningApp) -> None:
    profile = {"title": "Comptable", "text": "Compétences\nSage, comptable unique"}
    by_text = app.post("/api/match/text", json={**profile, "top_k": 3}).json()
    best = by_text["offers"][0]
    assert best["rank"] == 1
    assert (best["title"], best["company"], best["place"]) == (
        "Comptable H/F", "Cabinet Durand", "69 - Lyon",
    )  # fmt: skip
    assert "Sage" in best["highlights"]
    assert best["reasons"][0] == {"kind": "shared_words", "words": best["highlights"]}
    assert [set(reason) for reason in best["reasons"][1:]] == [{"kind", "value"}] * 2
    assert {"request_id", "bundle_version", "bundle_sha256"} <= set(by_text)
    vectors = app.post("/api/embed", json=profile).json()
    assert vectors["dimension"] == len(vectors["cv_embedding"]) == 4
    body = {
        "title_embedding": vectors["title_embedding"],
        "cv_embedding": vectors["cv_embedding"],
        "top_k": 3,
        "embedding_model": vectors["embedding_model"],
    }
    by_vector = app.post("/api/match", json=body).json()["matches"]
    assert [offer["score"] for offer in by_text["offers"]] == pytest.approx(
        [match["score"] for match in by_vector], abs=1e-6
    )


@pytest.mark.parametrize(
    ("change", "status", "code", "field"),
    [
        ({"title_embedding": [1.0] * 3}, 422, "invalid_input", "title_embedding"),
        ({"cv_embedding": [0.0] * 4}, 422, "invalid_input", "cv_embedding"),
        ({"cv_embedding": []}, 422, "invalid_input", "cv_embedding"),
        ({"cv_embedding": "secret"}, 422, "invalid_input", "cv_embedding"),
        ({"cv_embedding": ["1", "2", "3", "4"]}, 422, "invalid_input", "cv_embedding"),
        ({"title_embedding": None}, 422, "invalid_input", "title_embedding"),
        ({"top_k": 0}, 422, "invalid_input", "top_k"),
        ({"top_k": 201}, 422, "invalid_input", "top_k"),
        ({"top_k": 1.5}, 422, "invalid_input", "top_k"),
        ({"top_k": True}, 422, "invalid_input", "top_k"),
        ({"secret": 1}, 422, "invalid_input", "body"),
        ({"embedding_model": "other"}, 409, "model_mismatch", "embedding_model"),
        ({"cv_embedding": [[[1.0]]] * 4}, 422, "invalid_input", "cv_embedding"),
    ],
)
def test_wrong_fields_are_refused_by_name_without_being_quoted(
    app: RunningApp, change: dict[str, Any], status: int, code: str, field: str
) -> None:
    body = {"title_embedding": ACCOUNTANT, "cv_embedding": ACCOUNTANT, "top_k": 2, **change}
    response = app.post("/api/match", json=body)
    assert_refused(response, status, code, field)
    assert "secret" not in response.text


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


def test_a_text_over_200_000_characters_is_refused(app: RunningApp) -> None:
    response = app.post("/api/match/text", json={"text": "a" * 200_001})
    assert_refused(response, 422, "invalid_input", "text")


def test_an_empty_cv_is_refused(app: RunningApp) -> None:
    for title, text in (("", " \n"), ("\x00", "\u200b")):
        response = app.post("/api/match/text", json={"title": title, "text": text})
        assert_refused(response, 422, "invalid_input", "text")


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
    from jobmatch_ml.serving import upload

    gate, real = threading.Event(), upload.extract_file

    def slow(data: bytes) -> Any:
        if data.startswith(b"%PDF"):
            gate.wait(20)
        return real(data)

    monkeypatch.setattr(upload, "extract_file", slow)
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
        assert time.monotonic() - started < 1
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
    }  # fmt: skip
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


def test_readiness_says_what_is_missing(app: RunningApp, monkeypatch: pytest.MonkeyPatch) -> None:
    ready = app.request("GET", "/readyz")
    assert ready.status_code == 200
    assert set(ready.json()["components"].values()) == {READY}

    message = "no champion yet: run `jobmatch pipeline run train`"
    monkeypatch.setattr(app.matching, "_state", None)
    monkeypatch.setitem(app.matching._components, "model", message)
    waiting = app.request("GET", "/readyz")
    assert_refused(waiting, 503, "not_ready")
    assert message in waiting.json()["message"]
    assert app.request("GET", "/livez").status_code == 200
    refused = app.post("/api/match/text", json={"text": "Comptable"})
    assert_refused(refused, 503, "not_ready")
    assert refused.headers["retry-after"] == "5"


def test_a_failure_of_ours_is_a_plain_500(app: RunningApp, monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("secret words of a CV")

    monkeypatch.setattr(app.matching, "match_text", explode)
    response = app.post("/api/match/text", json={"text": "Comptable"})
    assert response.status_code == 500
    assert response.json()["code"] == "internal_server_error"
    assert "secret" not in response.text


def test_openapi_describes_the_bodies_at_their_top_level(app: RunningApp) -> None:
    paths = app.request("GET", "/docs.json").json()["paths"]
    schema = paths["/api/match"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert set(schema["properties"]) == {
        "title_embedding", "cv_embedding", "top_k", "embedding_model",
    }  # fmt: skip
    assert {"/api/match/text", "/api/embed", "/livez", "/readyz", "/metrics"} <= set(paths)


def test_openapi_names_every_error_of_every_route(app: RunningApp) -> None:
    description = app.request("GET", "/docs.json").json()
    paths = description["paths"]
    for path in ("/api/match", "/api/match/text", "/api/embed"):
        assert set(paths[path]["post"]["responses"]) == {
            "200", "400", "404", "405", "408", "409", "413", "415", "422", "429", "500", "503",
            "504",
        }  # fmt: skip
    extract = paths["/extract"]["post"]["responses"]
    assert {"200", "408", "413", "415", "422", "429", "504"} <= set(extract)
    assert "cv_too_large" in extract["413"]["description"]
    error = description["components"]["schemas"]["Error"]
    assert set(error["required"]) == {"code", "message", "field"}
    assert "InvalidArgument" not in str(description)


def test_the_document_of_the_api_names_every_error_code(project_root: Path) -> None:
    from jobmatch_ml.serving.errors import error_codes

    document = (project_root / "docs" / "api.md").read_text(encoding="utf-8")
    codes = {
        (status, code)
        for upload in (False, True)
        for status, found in error_codes(upload=upload).items()
        for code in found
    }
    rows = [line for line in document.splitlines() if line.startswith("| ")]
    missing = [
        pair
        for pair in sorted(codes)
        if not any(f"| {pair[0]} |" in row and f"`{pair[1]}`" in row for row in rows)
    ]
    assert missing == []


def test_each_answer_comes_from_one_bundle_while_bundles_are_swapped(app: RunningApp) -> None:
    """Bundle 2 has another weight, so that an answer made of both would show in its scores."""
    body = {"text": "Comptable\n\nCompétences\nSage, soudeur", "top_k": 3}

    def weighted(version: str) -> ServingState:
        state = toy_state(version=version)
        ranker = ZeroShotRanker(state.encoder, title_weight=0.5 if version == "1" else 0.9)
        ranker.index([offer_document(offer) for offer in state.offers.values()])
        return replace(state, ranker=ranker)

    states = {version: weighted(version) for version in ("1", "2")}
    expected = {}
    for version, state in states.items():
        app.matching._state = state
        expected[version] = app.post("/api/match/text", json=body).json()["offers"]
    assert expected["1"] != expected["2"]

    stop = threading.Event()

    def swap() -> None:
        for turn in itertools.count():
            if stop.is_set():
                return
            chosen = states[str(1 + turn % 2)]
            app.matching._loader = lambda report, chosen=chosen: chosen
            app.matching.load()
            time.sleep(0.0005)

    swapper = threading.Thread(target=swap)
    swapper.start()
    try:
        seen = set()
        for _ in range(12):
            for answer in app.run(_burst(app, body, 8)):
                version = answer.json()["bundle_version"]
                assert answer.headers["x-bundle-version"] == version
                assert answer.json()["offers"] == expected[version]
                seen.add(version)
    finally:
        stop.set()
        swapper.join(5)
    assert seen == {"1", "2"}


async def _burst(app: RunningApp, body: dict[str, Any], number: int) -> list[Any]:
    posts = (app.client.post("/api/match/text", json=body) for _ in range(number))
    return list(await asyncio.gather(*posts))
