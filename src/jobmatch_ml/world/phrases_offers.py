"""The phrases of offers: kinds of recruiters, sentences, seasons (``offer_phrases/*.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from jobmatch_ml.world.phrases_grammar import Template, compile_template

Templates = tuple[Template, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Style:
    """How one kind of recruiter writes.

    Args:
        name: ``agency``, ``cabinet``, ``small_firm``, ``administration``, ``association``,
            ``startup``, ``group`` or ``household``.
        domains: ROME domains with such employers.
        direct: Share among the offers posted at France Travail itself.
        partner: Share among the offers of its partners.
        pool: How many such employers a sector has; 0: each is met once.
        naf: Code and label of their sector; none: that of the occupation.
        bullets: Marks of a list; an empty one stands for whole sentences.
        names: Their names.
        about: What they say of themselves.
        intros: Opening sentences.
        outros: Closing sentences.
    """

    name: str
    domains: str
    direct: float
    partner: float
    pool: int
    naf: tuple[str, str] | None
    bullets: tuple[str, ...]
    names: Templates
    about: Templates
    intros: Templates
    outros: Templates


@dataclass(frozen=True, slots=True, eq=False)
class Note:
    """A sentence of its time: seasonal (months), or coming and going (days)."""

    text: Template
    share: float
    months: frozenset[int] = frozenset()
    domains: str = ""
    since: int = 0
    until: int = 10**7


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """A word that another replaced, around a day (an ordinal)."""

    old: str
    new: str
    day: int


@dataclass(frozen=True, slots=True, eq=False)
class OfferPhrases:
    """Everything that offers are written from.

    Args:
        styles: Kinds of recruiters.
        common: Sentences by the name of their section.
        words: Lists of single words and names by their name.
        vague_titles: A title per ROME domain that could be any job of it.
        names: Parts of names.
        name_templates: Names of public bodies and associations.
        drifting: Words that are replaced in the course of time.
        notes: Sentences of their time.
        ramp_days: How long a wording takes to come or go.
    """

    styles: tuple[Style, ...]
    common: Mapping[str, Templates]
    words: Mapping[str, tuple[str, ...]]
    vague_titles: Mapping[str, str]
    names: Mapping[str, tuple[str, ...]]
    name_templates: Mapping[str, Templates]
    drifting: Mapping[str, Word]
    notes: tuple[Note, ...]
    ramp_days: int


_PLAIN_WORDS = ("qualities", "noun_qualities")
_NAME_TEMPLATES = ("public_bodies", "associations")


@lru_cache(maxsize=1)
def load_offer_phrases() -> OfferPhrases:
    """Returns the embedded phrases, read and compiled once."""
    common = _read("common")
    names = _read("names")
    seasons = _read("seasons")
    vague = common.pop("vague_titles")
    words = {name: tuple(common.pop(name)) for name in _PLAIN_WORDS}
    templates = {name: _compiled(names.pop(name)) for name in _NAME_TEMPLATES}
    return OfferPhrases(
        styles=tuple(_style(values) for values in _read("styles")),
        common={name: _compiled(texts) for name, texts in common.items()},
        words=words,
        vague_titles=vague,
        names={name: tuple(parts) for name, parts in names.items()},
        name_templates=templates,
        drifting={
            name: Word(values["old"], values["new"], values["day"].toordinal())
            for name, values in seasons["words"].items()
        },
        notes=tuple(_note(values) for values in (*seasons["notes"], *seasons["seasons"])),
        ramp_days=int(seasons["ramp_days"]),
    )


def _read(name: str) -> Any:
    folder = resources.files("jobmatch_ml.world") / "offer_phrases"
    return yaml.safe_load((folder / f"{name}.yaml").read_text(encoding="utf-8"))


def _compiled(texts: list[str]) -> Templates:
    # "de {title}" must become "d'aide-soignant", "que {title}" likewise: the writer knows which.
    elided = [
        text.replace(" de {title}", " {de_title}").replace(" que {title}", " {que_title}")
        for text in texts
    ]
    return tuple(compile_template(text) for text in elided)


def _style(values: Mapping[str, Any]) -> Style:
    return Style(
        name=values["name"],
        domains=values["domains"],
        direct=float(values["direct"]),
        partner=float(values["partner"]),
        pool=int(values["pool"]),
        naf=(values["naf"][0], values["naf"][1]) if values["naf"] else None,
        bullets=tuple(values["bullets"]),
        names=_compiled(values["names"]),
        about=_compiled(values["about"]),
        intros=_compiled(values["intros"]),
        outros=_compiled(values["outros"]),
    )


def _note(values: Mapping[str, Any]) -> Note:
    since: date | None = values.get("from")
    until: date | None = values.get("until")
    return Note(
        text=compile_template(values["text"]),
        share=float(values["share"]),
        months=frozenset(values.get("months", ())),
        domains=values.get("domains", ""),
        since=since.toordinal() if since else 0,
        until=until.toordinal() if until else 10**7,
    )
