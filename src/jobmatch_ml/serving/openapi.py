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
    paths["/extract/async"] = {"post": _extract_async()}
    paths["/extract/status/{task_id}"] = {"get": _extract_status()}
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
        "required": ["code", "message", "field", "user_message"],
        "properties": {
            "code": text,
            "message": text,
            "field": {"anyOf": [text, {"type": "null"}]},
            "user_message": {**text, "description": "In French, for the person."},
        },
    }


def _whole(schema: dict[str, Any]) -> dict[str, Any]:
    """Returns a schema with its parts in their places: references would point nowhere here."""
    parts = schema.pop("$defs", {})

    def placed(value: Any) -> Any:
        if isinstance(value, dict):
            name = str(value.get("$ref", "")).rpartition("/")[2]
            return placed(parts[name]) if name else {k: placed(v) for k, v in value.items()}
        return [placed(each) for each in value] if isinstance(value, list) else value

    found: dict[str, Any] = placed(schema)
    return found


def _extract_async() -> dict[str, Any]:
    text = {"type": "string"}
    task = {
        "type": "object",
        "required": ["task_id", "status", "message"],
        "properties": dict.fromkeys(("task_id", "status", "message"), text),
    }
    content = {"application/json": {"schema": task}}
    return {
        **_extract(),
        "operationId": "jobmatch__extract_async",
        "description": "The same as a task: a model may take minutes.",
        "responses": {
            "200": {"description": "Successful Response", "content": content},
            **_errors(upload=True),
        },
    }


def _extract_status() -> dict[str, Any]:
    text = {"type": "string"}
    named = ("task_id", "status", "created_at", "updated_at", "error", "error_code", "raw_text")
    found = {
        "type": "object",
        "required": ["task_id", "status", "created_at", "updated_at"],
        "properties": {
            **dict.fromkeys(named, text),
            "status": {**text, "enum": ["pending", "processing", "completed", "failed"]},
            "success": {"type": "boolean"},
            "extracted_lines": {"type": "array", "items": {"type": "object"}},
        },
    }
    return {
        "tags": ["Service APIs"],
        "operationId": "jobmatch__extract_status",
        "description": "How far a task is; completed, it has all fields of `/extract`.",
        "parameters": [{"name": "task_id", "in": "path", "required": True, "schema": text}],
        "responses": {
            "200": {
                "description": "Successful Response",
                "content": {"application/json": {"schema": found}},
            },
            **_errors(upload=False),
        },
    }


def _extract() -> dict[str, Any]:
    text = {"type": "string"}
    form = {
        "type": "object",
        "required": ["file"],
        "properties": {
            "file": {"type": "string", "format": "binary"},
            **dict.fromkeys(("llm_endpoint", "llm_model", "llm_api_key"), text),
            "llm_api_mode": {**text, "enum": ["openai_compatible", "ollama_native"]},
            "llm_max_tokens": {"type": "integer", "minimum": 64, "maximum": 32_768},
            "llm_vision": {"type": "boolean", "description": "The model reads pictures."},
            "llm_type": {**text, "enum": ["rules"], "description": "No model, whatever is set."},
        },
    }
    answer = {"application/json": {"schema": _whole(ExtractAnswer.model_json_schema())}}
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
