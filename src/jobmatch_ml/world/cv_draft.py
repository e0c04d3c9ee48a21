"""A CV in the making: whose it is, the words for it, and what it has told so far."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from jobmatch_ml.reference import Occupation, Place, Skill
from jobmatch_ml.world.config import CandidateConfig
from jobmatch_ml.world.cv_phrases import CvPhrases
from jobmatch_ml.world.facts import CandidateFacts
from jobmatch_ml.world.french import feminine_title
from jobmatch_ml.world.phrases_grammar import Draw, Slot, Template, pick_one
from jobmatch_ml.world.phrases_names import Values

_BOTH_GENDERS = re.compile(r"\((e|le|ne|se|ve|rice)\)")
# Titles that only one gender has.
_OF_MEN = ("Homme ", "Garçon ", "Valet ", "Hôte ", "Caméraman", "Maître d'école")
_OF_WOMEN = ("Femme ", "Hôtesse ")


@dataclass(slots=True)
class CvDraft:
    """What the parts of a CV are written with.

    Args:
        draw: Source of randomness of everything but the person's identity.
        person: The facts.
        config: How far CVs are from offers.
        phrases: Phrases of the CV's language.
        skills: Every skill by id.
        places: Towns that schools and employers may be in.
        today: The day of writing.
        told: Facts and ids of skills that the CV has told so far.
        levels: Levels of skills that it has told.
    """

    draw: Draw
    person: CandidateFacts
    config: CandidateConfig
    phrases: CvPhrases
    skills: Mapping[str, Skill]
    places: Sequence[Place]
    today: date
    told: set[str] = field(default_factory=set)
    levels: dict[str, int] = field(default_factory=dict)

    @property
    def english(self) -> bool:
        """Whether the CV is in English."""
        return self.person.language == "en"

    def happens(self, probability: float) -> bool:
        """Returns whether something with this probability happens."""
        return self.draw() < probability

    def values(self) -> Values:
        """Returns values of templates: names of firms and schools are made up when asked for."""
        return Values(self.draw, self.places)

    def say(self, name: str, values: Values | None = None) -> str:
        """Writes one of the phrases of a name, agreeing with the person."""
        template = pick_one(self.draw, self.phrases.templates[name])
        return self.agree((values or self.values()).write(template))

    def word(self, name: str) -> str:
        """Returns one of the plain words of a name."""
        return pick_one(self.draw, self.phrases.words[name])

    def agree(self, text: str) -> str:
        """Returns a text for one gender: ``motivé(e)`` becomes ``motivé`` or ``motivée``."""
        if "(" not in text:
            return text
        return _BOTH_GENDERS.sub(r"\1" if self.person.woman else "", text)


def write_title(draft: CvDraft, occupation: Occupation) -> str:
    """Returns an occupation's title in the person's own words and gender."""
    if draft.english:
        return occupation.english_title or _short_title(draft, occupation)
    other = draft.happens(draft.config.other_title_share)
    mark = draft.draw()
    titles = _own_titles(occupation, woman=draft.person.woman)
    if not other or not titles:
        return _short_title(draft, occupation)
    title = titles[int(mark * len(titles))]
    return feminine_title(title) if draft.person.woman else title


def _short_title(draft: CvDraft, occupation: Occupation) -> str:
    return occupation.feminine if draft.person.woman else occupation.masculine


def _own_titles(occupation: Occupation, *, woman: bool) -> list[str]:
    foreign = _OF_MEN if woman else _OF_WOMEN
    titles = [title for title in occupation.cv_titles if not title.startswith(foreign)]
    return titles + [short for short in occupation.abbreviations if short not in titles]


def slots_of(template: Template) -> set[str]:
    """Returns the names of the slots that a template always fills: those outside of choices."""
    return {part.name for part in template if isinstance(part, Slot)}


def months_before(day: date, months: int) -> date:
    """Returns the first day of the month that lies so many months back.

    Example:
        >>> months_before(date(2025, 2, 17), 3)
        datetime.date(2024, 11, 1)
    """
    total = day.year * 12 + day.month - 1 - months
    return date(total // 12, total % 12 + 1, 1)
