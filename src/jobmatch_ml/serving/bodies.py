"""What a request's body must be: JSON of bounded depth that fits its model."""

from __future__ import annotations

import re

import orjson
from pydantic import BaseModel, ValidationError

from jobmatch_ml.errors import FormatError, InputError, LimitError

MAX_DEPTH = 32
_STRUCTURE = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]')


class MediaTypeError(InputError):
    """A body of a media type that a route does not take."""

    code = "unsupported_media_type"
    http_status = 415


class BadJsonError(FormatError):
    """A body that is not JSON at all."""

    code = "invalid_json"
    http_status = 400


def check_json(body: bytes, model: type[BaseModel]) -> None:
    """Checks that a body is JSON of bounded depth and fits its model.

    Raises:
        BadJsonError: Not JSON (NaN and infinity are not JSON either).
        LimitError: Nested deeper than :data:`MAX_DEPTH`.
        InputError: A missing, unknown or wrong field; the message never quotes the input.
    """
    if body.count(b"[") + body.count(b"{") > MAX_DEPTH:
        _check_depth(body)
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadJsonError(
            f"the body is not valid JSON (line {error.lineno}, column {error.colno}); NaN and "
            "infinity are not JSON",
            field="body",
        ) from None
    try:
        model.model_validate_json(body)
    except ValidationError as error:
        raise _explain(error, model) from None


def _check_depth(body: bytes) -> None:
    depth = 0
    for match in _STRUCTURE.finditer(body):
        first = match.group(0)[:1]
        if first in b"[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise LimitError(f"the JSON is nested deeper than {MAX_DEPTH} levels", field="body")
        elif first != b'"':
            depth -= 1


def _explain(error: ValidationError, model: type[BaseModel]) -> InputError:
    """Names the first wrong field; pydantic's own text of a value would quote the input."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    known = ", ".join(model.model_fields)
    # An unknown field's name is the client's text too.
    if not first["loc"]:
        return InputError(
            f"the body is not a JSON object; expected the fields {known}", field="body"
        )
    name = str(first["loc"][0])
    if first["type"] == "extra_forbidden" or name not in model.model_fields:
        return InputError(f"the body has an unknown field; known: {known}", field="body")
    place = ".".join(str(part) for part in first["loc"])
    return InputError(f"{place}: {first['msg']}", field=name)
