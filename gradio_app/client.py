"""The only door to the service: what the pages ask of it, and how that is asked over HTTP.

Every failure becomes a :class:`ServiceFailure` whose message is a plain French sentence.
"""

from __future__ import annotations

from typing import Literal, Protocol
from urllib.parse import quote

import httpx

from gradio_app.answers import Extraction, MatchAnswer, ReadingStatus
from gradio_app.assistant_client import AssistantClient, HttpAssistantClient
from gradio_app.door import ServiceDoor
from gradio_app.polling import Pace, follow_task
from gradio_app.sentences import READING_LOST, ServiceFailure

Readiness = Literal["ready", "loading", "down"]

# A scanned CV may take 45 s, and wait its turn.
READING_TIMEOUT = httpx.Timeout(60.0, connect=3.0)
# What the service gives a language model for one CV, after it has answered 504.
READING_PACE = Pace(total_s=260.0, from_s=2.0, to_s=10.0)
READINESS_TIMEOUT = httpx.Timeout(3.0)
# Only the extension of a person's file travels: its name may hold theirs.
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_NEUTRAL = {".pdf": ("cv.pdf", "application/pdf"), ".txt": ("cv.txt", "text/plain")}


class MatchingClient(Protocol):
    """What reading a CV and ranking offers need of the service; tests give a fake one."""

    def extract(self, file_name: str, content: bytes) -> Extraction:
        """Reads a CV file. Raises :class:`ServiceFailure`."""
        ...

    def match_text(self, title: str, text: str, *, top_k: int) -> MatchAnswer:
        """Ranks the offers for a title and a CV text. Raises :class:`ServiceFailure`."""
        ...

    def readiness(self) -> Readiness:
        """Says whether the service can answer now; never raises."""
        ...


class ServiceClient(MatchingClient, Protocol):
    """What all the pages need of the service."""

    @property
    def assistant(self) -> AssistantClient:
        """The coaches and the tailoring."""
        ...


class HttpServiceClient:
    """Speaks to the JobMatch service over HTTP.

    Args:
        base_url: Where the service listens, such as ``http://127.0.0.1:3000``.
        transport: How requests travel; tests answer them without a server.
    """

    def __init__(self, base_url: str, *, transport: httpx.BaseTransport | None = None) -> None:
        self._door = ServiceDoor(base_url, transport=transport)
        self.assistant: AssistantClient = HttpAssistantClient(self._door)

    def extract(self, file_name: str, content: bytes) -> Extraction:
        """Reads a CV file. Raises :class:`ServiceFailure`."""
        suffix = file_name[-4:].lower()
        neutral_name, media_type = _NEUTRAL.get(suffix, ("cv.docx", _DOCX))
        files = {"file": (neutral_name, content, media_type)}
        try:
            return self._door.post("/extract", Extraction, files=files, timeout=READING_TIMEOUT)
        except ServiceFailure as failure:
            # A language model that reads slowly goes on behind the answer.
            if not failure.task_id:
                raise
            return self._await_reading(failure.task_id)

    def _await_reading(self, task_id: str) -> Extraction:
        path = f"/extract/status/{quote(task_id, safe='')}"
        *_, read = follow_task(
            self._door, path, ReadingStatus, pace=READING_PACE, too_late=READING_LOST
        )
        return read

    def match_text(self, title: str, text: str, *, top_k: int) -> MatchAnswer:
        """Ranks the offers for a title and a CV text. Raises :class:`ServiceFailure`."""
        body = {"title": title, "text": text, "top_k": top_k}
        return self._door.post("/api/match/text", MatchAnswer, json=body)

    def readiness(self) -> Readiness:
        """Says whether the service can answer now; never raises."""
        try:
            response = self._door.http.get("/readyz", timeout=READINESS_TIMEOUT)
        except httpx.HTTPError:
            return "down"
        return "ready" if response.status_code == httpx.codes.OK else "loading"

    def close(self) -> None:
        """Closes the connections."""
        self._door.close()
