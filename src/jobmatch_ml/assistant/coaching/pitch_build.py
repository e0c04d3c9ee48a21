"""Putting a pitch together so that its length is right by construction.

Every place has several wordings of known lengths; dynamic programming over the number of words
finds, among all combinations whose total lies in the window, the one that says most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jobmatch_ml.assistant.candidate import CandidateData
from jobmatch_ml.assistant.claims_text import tokenize
from jobmatch_ml.assistant.coaching.pitch_facts import Slot
from jobmatch_ml.assistant.coaching.text import count_words, sentences
from jobmatch_ml.assistant.truth_lock import check_text

SHORT = (75, 80)
LONG = (400, 450)

_ROUNDS = 6
_EMPHASIS = 4


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person asked for: stems of words to bring forward, and of words to leave out."""

    more: frozenset[str] = frozenset()
    less: frozenset[str] = frozenset()


def fit(slots: Sequence[Slot], window: tuple[int, int], wishes: Wishes | None = None) -> str:
    """Returns the best text whose words lie in the window, else the fullest one below it."""
    wanted = wishes or Wishes()
    least, most = window
    # total of words -> (value, texts); the value of equal totals decides.
    best: dict[int, tuple[int, tuple[str, ...]]] = {0: (0, ())}
    for slot in slots:
        options = [(text, count_words(text), _value(slot, text, wanted)) for text in slot.options]
        options = [option for option in options if not _unwanted(option[0], wanted)]
        following: dict[int, tuple[int, tuple[str, ...]]] = {}
        if not (slot.needed and any(words <= most for _, words, _ in options)):
            following.update(best)
        for total, (value, texts) in best.items():
            for text, words, worth in options:
                reached = total + words
                if reached <= most and value + worth > following.get(reached, (-1, ()))[0]:
                    following[reached] = (value + worth, (*texts, text))
        best = following or best
    inside = [item for total, item in best.items() if least <= total <= most]
    chosen = max(inside) if inside else max(best.items(), key=lambda item: item[0])[1]
    return " ".join(chosen[1])


def fit_locked(
    slots: Sequence[Slot],
    window: tuple[int, int],
    data: CandidateData,
    wishes: Wishes | None = None,
) -> str:
    """Returns the same, of sentences that the candidate's data bear out alone.

    A text that the lock does not take is built again without the sentences at fault, so the length
    is right after the lock and not before it.
    """
    left = list(slots)
    for _ in range(_ROUNDS):
        text = fit(left, window, wishes)
        bad = unsupported_sentences(text, data)
        if not bad:
            return text
        left = [kept for slot in left if (kept := slot.without(bad)).options]
    return ""


def unsupported_sentences(text: str, data: CandidateData) -> list[str]:
    """Returns the sentences in which something is not borne out."""
    spots = [claim.start for claim in check_text(text, data).unsupported]
    found, at = [], 0
    for sentence in sentences(text):
        start = text.index(sentence, at)
        at = start + len(sentence)
        if any(start <= spot < at for spot in spots):
            found.append(sentence)
    return found


def bear_out(slots: Sequence[Slot], data: CandidateData) -> list[Slot]:
    """Returns the slots without wordings that the data do not bear out, each seen alone."""
    texts = [option for slot in slots for option in (*slot.options, *slot.spoken)]
    whole = "\n".join(texts)
    bad = unsupported_sentences(whole, data)
    return [kept for slot in slots if (kept := slot.without(bad)).options]


def stems_of(text: str) -> frozenset[str]:
    """Returns the stems by which wishes and sentences are compared."""
    return frozenset(token.stem for token in tokenize(text) if len(token.fold) > 3)


def _value(slot: Slot, text: str, wishes: Wishes) -> int:
    value = slot.weight * count_words(text) + (20 if slot.weight else 0)
    return value * _EMPHASIS if wishes.more and wishes.more & stems_of(text) else value


def _unwanted(text: str, wishes: Wishes) -> bool:
    return bool(wishes.less) and bool(wishes.less & stems_of(text))
