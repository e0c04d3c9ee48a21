"""Completes BentoML's OpenAPI description: the upload route, and the errors as they really are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jobmatch_ml.serving.errors import error_codes
from jobmatch_ml.serving.schemas import REQUEST_BODIES, ExtractAnswer

_ERROR = {"$ref": "#/components/schemas/Error"}
_NOT_OURS = ("InvalidArgument", "NotFound", "InternalServerError", "TaskStatusResponse")


def complete_openapi(
    description: dict[str, Any], more: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Returns BentoML's description with our errors and with ``/extract``.

    Args:
        description: What BentoML knows of the service.
        more: ``paths`` and ``schemas`` of other mounted routes; our errors are added to each.
    """
    paths = {path: dict(item) for path, item in description["paths"].items()}
    for path in REQUEST_BODIES:
        post = paths[path]["post"]
        good = {str(k): v for k, v in post["responses"].items() if str(k) == "200"}
        answers = {**good, **_errors(upload=False)}
        paths[path]["post"] = {**post, "responses": answers}
    paths["/extract"] = {"post": _extract()}
    others = more or {"paths": {}, "schemas": {}}
    for path, item in others["paths"].items():
        paths[path] = {
            method: {**what, "responses": {**what["responses"], **_errors(upload=False)}}
            for method, what in item.items()
        }
    ready = paths["/readyz"]["get"]
    paths["/readyz"]["get"] = {
        **ready,
        "description": "Whether model, catalogue and index are loaded, and which bundle is served.",
        "responses": {**ready["responses"], "503": _error("not_ready")},
    }
    schemas = {**description["components"]["schemas"], **others["schemas"]}
    kept = {name: schema for name, schema in schemas.items() if name not in _NOT_OURS}
    return {
        **description,
        "paths": paths,
        "components": {**description["components"], "schemas": {**kept, "Error": _schema()}},
    }


def _errors(upload: bool) -> dict[str, Any]:
    return {
        str(status): _error(", ".join(codes))
        for status, codes in error_codes(upload=upload).items()
    }


def _error(description: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": _ERROR}}}


def _schema() -> dict[str, Any]:
    text = {"type": "string"}
    return {
        "type": "object",
        "required": ["code", "message", "field"],
        "properties": {
            "code": text,
            "message": text,
            "field": {"anyOf": [text, {"type": "null"}]},
            "user_message": {**text, "description": "In French, for the person; refused CVs only."},
        },
    }


def _extract() -> dict[str, Any]:
    form = {
        "type": "object",
        "required": ["file"],
        "properties": {"file": {"type": "string", "format": "binary"}},
    }
    answer = {"application/json": {"schema": ExtractAnswer.model_json_schema()}}
    return {
        "tags": ["Service APIs"],
        "operationId": "jobmatch__extract",
        "description": "Reads a CV: PDF (text or scan), DOCX or plain text.",
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": form}}},
        "responses": {
            "200": {"description": "Successful Response", "content": answer},
            **_errors(upload=True),
        },
    }
