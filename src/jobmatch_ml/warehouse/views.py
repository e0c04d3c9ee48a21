"""Views: what is asked for often and must never be stale. The same expressions on both engines."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlglot
from sqlglot import exp

from jobmatch_ml.types.derived_tables import OFFER_ENRICHMENT
from jobmatch_ml.types.tables import GOLD_OFFERS
from jobmatch_ml.warehouse.schema import Datasets, Dialect, Source, compile_sql

OFFERS_ENRICHED = "offers_enriched"


def enriched_offers(source: Source) -> Any:
    """Returns each gold offer with what its texts were found to say; null where unread.

    A view and not a table: descriptions are most of the warehouse's bytes, and offers are loaded
    and read at different times.
    """
    offers = source(GOLD_OFFERS)
    read = source(OFFER_ENRICHMENT).drop("ingestion_date")
    columns = [name for name in read.columns if name != "offer_id"]
    return offers.left_join(read, "offer_id").select(*offers.columns, *columns)


@cache
def create_view_statement(dialect: Dialect, datasets: Datasets) -> str:
    """Returns the statement that creates, or renews, the view of enriched offers."""
    rows = sqlglot.parse_one(compile_sql(enriched_offers(datasets.source), dialect), read=dialect)
    view = exp.table_(OFFERS_ENRICHED, db=datasets.gold, quoted=True)
    return exp.Create(this=view, kind="VIEW", replace=True, expression=rows).sql(dialect)
