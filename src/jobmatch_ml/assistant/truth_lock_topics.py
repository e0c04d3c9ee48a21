"""What a number is said of: the same value of something else bears nothing out."""

from __future__ import annotations

from jobmatch_ml.assistant.claims_number_words import UNIT_OF
from jobmatch_ml.assistant.claims_quantities import Quantity
from jobmatch_ml.assistant.claims_text import stem
from jobmatch_ml.assistant.claims_words import load_words, same_words
from jobmatch_ml.assistant.truth_lock_evidence import Evidence, Found

_UNIT_STEMS = frozenset(stem(word) for word in UNIT_OF)


def counted_noun(number: Quantity) -> str:
    """Returns the stem of what is counted; empty for a measure such as euros or years."""
    if not number.after or number.unit not in ("", "people"):
        return ""
    return "" if number.after[0] in _UNIT_STEMS else number.after[0]


def topics_of(number: Quantity) -> set[str]:
    """Returns the telling stems around a number."""
    dull = load_words().generic_stems | _UNIT_STEMS
    return {
        word
        for word in (*number.after, *number.before)
        if word.isalpha() and len(word) > 2 and word not in dull
    }


def is_off_topic(number: Quantity, place: Found, evidence: Evidence) -> bool:
    """Tells whether the candidate told another value of what the text speaks of.

    "97 % de réclamations en moins" is not borne out by a mark of 97 % where the candidate said that
    the complaints fell by 41 %.
    """
    mine = topics_of(number)
    line = evidence.lines[place[0]]
    # What one success tells in two lines, it tells of one thing.
    near = line.stems | evidence.told_near(place[0])
    if not mine or any(same_words(word, near) for word in mine):
        return False
    return any(
        other.unit == number.unit
        and other.value != number.value
        and any(same_words(word, topics_of(other)) for word in mine)
        for told in evidence.lines
        for other in told.quantities
    )
