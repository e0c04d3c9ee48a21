"""The pitch coach: a first draft at once, two rounds of changes at most, always the right length.

30 seconds are 75 to 80 words, 3 minutes 400 to 450. Where the profile holds too little for that,
the coach says what is missing: it never fills a pitch with things that nobody said.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from jobmatch_ml.assistant.candidate import CandidateData, from_user_context
from jobmatch_ml.assistant.coaching.answers import is_injected, key, says_i
from jobmatch_ml.assistant.coaching.banks import pitch_sayings
from jobmatch_ml.assistant.coaching.history import Turns, refuse_history
from jobmatch_ml.assistant.coaching.pitch_build import (
    LONG,
    SHORT,
    Wishes,
    bear_out,
    fit_locked,
    stems_of,
)
from jobmatch_ml.assistant.coaching.pitch_facts import Slot, fact_slots, key_strengths, recap_slots
from jobmatch_ml.assistant.coaching.text import count_words, plain, sentences, typeset
from jobmatch_ml.assistant.errors import AssistantInputError

MARKER = "[PITCH_COMPLETE]"
MOST_ROUNDS = 2
HEADINGS = ("**Pitch de 30 secondes**", "**Pitch de 3 minutes**")

_APPROVES = re.compile(
    r"^(?:oui|ok|okay|d accord|c est (?:bon|parfait|tres bien|bien|super)|parfait|top|super|valide|"
    r"je valide|nickel|genial|merci|impeccable|rien|non merci|ca me va|cela me va|tres bien|"
    r"je garde)\b"
)
_LESS = re.compile(
    r"\b(?:enleve\w*|retire\w*|supprime\w*|sans|ne parle pas|parle moins|n evoque pas|"
    r"oublie)\b (.+)"
)
_MORE = re.compile(
    r"\b(?:insiste\w*|met\w* (?:plus |davantage )?en avant|en avant|parle (?:plus|davantage)|"
    r"souligne\w*|valorise\w*|commence par|appuie|developpe\w*)\b (.+)"
)
_AUDIENCE = {
    "reseau": re.compile(r"\b(?:salon|reseau\w*|forum|job dating|networking)\b"),
    "manager": re.compile(r"\b(?:manager\w*|chef de service|responsable operationnel|directeur|"
                          r"directrice|futur chef|future cheffe)\b"),
    "recruteur": re.compile(r"\b(?:recruteur\w*|recruteuse\w*|rh|drh|entretien)\b"),
}  # fmt: skip
_STOP_STEMS = stems_of("parler plus moins beaucoup davantage expérience pitch partie aussi encore")


@dataclass(frozen=True, slots=True)
class Pitch:
    """Both lengths, and what is missing for them.

    Args:
        short: What takes 30 seconds.
        long: What takes 3 minutes.
        strengths: What to remember.
        audience: ``recruteur``, ``reseau`` or ``manager``.
        missing: What the person should add, in French; empty when both lengths are right.
    """

    short: str
    long: str
    strengths: tuple[str, ...]
    audience: str
    missing: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether both lengths are right."""
        return in_window(self.short, SHORT) and in_window(self.long, LONG)

    def as_json(self) -> dict[str, object]:
        """Returns the object of the contract, with the word counts."""
        return {
            "pitch_30s": self.short,
            "pitch_3min": self.long,
            "key_strengths": list(self.strengths),
            "is_complete": self.is_complete,
            "word_counts": {"pitch_30s": count_words(self.short),
                            "pitch_3min": count_words(self.long)},
            "audience": self.audience,
            "missing": list(self.missing),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class PitchReply:
    """What the coach says: sentences, the pitch, a question unless it is the last time."""

    says: str
    pitch: Pitch
    asks: str = ""
    said: tuple[str, ...] = ()

    @property
    def done(self) -> bool:
        """Whether this is the final version."""
        return not self.asks

    @property
    def text(self) -> str:
        """The whole message; the marker and the JSON stand at the end of the final one."""
        parts = [self.says]
        for heading, body in zip(HEADINGS, (self.pitch.short, self.pitch.long), strict=True):
            parts.append(f"{heading} ({count_words(body)} mots)\n{body}")
        if self.done:
            parts.append(f"{MARKER}\n{json.dumps(self.pitch.as_json(), ensure_ascii=False)}")
        else:
            parts.append(self.asks)
        return "\n\n".join(parts)


@dataclass
class _State:
    audience: str = "recruteur"
    more: frozenset[str] = frozenset()
    less: frozenset[str] = frozenset()
    said: tuple[str, ...] = ()
    rounds: int = 0
    changed: bool = True
    done: bool = False


class PitchCoach:
    """Leads one conversation about a pitch.

    Args:
        context: ``user_context`` of the API; its ``audience`` is ``recruteur``, ``reseau`` or
            ``manager``.

    Raises:
        AssistantInputError: The context says nothing about the person's work.
    """

    def __init__(self, context: Mapping[str, Any] | None = None) -> None:
        given = dict(context or {})
        self.data = from_user_context(given)
        # Who is spoken to may be known before the first draft: that is no round of changes.
        audience = given.get("audience")
        self._audience = audience if audience in _AUDIENCE else "recruteur"
        if not self.data.headline and not self.data.lines:
            raise AssistantInputError(
                "user_context is empty: a pitch needs a profile",
                user_message="Votre profil est vide. Ajoutez un CV ou quelques expériences, puis "
                "relancez le coach.",
                field="user_context",
            )

    def greet(self) -> PitchReply:
        """Returns the first draft."""
        return self._reply(_State(audience=self._audience), first=True)

    def answer(self, turns: Turns) -> PitchReply:
        """Returns the reply to the last message.

        Raises:
            HistoryError: A message of the coach in the history is not a pitch.
        """
        self.check(turns)
        state = _State(audience=self._audience)
        for message in turns.person:
            _hear(state, message)
        return self._reply(state)

    def check(self, turns: Turns) -> None:
        """Checks that a history can be of this coach.

        Raises:
            HistoryError: A message of the coach is not a pitch.
        """
        for number, message in enumerate(turns.coach):
            if HEADINGS[0] not in message:
                raise refuse_history(f"the coach's message {number + 1} holds no pitch")

    def _reply(self, state: _State, *, first: bool = False) -> PitchReply:
        pitch = self.build(state.audience, Wishes(state.more, state.less), state.said)
        sayings = pitch_sayings()["coach"]
        kind = "final" if state.done else "again" if state.changed else "unchanged"
        name = f" {plain(self.data.first_name)}" if self.data.first_name.isalpha() else ""
        audience = pitch_sayings()["audiences"][state.audience]
        says = sayings["greeting" if first else kind].format(name=name, audience=audience)
        if pitch.missing:
            says += " " + sayings["draft"].format(missing=", ".join(pitch.missing))
            says += _lacking(pitch, sayings["lacking"])
        return PitchReply(says, pitch, "" if state.done else sayings["asks"], state.said)

    def build(
        self, audience: str = "recruteur", wishes: Wishes | None = None, said: Sequence[str] = ()
    ) -> Pitch:
        """Returns the pitch for an audience; ``said`` are facts that the conversation brought."""
        data = self.data.with_said(said)
        facts = fact_slots(self.data)
        facts += [Slot("said", (typeset(text),), weight=16) for text in said]
        facts = bear_out(facts, data)
        recap = bear_out(recap_slots(self.data), data)
        short = fit_locked(frame(facts, audience, long=False), SHORT, data, wishes)
        long = fit_locked(frame(facts, audience, long=True, recap=recap), LONG, data, wishes)
        missing = () if in_window(short, SHORT) and in_window(long, LONG) else _missing(self.data)
        return Pitch(short, long, key_strengths(self.data), audience, missing)


def in_window(text: str, window: tuple[int, int]) -> bool:
    """Whether a text has as many words as its length asks for."""
    return window[0] <= count_words(text) <= window[1]


def frame(
    facts: Sequence[Slot], audience: str, *, long: bool, recap: Sequence[Slot] = ()
) -> list[Slot]:
    """Returns the facts with the sentences that hold them together and claim nothing."""
    say = pitch_sayings()
    hello = Slot("hello", tuple(say["hello"][audience]), needed=True, weight=0)
    closing = Slot("closing", tuple(say["closing"][audience]), needed=True, weight=1)
    if not long:
        return [hello, *facts, closing]
    framed = [hello]
    met: dict[str, int] = {}
    for slot in facts:
        earlier = met.get(slot.kind, 0)
        met[slot.kind] = earlier + 1
        framed += [Slot("intro", tuple(say[name]), weight=1) for name in _intros(slot, earlier)]
        if slot.kind == "success":
            intros = say["more_story" if earlier else "story"][1:]
            texts = (*slot.options, *slot.spoken)
            told = tuple(f"{intro} {text}" for text in texts for intro in intros)
            framed.append(Slot(slot.kind, told, slot.needed, slot.weight))
        else:
            framed.append(slot)
    framed += recap
    framed += [Slot("long_closing", (text,), weight=1) for text in say["long_closing"]]
    return [*framed, closing]


def _intros(slot: Slot, earlier: int) -> Sequence[str]:
    """Returns the names of the sentences that may stand before a fact, if it is there at all."""
    if slot.kind == "experience":
        # "Commençons par aujourd'hui" and its like must not stand before nothing.
        return ("path",) if not earlier and slot.needed else ()
    return ("skills_intro",) if slot.kind == "skills" and not earlier and slot.needed else ()


def _hear(state: _State, message: str) -> None:
    """Takes one message into account: agreement, audience, wishes, new facts."""
    if state.done:
        return
    text = plain(message)
    words = key(text)
    if _APPROVES.search(words) and len(words.split()) <= 8:
        state.done = True
        return
    before = (state.audience, state.more, state.less, state.said)
    for sentence in sentences(text):
        _hear_sentence(state, sentence)
    state.changed = before != (state.audience, state.more, state.less, state.said)
    state.rounds += 1
    state.done = state.rounds >= MOST_ROUNDS


def _hear_sentence(state: _State, sentence: str) -> None:
    if is_injected(sentence):
        return
    words = key(sentence)
    less, more = _LESS.search(words), _MORE.search(words)
    if less or more:
        _hear_audience(state, words)
    if less:
        state.less |= stems_of(less[1]) - _STOP_STEMS
    elif more:
        state.more |= stems_of(more[1]) - _STOP_STEMS
    elif says_i(sentence) and count_words(sentence) >= 4 and not sentence.endswith("?"):
        if re.match(
            r"^(?:je (?:veux|voudrais|prefere|souhaite|cherche|vais|dois)|j aimerais)", words
        ):
            _hear_audience(state, words)
        elif len(state.said) < 4 and count_words(sentence) <= 40:
            state.said = (*state.said, sentence)
    else:
        _hear_audience(state, words)


def _hear_audience(state: _State, words: str) -> None:
    for audience, pattern in _AUDIENCE.items():
        if pattern.search(words):
            state.audience = audience
            return


def _lacking(pitch: Pitch, saying: str) -> str:
    """Returns how many words the longer of the pitches that are too short still needs."""
    for text, window, length in (
        (pitch.long, LONG, "3 minutes"),
        (pitch.short, SHORT, "30 secondes"),
    ):
        if (words := count_words(text)) < window[0]:
            return " " + saying.format(words=window[0] - words, length=length)
    return ""


def _missing(data: CandidateData) -> tuple[str, ...]:
    say = cast("dict[str, str]", pitch_sayings()["missing"])
    experiences = data.of_kind("experience")
    lacks = {
        "headline": not data.headline,
        "experiences": not experiences,
        "missions": bool(experiences) and not all(line.details for line in experiences),
        "successes": len({x.line_id.partition(".")[0] for x in data.of_kind("success")}) < 2,
        "skills": len(data.of_kind("skill")) < 4,
        "education": not data.of_kind("education"),
    }
    return tuple(say[name] for name, lacking in lacks.items() if lacking) or (say["successes"],)
