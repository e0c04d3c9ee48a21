"""The BentoML service in process, driven through its ASGI app by synchronous tests."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Awaitable
from typing import Any

from jobmatch_ml.serving.match_service import MatchService
from tests import hostile_files

# What a person reads: an English message of ours has neither an accent nor an order in "-ez".
FRENCH_SENTENCE = re.compile(r"(?=.*(?:ez\b|[éèêàç]))[A-ZÀÉ].*\.")
MULTIPART_PDF = {
    "file": ("cv.pdf", hostile_files.text_pdf(["Comptable", "Competences", "Sage, paie " * 9]))
}


class RunningApp:
    """The service's ASGI app with its lifespan, driven from synchronous tests."""

    def __init__(self, app: Any, matching: MatchService) -> None:
        self.matching = matching
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._lifespan = app.router.lifespan_context(app)
        self.run(self._lifespan.__aenter__())
        import httpx

        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://service")

    def run(self, awaitable: Awaitable[Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(_await(awaitable), self._loop).result(30)

    def request(self, method: str, path: str, **options: Any) -> Any:
        return self.run(self.client.request(method, path, **options))

    def post(self, path: str, **options: Any) -> Any:
        return self.request("POST", path, **options)

    def close(self) -> None:
        self.run(self.client.aclose())
        self.run(self._lifespan.__aexit__(None, None, None))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)


async def _await(awaitable: Awaitable[Any]) -> Any:
    return await awaitable


def assert_refused(response: Any, status: int, code: str, field: str | None = None) -> None:
    assert response.status_code == status, response.text
    body = response.json()
    assert body["code"] == code
    assert body["message"]
    assert body["field"] == field
    assert FRENCH_SENTENCE.fullmatch(body["user_message"]), body["user_message"]
