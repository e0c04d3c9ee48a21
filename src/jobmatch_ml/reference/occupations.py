"""Occupations and skills, with what offers call them and what people call them in CVs.

An offer says "Dispenser les soins d'hygiène et de confort", a CV "Toilettes complètes, nursing".
Each task and each skill therefore has both wordings, side by side: that is what the synthetic world
is written from, and what a trained ranker has to learn.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from jobmatch_ml.errors import FormatError, suggest, summarise
from jobmatch_ml.reference.regions import REGIONS

# libyaml's loader is ten times as fast; it is not in every build of PyYAML.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Skill:
    """One skill: its name in offers, other words for it in CVs (at least one), and in English.

    ``en`` is empty where no English name is known.
    """

    skill_id: str
    offer: str
    cv: tuple[str, ...]
    en: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that people do in an occupation, in the words of offers and in those of CVs.

    ``en`` is the English wording, empty where none is known.
    """

    offer: str
    cv: str
    en: str = ""


@dataclass(frozen=True, slots=True)
class Sector:
    """Usual sector of the employers: NAF code and label."""

    naf: str
    label: str


NO_DIPLOMA = "Sans diplôme"
"""Stands among qualifications where none is needed."""


@dataclass(frozen=True, slots=True)
class Occupation:
    """An occupation, by its ROME 4.0 code.

    Args:
        code: ROME code; its first letter is the domain (A to N).
        label: Name in both genders, as the classification writes it.
        masculine: Short title of a man.
        feminine: Short title of a woman.
        offer_titles: Other titles in offers, both genders where they differ.
        cv_titles: Other titles and abbreviations in CVs, in the masculine or without gender.
        required: Ids of the skills that nearly every employer asks for.
        wished: Ids of the skills that are a plus.
        tasks: What people do, in both wordings.
        neighbours: Codes of near-miss occupations: similar words, another job.
        contracts: Contract types (CDI, CDD, MIS, SAI, LIB) with relative frequencies.
        salary: Usual gross salary per year, lowest and highest, in euros.
        qualifications: Diplomas and certificates that lead to it; :data:`NO_DIPLOMA` may be one.
        level: France Travail's qualification code, 1 (labourer) to 9 (executive).
        sector: Usual sector of the employers.
        abbreviations: Short forms that CVs use for the title (``AS``, ``IDE``).
        regions: How much more frequent than elsewhere the occupation is, by name of the region;
            a region that is not named counts 1.
        english_title: Title in English CVs; empty where none is known.
    """

    code: str
    label: str
    masculine: str
    feminine: str
    offer_titles: tuple[str, ...]
    cv_titles: tuple[str, ...]
    required: tuple[str, ...]
    wished: tuple[str, ...]
    tasks: tuple[Task, ...]
    neighbours: tuple[str, ...]
    contracts: Mapping[str, float] = field(hash=False)
    salary: tuple[int, int]
    qualifications: tuple[str, ...]
    level: int
    sector: Sector
    abbreviations: tuple[str, ...] = ()
    regions: Mapping[str, float] = field(default_factory=dict, hash=False)
    english_title: str = ""

    @property
    def domain(self) -> str:
        """The ROME domain: the code's first letter."""
        return self.code[0]

    @property
    def diplomas(self) -> tuple[str, ...]:
        """The qualifications that one can hold or be asked for: all but :data:`NO_DIPLOMA`."""
        return tuple(title for title in self.qualifications if title != NO_DIPLOMA)


@dataclass(frozen=True, slots=True)
class OccupationTable:
    """A labour market's occupations: what a world is made from, whatever the source.

    Args:
        occupations: In the order of their codes.
        skills: The skills that they name, by id.

    Attributes:
        by_code: Occupations by their code.
        domains: Occupations of each domain (A to N), by its letter, in the order of the letters.
    """

    occupations: tuple[Occupation, ...]
    skills: Mapping[str, Skill] = field(hash=False)
    by_code: Mapping[str, Occupation] = field(init=False, repr=False, compare=False)
    domains: Mapping[str, tuple[Occupation, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        domains: dict[str, list[Occupation]] = {}
        for occupation in self.occupations:
            domains.setdefault(occupation.domain, []).append(occupation)
        # A frozen value may still complete itself while it is being made.
        object.__setattr__(self, "by_code", {item.code: item for item in self.occupations})
        grouped = {letter: tuple(domains[letter]) for letter in sorted(domains)}
        object.__setattr__(self, "domains", grouped)


@lru_cache(maxsize=1)
def load_table() -> OccupationTable:
    """Returns the embedded table, read and validated once."""
    folder = resources.files("jobmatch_ml.reference") / "tables" / "occupations"
    with resources.as_file(folder) as path:
        return read_table(path)


def load_occupations() -> tuple[Occupation, ...]:
    """Returns the occupations of the embedded table, by code."""
    return load_table().occupations


def load_skills() -> Mapping[str, Skill]:
    """Returns the skills of the embedded table, by id."""
    return load_table().skills


def read_table(folder: Path) -> OccupationTable:
    """Reads a folder of occupation files (``*.yaml``).

    A file has the keys ``skills`` (id: name in offers, names in CVs), ``occupations`` (a list) and,
    if it likes, ``skills_en`` (id: name in English).

    Raises:
        FormatError: A file is not readable, a key is missing, a skill, code, neighbour or region is
            unknown or named twice. All problems are told together, each with its file and line.
    """
    problems: list[str] = []
    skills: dict[str, Skill] = {}
    entries: list[tuple[str, dict[str, Any]]] = []
    for path in sorted(folder.glob("*.yaml")):
        root = _compose(path)
        problems += _read_skills(path.name, root, skills)
        for node in _items(root, "occupations"):
            entries.append((f"{path.name}, line {node.start_mark.line + 1}", _value(node)))
    occupations: dict[str, Occupation] = {}
    codes = {str(values.get("code")) for _, values in entries}
    for where, values in entries:
        try:
            occupation = _occupation(values)
        except (KeyError, TypeError, ValueError) as error:
            problems.append(f"{where}: missing or malformed {error}")
            continue
        if occupation.code in occupations:
            problems.append(f"{where}: occupation {occupation.code} is given twice")
        occupations[occupation.code] = occupation
        problems += _unknown(where, occupation, skills, codes)
    if problems or not occupations:
        raise FormatError(
            f"occupations in {folder}: {summarise(problems) or 'no *.yaml file with occupations'}"
        )
    ordered = tuple(occupations[code] for code in sorted(occupations))
    return OccupationTable(occupations=ordered, skills=skills)


def _read_skills(name: str, root: yaml.MappingNode, skills: dict[str, Skill]) -> list[str]:
    """Adds the skills of one file to ``skills``; returns what is wrong with them."""
    problems = []
    english = {key.value: (key, str(_value(node))) for key, node in _pairs(root, "skills_en")}
    for key, node in _pairs(root, "skills"):
        words = [str(word) for word in _value(node)]
        if key.value in skills or len(words) < 2:
            where = f"{name}, line {key.start_mark.line + 1}"
            problems.append(f"{where}: skill '{key.value}' is named twice or has no CV wording")
        in_english = english.pop(key.value)[1] if key.value in english else ""
        skills[key.value] = Skill(key.value, words[0], tuple(words[1:]), en=in_english)
    problems += [
        f"{name}, line {key.start_mark.line + 1}: `skills_en` names the skill '{skill}', which is "
        "not under `skills` of the same file"
        for skill, (key, _) in english.items()
    ]
    return problems


def _compose(path: Path) -> yaml.MappingNode:
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    except yaml.YAMLError as error:
        raise FormatError(f"{path}: not valid YAML ({error})") from error
    if not isinstance(root, yaml.MappingNode):
        raise FormatError(f"{path}: expected the keys `skills` and `occupations`")
    return root


def _child(root: yaml.MappingNode, name: str) -> yaml.Node | None:
    return next((value for key, value in root.value if key.value == name), None)


def _pairs(root: yaml.MappingNode, name: str) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
    node = _child(root, name)
    return list(node.value) if isinstance(node, yaml.MappingNode) else []


def _items(root: yaml.MappingNode, name: str) -> list[yaml.Node]:
    node = _child(root, name)
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _value(node: yaml.Node) -> Any:
    """Turns a node into plain values, keeping the line numbers of its siblings usable."""
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _value(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(item) for item in node.value]
    return node.value


def _occupation(values: Mapping[str, Any]) -> Occupation:
    low, high = (int(bound) for bound in values["salary"])
    if low > high:
        raise ValueError(f"salary: {low} > {high}")
    return Occupation(
        code=values["code"],
        label=values["label"],
        masculine=values["masculine"],
        feminine=values["feminine"],
        offer_titles=tuple(values["offer_titles"]),
        cv_titles=tuple(values["cv_titles"]),
        required=tuple(values["required"]),
        wished=tuple(values["wished"]),
        tasks=tuple(
            Task(offer=task["offer"], cv=task["cv"], en=task.get("en", ""))
            for task in values["tasks"]
        ),
        neighbours=tuple(values["neighbours"]),
        contracts={kind: float(share) for kind, share in values["contracts"].items()},
        salary=(low, high),
        qualifications=tuple(values["qualifications"]),
        level=int(values["level"]),
        sector=Sector(naf=values["sector"]["naf"], label=values["sector"]["label"]),
        abbreviations=_words(values, "abbreviations"),
        regions=_regions(values.get("regions", {})),
        english_title=values.get("english_title", ""),
    )


def _words(values: Mapping[str, Any], key: str) -> tuple[str, ...]:
    words = values.get(key, [])
    if not isinstance(words, list):
        raise TypeError(f"{key}: expected a list")
    return tuple(words)


def _regions(values: Any) -> dict[str, float]:
    if not isinstance(values, dict):
        raise TypeError("regions: expected a mapping of names to numbers")
    regions = {name: float(factor) for name, factor in values.items()}
    for name, factor in regions.items():
        if name not in REGIONS:
            raise ValueError(suggest(name, REGIONS, kind="region"))
        if not 0 < factor < math.inf:
            raise ValueError(f"regions: {name} is {factor}; expected a number above 0")
    return regions


def _unknown(
    where: str, occupation: Occupation, skills: Mapping[str, Skill], codes: Set[str]
) -> list[str]:
    problems = [
        f"{where}: {occupation.code} names the unknown skill '{skill}'; add it under `skills`"
        for skill in (*occupation.required, *occupation.wished)
        if skill not in skills
    ]
    problems += [
        f"{where}: {occupation.code} names the unknown neighbour '{code}'"
        for code in occupation.neighbours
        if code not in codes or code == occupation.code
    ]
    return problems
