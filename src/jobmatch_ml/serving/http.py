"""The service's outer layer: limits, time-outs, strict JSON, one shape for errors, readiness.

BentoML answers many client mistakes with 500 and quotes input in its log. Here a request that
cannot be right is refused before the framework sees it, with ``{"code", "message", "field",
"user_message"}`` and without its own contents.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import orjson

from jobmatch_ml.errors import JobMatchError
from jobmatch_ml.serving.bodies import check_json
from jobmatch_ml.serving.errors import (
    ERROR_MARK,
    MediaTypeError,
    SlowAnswerError,
    Speak,
    TooBusyError,
    UnknownPathError,
    error_body,
    error_headers,
)
from jobmatch_ml.serving.page import PAGE, PAGE_HEADERS
from jobmatch_ml.serving.receiving import (
    App,
    Message,
    Receive,
    Scope,
    Send,
    body_encoding,
    read_media_type,
    receive_body,
    replay,
)
from jobmatch_ml.serving.rules import ROUTES, RouteRule, find_rule
from jobmatch_ml.serving.speaking import speak, speak_of

logger = logging.getLogger(__name__)

_NO_RULE = RouteRule()


class GuardMiddleware:
    """Checks requests before the framework, and gives every error one shape after it.

    Args:
        app: The application inside.
        readiness: Returns ``{"components": {name: state}, …}``; all ``ready`` makes ``/readyz``
            answer 200.
        rules: The limits of each path.
        count: Called with (path, code) for each refusal that the application does not see.
    """

    def __init__(
        self,
        app: App,
        *,
        readiness: Callable[[], Mapping[str, Any]],
        rules: Mapping[str, RouteRule] = ROUTES,
        count: Callable[[str, str], None] = lambda route, code: None,
    ) -> None:
        self.app = app
        self.readiness = readiness
        self.rules = rules
        self.count = count
        self._inside: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one ASGI request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        shaper = _ErrorShaper(send)
        found = find_rule(self.rules, scope["path"])
        rule = found[1] if found else _NO_RULE
        try:
            async with asyncio.timeout(rule.total_s):
                await self._answer(scope, receive, shaper, rule)
        except JobMatchError as error:
            await self._refuse(scope, shaper, error)
        except TimeoutError:
            late = SlowAnswerError(f"no answer within {rule.total_s:g} s; try again later")
            await self._refuse(scope, shaper, late)
        except Exception:
            # The last resort: a traceback for the operator, a plain sentence for the client.
            logger.exception("unexpected failure on %s", scope["path"])
            await self._refuse(scope, shaper, JobMatchError("the service failed; try again"))

    async def _answer(
        self, scope: Scope, receive: Receive, send: _ErrorShaper, rule: RouteRule
    ) -> None:
        path, reads = scope["path"], scope["method"] in ("GET", "HEAD")
        known = find_rule(self.rules, path) is not None
        media_type = "" if reads else read_media_type(scope)
        if not known:
            raise UnknownPathError("the service has no such path; `GET /` lists them")
        if reads and path == "/readyz":
            await send_json(send, *_ready_answer(self.readiness()))
        elif reads and path == "/":
            await send_bytes(send, 200, PAGE, PAGE_HEADERS)
        elif scope["method"] != "POST" or not rule.group:
            await self.app(scope, receive, send)
        else:
            with self._admitted(rule):
                await self.app(scope, await _checked(scope, receive, rule, media_type), send)

    @contextmanager
    def _admitted(self, rule: RouteRule) -> Iterator[None]:
        # Before the body is read: what waits in memory is bounded as well.
        if self._inside[rule.group] >= rule.at_once:
            raise TooBusyError("the service is busy; try again in a few seconds")
        self._inside[rule.group] += 1
        try:
            yield
        finally:
            self._inside[rule.group] -= 1

    async def _refuse(self, scope: Scope, shaper: _ErrorShaper, error: JobMatchError) -> None:
        # A path that is not ours may hold anything, a person's name too: it is never kept.
        known = find_rule(self.rules, scope["path"])
        self.count(known[0] if known else "unknown", error.code)
        own = known[1].speak if known else None
        await shaper.refuse(error, own or speak)


async def _checked(scope: Scope, receive: Receive, rule: RouteRule, media_type: str) -> Receive:
    if rule.model is not None:
        if media_type not in ("", "application/json"):
            raise MediaTypeError("expected the content type application/json", field="body")
        if body_encoding(scope) != b"identity":
            raise MediaTypeError("compressed bodies are not read; send plain JSON", field="body")
    body = await receive_body(scope, receive, rule)
    if rule.model is not None:
        # In a thread: what checking costs is not taken from everybody else's requests.
        await asyncio.to_thread(check_json, body, rule.model)
    return replay(body, receive)


async def send_json(
    send: Send, status: int, content: Any, headers: Mapping[str, str] | None = None
) -> None:
    """Sends one JSON answer."""
    named = {"content-type": "application/json", **(headers or {})}
    await send_bytes(send, status, orjson.dumps(content), named)


async def send_bytes(send: Send, status: int, raw: bytes, headers: Mapping[str, str]) -> None:
    """Sends one answer."""
    sent = {"content-length": str(len(raw)), **headers}
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
            if status >= 400 and all(key.lower() != ERROR_MARK.encode() for key, _ in headers):
                self._replaced = True
                kept = {k.decode(): v.decode() for k, v in headers if k.lower() == b"allow"}
                await send_json(self._send, status, _body_of_status(status), kept)
                return
        if not self._replaced:
            await self._send(message)

    async def refuse(self, error: JobMatchError, said: Speak) -> None:
        """Answers with an error, unless an answer has begun already."""
        if not self._started:
            self._started = True
            body = error_body(error, said)
            await send_json(self._send, error.http_status, body, error_headers(error))


def _body_of_status(status: int) -> dict[str, Any]:
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else "error"
    code = re.sub(r"[^a-z]+", "_", phrase.lower())
    return {
        "code": code,
        "message": f"{phrase.lower()}; see the API's documentation",
        "field": None,
        "user_message": speak_of(status),
    }


def _ready_answer(facts: Mapping[str, Any]) -> tuple[int, dict[str, Any], dict[str, str]]:
    waiting = {name: state for name, state in facts["components"].items() if state != "ready"}
    if not waiting:
        return 200, {"ready": True, **facts}, {}
    message = "; ".join(f"{name}: {state}" for name, state in waiting.items())
    refusal = {"code": "not_ready", "message": message, "field": None}
    told = {"user_message": speak_of(503), "ready": False}
    return 503, {**refusal, **told, **facts}, {ERROR_MARK: "not_ready", "retry-after": "5"}
