"""What the market is made of: occupations, skills and places, in small tables of our own.

The tables are the embedded default: sixty occupations over the fourteen ROME domains, enough for
the synthetic world, titles and near-miss occupations included. The official ROME 4.0 tables
(``jobmatch rome import``) will come beside them, behind the same functions.
"""

from __future__ import annotations

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

__all__ = [
    "REGIONS",
    "Occupation",
    "OccupationTable",
    "Place",
    "Sector",
    "Skill",
    "Task",
    "distance_km",
    "load_occupations",
    "load_places",
    "load_skills",
    "load_table",
    "region_of",
]
