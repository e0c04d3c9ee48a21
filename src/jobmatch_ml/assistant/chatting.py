"""One turn of a conversation: the coach decides, a model may word, the rules always can."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from jobmatch_ml.assistant.candidate import CandidateData, from_user_context
from jobmatch_ml.assistant.coaching.history import Turns, read_turns, refuse_history
from jobmatch_ml.assistant.coaching.pitch import HEADINGS, MARKER, Pitch, PitchCoach
from jobmatch_ml.assistant.coaching.pitch_facts import key_strengths
from jobmatch_ml.assistant.coaching.star import StarCoach, success_of
from jobmatch_ml.assistant.coaching.text import plain, typeset
from jobmatch_ml.assistant.coaching.wording import clean_worded, word_pitch, word_star
from jobmatch_ml.assistant.errors import AssistantInputError, ProviderError
from jobmatch_ml.assistant.providers import Provider
from jobmatch_ml.assistant.truth_lock import lock_text

logger = logging.getLogger(__name__)

CoachingType = Literal["star", "pitch"]

NOTICE_RULES = (
    "Texte composé automatiquement par un programme, sans modèle de langue, à partir de vos "
    "propres données. Relisez-le avant de l'utiliser."
)
NOTICE_LLM = (
    "Texte rédigé avec l'aide d'une intelligence artificielle à partir de vos propres données, "
    "puis vérifié automatiquement. Relisez-le avant de l'utiliser."
)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn gives.

    Args:
        response: The coach's message.
        extracted: The success or the pitch, once it is there.
        provider: Who worded it: ``rules`` or the provider's name.
        step: The step that the conversation is at.
        score: Score and tips of a success.
        warning: A French sentence where the model failed and the rules answered.
    """

    response: str
    extracted: Mapping[str, Any] | None = None
    provider: str = "rules"
    step: str = ""
    score: Mapping[str, Any] | None = None
    warning: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Returns the fields of a status answer."""
        found: dict[str, Any] = {"response": self.response, **mark(self.provider), **self.extra}
        optional = {"extracted_data": self.extracted, "step": self.step, "score": self.score,
                    "warning": self.warning}  # fmt: skip
        return found | {name: value for name, value in optional.items() if value}


def mark(provider: str) -> dict[str, Any]:
    """Returns the notice that every generated text carries."""
    written = provider != "rules"
    notice = NOTICE_LLM if written else NOTICE_RULES
    return {"ai_generated": written, "notice": notice, "provider": provider}


def check_start(coaching: CoachingType, context: Mapping[str, Any] | None) -> None:
    """Checks what a start call says, before anything is begun.

    Raises:
        InputError: The context cannot be read, or is empty where it is needed.
    """
    (PitchCoach if coaching == "pitch" else StarCoach)(context)


def check_message(
    coaching: CoachingType,
    context: Mapping[str, Any] | None,
    history: Sequence[Mapping[str, Any]],
    message: str,
) -> Turns:
    """Returns the turns of a conversation that can go on.

    Raises:
        AssistantInputError: The message holds nothing to read.
        HistoryError: The history cannot be what it says to be.
    """
    if not any(map(str.isalnum, plain(message))):
        raise AssistantInputError(
            "the message holds neither letters nor digits",
            user_message="Votre message est vide ou ne contient que des symboles. Répondez avec "
            "quelques mots.",
            field="message",
        )
    turns = read_turns(history, message)
    if coaching == "pitch":
        PitchCoach(context).check(turns)
    else:
        # Led once more by the rules alone: milliseconds, and the refusal is told at once.
        StarCoach(context).answer(turns)
    return turns


def take_turn(
    coaching: CoachingType,
    context: Mapping[str, Any] | None,
    turns: Turns | None,
    provider: Provider,
) -> Turn:
    """Returns the coach's next message; ``turns`` is ``None`` for the first one.

    Raises:
        HistoryError: The history is of another conversation.
    """
    return (_pitch_turn if coaching == "pitch" else _star_turn)(context, turns, provider)


def _star_turn(context: Mapping[str, Any] | None, turns: Turns | None, provider: Provider) -> Turn:
    coach = StarCoach(context)
    reply = coach.greet() if turns is None else coach.answer(turns)
    name, warning = "rules", ""
    if provider.writes and turns is not None:
        try:
            worded = word_star(reply, provider, coach.data.with_said(reply.said))
            name = provider.name if worded != reply else "rules"
            reply = worded
        except ProviderError as error:
            warning = _fell_back(error)
    score: dict[str, Any] | None = (
        None
        if reply.score is None
        else {
            "points": reply.score.points,
            "tips": list(reply.score.tips),
            "criteria": [
                {"name": item.name, "points": item.points, "of": item.of}
                for item in reply.score.criteria
            ],
        }
    )
    extracted = reply.success.as_json() if reply.success else None
    return Turn(reply.text, extracted, name, reply.step, score, warning)


def _pitch_turn(context: Mapping[str, Any] | None, turns: Turns | None, provider: Provider) -> Turn:
    coach = PitchCoach(context)
    reply = coach.greet() if turns is None else coach.answer(turns)
    name, warning = "rules", ""
    if provider.writes:
        try:
            worded = word_pitch(reply, provider, coach.data)
            name = provider.name if worded.pitch != reply.pitch else "rules"
            reply = worded
        except ProviderError as error:
            warning = _fell_back(error)
    step = "create" if reply.done else "draft"
    return Turn(reply.text, reply.pitch.as_json(), name, step, None, warning)


def _fell_back(error: ProviderError) -> str:
    logger.info("the rules answered instead of the model: %s", error.code)
    return "Le modèle de langue n'a pas répondu correctement : le coach a répondu sans lui."


def extract_success(messages: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Returns the success that a conversation holds, from the person's own messages alone.

    Raises:
        HistoryError: The conversation was not led by this coach, or is empty.
    """
    return {**success_of(read_turns(messages)).as_json(), **mark("rules")}


def extract_pitch(
    messages: Sequence[Mapping[str, Any]], context: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Returns the last pitch of a conversation, as far as the person's data bear it out.

    Raises:
        HistoryError: The conversation holds no pitch.
    """
    turns = read_turns(messages)
    texts = next((found for text in reversed(turns.coach) if (found := _read_pitch(text))), None)
    if texts is None:
        raise refuse_history("the conversation holds no pitch")
    data: CandidateData = from_user_context(dict(context or {})).with_said(turns.person)
    short, long = (typeset(lock_text(clean_worded(text, text), data).text) for text in texts)
    pitch = Pitch(short, long, key_strengths(data), "recruteur")
    removed = (short, long) != texts
    return {**pitch.as_json(), "is_complete": pitch.is_complete and not removed, **mark("rules")}


def _read_pitch(message: str) -> tuple[str, str] | None:
    """Returns the two texts of a coach's message, as they stand below their headings."""
    body = message.partition(MARKER)[0]
    if not all(heading in body for heading in HEADINGS):
        return None
    after = body.split(HEADINGS[0], 1)[1]
    short, long = after.split(HEADINGS[1], 1)
    return _below(short), _below(long)


def _below(text: str) -> str:
    lines = [line.strip() for line in text.strip().split("\n")[1:]]
    return next((line for line in lines if line), "")


def as_sse(value: Mapping[str, Any] | str) -> bytes:
    """Returns one server-sent event."""
    data = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"data: {data}\n\n".encode()
