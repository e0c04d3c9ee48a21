"""How much of an offer a line answers: what the order and the choice of lines follow."""

from __future__ import annotations

from functools import lru_cache

from jobmatch_ml.assistant.claims_text import tokenize
from jobmatch_ml.assistant.claims_words import load_words
from jobmatch_ml.assistant.offer import OfferContext
from jobmatch_ml.assistant.tailoring_skills import Coverage
from jobmatch_ml.reference import load_table, normalise

_TITLE, _KEYWORD, _TASK, _WORD, _FIGURE = 2.0, 4.0, 3.0, 0.5, 0.25


class Relevance:
    """Scores lines against one offer.

    Args:
        offer: The offer.
        coverage: What of it the candidate has.
    """

    def __init__(self, offer: OfferContext, coverage: Coverage) -> None:
        self._coverage = coverage
        self._title = _stems(offer.title)
        self._body = _stems(offer.description) | {
            stem for skill in offer.skills for stem in _stems(skill)
        }
        self._tasks = normalise(offer.description)

    def of(self, text: str, line_ids: tuple[str, ...]) -> float:
        """Returns how much of the offer a text answers; 0 for nothing."""
        stems = _stems(text)
        score = _KEYWORD * len(self._coverage.of_lines(line_ids, text))
        score += _TITLE * len(stems & self._title) + _WORD * len(stems & self._body)
        task = _offer_tasks().get(normalise(text))
        if task and task in self._tasks:
            score += _TASK
        if score and any(char.isdigit() for char in text):
            score += _FIGURE  # of two that answer the offer, the one with a figure proves more
        return score


@lru_cache(maxsize=1)
def _offer_tasks() -> dict[str, str]:
    """Returns what offers call the tasks that CVs call otherwise, both normalised."""
    return {
        normalise(task.cv): normalise(task.offer)
        for occupation in load_table().occupations
        for task in occupation.tasks
    }


def _stems(text: str) -> frozenset[str]:
    words = load_words()
    return frozenset(
        token.stem
        for token in tokenize(text)
        if token.fold not in words.generic | words.everyday | words.small and len(token.fold) > 2
    )
