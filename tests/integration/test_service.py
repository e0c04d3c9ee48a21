"""The BentoML service in process, through its ASGI app: contracts, refusals, readiness."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jobmatch_ml.offers import offer_document
from jobmatch_ml.ranking.dual_view import ZeroShotRanker
from jobmatch_ml.serving.match_service import READY
from jobmatch_ml.serving.state import ServingState
from tests.running_service import RunningApp, assert_refused
from tests.toy_bundle import toy_state

pytest.importorskip("httpx")
pytest.importorskip("bentoml")

ACCOUNTANT = [1.0, 0.0, 0.0, 0.0]
WELDER = [0.0, 1.0, 0.0, 0.0]


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


def test_a_text_over_200_000_characters_is_refused(app: RunningApp) -> None:
    response = app.post("/api/match/text", json={"text": "a" * 200_001})
    assert_refused(response, 422, "invalid_input", "text")


def test_an_empty_cv_is_refused(app: RunningApp) -> None:
    for title, text in (("", " \n"), ("\x00", "\u200b")):
        response = app.post("/api/match/text", json={"title": title, "text": text})
        assert_refused(response, 422, "invalid_input", "text")


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
    assert set(error["required"]) == {"code", "message", "field", "user_message"}
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
        app.matching._state = toy_state()
    assert seen == {"1", "2"}


async def _burst(app: RunningApp, body: dict[str, Any], number: int) -> list[Any]:
    posts = (app.client.post("/api/match/text", json=body) for _ in range(number))
    return list(await asyncio.gather(*posts))
