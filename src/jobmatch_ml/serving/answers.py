"""Turns calls of the matching service into HTTP answers, and counts them without personal data."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import orjson
from pydantic import BaseModel

from jobmatch_ml.errors import JobMatchError, missing_extra
from jobmatch_ml.serving.errors import error_body, error_headers
from jobmatch_ml.serving.match_service import VectorAnswer


def respond(route: str, call: Callable[[], Any]) -> Any:
    """Runs a call and returns its Starlette response; a domain error becomes its status.

    The bundle and the request id stand in headers on every route, in the body where the contract
    has room for them.

    Args:
        route: Name of the route for the counters.
        call: Gives a :class:`VectorAnswer` or a pydantic model.
    """
    try:
        answer = call()
    except JobMatchError as error:
        return refuse(route, error)
    count_answer(route, "ok")
    model: BaseModel = answer.response if isinstance(answer, VectorAnswer) else answer
    return _response(model.model_dump_json(), 200, _identity(answer))


def refuse(route: str, error: JobMatchError) -> Any:
    """Returns the Starlette response of a domain error."""
    count_answer(route, error.code)
    return _response(orjson.dumps(error_body(error)), error.http_status, error_headers(error))


def _response(content: str | bytes, status: int, headers: dict[str, str]) -> Any:
    try:
        from starlette.responses import Response
    except ImportError as error:
        raise missing_extra("starlette", "serving") from error
    return Response(content, status_code=status, headers=headers, media_type="application/json")


def _identity(answer: Any) -> dict[str, str]:
    names = {
        "request_id": "x-request-id",
        "bundle_version": "x-bundle-version",
        "bundle_sha256": "x-bundle-sha256",
    }
    return {
        header: str(value)
        for name, header in names.items()
        if (value := getattr(answer, name, None))
    }


def count_answer(route: str, code: str) -> None:
    """Counts an answer; ``route`` is a path or a name of ours, never a client's text."""
    name = route.removeprefix("/api/").strip("/").replace("/", "_") or "page"
    _answers().labels(route=name, code=code).inc()


@lru_cache(maxsize=1)
def _answers() -> Any:
    # Imported late: BentoML sets the multi-process folder after it has imported the service.
    from prometheus_client import Counter

    return Counter("jobmatch_answers", "Answers by route and outcome.", ["route", "code"])
