"""Facts of offers over the whole embedded table, drawn simply."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from jobmatch_ml.reference import load_occupations, load_places, load_skills
from jobmatch_ml.world.config import OfferConfig
from jobmatch_ml.world.facts import OfferFacts
from jobmatch_ml.world.offer_text import OfferWriter


def writer(config: OfferConfig | None = None, seed: int = 1) -> OfferWriter:
    """A writer over the embedded tables."""
    return OfferWriter(
        seed,
        config or OfferConfig(),
        occupations={occupation.code: occupation for occupation in load_occupations()},
        skills=load_skills(),
        places=load_places(),
    )


def facts(index: int, **changes: object) -> OfferFacts:
    """The facts of one offer; ``changes`` replace fields."""
    rng = random.Random(index)
    occupation = rng.choice(load_occupations())
    low = rng.randint(*occupation.salary)
    offer = OfferFacts(
        offer_id=f"{index % 1000:03}BCDF",
        occupation=occupation,
        place=rng.choice(load_places()),
        required=occupation.required,
        wished=occupation.wished[:1],
        years=rng.choice((0, 0, 1, 2, 3, 5)),
        contract=rng.choice(list(occupation.contracts)),
        created_at=datetime(2025, 9, 1, 8, tzinfo=UTC) + timedelta(hours=index % 2000),
        salary=(low, round(low * 1.1)),
        remote=rng.choice((0, 0, 1, 2)),
        hours=rng.choice(("day", "day", "shift", "part_time")),
        licence=rng.random() < 0.3,
    )
    return replace(offer, **changes)  # type: ignore[arg-type]
