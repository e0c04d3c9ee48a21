"""Which skill of the reference a text names: whole texts, and names inside sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from jobmatch_ml.assistant.claims_text import tokenize
from jobmatch_ml.reference import Skill, SkillLookup, load_table, normalise
from jobmatch_ml.reference.titles import fold

_SAME = 99.0  # exact or normalised; a near name may be another skill
_LEAST_LETTERS = 4


@dataclass(frozen=True, slots=True)
class NamedSkill:
    """A skill that a text names.

    Args:
        skill_id: Its id.
        text: The words as they stand in the text.
        general: Whether they are the skill's general name, not one tool or case of it.
    """

    skill_id: str
    text: str
    general: bool


class SkillNames:
    """Finds skills by their names; one object serves any number of texts.

    Args:
        skills: Skills by id.
        lookup: Finds a skill by its whole name.
    """

    def __init__(self, skills: Mapping[str, Skill], lookup: SkillLookup) -> None:
        self._skills = skills
        self._lookup = lookup
        self._first: dict[str, list[tuple[tuple[str, ...], str, bool]]] = {}
        for skill in skills.values():
            for name, general in (
                (skill.offer, True), (skill.en, True), *((wording, False) for wording in skill.cv)
            ):  # fmt: skip
                words = _words(name)
                if len(words) > 1 or (words and general and len(words[0]) >= _LEAST_LETTERS):
                    self._first.setdefault(words[0], []).append((words, skill.skill_id, general))

    def named(self, text: str) -> NamedSkill | None:
        """Returns the skill whose name a whole text is; ``None`` when it is none."""
        found = self._lookup.find(text, limit=1, min_score=_SAME)
        if not found or found[0].key not in self._skills:
            return None
        skill = self._skills[found[0].key]
        general = normalise(text) in {normalise(skill.offer), normalise(skill.en)}
        return NamedSkill(skill.skill_id, text, general)

    def mentions(self, text: str) -> list[NamedSkill]:
        """Returns the skills that a text names somewhere, the longest name at each place."""
        tokens = tokenize(text)
        folds = [token.fold for token in tokens]
        found: list[NamedSkill] = []
        position = 0
        while position < len(tokens):
            best: tuple[tuple[str, ...], str, bool] | None = None
            for name in self._first.get(folds[position], ()):
                width = len(name[0])
                same = tuple(folds[position : position + width]) == name[0]
                if same and (best is None or width > len(best[0])):
                    best = name
            if best is None:
                position += 1
                continue
            last = tokens[position + len(best[0]) - 1]
            found.append(NamedSkill(best[1], text[tokens[position].start : last.end], best[2]))
            position += len(best[0])
        return found

    def label(self, skill_id: str) -> str:
        """Returns the general name of a skill."""
        return self._skills[skill_id].offer


@lru_cache(maxsize=1)
def load_skill_names() -> SkillNames:
    """Returns the names of our own table, read once."""
    table = load_table()
    return SkillNames(table.skills, SkillLookup(table))


def says(text_words: Sequence[str], name: str) -> bool:
    """Tells whether the words of a name stand in a text, one after the other.

    Args:
        text_words: What :func:`folded_words` gave for the text.
        name: The name.
    """
    words = _words(name)
    return bool(words) and f" {' '.join(words)} " in f" {' '.join(text_words)} "


def folded_words(text: str) -> tuple[str, ...]:
    """Returns a text's words without accents and capitals."""
    return _words(text)


def _words(text: str) -> tuple[str, ...]:
    return tuple(token.fold for token in tokenize(text)) if fold(text) else ()
