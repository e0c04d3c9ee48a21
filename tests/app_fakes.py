"""A service that says what it was told to, a CV that was read, and words that try to be markup."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gradio_app.answers import (
    Evidence,
    ExtractedLine,
    Extraction,
    FullOffer,
    Letter,
    StreamEvent,
    Success,
    TailoredCv,
)
from gradio_app.sentences import ServiceFailure

HOSTILE = "<script>alert(1)</script>"
STORY = {"title": "Zéro panne", "situation": "S", "task": "T", "action": "A", "result": "R"}
ENDING = f"Bravo !\n\n[STAR_COMPLETE]\n{json.dumps(STORY)}"
RAW = "Vendeuse, Octets\n2020 - 2022\n• Accueil des clients\n• Tenue de la caisse"
CV = Extraction(
    raw_text=RAW,
    extracted_lines=(
        ExtractedLine(content_type="contact", content="Awa", first_name="Awa", email="a@b.org"),
        ExtractedLine(content_type="summary", content="Lyon"),
        ExtractedLine(
            content_type="experience",
            content=" ".join(RAW.replace("• ", "").split()),
            position="Vendeuse",
            entity="Octets",
            dates="2020 - 2022",
            evidence=Evidence(start=0, end=len(RAW)),
        ),
        ExtractedLine(content_type="experience", content="Stage", position="Stagiaire"),
        ExtractedLine(content_type="skill_hard", content="Vente"),
    ),
)


class FakeAssistant:
    """Says what it was told to, and remembers what it was asked."""

    def __init__(self, *events: StreamEvent | str, failure: str = "", lost: str = "") -> None:
        self.events = events
        self.failure, self.lost = failure, lost
        self.asked: list[Any] = []
        self.result = TailoredCv(status="completed", task_id="t", content="CV")

    def _stream(self) -> Iterator[StreamEvent]:
        for item in self.events:
            yield item if isinstance(item, StreamEvent) else StreamEvent(token=item)
        if self.failure:
            raise ServiceFailure(self.failure)

    def start(self, coaching_type: Any, conversation_id: str, context: Any) -> Any:
        self.asked.append((coaching_type, context))
        return self._stream()

    def send(self, coaching_type: Any, conversation_id: str, message: str, **given: Any) -> Any:
        self.asked.append((message, given["history"]))
        return self._stream()

    def extract_success(self, conversation_id: str, messages: Any) -> Success:
        self.asked.append("extract")
        return Success.model_validate(STORY)

    def generate_cv(self, body: Mapping[str, Any]) -> Iterator[TailoredCv]:
        self.asked.append(body)
        if self.failure:
            raise ServiceFailure(self.failure)
        yield TailoredCv(status="processing")
        yield self.result

    def offer(self, offer_id: str) -> FullOffer:
        if offer_id == "gone":
            raise ServiceFailure("gone")
        return FullOffer(offer_id=offer_id, title="Vendeur", company="Octets", description="Tout")

    def generate_letter(self, body: Mapping[str, Any]) -> Iterator[Letter]:
        self.asked.append(body)
        yield Letter(status="completed", task_id="l", content="Madame, Monsieur,")

    def export(self, task_id: str, export_format: str) -> bytes:
        if export_format == self.lost:
            raise ServiceFailure("trop tard.")
        return f"{task_id}.{export_format}".encode()


def last(moments: Iterable[Any]) -> Any:
    """The last moment of a callback: what the page ends with."""
    return list(moments)[-1]
