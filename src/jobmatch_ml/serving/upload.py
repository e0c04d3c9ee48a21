"""``POST /extract``: our own upload route, because BentoML's file inputs fetch URLs given there."""

from __future__ import annotations

from typing import Any, cast

from jobmatch_ml.cv import CvReading, extract_file
from jobmatch_ml.cv.errors import CvReadError
from jobmatch_ml.errors import InputError, JobMatchError, missing_extra
from jobmatch_ml.serving.answers import refuse, respond
from jobmatch_ml.serving.bodies import MediaTypeError
from jobmatch_ml.serving.schemas import Answer

_READERS = 2  # CVs parsed at once; each may take 600 MB
_MAX_FIELDS = 10


class ExtractAnswer(Answer):
    """Answer of ``/extract``: what was read of the CV."""

    success: bool
    extracted_lines: list[dict[str, Any]]
    raw_text: str
    language: str
    pages: int
    method: str
    warnings: list[str]


def create_upload_app() -> Any:
    """Returns the Starlette application of the upload route.

    Raises:
        MissingExtraError: Starlette or python-multipart is not installed.
    """
    try:
        import python_multipart  # noqa: F401 - Starlette needs it to read forms
        from anyio import CapacityLimiter
        from anyio.to_thread import run_sync
        from starlette.applications import Starlette
        from starlette.requests import Request
        from starlette.responses import Response
        from starlette.routing import Route
    except ImportError as error:
        raise missing_extra("starlette and python-multipart", "serving") from error
    limiter: list[CapacityLimiter] = []  # made in the event loop, where it must live

    async def extract(request: Request) -> Response:
        if not limiter:
            limiter.append(CapacityLimiter(_READERS))
        try:
            data = await _read_upload(request)
        except JobMatchError as error:
            return cast("Response", refuse("extract", error))
        return cast("Response", await run_sync(_answer, data, limiter=limiter[0]))

    return Starlette(routes=[Route("/extract", extract, methods=["POST"])])


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
    except HTTPException as error:
        raise InputError("the multipart body is malformed", field="body") from error
    if not data:
        raise CvReadError("cv_empty")
    return data


def _answer(data: bytes) -> Any:
    return respond("extract", lambda: _read(data))


def _read(data: bytes) -> ExtractAnswer:
    reading: CvReading = extract_file(data)
    return ExtractAnswer(success=True, raw_text=reading.raw_text, **reading.to_json())
