"""``GET /api/catalogue/offers/{offer_id}``: one offer of the served catalogue, in full."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict
from typing import Any

import orjson

from jobmatch_ml.errors import JobMatchError, missing_extra
from jobmatch_ml.serving.answers import count_answer, refuse
from jobmatch_ml.serving.errors import UnknownOfferError, WithdrawnOfferError
from jobmatch_ml.types import Offer

PATH = "/api/catalogue/offers/{offer_id}"
_ROUTE = "catalogue_offer"


def offer_in_full(offer: Offer) -> dict[str, Any]:
    """Returns everything that the catalogue knows of an offer, ready for JSON."""
    return asdict(offer)


def create_catalogue_app(
    offers: Callable[[], Mapping[str, Offer]],
    withdrawn: Callable[[], Collection[str]] = tuple,
) -> Any:
    """Returns the Starlette application of the route: 410 for what was withdrawn, 404 else.

    Args:
        offers: Returns the served offers by id.
        withdrawn: Returns the ids of offers that were served before and are not any more.

    Raises:
        MissingExtraError: Starlette is not installed.
    """
    try:
        from starlette.applications import Starlette
        from starlette.requests import Request
        from starlette.responses import Response
        from starlette.routing import Route
    except ImportError as error:
        raise missing_extra("starlette", "serving") from error

    async def offer(request: Request) -> Any:
        try:
            offer_id = request.path_params["offer_id"]
            found = offers().get(offer_id)
            if found is None and offer_id in withdrawn():
                raise WithdrawnOfferError(
                    "the offer was withdrawn; POST /api/match/text lists those of now",
                    field="offer_id",
                )
            if found is None:
                raise UnknownOfferError(
                    "the catalogue has no such offer; POST /api/match/text lists offers",
                    field="offer_id",
                )
        except JobMatchError as error:
            return refuse(_ROUTE, error)
        count_answer(_ROUTE, "ok")
        return Response(orjson.dumps(offer_in_full(found)), media_type="application/json")

    return Starlette(routes=[Route(PATH, offer)])


def describe_route() -> dict[str, Any]:
    """Returns the route's OpenAPI paths and schemas."""
    text = {"type": "string"}
    answer = {"description": "The offer in full.",
              "content": {"application/json": {"schema": {"type": "object"}}}}  # fmt: skip
    parameter = {"name": "offer_id", "in": "path", "required": True, "schema": text}
    get = {"tags": ["Catalogue"], "summary": "One offer in full", "parameters": [parameter],
           "responses": {"200": answer}}  # fmt: skip
    return {"paths": {PATH: {"get": get}}, "schemas": {}}
