"""Puts the page's own head first in the HTML that gradio serves.

Gradio's ``head`` is added by its script, once that has chosen the language of the drop zone and
the like from the browser's; what decides on the language has to stand before.
"""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class HeadFirst:
    """Middleware: inserts HTML at the start of the page's ``<head>``, other answers as they are.

    Args:
        app: What answers.
        head: The HTML.
    """

    def __init__(self, app: ASGIApp, head: str) -> None:
        self._app = app
        self._opening = f"<head>{head}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        start: Message = {}
        body = bytearray()

        async def send_page(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message  # kept back: its length is known at the end
                return
            body.extend(message.get("body", b""))
            if message.get("more_body", False):
                return
            page = bytes(body).replace(b"<head>", self._opening, 1)
            MutableHeaders(scope=start)["content-length"] = str(len(page))
            await send(start)
            await send({"type": "http.response.body", "body": page})

        await self._app(scope, receive, send_page)
