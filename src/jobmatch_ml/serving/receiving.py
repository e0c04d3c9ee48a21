"""Receives a request's body within its limits, and gives it to the application again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from jobmatch_ml.errors import LimitError
from jobmatch_ml.serving.errors import (
    BadJsonError,
    ClientGoneError,
    MediaTypeError,
    SlowBodyError,
)
from jobmatch_ml.serving.rules import RouteRule

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


def read_media_type(scope: Scope) -> str:
    """Returns the media type of a body, lower case, without its parameters.

    Raises:
        MediaTypeError: Several types, one that is not ASCII, or a pickle. Two readers may take a
            different one of two types, so none is taken.
    """
    values = [value for key, value in scope["headers"] if key.lower() == b"content-type"]
    if len(values) > 1:
        raise MediaTypeError("expected one Content-Type header", field="body")
    value = values[0] if values else b""
    if not value.isascii():
        raise MediaTypeError("expected a Content-Type of ASCII characters", field="body")
    media_type = value.decode("ascii").partition(";")[0].strip().lower()
    if "pickle" in media_type:
        raise MediaTypeError("pickled bodies are never read; send application/json")
    return media_type


async def receive_body(scope: Scope, receive: Receive, rule: RouteRule) -> bytes:
    """Returns the whole body.

    Raises:
        LimitError: It is, or says that it is, larger than the rule allows.
        SlowBodyError: It did not arrive in time.
        ClientGoneError: The client left before it was complete.
    """
    headers = {key.lower(): value for key, value in scope["headers"]}
    declared = headers.get(b"content-length", b"0")
    if not declared.isdigit():
        raise BadJsonError("the Content-Length is not a number", field="body")
    try:
        async with asyncio.timeout(rule.body_s):
            return await _receive(receive, rule.body_bytes, int(declared))
    except TimeoutError:
        raise SlowBodyError(
            f"the body did not arrive within {rule.body_s:g} s", field="body"
        ) from None


async def _receive(receive: Receive, limit: int, declared: int) -> bytes:
    parts: list[bytes] = []
    read, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError("the client left before the body was complete", field="body")
        part = message.get("body", b"")
        read += len(part)
        more = message.get("more_body", False)
        if declared <= limit and read <= limit:
            parts.append(part)
        else:
            parts.clear()
            # Most clients listen only when they have sent all; what can be dropped soon, is.
            more = more and read < 2 * limit
    if declared > limit or read > limit:
        raise LimitError(
            f"the body is too large; expected at most {limit / 1_000_000:.3g} MB", field="body"
        )
    return b"".join(parts)


def replay(body: bytes, receive: Receive) -> Receive:
    """Returns a ``receive`` that gives the body, and then whatever the client does next."""
    given = False

    async def replayed() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed


def body_encoding(scope: Scope) -> bytes:
    """Returns the ``Content-Encoding``; ``identity`` when there is none."""
    headers: Mapping[bytes, bytes] = {key.lower(): value for key, value in scope["headers"]}
    return headers.get(b"content-encoding", b"identity")
