"""``POST /extract``: our own upload route, because BentoML's file inputs fetch URLs given there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

from jobmatch_ml.cv.assisted import Reader
from jobmatch_ml.cv.extract import detect_type
from jobmatch_ml.errors import JobMatchError, missing_extra
from jobmatch_ml.serving.answers import refuse, respond
from jobmatch_ml.serving.extracting import Extracting, preparation
from jobmatch_ml.serving.readers import Readers, run_while_connected
from jobmatch_ml.serving.upload_form import LlmFields, read_form

_READERS = 2  # CVs parsed at once; each may take 600 MB
_WAITING = 4
_TEXTS = 2  # plain texts read at once: no child, a second at most, so no scan is waited for
_TEXTS_WAITING = 8


def create_upload_app(
    describe: Callable[[], dict[str, Any]],
    extracting: Extracting,
    choose: Callable[[LlmFields], Reader],
) -> Any:
    """Returns the Starlette application of the upload routes, and of the API's description.

    Args:
        describe: Returns the OpenAPI description; asked once somebody wants it.
        extracting: Reads CVs, at once or as tasks.
        choose: Returns who reads the lines of a request's file: a model, or the rules.

    Raises:
        MissingExtraError: Starlette or python-multipart is not installed.
    """
    try:
        import python_multipart  # noqa: F401 - Starlette needs it to read forms
        from starlette.applications import Starlette
        from starlette.requests import Request
        from starlette.responses import JSONResponse, Response
        from starlette.routing import Route
    except ImportError as error:
        raise missing_extra("starlette and python-multipart", "serving") from error
    files = Readers(at_once=_READERS, waiting=_WAITING)
    texts = Readers(at_once=_TEXTS, waiting=_TEXTS_WAITING)

    async def extract(request: Request) -> Response:
        try:
            data, fields = await read_form(request)
            # Refused before anything is parsed: an endpoint that the request may not name.
            model = await asyncio.to_thread(choose, fields)
            readers = texts if detect_type(data) == "text" else files
            call = preparation(data, model)
            prepared = await run_while_connected(readers, call, request.receive)
            found = await extracting.ask(prepared, model)
        except JobMatchError as error:
            return cast("Response", refuse("extract", error))
        return cast("Response", respond("extract", lambda: found))

    async def begin(request: Request) -> Response:
        try:
            data, fields = await read_form(request)
            model = await asyncio.to_thread(choose, fields)
            detect_type(data)
            return JSONResponse(extracting.begin(data, model))
        except JobMatchError as error:
            return cast("Response", refuse("extract_async", error))

    async def status(request: Request) -> Response:
        try:
            return JSONResponse(extracting.describe(request.path_params["task_id"]))
        except JobMatchError as error:
            return cast("Response", refuse("extract_status", error))

    async def docs(request: Request) -> Response:
        return JSONResponse(describe())

    return Starlette(
        routes=[
            Route("/extract", extract, methods=["POST"]),
            Route("/extract/async", begin, methods=["POST"]),
            Route("/extract/status/{task_id}", status),
            Route("/docs.json", docs),
        ]
    )
