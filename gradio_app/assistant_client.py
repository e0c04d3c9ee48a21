"""What the pages ask of the assistant: coaches that stream, tailored CVs, letters, exports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, Protocol, TypeVar
from urllib.parse import quote

import httpx

from gradio_app.answers import (
    FullOffer,
    Letter,
    StreamEvent,
    Success,
    TailoredCv,
    TaskStatus,
    TaskTicket,
)
from gradio_app.door import ServiceDoor
from gradio_app.polling import Pace, follow_task

CoachingType = Literal["star", "pitch"]
ExportFormat = Literal["docx", "pdf", "json"]
TaskT = TypeVar("TaskT", bound=TaskStatus)
Messages = Sequence[Mapping[str, str]]

# Tailoring scores the CV twice; with a local model it may take minutes.
TASK_PACE = Pace(total_s=250.0, from_s=0.2, to_s=5.0)
EXPORT_TIMEOUT = httpx.Timeout(30.0, connect=3.0)


class AssistantClient(Protocol):
    """What the assistant's pages need of the service; tests give a fake one.

    Every method raises :class:`ServiceFailure`.
    """

    def start(
        self, coaching_type: CoachingType, conversation_id: str, context: Mapping[str, Any]
    ) -> Iterator[StreamEvent]:
        """Streams a coach's first message."""
        ...

    def send(
        self,
        coaching_type: CoachingType,
        conversation_id: str,
        message: str,
        *,
        history: Messages,
        context: Mapping[str, Any],
    ) -> Iterator[StreamEvent]:
        """Streams a coach's answer to a message."""
        ...

    def extract_success(self, conversation_id: str, messages: Messages) -> Success:
        """Reads the success that a conversation told."""
        ...

    def generate_cv(self, body: Mapping[str, Any]) -> Iterator[TailoredCv]:
        """Starts the task of a tailored CV and yields how it is doing; the last is completed."""
        ...

    def generate_letter(self, body: Mapping[str, Any]) -> Iterator[Letter]:
        """Starts the task of a letter and yields how it is doing; the last is completed."""
        ...

    def export(self, task_id: str, export_format: ExportFormat) -> bytes:
        """Returns a tailored CV as a document."""
        ...

    def offer(self, offer_id: str) -> FullOffer:
        """Returns an offer of the catalogue in full."""
        ...


class HttpAssistantClient:
    """Speaks to the assistant's routes.

    Args:
        door: The connection to the service.
    """

    def __init__(self, door: ServiceDoor) -> None:
        self._door = door

    def start(
        self, coaching_type: CoachingType, conversation_id: str, context: Mapping[str, Any]
    ) -> Iterator[StreamEvent]:
        """Streams a coach's first message."""
        body = {
            "conversation_id": conversation_id,
            "user_context": context,
            "coaching_type": coaching_type,
        }
        return self._stream("/chat/start/stream", body)

    def send(
        self,
        coaching_type: CoachingType,
        conversation_id: str,
        message: str,
        *,
        history: Messages,
        context: Mapping[str, Any],
    ) -> Iterator[StreamEvent]:
        """Streams a coach's answer to a message."""
        body = {
            "conversation_id": conversation_id,
            "message": message,
            "history": list(history),
            "user_context": context,
            "coaching_type": coaching_type,
        }
        return self._stream("/chat/message/stream", body)

    def extract_success(self, conversation_id: str, messages: Messages) -> Success:
        """Reads the success that a conversation told."""
        body = {"conversation_id": conversation_id, "messages": list(messages)}
        return self._door.post("/chat/extract-success", Success, json=body)

    def generate_cv(self, body: Mapping[str, Any]) -> Iterator[TailoredCv]:
        """Starts the task of a tailored CV and yields how it is doing; the last is completed."""
        return self._generate("/generate/cv", body, TailoredCv)

    def generate_letter(self, body: Mapping[str, Any]) -> Iterator[Letter]:
        """Starts the task of a letter and yields how it is doing; the last is completed."""
        return self._generate("/generate/cover-letter", body, Letter)

    def export(self, task_id: str, export_format: ExportFormat) -> bytes:
        """Returns a tailored CV as a document."""
        body = {"task_id": task_id, "format": export_format}
        return self._door.post_for_bytes("/tailor/export", json=body, timeout=EXPORT_TIMEOUT)

    def offer(self, offer_id: str) -> FullOffer:
        """Returns an offer of the catalogue in full."""
        return self._door.get(f"/api/catalogue/offers/{quote(offer_id, safe='')}", FullOffer)

    def _generate(self, path: str, body: Mapping[str, Any], answer: type[TaskT]) -> Iterator[TaskT]:
        ticket = self._door.post(path, TaskTicket, json=body)
        path = f"/generate/status/{quote(ticket.task_id, safe='')}"
        yield from follow_task(self._door, path, answer, pace=TASK_PACE)

    def _stream(self, path: str, body: Mapping[str, Any]) -> Iterator[StreamEvent]:
        for event in self._door.stream(path, body):
            yield StreamEvent.model_validate(event)
