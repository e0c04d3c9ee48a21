"""The view of enriched offers: every gold column, then what was read; in both dialects."""

from __future__ import annotations

from typing import Any, get_args

import pytest
import sqlglot

from jobmatch_ml.types.derived_tables import OFFER_ENRICHMENT
from jobmatch_ml.types.tables import GOLD_OFFERS
from jobmatch_ml.warehouse.schema import Datasets, Dialect, unbound_table
from jobmatch_ml.warehouse.views import create_view_statement, enriched_offers


def test_each_column_comes_once_and_the_day_is_the_offers_own() -> None:
    columns = enriched_offers(unbound_table).columns
    read = [name for name in OFFER_ENRICHMENT.names if name not in {"offer_id", "ingestion_date"}]
    assert list(columns) == [*GOLD_OFFERS.names, *read]


@pytest.mark.parametrize("dialect", get_args(Dialect))
def test_the_view_is_renewed_in_the_dataset_that_was_named(dialect: Dialect) -> None:
    text = create_view_statement(dialect, Datasets("s", "g"))
    parsed: Any = sqlglot.parse_one(text, read=dialect)
    assert parsed.args["kind"] == "VIEW"
    assert parsed.args["replace"]
    assert {table.db for table in parsed.find_all(sqlglot.exp.Table)} == {"g"}
