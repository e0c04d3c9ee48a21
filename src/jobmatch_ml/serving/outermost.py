"""Stops unknown paths before BentoML's own layers, which keep each path that they see.

BentoML has a place for middleware only inside its metrics and its access log; both would keep an
arbitrary path, as a label for as long as the process lives.
"""

from __future__ import annotations

from collections.abc import Collection

from jobmatch_ml.serving.receiving import App, Message, Receive, Scope, Send


class KnownPaths:
    """Lets the paths of the service into the framework, and all others past it, to the guard.

    Installs itself around the framework's layers when the application starts: the ASGI scope of
    the start names the application.

    Args:
        app: The guard, which answers 404 for an unknown path.
        paths: The paths of the service.
    """

    def __init__(self, app: App, *, paths: Collection[str]) -> None:
        self.app = app
        self.paths = paths
        self._framework: App | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a message from the framework's layers on to the guard."""
        whole = scope["app"]
        if self._framework is None:
            # Some servers skip the start's message; then the first request installs.
            self._framework, whole.middleware_stack = whole.middleware_stack, self._enter
        await self.app(scope, receive, send)

    async def _enter(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await _hang_up(receive, send)
        elif scope["type"] == "http" and not self._is_for_the_framework(scope):
            await self.app(scope, receive, send)
        elif self._framework is not None:
            await self._framework(scope, receive, send)

    def _is_for_the_framework(self, scope: Scope) -> bool:
        # The framework's access log falls over a header that is not ASCII; the guard refuses it.
        types = (value for key, value in scope["headers"] if key.lower() == b"content-type")
        return scope["path"] in self.paths and all(value.isascii() for value in types)


async def _hang_up(receive: Receive, send: Send) -> None:
    await receive()
    closing: Message = {"type": "websocket.close", "code": 1000}
    await send(closing)
