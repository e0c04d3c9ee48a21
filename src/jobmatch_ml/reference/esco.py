"""The European classification ESCO in French: occupations, skills and what is broader than what.

Read are the files of version 1.0 (``v1.0_occupations_fr.csv`` …); where the lighter lists of names
lie beside them (``occupations_fr_light.csv``, ``skills_fr_light.csv``), their names are added.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from jobmatch_ml.errors import FormatError, MissingFileError
from jobmatch_ml.reference.imported import (
    ImportManifest,
    read_import_table,
    read_manifest,
    write_import,
)
from jobmatch_ml.reference.official_csv import SourceFolder

ESCO_VERSION = "1.0"
LICENCE = "European Commission reuse notice (Decision 2011/833/EU): free reuse with attribution"
ATTRIBUTION = (
    "This service uses the ESCO classification of the European Commission, version "
    f"{ESCO_VERSION}, in French"
)

EscoKind = Literal["occupation", "skill", "isco_group"]
_LIGHT = {"occupation": "occupations_fr_light.csv", "skill": "skills_fr_light.csv"}
_NAMES = re.compile(r"[\n|]")


@dataclass(frozen=True, slots=True)
class EscoConcept:
    """One occupation, skill or ISCO group.

    Args:
        uri: Identifier of the concept.
        kind: What it is.
        label: Preferred name; occupations name both genders (``boulanger/boulangère``).
        alternatives: Other names, in the file's order, without the preferred one.
        description: Empty where there is none, as in most of the French files.
        code: ISCO group of an occupation, or the code of a group itself.
        skill_type: ``skill/competence`` or ``knowledge``.
        reuse_level: ``transversal``, ``cross-sector``, ``sector-specific`` or
            ``occupation-specific``.
    """

    uri: str
    kind: EscoKind
    label: str
    alternatives: tuple[str, ...] = ()
    description: str = ""
    code: str = ""
    skill_type: str = ""
    reuse_level: str = ""


@dataclass(frozen=True, slots=True)
class EscoTables:
    """The classification: concepts by URI, and the broader concepts of each.

    Args:
        occupations: By URI.
        skills: By URI.
        groups: ISCO groups by URI.
        broader: URIs of the broader concepts of an occupation or group.
    """

    occupations: Mapping[str, EscoConcept]
    skills: Mapping[str, EscoConcept]
    groups: Mapping[str, EscoConcept]
    broader: Mapping[str, tuple[str, ...]]

    def counts(self) -> dict[str, int]:
        """Returns how much there is of each kind."""
        occupations, skills = self.occupations.values(), self.skills.values()
        return {
            "occupations": len(self.occupations),
            "occupation_names": sum(1 + len(item.alternatives) for item in occupations),
            "skills": len(self.skills),
            "skill_names": sum(1 + len(item.alternatives) for item in skills),
            "isco_groups": len(self.groups),
            "broader": sum(map(len, self.broader.values())),
        }


def read_esco(folder: Path) -> EscoTables:
    """Reads a folder of official ESCO files in French.

    Raises:
        MissingFileError: There is no such folder.
        FormatError: Files are missing, have other columns or do not join; one message says all.
    """
    return _read(folder)[0]


def import_esco(folder: Path, out: Path) -> ImportManifest:
    """Reads the official files of ``folder`` and stores them under ``out``, whole or not at all.

    Raises:
        MissingFileError, FormatError: As :func:`read_esco`; or ``out`` holds something else.
    """
    tables, source = _read(folder)
    manifest = ImportManifest(
        name="esco",
        version=ESCO_VERSION,
        licence=LICENCE,
        attribution=ATTRIBUTION,
        counts=tables.counts(),
        sources=source.sha256,
        warnings=tuple(source.warnings),
    )
    rows = {
        "occupations": tables.occupations.values(),
        "skills": tables.skills.values(),
        "groups": tables.groups.values(),
        "broader": [{"uri": uri, "broader": above} for uri, above in tables.broader.items()],
    }
    return write_import(out, manifest, rows)


def load_esco(folder: Path) -> EscoTables:
    """Returns the classification that :func:`import_esco` stored.

    Raises:
        MissingFileError: Nothing was imported there.
        FormatError, IntegrityError: It is another format, or was changed since.
    """
    manifest = read_manifest(folder, name="esco")

    def concepts(table: str) -> dict[str, EscoConcept]:
        rows = read_import_table(folder, manifest, table)
        return {row["uri"]: _concept(row) for row in rows}

    return EscoTables(
        occupations=concepts("occupations"),
        skills=concepts("skills"),
        groups=concepts("groups"),
        broader={
            row["uri"]: tuple(row["broader"])
            for row in read_import_table(folder, manifest, "broader")
        },
    )


def _concept(row: dict[str, Any]) -> EscoConcept:
    return EscoConcept(**{**row, "alternatives": tuple(row["alternatives"])})


def _read(folder: Path) -> tuple[EscoTables, SourceFolder]:
    if not folder.is_dir():
        raise MissingFileError(
            f"{folder}: no such folder; expected the French CSV files of ESCO {ESCO_VERSION}"
        )
    source = SourceFolder(folder, expected=f"ESCO {ESCO_VERSION} in French")
    occupations = _concepts(source, "occupation", "occupations", ("iscoGroup",))
    skills = _concepts(source, "skill", "skills", ("skillType", "reuseLevel"))
    groups = _concepts(source, "isco_group", "ISCOGroups", ("code",))
    tables = EscoTables(
        occupations=_with_light_names(source, "occupation", occupations),
        skills=_with_light_names(source, "skill", skills),
        groups=groups,
        broader=_broader(source, {**occupations, **groups}),
    )
    if source.problems:
        raise FormatError(
            f"{folder}: not the files of {source.expected}: {'; '.join(source.problems)}. "
            "Download that version as a whole and name its folder"
        )
    return tables, source


def _concepts(
    source: SourceFolder, kind: EscoKind, table: str, own_columns: tuple[str, ...]
) -> dict[str, EscoConcept]:
    columns = ("conceptUri", "preferredLabel", "altLabels", *own_columns)
    concepts = {}
    name = f"v{ESCO_VERSION}_{table}_fr.csv"
    for uri, label, names, *own in source.rows(name, columns, optional=("description",)):
        fields = own[:-1]
        concept = EscoConcept(uri, kind, _tidy(label), description=own[-1])
        if kind == "skill":
            concept = replace(concept, skill_type=fields[0], reuse_level=fields[1])
        else:
            concept = replace(concept, code=fields[0])
        concepts[uri] = _named(concept, names)
    if not concepts and not source.problems:
        source.problems.append(f"{name}: no rows")
    return concepts


def _with_light_names(
    source: SourceFolder, kind: EscoKind, concepts: dict[str, EscoConcept]
) -> dict[str, EscoConcept]:
    """Adds the names of the lighter list, and the few concepts that only it has."""
    if not (source.path / _LIGHT[kind]).exists():
        return concepts
    merged = dict(concepts)
    for uri, label, names in source.rows(
        _LIGHT[kind], ("conceptUri", "preferredLabel", "altLabels")
    ):
        known = merged.get(uri, EscoConcept(uri, kind, _tidy(label)))
        merged[uri] = _named(known, f"{label}|{names}")
    return merged


def _named(concept: EscoConcept, names: str) -> EscoConcept:
    """Returns the concept with further names, divided by line breaks or bars."""
    found = [*concept.alternatives, *(_tidy(name) for name in _NAMES.split(names))]
    unique = tuple(dict.fromkeys(name for name in found if name and name != concept.label))
    return replace(concept, alternatives=unique)


def _tidy(name: str) -> str:
    return " ".join(name.replace("’", "'").split())


def _broader(source: SourceFolder, known: Mapping[str, EscoConcept]) -> dict[str, tuple[str, ...]]:
    name = f"v{ESCO_VERSION}_broaderRelationsOccPillar.csv"
    broader: dict[str, tuple[str, ...]] = {}
    lost = []
    for uri, above in source.rows(name, ("conceptUri", "broaderUri")):
        if uri not in known or above not in known:
            lost.append(uri)
            continue
        broader[uri] = (*broader.get(uri, ()), above)
    if lost and not source.problems:
        source.problems.append(f"{name}: {len(lost)} rows with an unknown concept ({lost[0]})")
    return broader
