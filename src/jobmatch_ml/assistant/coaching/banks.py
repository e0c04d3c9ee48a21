"""The coach's questions: one bank for each family of occupations, follow-ups for each weakness."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal, cast

import yaml

from jobmatch_ml.assistant.claims_words import role_key
from jobmatch_ml.reference import OccupationLookup, load_table
from jobmatch_ml.reference.titles import fold

Phase = Literal["choose", "situation", "task", "action", "result"]
PHASES: tuple[Phase, ...] = ("choose", "situation", "task", "action", "result")
STORY: tuple[Phase, ...] = PHASES[1:]
NO_FAMILY = "X"

_LEAST_SCORE = 90


@lru_cache(maxsize=1)
def families() -> dict[str, dict[str, str]]:
    """Returns the questions by ROME domain; ``X`` is for whoever has none."""
    return cast("dict[str, dict[str, str]]", _load("families"))


@lru_cache(maxsize=1)
def sayings() -> dict[str, Any]:
    """Returns the sentences that belong to no family."""
    return cast("dict[str, Any]", _load("sayings"))


@lru_cache(maxsize=1)
def pitch_sayings() -> dict[str, Any]:
    """Returns the sentences of the pitch coach, and those of a pitch that claim nothing."""
    return cast("dict[str, Any]", _load("pitch"))


@lru_cache(maxsize=8)
def listening(name: str) -> frozenset[str]:
    """Returns the words by which answers are judged: ``english``, ``french`` or ``empty``."""
    return frozenset(_load("listening")[name].split())


@lru_cache(maxsize=1)
def _follow_ups() -> dict[str, Any]:
    return cast("dict[str, Any]", _load("follow_ups"))


def follow_up(flaw: str, phase: Phase, turn: int, family: str) -> tuple[str, str]:
    """Returns a sentence and a question for a weak answer; ``turn`` counts from 0 in each phase."""
    found = _follow_ups()[flaw]
    pair = found[phase] if isinstance(found, dict) else found
    chosen = pair[min(turn, len(pair) - 1)]
    return chosen["says"], chosen["asks"].format(figure=families()[family]["figure"])


@lru_cache(maxsize=1)
def phases_of_questions() -> dict[str, frozenset[Phase]]:
    """Returns, for each question that the coach can ask, the phases in which it can."""
    found: dict[str, set[Phase]] = {}

    def note(question: str, *phases: Phase) -> None:
        found.setdefault(question_key(question), set()).update(phases)

    for bank in families().values():
        for phase in STORY:
            note(bank[phase], phase)
        note(bank["figure"], "result")
    for name in ("choose_proposed", "choose_open"):
        note(sayings()[name], "choose")
    for flaw, texts in _follow_ups().items():
        by_phase = texts if isinstance(texts, dict) else dict.fromkeys(PHASES, texts)
        only = {"no_je": ("action",), "no_result": ("result",), "no_figure": ("result",)}
        for phase, pair in by_phase.items():
            for item in pair:
                if phase in only.get(flaw, PHASES) and item["asks"] != "{figure}":
                    note(item["asks"], phase)
    return {question: frozenset(phases) for question, phases in found.items()}


def question_key(question: str) -> str:
    """Returns a question in the form in which it is looked up: letters alone."""
    return " ".join("".join(c if c.isalnum() else " " for c in fold(question)).split())


@lru_cache(maxsize=1)
def _lookup() -> OccupationLookup:
    return OccupationLookup(load_table())


@lru_cache(maxsize=512)
def family_of(title: str) -> str:
    """Returns the ROME domain of an occupation's title, ``X`` where nothing is near."""
    name = title.strip()[:100]
    found = _lookup().find(name, limit=20, min_score=_LEAST_SCORE) if name else []
    best = Counter(match.key[0] for match in found if match.score == found[0].score)
    if not best:
        # "Vendeuse" alone is no occupation's whole title, but many begin with it.
        best = _by_first_word().get(role_key(fold(name).split(" ")[0].strip(",")), best)
    ranked = best.most_common(2)
    # Where two domains are alike, questions that fit all are asked.
    tied = len(ranked) == 2 and ranked[0][1] == ranked[1][1]
    return ranked[0][0] if ranked and not tied else NO_FAMILY


@lru_cache(maxsize=1)
def _by_first_word() -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for item in load_table().occupations:
        titles = (item.masculine, item.feminine, *item.offer_titles, *item.cv_titles)
        heads = {role_key(fold(title).split(" ")[0].strip(",/")) for title in titles}
        for head in heads:
            found.setdefault(head, Counter())[item.code[0]] += 1
    return found


def _load(name: str) -> Any:
    source = files("jobmatch_ml.assistant.coaching") / "questions" / f"{name}.yaml"
    return yaml.safe_load(source.read_text(encoding="utf-8"))
