"""``GET /api/catalogue/offers/{offer_id}``: one offer of the served catalogue, in full."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

import orjson

from jobmatch_ml.errors import JobMatchError, missing_extra
from jobmatch_ml.serving.answers import count_answer, refuse
from jobmatch_ml.serving.errors import UnknownOfferError
from jobmatch_ml.types import Offer

PATH = "/api/catalogue/offers/{offer_id}"
_ROUTE = "catalogue_offer"


def offer_in_full(offer: Offer) -> dict[str, Any]:
    """Returns everything that the catalogue knows of an offer, ready for JSON."""
    return asdict(offer)


def create_catalogue_app(offers: Callable[[], Mapping[str, Offer]]) -> Any:
    """Returns the Starlette application of the route.

    The catalogue holds today's offers alone: one that was withdrawn is not known any more, and is
    answered 404 as one that never was.

    Args:
        offers: Returns the served offers by id.

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
            found = offers().get(request.path_params["offer_id"])
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
