"""``POST /extract``: our own upload route, because BentoML's file inputs fetch URLs given there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from jobmatch_ml.cv import CvReading, extract_file
from jobmatch_ml.cv.errors import CvReadError
from jobmatch_ml.cv.extract import detect_type
from jobmatch_ml.errors import InputError, JobMatchError, missing_extra
from jobmatch_ml.serving.answers import refuse, respond
from jobmatch_ml.serving.errors import MediaTypeError
from jobmatch_ml.serving.readers import Readers, run_while_connected
from jobmatch_ml.serving.schemas import ExtractAnswer

_READERS = 2  # CVs parsed at once; each may take 600 MB
_WAITING = 4
_TEXTS = 2  # plain texts read at once: no child, a second at most, so no scan is waited for
_TEXTS_WAITING = 8
_MAX_FIELDS = 10


def create_upload_app(describe: Callable[[], dict[str, Any]] = dict) -> Any:
    """Returns the Starlette application of the upload route, and of the API's description.

    Args:
        describe: Returns the OpenAPI description; asked once somebody wants it.

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
            data = await _read_upload(request)
            readers = texts if detect_type(data) == "text" else files
            answer = await run_while_connected(readers, partial(_answer, data), request.receive)
        except JobMatchError as error:
            answer = refuse("extract", error)
        return cast("Response", answer)

    async def docs(request: Request) -> Response:
        return JSONResponse(describe())

    upload = Route("/extract", extract, methods=["POST"])
    return Starlette(routes=[upload, Route("/docs.json", docs)])


async def _read_upload(request: Any) -> bytes:
    from starlette.datastructures import UploadFile
    from starlette.exceptions import HTTPException

    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise MediaTypeError("expected multipart/form-data with the field `file`", field="file")
    try:
        # The body was limited by the outer layer; these limit the number of parts.
        async with request.form(max_files=1, max_fields=_MAX_FIELDS) as form:
            upload = form.get("file")
            if not isinstance(upload, UploadFile):
                raise InputError("the form has no file; expected the field `file`", field="file")
            data = await upload.read()
    except (HTTPException, UnicodeError, LookupError) as error:
        # Beside a malformed form: a charset that Python does not know, or cannot decode with.
        raise InputError("the multipart body is malformed", field="body") from error
    if not data:
        raise CvReadError("cv_empty")
    return data


def _answer(data: bytes) -> Any:
    return respond("extract", lambda: _read(data))


def _read(data: bytes) -> ExtractAnswer:
    reading: CvReading = extract_file(data)
    return ExtractAnswer(success=True, raw_text=reading.raw_text, **reading.to_json())
