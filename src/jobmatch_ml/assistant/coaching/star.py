"""The STAR coach: a state machine that no model can leave.

The state is not kept anywhere: it follows from what the person said, message by message, so the
same history always leads to the same step. Each reply ends with one question of the bank.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from jobmatch_ml.assistant.candidate import CandidateData, from_user_context
from jobmatch_ml.assistant.coaching.answers import Answer, Flaw, key, read_answer, telling_words
from jobmatch_ml.assistant.coaching.banks import (
    NO_FAMILY,
    PHASES,
    STORY,
    Phase,
    families,
    family_of,
    follow_up,
    phases_of_questions,
    question_key,
    sayings,
)
from jobmatch_ml.assistant.coaching.history import Turns, refuse_history
from jobmatch_ml.assistant.coaching.scoring import Score, score_success
from jobmatch_ml.assistant.coaching.success import Success, write_success
from jobmatch_ml.assistant.coaching.text import plain, sentences, shorten

MARKER = "[STAR_COMPLETE]"
MOST_FOLLOW_UPS = 2

Step = Literal["choose", "situation", "task", "action", "result", "create", "stopped"]

_HELLO = re.compile(r"(?:bonjour|bonsoir|salut|coucou|hello|hey|merci)(?: \w+)?")
_YES = re.compile(
    r"^(?:oui|ok|okay|d accord|ouais|yes|volontiers|parfait|exactement|c est ca|bien sur|celle ci|"
    r"celle la|allons y|va pour celle)\b"
)
_NO = re.compile(r"^(?:non|plutot|pas celle|une autre|autre|je prefere)\b")
_STOP = re.compile(
    r"^(?:stop|arrete\w*|j arrete|je veux arreter|on arrete|au revoir|quitter|j abandonne|"
    r"tant pis)\b"
)
_SKIP = re.compile(r"^(?:passe\w*|suivante?|question suivante|je passe|on passe|skip)\b")
_QUOTED = re.compile(r"«\s*([^«»]{2,200}?)\s*»")


@dataclass
class _State:
    step: Step = "choose"
    label: str = ""
    family: str = NO_FAMILY
    asked: int = 0
    vague: str = ""
    answers: dict[Phase, list[str]] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class StarReply:
    """What the coach says.

    Args:
        step: The step that the reply's question belongs to; ``create`` when the success is there.
        says: The sentences before the question, which a model may word otherwise.
        asks: The question, always of the bank; empty at the end.
        success: The success, at the end.
        score: Its score, at the end.
        said: The person's sentences that count as evidence.
        flaw: The weakness of the last answer that the question is about.
    """

    step: Step
    says: str
    asks: str = ""
    success: Success | None = None
    score: Score | None = None
    said: tuple[str, ...] = ()
    flaw: Flaw | None = None

    @property
    def text(self) -> str:
        """The whole message, with marker and JSON when the success is there."""
        spoken = f"{self.says} {self.asks}".strip()
        if self.success is None:
            return spoken
        return f"{spoken}\n\n{MARKER}\n{json.dumps(self.success.as_json(), ensure_ascii=False)}"


class StarCoach:
    """Leads one conversation.

    Args:
        context: ``user_context`` of the API; may be empty.
    """

    def __init__(self, context: Mapping[str, Any] | None = None) -> None:
        given = dict(context or {})
        self.data = from_user_context(given)
        level = given.get("autonomy_level")
        # Whoever works on their own is asked less often.
        self._most = 1 if isinstance(level, int) and level >= 4 else MOST_FOLLOW_UPS
        self._proposed = _label(self.data)

    def greet(self) -> StarReply:
        """Returns the first message."""
        says = sayings()["greeting"].format(name=self._name())
        if self._proposed:
            proposal = sayings()["proposal"].format(label=f"« {self._proposed} »")
            return StarReply("choose", f"{says} {proposal}", sayings()["choose_proposed"])
        return StarReply("choose", says, sayings()["choose_open"])

    def answer(self, turns: Turns) -> StarReply:
        """Returns the reply to the last message.

        Raises:
            HistoryError: The coach's own messages in the history are of other steps.
        """
        state = _State()
        reply = self.greet()
        for number, message in enumerate(turns.person):
            before = turns.before(number)
            if before is not None:
                _check_step(before, reply.step, number)
            if not self._proposed and number == 0:
                self._recall(before)
            reply = self._step(state, message)
        return reply

    def _recall(self, greeting: str | None) -> None:
        """Takes the proposal from the greeting where the client left the context out."""
        quoted = _QUOTED.search(greeting or "")
        if quoted:
            self._proposed = plain(quoted[1])[:120]

    def _step(self, state: _State, message: str) -> StarReply:
        if state.step in ("create", "stopped"):
            if state.step == "stopped":
                state.step = _first_open(state)
            else:
                return self._end(state, sayings()["finished"])
        words = key(plain(message))
        if _STOP.search(words) and len(words.split()) <= 8:
            state.step = "stopped"
            return StarReply("stopped", sayings()["stopped"], said=tuple(state.said))
        phase: Phase = state.step  # type: ignore[assignment] # the two ends are handled above
        answer = read_answer(message, phase)
        if phase == "choose":
            return self._choose(state, answer, words)
        if answer.kept and not _is_nod(words):
            state.answers.setdefault(phase, []).append(answer.kept)
            state.said.append(answer.kept)
        flaw = answer.flaw
        skips = bool(_SKIP.search(words)) or (answer.declines_figure and _has(state, "result"))
        whole = " ".join(state.answers.get(phase, ()))
        if answer.kept and flaw != "vague" and state.vague:
            # A precise answer takes the place of the vague one that it was asked for.
            told = [text for text in state.answers[phase] if text != state.vague]
            state.answers[phase], state.vague = told, ""
        elif whole == answer.kept and flaw == "vague" and telling_words(whole) < 2:
            state.vague = answer.kept
        if flaw in ("vague", "no_je", "no_figure", "no_result", "unknown") and whole:
            # An answer that completes an earlier one is judged together with it.
            flaw = read_answer(whole, phase).flaw if flaw != "unknown" else flaw
        if flaw and not skips and state.asked < self._most:
            says, asks = follow_up(flaw, phase, state.asked, state.family)
            state.asked += 1
            return StarReply(phase, says, asks, said=tuple(state.said), flaw=flaw)
        return self._go_on(state, phase, good=flaw is None)

    def _choose(self, state: _State, answer: Answer, words: str) -> StarReply:
        agrees = bool(_YES.search(words)) and len(words.split()) <= 8
        refuses = bool(_NO.search(words)) and len(words.split()) <= 4
        if agrees and self._proposed:
            return self._begin(state, self._proposed)
        flaw: Flaw | None = "vague" if (agrees or refuses) else answer.flaw
        greets = bool(_HELLO.fullmatch(words.strip()))
        flaw = "vague" if greets else flaw
        if flaw == "vague" and answer.kept and not (agrees or refuses or greets):
            flaw = None  # "la boulangerie" names an experience well enough
        named = self._named(words)
        if flaw == "too_long" or (named and flaw == "english"):
            # The name of an employer is the same in all languages.
            return self._begin(state, named or self._matching(answer.kept), flaw)
        if flaw and state.asked < self._most:
            says, asks = follow_up(flaw, "choose", state.asked, NO_FAMILY)
            state.asked += 1
            return StarReply("choose", says, asks, said=tuple(state.said), flaw=flaw)
        if flaw or not answer.kept:
            return self._begin(state, self._proposed)
        state.said.append(answer.kept)
        if len(answer.kept.split()) >= 25:
            # The story has begun already: it is not asked for twice.
            state.answers["situation"] = [answer.kept]
        return self._begin(state, self._matching(answer.kept))

    def _begin(self, state: _State, label: str, flaw: Flaw | None = None) -> StarReply:
        state.label, state.asked, state.step = label, 0, "situation"
        state.family = _family(label, self.data)
        chosen, open_ = sayings()["chosen"], sayings()["chosen_open"]
        says = chosen.format(label=f"« {label} »") if label else open_
        asks = families()[state.family]["situation"]
        if flaw == "english":
            says = f"{says} {follow_up('english', 'choose', 0, NO_FAMILY)[0]}"
        return StarReply("situation", says, asks, said=tuple(state.said), flaw=flaw)

    def _go_on(self, state: _State, phase: Phase, *, good: bool) -> StarReply:
        turn = len(state.said)
        thanks = sayings()["thanks"].get(phase, ("",)) if good else sayings()["goes_on"]
        says = thanks[turn % len(thanks)]
        state.asked, state.vague = 0, ""
        if phase == "result":
            state.step = "create"
            return self._end(state)
        following = STORY[STORY.index(phase) + 1]
        state.step = following
        asks = families()[state.family][following]
        return StarReply(following, says, asks, said=tuple(state.said))

    def _end(self, state: _State, says: str = "") -> StarReply:
        # The label of an experience that the CV holds is evidence there already.
        data = self.data.with_said([*state.said, state.label])
        success = write_success(state.answers, state.label, data)
        score = score_success(success)
        if not says:
            form = "complete" if success.is_complete else "incomplete"
            missing = " et ".join(success.missing)
            says = sayings()[form].format(name=self._name(), missing=missing)
            if score.tips and success.is_complete:
                says += " " + sayings()["tip"].format(tip=score.tips[0])
        return StarReply("create", says, "", success, score, tuple(state.said))

    def _name(self) -> str:
        name = plain(self.data.first_name)[:40]
        return f" {name}" if name and name.replace("-", "").replace(" ", "").isalpha() else ""

    def _matching(self, text: str) -> str:
        """Returns the CV's own label of the experience that a text names, else its first words."""
        return self._named(key(text)) or shorten(sentences(plain(text))[0], 80).rstrip(".")

    def _named(self, text: str) -> str:
        """Returns the label of the CV's experience that shares most words with a folded text."""
        words = set(text.split())
        best, most = "", 0
        for line in self.data.of_kind("experience"):
            named = {word for word in key(f"{line.title} {line.entity}").split() if len(word) > 3}
            shared = len(named & words)
            if shared > most:
                best, most = _line_label(line.title, line.entity, line.dates, line.text), shared
        return best


def success_of(turns: Turns) -> Success:
    """Returns the success that a conversation holds, from the person's own messages alone.

    What was said belongs to the step that the coach's question before it was of, so nothing but the
    conversation is needed.

    Raises:
        HistoryError: No message of the person, or a question that this coach does not ask.
    """
    answers: dict[Phase, list[str]] = {}
    label, phase = "", PHASES[0]
    for number, message in enumerate(turns.person):
        before = turns.before(number)
        if before is None or MARKER in before or sayings()["stopped"][:30] in before:
            continue
        steps = _steps_of(before)
        if not steps:
            raise refuse_history(f"the coach's message before message {number + 1} has no question")
        # A question that several steps know belongs to the one that was reached.
        later = PHASES[PHASES.index(phase) :]
        phase = next((each for each in later if each in steps), phase)
        kept = read_answer(message, phase).kept
        if phase == "choose":
            quoted = _QUOTED.search(before)
            agrees = _YES.search(key(plain(message)))
            label = plain(quoted[1]) if agrees and quoted else label or kept[:80]
        elif kept and not _is_nod(key(plain(message))):
            answers.setdefault(phase, []).append(kept)
    if not turns.person:
        raise refuse_history("the conversation holds no message of the user")
    said = [text for texts in answers.values() for text in texts]
    return write_success(answers, label, CandidateData().with_said([*said, label]))


def _steps_of(message: str) -> frozenset[Phase]:
    asked = [part for part in sentences(message) if part.rstrip().endswith("?")]
    return phases_of_questions().get(question_key(asked[-1]), frozenset()) if asked else frozenset()


def _check_step(message: str, step: Step, number: int) -> None:
    """Compares a message of the coach with the step in which the history must have been."""
    if step in ("create", "stopped"):
        fits = MARKER in message or sayings()["stopped"][:30] in message
    else:
        fits = step in _steps_of(message)
    if not fits:
        raise refuse_history(
            f"the coach's message before message {number + 1} of the user is not of the step that "
            "the conversation had reached; expected the history as it was led"
        )


def _first_open(state: _State) -> Step:
    if not state.label and not state.answers:
        return "choose"
    return next((phase for phase in STORY if phase not in state.answers), "result")


def _has(state: _State, phase: Phase) -> bool:
    return bool(state.answers.get(phase))


def _is_nod(words: str) -> bool:
    return bool(_YES.search(words) or _SKIP.search(words)) and len(words.split()) <= 3


def _label(data: CandidateData) -> str:
    for line in data.of_kind("experience"):
        label = _line_label(line.title, line.entity, line.dates, line.text)
        if label:
            return label
    return ""


def _line_label(title: str, entity: str, dates: str, text: str) -> str:
    head = ", ".join(part for part in (plain(title), plain(entity)) if part)
    first = plain(text).split("\n")[0] if text else ""
    label = head or first
    if head and dates:
        label = f"{head} ({plain(dates)})"
    return shorten(label.replace("«", "").replace("»", "").replace("?", ""), 120).rstrip(".")


def _family(label: str, data: CandidateData) -> str:
    for title in (re.split(r"[,(]", label)[0], data.headline):
        found = family_of(title) if title else NO_FAMILY
        if found != NO_FAMILY:
            return found
    return NO_FAMILY
