"""What the text enrichment adds to gold: two tables, as plain data.

Structural gold (`jobmatch_ml.types.tables.GOLD_OFFERS`) is silver's fields under English names, in
SQL. Enrichment is what has to be *read*: figures in free text, skills in a description, which
offers repeat each other. Python makes it, a shard at a time, and hands over Arrow tables of exactly
these columns; the warehouse stores them and joins by ``offer_id``, no matter how they came about.

Every reading says where it was found (``*_source``), so that a reader can tell a field that the
recruiter filled from a guess. Null is always "the offer does not say", never "no".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmatch_ml.types.tables import COUNT, DAY, FLAG, NUMBER, TEXT, TEXTS, Column, Table

if TYPE_CHECKING:
    import pyarrow as pa

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


def arrow_schema(table: Table) -> pa.Schema:
    """The Arrow schema of an enrichment table, columns in the table's order.

    Args:
        table: One of `ENRICHMENT_TABLES`.
    """
    import pyarrow as pa

    types: dict[str, pa.DataType] = {
        TEXT: pa.string(),
        NUMBER: pa.float64(),
        COUNT: pa.int64(),
        FLAG: pa.bool_(),
        DAY: pa.date32(),
        TEXTS: pa.list_(pa.string()),
    }
    return pa.schema([(column.name, types[column.type]) for column in table.columns])
