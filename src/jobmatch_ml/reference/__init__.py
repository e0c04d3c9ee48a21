"""What the market is made of: occupations, skills and places, and the official classifications.

Small tables of our own are the embedded default, enough for the synthetic world. Beside them stand
ROME 4.0 and ESCO, once they are imported (``jobmatch rome import``, ``jobmatch esco import``):
:func:`rome_occupations` makes an :class:`OccupationTable` of all fiches of ROME, which a world
takes as it takes our own; :class:`OccupationLookup` and :class:`SkillLookup` search all of them.
"""

from __future__ import annotations

from jobmatch_ml.reference.esco import EscoTables, import_esco, load_esco, read_esco
from jobmatch_ml.reference.lookup import Match, OccupationLookup, SkillLookup
from jobmatch_ml.reference.occupations import (
    Occupation,
    OccupationTable,
    Sector,
    Skill,
    Task,
    load_occupations,
    load_skills,
    load_table,
)
from jobmatch_ml.reference.places import Place, distance_km, load_places
from jobmatch_ml.reference.regions import REGIONS, region_of
from jobmatch_ml.reference.rome import RomeTables, resolve_rome_code, resolve_rome_codes
from jobmatch_ml.reference.rome_files import import_rome, load_rome, open_rome, read_rome
from jobmatch_ml.reference.rome_occupations import rome_occupations
from jobmatch_ml.reference.titles import gender_forms, normalise

__all__ = [
    "REGIONS",
    "EscoTables",
    "Match",
    "Occupation",
    "OccupationLookup",
    "OccupationTable",
    "Place",
    "RomeTables",
    "Sector",
    "Skill",
    "SkillLookup",
    "Task",
    "distance_km",
    "gender_forms",
    "import_esco",
    "import_rome",
    "load_esco",
    "load_occupations",
    "load_places",
    "load_rome",
    "load_skills",
    "load_table",
    "normalise",
    "open_rome",
    "read_esco",
    "read_rome",
    "region_of",
    "resolve_rome_code",
    "resolve_rome_codes",
    "rome_occupations",
]
