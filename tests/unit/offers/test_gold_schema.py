"""The enrichment's tables: one definition, which Arrow and the warehouse both read."""

from __future__ import annotations

from jobmatch_ml.offers.gold_schema import ENRICHMENT_TABLES, OFFER_ENRICHMENT, arrow_schema


def test_arrow_schemas_have_the_columns_of_the_tables_in_order() -> None:
    for table in ENRICHMENT_TABLES:
        assert tuple(arrow_schema(table).names) == table.names


def test_both_tables_hang_on_the_offer_and_hold_nothing_personal() -> None:
    for table in ENRICHMENT_TABLES:
        assert table.id_column == "offer_id" == table.names[0]
        assert table.personal_names == ()


def test_every_reading_that_may_be_a_guess_says_where_it_was_found() -> None:
    names = OFFER_ENRICHMENT.names
    for reading in ("salary", "experience", "contract", "place", "rome"):
        assert f"{reading}_source" in names
