"""What the text enrichment adds to gold: two tables, as plain data.

Structural gold (`jobmatch_ml.types.tables.GOLD_OFFERS`) is silver's fields under English names, in
SQL. The specifications stand with those of every other table (`jobmatch_ml.types.derived_tables`).

Enrichment is what has to be *read*: figures in free text, skills in a description, which
offers repeat each other. Python makes it, a shard at a time, and hands over Arrow tables of exactly
these columns; the warehouse stores them and joins by ``offer_id``, no matter how they came about.

Every reading says where it was found (``*_source``), so that a reader can tell a field that the
recruiter filled from a guess. Null is always "the offer does not say", never "no".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmatch_ml.types.derived_tables import ENRICHMENT_TABLES, OFFER_ENRICHMENT, OFFER_SKILLS
from jobmatch_ml.types.tables import COUNT, DAY, FLAG, NUMBER, TEXT, TEXTS, Table

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["ENRICHMENT_TABLES", "OFFER_ENRICHMENT", "OFFER_SKILLS", "arrow_schema"]


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
