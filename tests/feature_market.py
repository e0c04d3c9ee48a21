"""Three offers and a baker, small enough that every feature can be worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

import pyarrow as pa

from jobmatch_ml.cv.reading import ContentType, CvReading, ExtractedLine
from jobmatch_ml.offers import Enricher
from jobmatch_ml.ranking.features import OfferFacts, ReferenceSpace, build_offer_facts
from jobmatch_ml.types.tables import COUNT, DAY, FLAG, GOLD_OFFERS, NUMBER, TEXT, TEXTS
from jobmatch_ml.types.tables import MOMENT as MOMENTS

MOMENT = datetime(2026, 1, 31, tzinfo=UTC)

OFFERS: tuple[dict[str, Any], ...] = (
    {
        "offer_id": "o1",
        "title": "Boulanger / Boulangère",
        "description": "Pétrissage et façonnage des pâtes. Un plus : conseil à la clientèle.",
        "required_skills": ["Pétrissage et façonnage des pâtes"],
        "wished_skills": ["Conseil à la clientèle"],
        "rome_code": "D1102",
        "contract_type": "CDI",
        "experience_required": "D",
        "salary_label": "Annuel de 24000.0 Euros à 26000.0 Euros",
        "postal_code": "75010",
        "latitude": 48.8760,
        "longitude": 2.3590,
        "created_at": datetime(2026, 1, 1, tzinfo=UTC),
    },
    {
        "offer_id": "o2",
        "title": "Pâtissier / Pâtissière",
        "description": "Mission d'intérim.",
        "rome_code": "D1104",
        "contract_type": "MIS",
        "experience_required": "E",
        "experience_label": "5 An(s)",
        "postal_code": "69003",
        "latitude": 45.7580,
        "longitude": 4.8350,
        "created_at": datetime(2026, 2, 15, tzinfo=UTC),  # after MOMENT
        "required_licences": ["B - Véhicule léger"],
    },
    {"offer_id": "o3", "title": "Poste", "description": "", "rome_code": "Z9999"},
)


@lru_cache(maxsize=1)
def space() -> ReferenceSpace:
    """Returns the embedded table's space, built once."""
    return ReferenceSpace.build()


def gold_table(*offers: dict[str, Any]) -> pa.Table:
    """Returns rows of ``gold.offers``; what an offer does not name is null."""
    types = {
        TEXT: pa.string(), NUMBER: pa.float64(), COUNT: pa.int64(), FLAG: pa.bool_(),
        DAY: pa.date32(), TEXTS: pa.list_(pa.string()), MOMENTS: pa.timestamp("us", tz="UTC"),
    }  # fmt: skip
    schema = pa.schema([(column.name, types[column.type]) for column in GOLD_OFFERS.columns])
    return pa.Table.from_pylist([dict(offer) for offer in offers or OFFERS], schema=schema)


@lru_cache(maxsize=1)
def offer_facts() -> OfferFacts:
    """Returns the facts of :data:`OFFERS`."""
    gold = gold_table()
    return build_offer_facts(gold, Enricher.load().enrich(gold)[0], space())


def baker_cv() -> CvReading:
    """Returns a CV: a baker near Paris, 3 years and 3 months in two positions that overlap."""
    lines = [
        (ContentType.CONTACT, "12 rue des Lilas, 75010 Paris", None, None),
        (ContentType.SUMMARY, "Salaire souhaité : 25 000 € brut par an. CDI ou CDD, 30 km.", None,
         None),
        (ContentType.EXPERIENCE, "Boulanger, Maison Blanche 01/2022 - 12/2024", "Boulanger",
         "01/2022 - 12/2024"),
        (ContentType.EXPERIENCE, "Boulanger, Chez Paul 07/2024 - 03/2025", "Boulanger",
         "07/2024 - 03/2025"),
        (ContentType.SKILL_HARD, "Levain, pousse lente, division, boulage", None, None),
        (ContentType.CERTIFICATION, "Permis B", None, None),
    ]  # fmt: skip
    return CvReading(
        lines=tuple(
            ExtractedLine(kind, content, order, position=position, dates=dates)
            for order, (kind, content, position, dates) in enumerate(lines)
        ),
        raw_text="",
        language="fr",
        pages=1,
        method="text",
    )


TODAY = date(2026, 1, 31)
