"""Recruiters: each has a name, a way of writing and paragraphs that stand in all of its offers."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from jobmatch_ml.reference import Occupation, Place
from jobmatch_ml.world.french import at_place, of_place
from jobmatch_ml.world.phrases_grammar import Draw, pick_many, pick_one
from jobmatch_ml.world.phrases_names import Values, shout
from jobmatch_ml.world.phrases_offers import Style, Templates, load_offer_phrases

_KEPT = 20_000
_COLONS = (" :", " :", " :", ":", "", " : ")
_ENDS = ("", "", "", "", " ;", ";", ".", ",")
_ABOUT_CHARS = 500
_FEMININE = re.compile(r"\((?:e|se|ne|le|ve|ète)\)")


@dataclass(frozen=True, slots=True, eq=False)
class Company:
    """One recruiter.

    Args:
        style: What kind of recruiter it is.
        name: Its name in its texts.
        field_name: Its name as the API has it.
        about: What it says of itself, sentences.
        field_about: The same as the API has it: cut at 500 characters, sometimes worthless.
        intros: Its opening sentences.
        bullet: Mark of its lists; empty: whole sentences.
        line_end: What stands at the end of a list's line.
        colon: What stands after a header.
        loud: Whether its headers are in capitals.
        airy: Whether it leaves a line between paragraphs.
        headers: Header by section (``task``, ``profile``, ``offer``, ``about``, ``process``).
        benefits: What it offers, in its words.
        notices: Diversity and privacy.
        naf: Code and label of its sector.
        one_gender: Whether it writes the masculine alone, titles apart.
    """

    style: Style
    name: str
    field_name: str
    about: tuple[str, ...]
    field_about: str
    intros: Templates
    bullet: str
    line_end: str
    colon: str
    loud: bool
    airy: bool
    headers: dict[str, str]
    benefits: tuple[str, ...]
    notices: tuple[str, ...]
    naf: tuple[str, str]
    one_gender: bool

    def in_its_words(self, text: str) -> str:
        """Returns a text as this recruiter writes it: many leave the feminine out."""
        return _FEMININE.sub("", text) if self.one_gender and "(" in text else text


class CompanyBook:
    """Every recruiter of a world; each is made when first met, always the same.

    Args:
        seed: The world's seed.
        places: The world's places.
    """

    def __init__(self, seed: int, places: Sequence[Place]) -> None:
        self._seed = seed
        self._places = places
        self._known: dict[str, Company] = {}

    def find(self, draw: Draw, style: Style, *, occupation: Occupation, place: Place) -> Company:
        """Draws a recruiter of a style; few are met often, most once or twice."""
        sector = occupation.sector
        if style.name in ("administration", "household"):
            key = f"{style.name}|{place.commune}|{place.name}|{int(draw() * 6)}"
        elif style.pool == 0:
            key = f"{style.name}|{sector.naf}|{int(draw() * 1e7)}"
        elif style.naf is not None:
            key = f"{style.name}|{int(style.pool * draw() ** 2.5)}"
        else:
            # A pool for each sector: their texts say what the sector is.
            key = f"{style.name}|{sector.naf}|{int(style.pool / 8 * draw() ** 2)}"
        company = self._known.get(key)
        if company is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            number = zlib.crc32(key.encode()) | (self._seed << 32)
            company = self._make(number, style, occupation=occupation, place=place)
            self._known[key] = company
        return company

    def _make(self, number: int, style: Style, *, occupation: Occupation, place: Place) -> Company:
        draw = random.Random(number).random
        phrases = load_offer_phrases()
        values = Values(draw, self._places)
        values["sector"] = occupation.sector.label.lower()
        # A name that tells a trade tells that of its jobs.
        trades = (
            *phrases.names["trades"],
            *phrases.names.get(f"trades_{occupation.domain}", ()) * 3,
        )
        values["trade"] = pick_one(draw, trades)
        for name, word in phrases.drifting.items():
            values[name] = word.new
        if style.pool == 0:  # Small employers are where the job is.
            values |= {"town": place.name, "of": of_place(place.name), "at": at_place(place.name)}
        name = values.write(pick_one(draw, style.names))
        values["company"] = name
        colon = pick_one(draw, _COLONS)
        values["colon"] = colon
        loud = draw() < 0.18
        headers = {
            part: values.write(pick_one(draw, phrases.common[f"{part}_headers"]))
            for part in ("task", "profile", "offer", "about", "process", "skill")
        }
        if loud:
            headers = {part: header.upper() for part, header in headers.items()}
        about = tuple(
            values.write(each) for each in pick_many(draw, style.about, 1 + int(draw() * 3))
        )
        return Company(
            style=style,
            name=name,
            field_name=name if draw() < 0.5 else shout(name),
            about=about,
            field_about=_about_field(draw, values, about, name),
            intros=tuple(pick_many(draw, style.intros, 2)),
            bullet=pick_one(draw, style.bullets),
            line_end=pick_one(draw, _ENDS),
            colon=colon,
            loud=loud,
            airy=draw() < 0.4,
            headers=headers,
            benefits=tuple(
                values.write(each)
                for each in pick_many(draw, phrases.common["benefits"], 3 + int(draw() * 6))
            ),
            notices=tuple(
                values.write(pick_one(draw, phrases.common[part]))
                for part in ("diversity", "privacy")
            ),
            naf=style.naf or (occupation.sector.naf, occupation.sector.label),
            one_gender=draw() < 0.72,
        )


def _about_field(draw: Draw, values: Values, about: tuple[str, ...], name: str) -> str:
    kind = draw()
    if kind < 0.06:
        return pick_one(draw, ("-", ".", name, name.lower()))
    sentences = list(about)
    extra = load_offer_phrases().common["fillers"]
    target = 60 + 640 * draw() ** 0.6
    while sum(map(len, sentences)) < target:
        sentences.append(values.write(pick_one(draw, extra)))
    text = pick_one(draw, (" ", " ", "\n")).join(sentences)
    return (
        text if len(text) <= _ABOUT_CHARS else f"{text[: _ABOUT_CHARS - 20].rsplit(' ', 1)[0]}..."
    )
