"""The official ROME 4.0 classification as values: fiches, what they are called, what they take.

A *fiche* is one of the 1,584 occupations. What people can do or have to know, behaviours and
working contexts are *items*, shared by many fiches.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

ItemKind = Literal["skill", "knowledge", "soft_skill", "context"]

# The version that the importer was written for; others are read when their columns fit.
ROME_VERSION = "460"


@dataclass(frozen=True, slots=True)
class Appellation:
    """One name of an occupation.

    Args:
        code: OGR number.
        label: Long form, both genders where they differ.
        short: Short form, as official forms print it.
        masculine: The long form of a man alone.
        feminine: The long form of a woman alone; equal where there is one form.
        main: Whether it is the name of the fiche itself.
        rare: Whether it is marked as little used.
    """

    code: str
    label: str
    short: str
    masculine: str
    feminine: str
    main: bool = False
    rare: bool = False


@dataclass(frozen=True, slots=True)
class RomeItem:
    """Something that fiches share: a skill, a knowledge, a behaviour or a working context.

    Args:
        code: OGR number.
        label: Wording of the classification.
        kind: ``skill`` (savoir-faire), ``knowledge`` (savoir), ``soft_skill`` (savoir-être
            professionnel) or ``context`` (contexte de travail).
        category: Finer kind, in the words of the classification.
    """

    code: str
    label: str
    kind: ItemKind
    category: str = ""


@dataclass(frozen=True, slots=True)
class ItemLink:
    """That a fiche has an item; ``core`` for the heart of the job, ``emerging`` for new needs."""

    code: str
    core: bool = False
    emerging: bool = False


@dataclass(frozen=True, slots=True)
class Mobility:
    """A fiche one can move to.

    Args:
        code: ROME code of the other fiche.
        rank: Position in the classification's list, 1 first.
        kind: ``near`` (the same skills) or ``evolution`` (with training). Version 460 does not tell
            them apart: all are ``near`` there.
    """

    code: str
    rank: int
    kind: Literal["near", "evolution"] = "near"


@dataclass(frozen=True, slots=True)
class Fiche:
    """One occupation of ROME.

    Args:
        code: ROME code (``M1805``).
        label: Name, both genders.
        domain: Label of the grand domaine (its letter is the code's first).
        field: Label of the domaine professionnel (the code's first three characters).
        parent: Code of the ROME 3 fiche that it came from, its own where it is that fiche.
        definition: What people do, in sentences.
        access: How one gets there: diplomas, licences.
        appellations: All names, the main one first.
        links: The items it takes.
        mobility: Fiches to move to, by rank.
        sectors: NAF divisions that employ it, as (two digits, label).
        executive: Whether it is an executive's job.
        regulated: Whether one needs a licence or diploma by law.
    """

    code: str
    label: str
    domain: str
    field: str
    parent: str
    definition: str
    access: str
    appellations: tuple[Appellation, ...]
    links: tuple[ItemLink, ...]
    mobility: tuple[Mobility, ...]
    sectors: tuple[tuple[str, str], ...]
    executive: bool = False
    regulated: bool = False

    @property
    def main(self) -> Appellation:
        """The appellation that names the fiche."""
        return self.appellations[0]


@dataclass(frozen=True, slots=True)
class RomeTables:
    """The whole classification.

    Args:
        version: ``"460"`` for version 60 of ROME 4.0.
        fiches: By code, in the order of the codes.
        items: By OGR number.
    """

    version: str
    fiches: Mapping[str, Fiche]
    items: Mapping[str, RomeItem]

    def items_of(self, code: str, kind: ItemKind) -> tuple[tuple[RomeItem, ItemLink], ...]:
        """Returns the items of one kind that a fiche has: core first, emerging next."""
        pairs = [(self.items[link.code], link) for link in self.fiches[code].links]
        chosen = [pair for pair in pairs if pair[0].kind == kind]
        chosen.sort(key=lambda pair: (not pair[1].core, not pair[1].emerging, pair[0].code))
        return tuple(chosen)

    def counts(self) -> dict[str, int]:
        """Returns how much there is of each kind."""
        kinds = Counter(item.kind for item in self.items.values())
        fiches = self.fiches.values()
        return {
            "fiches": len(self.fiches),
            "appellations": sum(len(fiche.appellations) for fiche in fiches),
            "skills": kinds["skill"],
            "knowledge": kinds["knowledge"],
            "soft_skills": kinds["soft_skill"],
            "contexts": kinds["context"],
            "links": sum(len(fiche.links) for fiche in fiches),
            "core_links": sum(link.core for fiche in fiches for link in fiche.links),
            "emerging_links": sum(link.emerging for fiche in fiches for link in fiche.links),
            "mobility": sum(len(fiche.mobility) for fiche in fiches),
            "sector_links": sum(len(fiche.sectors) for fiche in fiches),
        }


@dataclass(slots=True)
class CodeResolution:
    """What became of a list of codes.

    Args:
        codes: Each code as given with the fiche it stands for, ``None`` where there is none.
        counts: How many of the codes (repeats counted) were ``exact``, ``cleaned``, ``field`` or
            ``unknown``; see :func:`resolve_rome_code`.
    """

    codes: dict[str, str | None] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)


_CODE = re.compile(r"([A-N])\s*-?\s*(\d{4})(?!\d)")


def resolve_rome_code(code: str, tables: RomeTables) -> str | None:
    """Returns the fiche that a code stands for, in old and untidy spellings too.

    The 532 codes of ROME 3 are still fiches of ROME 4, as the parents of the others, so most old
    codes are there as they are. A code that was never split or was dropped since goes to the fiche
    of the same domaine professionnel with the nearest number.

    Returns:
        A code of ``tables``; ``None`` for what is not a code or has no such domaine professionnel.
    """
    return _resolve(code, tables)[0]


def resolve_rome_codes(codes: Iterable[str], tables: RomeTables) -> CodeResolution:
    """Resolves many codes and counts how: see :func:`resolve_rome_code`."""
    found = CodeResolution()
    for code in codes:
        target, how = _resolve(code, tables)
        found.codes[code] = target
        found.counts[how] += 1
    return found


def _resolve(code: str, tables: RomeTables) -> tuple[str | None, str]:
    if code in tables.fiches:
        return code, "exact"
    match = _CODE.search(code.upper())
    if match is None:
        return None, "unknown"
    clean = match[1] + match[2]
    if clean in tables.fiches:
        return clean, "cleaned"
    near = [other for other in tables.fiches if other.startswith(clean[:3])]
    if not near:
        return None, "unknown"
    # Parents first: they are the fiches that an old code can have been merged into.
    return min(near, key=lambda other: _distance(clean, tables.fiches[other])), "field"


def _distance(code: str, fiche: Fiche) -> tuple[bool, int, str]:
    return fiche.parent != fiche.code, abs(int(fiche.code[3:]) - int(code[3:])), fiche.code
