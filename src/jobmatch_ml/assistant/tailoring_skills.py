"""Which asked skills a candidate has: in the offer's words, in others for the same, or not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jobmatch_ml.assistant.candidate import CandidateData, EvidenceLine
from jobmatch_ml.assistant.offer import AskedKeyword
from jobmatch_ml.assistant.skill_names import SkillNames, folded_words, load_skill_names, says
from jobmatch_ml.assistant.tailoring_kinds import TOOLS
from jobmatch_ml.reference.titles import fold

_MOST_TOOLS = 4
_WIDEST = 3  # lines: a reader cuts "câbles, tableaux" in two, the reference has it as one name
# Who writes this does not master it.
_LESS = re.compile(
    r"\b(?:notions?|bases?|debutant\w*|initiation|sans|aucun\w*|pas|jamais|ni|souhait\w*|"
    r"apprendre|en cours|decouverte)\b"
)


@dataclass(frozen=True, slots=True)
class Held:
    """How a candidate has an asked skill.

    Args:
        keyword: What the offer asks.
        line_ids: Where the candidate says it.
        own_words: How they say it.
        literal: Whether they use the offer's words already.
        by_tool: Whether they name tools that are a case of the skill.
    """

    keyword: AskedKeyword
    line_ids: tuple[str, ...]
    own_words: str
    literal: bool
    by_tool: bool = False


@dataclass(frozen=True, slots=True)
class Coverage:
    """What an offer asks, against what a candidate says.

    Args:
        held: Asked skills that the candidate has, in the offer's order.
        missing: The others.
    """

    held: tuple[Held, ...]
    missing: tuple[AskedKeyword, ...]

    def of_lines(self, line_ids: Sequence[str], text: str) -> tuple[Held, ...]:
        """Returns what is held by these lines in words that stand in this text."""
        words = folded_words(text)
        return tuple(
            held for held in self.held if set(held.line_ids) & set(line_ids) and _said(words, held)
        )


def cover(
    data: CandidateData, asked: Sequence[AskedKeyword], names: SkillNames | None = None
) -> Coverage:
    """Compares what is asked with the candidate's lines.

    A skill counts as held when its words stand in a line, or when a line names the same skill of
    the reference and the offer's word is the general one: who writes "transmissions" need not know
    the program that another calls them by.
    """
    names = names or load_skill_names()
    units = [(unit, folded_words(unit[1])) for unit in _units(data)]
    by_skill = _by_skill([unit for unit, _ in units], names)
    held: list[Held] = []
    missing: list[AskedKeyword] = []
    for keyword in asked:
        same = next(
            ((ids, keyword.text) for (ids, text), words in units
             if len(ids) == 1 and says(words, keyword.text) and not is_limited(text)), None,
        )  # fmt: skip
        if same:
            held.append(Held(keyword, same[0], same[1], True))
        elif keyword.general and keyword.skill_id in by_skill:
            ids, text = by_skill[keyword.skill_id]
            literal = folded_words(text) == folded_words(keyword.text)
            held.append(Held(keyword, ids, text, literal))
        elif keyword.general and (tools := _tools_of(keyword, units)):
            held.append(tools)
        else:
            missing.append(keyword)
    return Coverage(tuple(held), tuple(missing))


def _tools_of(
    keyword: AskedKeyword, units: Sequence[tuple[tuple[tuple[str, ...], str], tuple[str, ...]]]
) -> Held | None:
    """Returns the tools that are a case of a skill: those that are listed, else the first told."""
    single = [(ids[0], text, words) for (ids, text), words in units if len(ids) == 1]
    found: dict[str, str] = {}
    for tool in TOOLS.get(keyword.skill_id or "", ()):
        for line_id, text, words in single:
            if says(words, tool) and not is_limited(text):
                found.setdefault(line_id, tool)
                break
    listed = {line_id: tool for line_id, tool in found.items() if line_id.startswith("skill")}
    chosen = dict(list((listed or found).items())[: _MOST_TOOLS if listed else 1])
    if not chosen:
        return None
    return Held(keyword, tuple(chosen), ", ".join(chosen.values()), False, by_tool=True)


def _said(words: Sequence[str], held: Held) -> bool:
    if held.by_tool:
        return any(says(words, tool) for tool in held.own_words.split(", "))
    return says(words, held.own_words)


def _by_skill(
    units: Sequence[tuple[tuple[str, ...], str]], names: SkillNames
) -> dict[str, tuple[tuple[str, ...], str]]:
    """Returns where each skill is named: whole lines first, then names inside sentences."""
    found: dict[str, tuple[tuple[str, ...], str]] = {}
    for ids, text in units:
        known = names.named(text)
        if known:
            found.setdefault(known.skill_id, (ids, text))
    for ids, text in units:
        if not is_limited(text):
            for mention in names.mentions(text):
                found.setdefault(mention.skill_id, (ids, mention.text))
    return found


def is_limited(text: str) -> bool:
    """Tells whether a text says that something is not mastered: notions, beginnings, none."""
    return bool(_LESS.search(fold(text)))


def _units(data: CandidateData) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yields texts with their lines: each line, and neighbouring skills as one."""
    listed = data.of_kind("skill", "certification")
    for width in range(1, _WIDEST + 1):
        for start in range(len(listed) - width + 1):
            part: Sequence[EvidenceLine] = listed[start : start + width]
            if len({line.kind for line in part}) == 1:
                yield tuple(line.line_id for line in part), ", ".join(line.text for line in part)
    for line in data.lines:
        if line.kind in ("experience", "education", "success", "summary", "other"):
            for row in line.text.split("\n"):
                yield (line.line_id,), row
