"""The service's outer layer: body limits, strict JSON, one shape for errors, honest readiness.

BentoML answers many client mistakes with 500 and quotes input in its log. Here a request that
cannot be right is refused before the framework sees it, with ``{"code", "message", "field"}`` and
without its own contents.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from http import HTTPStatus
from typing import Any

import orjson
from pydantic import BaseModel

from jobmatch_ml.cv import CvLimits
from jobmatch_ml.errors import JobMatchError, LimitError
from jobmatch_ml.serving.bodies import BadJsonError, MediaTypeError, check_json

logger = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_BODY_BYTES = CvLimits().file_bytes + 64_000  # a CV file, and the form around it
MAX_JSON_BYTES = 2_000_000  # the longest text that a CV may have, escaped, is 1.2 MB
_OURS = b"x-jobmatch-error"  # marks an error body that has our shape already


class GuardMiddleware:
    """Checks requests before the framework, and gives every error one shape after it.

    Args:
        app: The application inside.
        bodies: The model of each JSON route's body, by path.
        readiness: Returns ``{component: state}``; all ``ready`` makes ``/readyz`` answer 200.
    """

    def __init__(
        self,
        app: App,
        *,
        bodies: Mapping[str, type[BaseModel]],
        readiness: Callable[[], Mapping[str, str]],
    ) -> None:
        self.app = app
        self.bodies = bodies
        self.readiness = readiness

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one ASGI request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["path"] == "/readyz" and scope["method"] in ("GET", "HEAD"):
            await send_json(send, *_ready_answer(self.readiness()))
            return
        shaper = _ErrorShaper(send)
        try:
            await self.app(scope, await self._checked(scope, receive), shaper)
        except JobMatchError as error:
            await shaper.refuse(error)
        except Exception:
            # The last resort: a traceback for the operator, a plain sentence for the client.
            logger.exception("unexpected failure on %s", scope["path"])
            await shaper.refuse(JobMatchError("the service failed; try again"))

    async def _checked(self, scope: Scope, receive: Receive) -> Receive:
        if scope["method"] not in ("POST", "PUT", "PATCH"):
            return receive
        headers = {key.lower(): value for key, value in scope["headers"]}
        media_type = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
        if b"pickle" in media_type:
            raise MediaTypeError("pickled bodies are never read; send application/json")
        model = self.bodies.get(scope["path"])
        limit = MAX_JSON_BYTES if model else MAX_BODY_BYTES
        limited = await _limit_body(headers, receive, limit)
        if model is None or scope["method"] != "POST":
            return limited
        if media_type not in (b"", b"application/json"):
            raise MediaTypeError("expected the content type application/json", field="body")
        if headers.get(b"content-encoding", b"identity") != b"identity":
            raise MediaTypeError("compressed bodies are not read; send plain JSON", field="body")
        body = await _read_all(limited)
        # In a thread: what checking costs is not taken from everybody else's requests.
        await asyncio.to_thread(check_json, body, model)
        return _replay(body, receive)


def error_body(error: JobMatchError) -> dict[str, Any]:
    """Returns ``{"code", "message", "field"}``, and a French ``user_message`` if there is one."""
    body: dict[str, Any] = {"code": error.code, "message": str(error), "field": error.field}
    if user_message := getattr(error, "user_message", None):
        body["user_message"] = user_message
    return body


async def send_json(
    send: Send, status: int, content: Any, headers: Mapping[str, str] | None = None
) -> None:
    """Sends one JSON answer."""
    raw = orjson.dumps(content)
    sent = {"content-type": "application/json", "content-length": str(len(raw)), **(headers or {})}
    pairs = [(key.encode("ascii"), value.encode("latin-1")) for key, value in sent.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": raw})


class _ErrorShaper:
    """A ``send`` that replaces the framework's error bodies by ours."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._replaced = False
        self._started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            status, headers = message["status"], message.get("headers", [])
            self._started = True
            if status >= 400 and all(key.lower() != _OURS for key, _ in headers):
                self._replaced = True
                kept = {k.decode(): v.decode() for k, v in headers if k.lower() == b"allow"}
                await send_json(self._send, status, _body_of_status(status), kept)
                return
        if not self._replaced:
            await self._send(message)

    async def refuse(self, error: JobMatchError) -> None:
        """Answers with an error, unless an answer has begun already."""
        if not self._started:
            self._started = True
            await send_json(self._send, error.http_status, error_body(error), error_headers(error))


def error_headers(error: JobMatchError) -> dict[str, str]:
    """Returns the headers of an error's answer: our mark, and when to try again after a 503."""
    headers = {_OURS.decode(): error.code}
    return {**headers, "retry-after": "5"} if error.http_status == 503 else headers


def _body_of_status(status: int) -> dict[str, Any]:
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else "error"
    code = re.sub(r"[^a-z]+", "_", phrase.lower())
    return {
        "code": code,
        "message": f"{phrase.lower()}; see the API's documentation",
        "field": None,
    }


def _ready_answer(components: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    waiting = {name: state for name, state in components.items() if state != "ready"}
    if not waiting:
        return 200, {"ready": True, "components": dict(components)}
    message = "; ".join(f"{name}: {state}" for name, state in waiting.items())
    return 503, {
        "code": "not_ready",
        "message": message,
        "field": None,
        "ready": False,
        "components": dict(components),
    }


async def _limit_body(headers: Mapping[bytes, bytes], receive: Receive, limit: int) -> Receive:
    """Refuses a body that says it is too large, and stops one that turns out to be."""
    declared = headers.get(b"content-length", b"0")
    if not declared.isdigit():
        raise BadJsonError("the Content-Length is not a number", field="body")
    if int(declared) > limit:
        # Most clients listen only when they have sent all; what can be dropped soon, is.
        await _drain(receive, limit)
        raise _too_large(limit)
    read = 0

    async def limited() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > limit:
            await _drain(receive, limit)
            raise _too_large(limit)
        return message

    return limited


async def _drain(receive: Receive, limit: int) -> None:
    dropped, more = 0, True
    while more and dropped < limit:
        message = await receive()
        dropped += len(message.get("body", b""))
        more = message["type"] == "http.request" and message.get("more_body", False)


def _too_large(limit: int) -> LimitError:
    return LimitError(
        f"the body is too large; expected at most {limit / 1_000_000:.3g} MB", field="body"
    )


async def _read_all(receive: Receive) -> bytes:
    parts: list[bytes] = []
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BadJsonError("the client left before the body was complete", field="body")
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replayed() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed
