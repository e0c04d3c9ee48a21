"""What a request's body must be: JSON of bounded depth that fits its model."""

from __future__ import annotations

from typing import Any

import orjson
from pydantic import BaseModel, ValidationError

from jobmatch_ml.errors import InputError, LimitError
from jobmatch_ml.serving.errors import BadJsonError

MAX_DEPTH = 32


def check_json(body: bytes, model: type[BaseModel]) -> None:
    """Checks that a body is JSON of bounded depth and fits its model.

    Raises:
        BadJsonError: Not JSON (NaN and infinity are not JSON either).
        LimitError: Nested deeper than :data:`MAX_DEPTH`.
        InputError: A missing, unknown or wrong field; the message never quotes the input.
    """
    parsed = _parse(body)
    _check_depth(parsed)
    if isinstance(parsed, dict) and not parsed.keys() <= model.model_fields.keys():
        # Told here: pydantic would first list every one of them.
        raise _unknown_field(model)
    try:
        model.model_validate_json(body)
    except ValidationError as error:
        raise _explain(error, model) from None


def _parse(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        # orjson stops at 1024 levels; its wording has changed between versions.
        if "depth" in error.msg or "recursion" in error.msg.lower():
            raise _too_deep() from None
        raise BadJsonError(
            f"the body is not valid JSON (line {error.lineno}, column {error.colno}); NaN and "
            "infinity are not JSON",
            field="body",
        ) from None


def _check_depth(parsed: Any) -> None:
    """Walks level by level, each value once: linear whatever the shape, and no recursion."""
    level = [parsed] if isinstance(parsed, list | dict) else []
    for _ in range(MAX_DEPTH):
        level = [
            child
            for container in level
            for child in (container.values() if isinstance(container, dict) else container)
            if isinstance(child, list | dict)
        ]
        if not level:
            return
    raise _too_deep()


def _too_deep() -> LimitError:
    return LimitError(f"the JSON is nested deeper than {MAX_DEPTH} levels", field="body")


def _unknown_field(model: type[BaseModel]) -> InputError:
    # An unknown field's name is the client's text too, so it is not quoted.
    known = ", ".join(model.model_fields)
    return InputError(f"the body has an unknown field; known: {known}", field="body")


def _explain(error: ValidationError, model: type[BaseModel]) -> InputError:
    """Names the first wrong field; pydantic's own text of a value would quote the input."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if not first["loc"]:
        known = ", ".join(model.model_fields)
        return InputError(
            f"the body is not a JSON object; expected the fields {known}", field="body"
        )
    name = str(first["loc"][0])
    if first["type"] == "extra_forbidden" or name not in model.model_fields:
        return _unknown_field(model)
    place = ".".join(str(part) for part in first["loc"])
    return InputError(f"{place}: {first['msg']}", field=name)
