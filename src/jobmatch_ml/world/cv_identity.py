"""Who a CV says that someone is: name, contacts, age, address, disability.

These attributes have a random stream of their own and each takes the same draws whatever its
value, so that two people who differ in nothing else have the same CV apart from these lines (and
gender agreement). They never touch true relevance.
"""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass
from datetime import date

from jobmatch_ml.world.cv_draft import CvDraft
from jobmatch_ml.world.cv_phrases import load_people_names
from jobmatch_ml.world.phrases_grammar import expand, pick_one
from jobmatch_ml.world.phrases_names import Values


@dataclass(frozen=True, slots=True)
class Identity:
    """Name and contact lines, in the order of the CV."""

    full_name: str
    lines: tuple[str, ...]


def write_identity(draft: CvDraft) -> Identity:
    """Draws a name that suggests the person's origin and gender, and writes the contact lines."""
    # A stream of its own: what is drawn here moves nothing else.
    draw = random.Random(int(draft.draw() * 2**53)).random
    first, last = _name(draft, draw(), draw())
    shown = (f"{first} {last}", f"{first} {last.upper()}", f"{last.upper()} {first}")
    form = draw()
    full_name = shown[0 if form < 0.6 else 1 if form < 0.9 else 2]
    # 06 39 98 is set apart for fiction by the French regulator: these numbers are nobody's.
    phone = f"06 39 98 {int(draw() * 100):02d} {int(draw() * 100):02d}"
    values = Values(draw, draft.places)
    values["phone"] = phone
    lines = [
        _email(draft, first, last, draw(), draw()),
        expand(pick_one(draw, draft.phrases.templates["phone"]), draw, values),
        _address(draft, values),
    ]
    told_age = draw() < draft.config.age_told_share
    age = _age(draft, values)
    if told_age:
        lines.append(age)
    told_disability = draw() < draft.config.disability_told_share
    status = expand(pick_one(draw, draft.phrases.templates["disability"]), draw, values)
    if told_disability and draft.person.disability:
        lines.append(status)
    return Identity(full_name, tuple(line for line in lines if line))


def _name(draft: CvDraft, first_mark: float, last_mark: float) -> tuple[str, str]:
    names = load_people_names()
    by_origin = names.women if draft.person.woman else names.men
    firsts, lasts = by_origin[draft.person.origin], names.last[draft.person.origin]
    return firsts[int(first_mark * len(firsts))], lasts[int(last_mark * len(lasts))]


def _email(draft: CvDraft, first: str, last: str, mark: float, number: float) -> str:
    """Returns an address at example.org, which is nobody's: by the person's name in most cases."""
    local = f"{ascii_word(first)}.{ascii_word(last)}{int(number * 90) + 10}"
    return f"{local if mark < 0.8 else draft.person.candidate_id}@example.org"


def ascii_word(text: str) -> str:
    """Returns a name as e-mail addresses have it.

    Example:
        >>> ascii_word("Le Goff"), ascii_word("Anaïs")
        ('legoff', 'anais')
    """
    plain = unicodedata.normalize("NFD", text.lower())
    return "".join(letter for letter in plain if letter.isascii() and letter.isalpha())


def _address(draft: CvDraft, values: Values) -> str:
    draw = values.draw
    told, told_street = draw() < draft.config.place_told_share, draw() < 0.5
    values["letter"] = "ABCDEFGH"[int(draw() * 8)]
    streets = load_people_names().streets[draft.person.address]
    # A draw for the kind of line and a stream for its parts: every kind takes the same draws.
    seed = int(draw() * 2**53)
    own = Values(random.Random(seed).random, draft.places)
    own["letter"] = values["letter"]
    street = own.write(pick_one(own.draw, streets))
    if not told:
        return ""
    draft.told.add("place")
    town = f"{draft.person.place.postal_code} {draft.person.place.name}"
    return f"{street}, {town}" if told_street else town


def _age(draft: CvDraft, values: Values) -> str:
    draw = values.draw
    month, day = int(draw() * 12) + 1, int(draw() * 28) + 1
    born = date(draft.today.year - draft.person.age, month, day)
    if born.replace(year=draft.today.year) > draft.today:
        born = born.replace(year=born.year - 1)
    values.update(age=str(draft.person.age), d=f"{day:02d}", m=f"{month:02d}", y=str(born.year))
    return draft.agree(expand(pick_one(draw, draft.phrases.templates["age"]), draw, values))
