"""The guard alone, around a small application: time-outs, places, refusals, what is counted."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest

from jobmatch_ml.serving.http import GuardMiddleware
from jobmatch_ml.serving.outermost import KnownPaths
from jobmatch_ml.serving.receiving import Message, Receive, Scope, Send
from jobmatch_ml.serving.rules import MAX_UPLOAD_BYTES, ROUTES, RouteRule

RULES = {
    "/slow": RouteRule(group="slow", at_once=2, body_bytes=10, body_s=0.05, total_s=0.2),
    "/readyz": RouteRule(),
}


class Application:
    """Answers with the body's length, when it may."""

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()
        self.seen: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.seen.append(scope["path"])
        body = (await receive())["body"]
        await self.may_answer.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": str(len(body)).encode()})


class Exchange:
    """One request to an ASGI application, and what it answered."""

    def __init__(
        self, path: str = "/slow", *chunks: bytes, last: bool = True, **scope: Any
    ) -> None:
        self.scope = {
            "type": "http", "path": path, "method": "POST", "headers": [], **scope,
        }  # fmt: skip
        self._messages = [
            {"type": "http.request", "body": chunk, "more_body": not last or at < len(chunks) - 1}
            for at, chunk in enumerate(chunks or (b"",))
        ]
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.body = b""

    async def receive(self) -> Message:
        if self._messages:
            return self._messages.pop(0)
        await asyncio.Event().wait()
        raise AssertionError

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
        self.body += message.get("body", b"")

    async def through(self, app: Any) -> Exchange:
        await asyncio.wait_for(app(self.scope, self.receive, self.send), 5)
        return self

    @property
    def code(self) -> str:
        return str(orjson.loads(self.body)["code"])


def guarded(app: Any, **options: Any) -> GuardMiddleware:
    return GuardMiddleware(app, readiness=lambda: {"components": {}}, rules=RULES, **options)


def test_a_body_that_stops_arriving_is_refused_in_our_shape() -> None:
    async def scenario() -> Exchange:
        return await Exchange("/slow", b'{"a"', last=False).through(guarded(Application()))

    done = asyncio.run(scenario())
    assert (done.status, done.code) == (408, "request_timeout")


def test_an_answer_that_takes_too_long_is_given_up_in_our_shape() -> None:
    async def scenario() -> Exchange:
        return await Exchange("/slow", b"abc").through(guarded(Application()))

    done = asyncio.run(scenario())
    assert (done.status, done.code) == (504, "gateway_timeout")


def test_beyond_its_places_a_route_refuses_at_once_and_recovers() -> None:
    async def scenario() -> tuple[Exchange, list[Exchange], Exchange]:
        app = Application()
        guard = guarded(app)
        tasks = [asyncio.ensure_future(Exchange("/slow", b"abc").through(guard)) for _ in range(2)]
        await asyncio.sleep(0.01)
        refused = await asyncio.wait_for(Exchange("/slow", b"abc").through(guard), 0.1)
        app.may_answer.set()
        answered = await asyncio.gather(*tasks)
        return refused, answered, await Exchange("/slow", b"abc").through(guard)

    refused, answered, later = asyncio.run(scenario())
    assert (refused.status, refused.code) == (429, "too_many_requests")
    assert refused.headers[b"retry-after"] == b"5"
    assert [done.status for done in answered] == [200, 200]
    assert later.body == b"3"


def test_a_client_that_is_given_up_gives_its_place_back() -> None:
    async def scenario() -> list[int]:
        guard = guarded(Application())
        return [(await Exchange("/slow", b"a").through(guard)).status for _ in range(4)]

    assert asyncio.run(scenario()) == [504] * 4


@pytest.mark.parametrize(
    "headers",
    [
        [(b"content-type", b"text/plain"), (b"content-type", b"application/json")],
        [(b"content-type", b"multipart/form-data; boundary=\xff")],
    ],
    ids=["two", "not-ascii"],
)
def test_an_ambiguous_content_type_is_refused(headers: list[tuple[bytes, bytes]]) -> None:
    app = Application()

    async def scenario() -> Exchange:
        return await Exchange("/slow", b"abc", headers=headers).through(guarded(app))

    done = asyncio.run(scenario())
    assert (done.status, done.code) == (415, "unsupported_media_type")
    assert app.seen == []


def test_an_unknown_path_reaches_nothing_and_is_counted_without_its_name() -> None:
    counted: list[tuple[str, str]] = []
    app = Application()

    async def scenario() -> Exchange:
        guard = guarded(app, count=lambda route, code: counted.append((route, code)))
        return await Exchange("/jean.dupont", method="GET").through(guard)

    done = asyncio.run(scenario())
    assert (done.status, done.code) == (404, "not_found")
    assert b"dupont" not in done.body
    assert app.seen == []
    assert counted == [("unknown", "not_found")]


def test_the_framework_sees_known_paths_only_and_no_socket() -> None:
    framework, guard = Application(), Application()

    class Whole:
        middleware_stack: Any = framework

    async def scenario() -> list[Message]:
        whole, closed = Whole(), []
        framework.may_answer.set()
        guard.may_answer.set()
        inner = KnownPaths(guard, paths=["/slow"])
        await inner({"type": "lifespan", "path": "start", "app": whole}, *_silent())
        await Exchange("/slow").through(whole.middleware_stack)
        await Exchange("/elsewhere").through(whole.middleware_stack)
        odd = Exchange("/slow", headers=[(b"content-type", b"text/\xff")])
        await odd.through(whole.middleware_stack)

        async def close(message: Message) -> None:
            closed.append(message)

        socket = {"type": "websocket", "path": "/slow"}
        await whole.middleware_stack(socket, Exchange().receive, close)
        return closed

    closed = asyncio.run(scenario())
    assert framework.seen == ["/slow"]
    assert guard.seen == ["start", "/elsewhere", "/slow"]
    assert [message["type"] for message in closed] == ["websocket.close"]


def test_the_body_of_an_upload_has_room_for_the_largest_file_and_its_form() -> None:
    assert MAX_UPLOAD_BYTES == 10_064_000
    uploads = {"/extract", "/extract/async"}
    assert {ROUTES[path].body_bytes for path in uploads} == {MAX_UPLOAD_BYTES}
    assert all(rule.total_s <= 10 for path, rule in ROUTES.items() if path not in uploads)
    assert 45 < ROUTES["/extract"].total_s < 60  # above the recognition, below the page's clients


def _silent() -> tuple[Receive, Send]:
    exchange = Exchange("/")
    return exchange.receive, exchange.send
