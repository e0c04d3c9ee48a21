"""How good a success reads, and what would make it better: five criteria, each with a tip."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jobmatch_ml.assistant.coaching.answers import has_figure, key
from jobmatch_ml.assistant.coaching.success import Success
from jobmatch_ml.assistant.coaching.text import count_words

LEAST_WORDS, MOST_WORDS = 60, 220

_FIRST_PERSON = re.compile(r"\b(?:j|je)\b")
_GROUP = re.compile(r"\b(?:nous|on)\b")
# "j ai" and a participle, an imperfect, a present: who acts says so with a verb.
_ACTS = re.compile(
    r"\b(?:j ai|j y ai|je l ai|je les ai|j en ai|je leur ai|je lui ai|je me suis|je suis)"
    r"(?: \w+ment| aussi| ensuite| enfin| alors| donc| d abord| tout)?"
    r" (?:\w+(?:e|es|ee|ees|i|is|it|ie|u|us|ue|ert|int))\b"
)


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that makes a success convincing: points reached of the points possible."""

    name: str
    points: int
    of: int
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """The whole judgement; ``points`` of 100."""

    points: int
    criteria: tuple[Criterion, ...]

    @property
    def tips(self) -> tuple[str, ...]:
        """What to do next, the most useful first."""
        open_ = sorted(self.criteria, key=lambda item: item.points - item.of)
        return tuple(item.tip for item in open_ if item.tip)


def score_success(success: Success) -> Score:
    """Returns the score of a success: 30 complete, 20 for « je », verbs and figures, 10 length."""
    parts = (success.situation, success.task, success.action, success.result)
    filled = sum(bool(part.strip()) for part in parts)
    text = " ".join(parts)
    criteria = (
        _judge("complete", 30 * filled // 4, 30, "complète les parties encore vides."),
        _judge("first_person", _first_person(text), 20, "raconte avec « je » ce que tu as fait."),
        _judge("action_verbs", _verbs(success.action), 20, "commence tes actions par un verbe, "
               "comme « j'ai organisé » ou « j'ai réparé », si c'est vrai."),
        _judge("figures", _figures(success), 20, "ajoute un chiffre dont tu es certain."),
        _judge("length", _length(text), 10, f"vise entre {LEAST_WORDS} et {MOST_WORDS} mots."),
    )  # fmt: skip
    return Score(sum(item.points for item in criteria), criteria)


def _judge(name: str, points: int, of: int, tip: str) -> Criterion:
    return Criterion(name, points, of, "" if points == of else tip)


def _first_person(text: str) -> int:
    own, group = len(_FIRST_PERSON.findall(key(text))), len(_GROUP.findall(key(text)))
    if not own:
        return 0
    return 20 if own >= group else 10


def _verbs(action: str) -> int:
    return min(20, 10 * len(_ACTS.findall(key(action))))


def _figures(success: Success) -> int:
    if has_figure(success.result):
        return 20
    return 10 if has_figure(" ".join((success.situation, success.task, success.action))) else 0


def _length(text: str) -> int:
    words = count_words(text)
    if LEAST_WORDS <= words <= MOST_WORDS:
        return 10
    return 5 if 30 <= words <= 300 else 0
