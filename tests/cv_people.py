"""A made-up candidate, to be varied, and the CV that a seed writes of one."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

from jobmatch_ml.reference import load_places, load_table
from jobmatch_ml.world.config import CandidateConfig
from jobmatch_ml.world.cv_writing import WrittenCv, write_cv
from jobmatch_ml.world.facts import CandidateFacts, Position

TABLE = load_table()
PLACES = load_places()
NURSE_AIDE = TABLE.by_code["J1501"]
TODAY = date(2025, 9, 1)
QUIET = CandidateConfig(typo_rate=0)


def make_person(code: str = "J1501", **changes: object) -> CandidateFacts:
    occupation = TABLE.by_code[code]
    neighbour = TABLE.by_code[occupation.neighbours[0]]
    person = CandidateFacts(
        candidate_id="c00001",
        occupation=occupation,
        career=(Position(occupation, 50, 0), Position(neighbour, 80, 52)),
        skills=frozenset(occupation.required),
        years=5,
        place=PLACES[3],
        radius_km=30.0,
        woman=True,
        levels=dict.fromkeys(occupation.required, 3),
        salary_min=24000,
        contracts=frozenset({"CDI", "CDD"}),
        remote=1,
        hours=frozenset({"day", "shift"}),
    )
    return replace(person, **changes)  # type: ignore[arg-type]


def write(person: CandidateFacts, seed: int = 1, config: CandidateConfig = QUIET) -> WrittenCv:
    return write_cv(
        random.Random(seed), person, config, skills=TABLE.skills, places=PLACES, today=TODAY
    )
