"""A conversation with a coach: what was said, and one turn of it as it streams in.

The conversation is the page's: every call to the service brings it along. A turn that fails leaves
it as it was, and the person's words go back to the field they came from.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from gradio_app import sentences
from gradio_app.answers import Score, StreamEvent
from gradio_app.assistant_client import AssistantClient, CoachingType
from gradio_app.sentences import ServiceFailure

MAX_MESSAGE_CHARACTERS = 20_000
SHOWN_EVERY_S = 0.01
MARKERS = ("[STAR_COMPLETE]", "[PITCH_COMPLETE]")


@dataclass(frozen=True)
class Conversation:
    """What was said so far.

    Args:
        coaching_type: Which coach.
        context: What the coach knows of the person.
        messages: Role and content, as the service takes them, markers included.
        step: The coach's step, as the service names it.
        score: Score of the success, once there is one.
        notice: Who composed the texts, in the service's words.
        result: The success or the pitch that the last message carries.
        conversation_id: Random.
    """

    coaching_type: CoachingType
    context: Mapping[str, Any]
    messages: tuple[Mapping[str, str], ...] = ()
    step: str = ""
    score: Score | None = None
    notice: str = ""
    result: Mapping[str, Any] | None = None
    conversation_id: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def is_complete(self) -> bool:
        """Whether the coach has ended with the result."""
        return bool(self.messages) and any(m in self.messages[-1]["content"] for m in MARKERS)


@dataclass(frozen=True)
class Turn:
    """One moment of a turn.

    Args:
        conversation: As it stands; with the coach's message only once that is whole.
        said: What the person has just said, while it is not in the conversation.
        streaming: What the coach has said so far, ``None`` when it is not speaking.
        failure: The sentence for what went wrong.
        box: What the message field should hold; ``None`` leaves it.
    """

    conversation: Conversation
    said: str = ""
    streaming: str | None = None
    failure: str = ""
    box: str | None = None


def begin(
    client: AssistantClient, coaching_type: CoachingType, context: Mapping[str, Any]
) -> Iterator[Turn]:
    """Opens a conversation and yields the coach's first message as it comes."""
    conversation = Conversation(coaching_type, context)
    yield from _stream(
        conversation,
        "",
        lambda: client.start(coaching_type, conversation.conversation_id, context),
    )


def answer(client: AssistantClient, conversation: Conversation, message: str) -> Iterator[Turn]:
    """Says something and yields the coach's answer as it comes."""
    message = (message or "").strip()
    if not message:
        yield Turn(conversation, failure=sentences.EMPTY_MESSAGE)
        return
    if len(message) > MAX_MESSAGE_CHARACTERS:
        yield Turn(conversation, failure=sentences.FIELDS_TOO_LONG)
        return
    if conversation.is_complete:
        yield Turn(conversation, failure=sentences.CONVERSATION_ENDED)
        return
    yield from _stream(
        conversation,
        message,
        lambda: client.send(
            conversation.coaching_type,
            conversation.conversation_id,
            message,
            history=conversation.messages,
            context=conversation.context,
        ),
    )


def visible_part(content: str) -> str:
    r"""Returns what a person reads of a coach's message: not the marker, nor the JSON behind it.

    Example:
        >>> visible_part("Bravo !\n[STAR_COMPLETE]\n{}"), visible_part("Bravo ! [STAR_")
        ('Bravo !', 'Bravo !')
    """
    for marker in MARKERS:
        content = content.partition(marker)[0]
        # The marker may be arriving: its beginning is not shown either.
        start = content.rfind("[")
        if start >= 0 and marker.startswith(content[start:]):
            content = content[:start]
    return content.rstrip()


def read_result(content: str) -> Mapping[str, Any] | None:
    """Returns the JSON object behind a message's marker; ``None`` when there is none to read."""
    for marker in MARKERS:
        _, found, after = content.partition(marker)
        if found:
            try:
                result, _ = json.JSONDecoder().raw_decode(after.strip())
            except ValueError:
                return None
            return result if isinstance(result, dict) else None
    return None


def _stream(
    conversation: Conversation, said: str, events: Callable[[], Iterator[StreamEvent]]
) -> Iterator[Turn]:
    content = ""
    after = conversation
    shown_at = 0.0
    yield Turn(conversation, said, streaming="", box="")
    try:
        for event in events():
            content += event.token
            after = _noted(after, event)
            # Each token is shown, unless they come faster than anyone could see them.
            if event.token and time.monotonic() - shown_at >= SHOWN_EVERY_S:
                shown_at = time.monotonic()
                yield Turn(after, said, streaming=visible_part(content))
        if not content.strip():
            raise ServiceFailure(sentences.STREAM_CUT)
    except ServiceFailure as failure:
        told = str(failure)
        if not said and told == sentences.STREAM_CUT:
            told = sentences.START_CUT  # there is no message to send again
        yield Turn(conversation, said, visible_part(content) or None, told, box=said)
        return
    spoken = [{"role": "user", "content": said}] if said else []
    messages = (*conversation.messages, *spoken, {"role": "assistant", "content": content})
    result = read_result(content) or after.result
    yield Turn(replace(after, messages=messages, result=result))


def _noted(conversation: Conversation, event: StreamEvent) -> Conversation:
    return replace(
        conversation,
        step=event.step or conversation.step,
        score=event.score or conversation.score,
        notice=event.notice or conversation.notice,
        result=event.extracted_data or conversation.result,
    )
