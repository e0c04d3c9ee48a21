"""Tables that Python makes and the warehouse keeps: read texts, embeddings, matches.

Structural gold (:mod:`jobmatch_ml.types.tables`) is silver's fields in SQL. The tables here hold
what SQL cannot find out: what a text says (:data:`ENRICHMENT_TABLES`), where a text lies in the
space of an encoder (:data:`EMBEDDING_TABLES`), and the offers found for each candidate
(:data:`MATCHES`). People are pseudonymous ids here; their texts never come.
"""

from __future__ import annotations

from jobmatch_ml.types.tables import (
    COUNT,
    DAY,
    FLAG,
    MOMENT,
    NUMBER,
    TEXT,
    TEXTS,
    Column,
    Table,
)

VECTOR = "array<float32>"
"""An embedding, of unit length. BigQuery knows FLOAT64 alone and stores it as that."""

OFFER_ENRICHMENT = Table(
    "gold",
    "offer_enrichment",
    tuple(
        Column(name, kind)
        for name, kind in {
            "offer_id": TEXT,
            # Pay: euros gross a year for the post as it is: half-time pay is not scaled up.
            "salary_min": NUMBER,
            "salary_max": NUMBER,
            "salary_period": TEXT,  # year | month | day | hour: the period the offer speaks in
            "salary_is_net": FLAG,  # stated net; the figures are gross all the same
            "salary_months": NUMBER,  # months paid a year: 12, 13, 14 …
            "salary_source": TEXT,  # field | description
            "weekly_hours": NUMBER,
            "is_part_time": FLAG,
            "experience_months": COUNT,  # 0: beginners accepted
            "experience_source": TEXT,  # field | description
            "contract": TEXT,  # CDI | CDD | MIS | SAI | LIB | … (codes of the API)
            "contract_months": NUMBER,
            "contract_source": TEXT,  # field | description
            "contract_is_apprenticeship": FLAG,
            "remote": TEXT,  # none | partial | full
            "remote_days": NUMBER,  # days at home a week
            "place_latitude": NUMBER,  # degrees, WGS 84
            "place_longitude": NUMBER,
            "place_source": TEXT,  # field | commune | department
            "rome_code_fine": TEXT,  # a ROME 4.0 code, whatever classification the offer speaks
            "rome_fine_score": NUMBER,  # 0 to 1
            "rome_source": TEXT,  # field | predicted
            "language": TEXT,  # ISO 639-1
            "skills_required": TEXTS,  # normalised names, each once, in the order of the text
            "skills_wished": TEXTS,
            "duplicate_group": TEXT,  # the offer_id that stands for the group
            "duplicate_group_size": COUNT,
            "age_days": COUNT,  # from creation to ingestion; null when unknown or in the future
            "freshness": NUMBER,  # 0 to 1: halves every 30 days
            # Lineage: the same three values give the same row.
            "ingestion_date": DAY,
            "text_hash": TEXT,  # sha256 of what was read, 16 hexadecimal digits
            "rules_version": TEXT,
            "source": TEXT,  # france_travail | import
        }.items()
    ),
    id_column="offer_id",
)
"""One row an offer of gold, keyed by ``offer_id``."""

OFFER_SKILLS = Table(
    "gold",
    "offer_skills",
    tuple(
        Column(name, kind)
        for name, kind in {
            "offer_id": TEXT,
            "skill": TEXT,  # normalised name
            "skill_key": TEXT,  # folded name: what two offers share
            "kind": TEXT,  # tool | knowledge | certificate | language
            "is_required": FLAG,  # false: wished
            "source": TEXT,  # text | field (the API's structured `competences`, `langues`)
            "part": TEXT,  # title | description; null for fields
            "start": COUNT,  # characters into that part of the gold offer, first mention
            "end": COUNT,
        }.items()
    ),
    id_column="offer_id",
)
"""One row a (offer, skill): the evidence behind ``skills_required`` and ``skills_wished``."""

ENRICHMENT_TABLES = (OFFER_ENRICHMENT, OFFER_SKILLS)
"""What reading the offers' texts gives; `jobmatch_ml.offers` makes it."""


def _embeddings(name: str, id_column: str) -> Table:
    return Table(
        "gold",
        name,
        (
            Column(id_column, TEXT),
            Column("embedding", VECTOR),
            Column("embedding_model", TEXT),  # the bundle's SHA-256: other bundles, other spaces
            Column("embedding_dimension", COUNT),
            Column("ingestion_date", DAY),
            Column("created_at", MOMENT),
        ),
        id_column=id_column,
    )


OFFER_TITLES = _embeddings("offer_title_embeddings", "offer_id")
OFFER_DESCRIPTIONS = _embeddings("offer_description_embeddings", "offer_id")
CANDIDATE_TITLES = _embeddings("candidate_title_embeddings", "candidate_id")
CANDIDATE_DESCRIPTIONS = _embeddings("candidate_description_embeddings", "candidate_id")

OFFER_EMBEDDINGS = (OFFER_TITLES, OFFER_DESCRIPTIONS)
CANDIDATE_EMBEDDINGS = (CANDIDATE_TITLES, CANDIDATE_DESCRIPTIONS)
EMBEDDING_TABLES = (*OFFER_EMBEDDINGS, *CANDIDATE_EMBEDDINGS)
"""One row a text of each view; titles before descriptions, as the two sides are compared."""

MATCHES = Table(
    "gold",
    "matches",
    (
        Column("candidate_id", TEXT),
        Column("rank", COUNT),  # 1 is the best
        Column("offer_id", TEXT),
        Column("score", NUMBER),  # w · cos(titles) + (1 − w) · cos(descriptions), in [−1, 1]
        Column("embedding_model", TEXT),
    ),
    id_column="offer_id",
)
"""The best offers of each candidate, as the last batch found them."""

DERIVED_TABLES = (*ENRICHMENT_TABLES, *EMBEDDING_TABLES, MATCHES)
