"""One offer of the catalogue, in full, or a 404 that says what to do."""

from __future__ import annotations

import pytest

from jobmatch_ml.errors import NotReadyError
from jobmatch_ml.serving.catalogue_offer import PATH, create_catalogue_app, describe_route
from jobmatch_ml.serving.rules import ROUTES, find_rule
from jobmatch_ml.types import Offer

pytest.importorskip("httpx")
from starlette.testclient import TestClient

OFFER = Offer("180GGWY", "Caissière", "Encaissement. " * 200, required_skills=("Caisse",))


def test_an_offer_is_told_in_full() -> None:
    client = TestClient(create_catalogue_app(lambda: {OFFER.offer_id: OFFER}))
    answer = client.get("/api/catalogue/offers/180GGWY")
    assert answer.status_code == 200
    assert answer.json()["description"] == OFFER.description
    assert answer.json()["required_skills"] == ["Caisse"]


def test_an_unknown_offer_is_404() -> None:
    answer = TestClient(create_catalogue_app(dict)).get("/api/catalogue/offers/nope")
    assert answer.status_code == 404
    assert answer.json()["code"] == "unknown_offer"


def test_an_offer_that_was_withdrawn_is_410_and_says_so_in_french() -> None:
    client = TestClient(create_catalogue_app(lambda: {"a": OFFER}, lambda: {"b"}))
    answer = client.get("/api/catalogue/offers/b")
    assert answer.status_code == 410
    assert answer.json()["code"] == "offer_withdrawn"
    assert "a été retirée" in answer.json()["user_message"]
    assert client.get("/api/catalogue/offers/c").status_code == 404


def test_a_service_that_is_not_ready_says_so() -> None:
    def offers() -> dict[str, Offer]:
        raise NotReadyError("loading")

    assert TestClient(create_catalogue_app(offers)).get(
        "/api/catalogue/offers/1"
    ).status_code == 503  # fmt: skip


@pytest.mark.parametrize(("last", "known"), [("180GGWY", True), ("a/b", False), ("é", False)])
def test_the_path_goes_by_its_name(last: str, known: bool) -> None:
    found = find_rule(ROUTES, f"/api/catalogue/offers/{last}")
    assert (found is not None) is known
    assert found is None or found[0] == PATH
    assert PATH in describe_route()["paths"]
