"""Tables that Python makes: unique names, an id each, no personal text."""

from __future__ import annotations

from jobmatch_ml.types.derived_tables import (
    CANDIDATE_EMBEDDINGS,
    DERIVED_TABLES,
    EMBEDDING_TABLES,
    OFFER_EMBEDDINGS,
)
from jobmatch_ml.types.tables import GOLD_TABLES


def test_every_derived_table_has_a_name_of_its_own_and_an_id() -> None:
    names = [table.name for table in (*GOLD_TABLES, *DERIVED_TABLES)]
    assert len(names) == len(set(names))
    assert all(table.id_column in table.names for table in DERIVED_TABLES)
    assert all(not table.personal_names for table in DERIVED_TABLES)


def test_embeddings_have_the_columns_of_the_contract_on_both_sides() -> None:
    expected = ("embedding", "embedding_model", "embedding_dimension", "ingestion_date")
    assert [table.names[0] for table in EMBEDDING_TABLES] == ["offer_id"] * 2 + ["candidate_id"] * 2
    assert all(table.names[1:5] == expected for table in EMBEDDING_TABLES)
    # Titles meet titles: the pairs are made by position.
    views = [
        [table.name.removeprefix(f"{side}_") for table in tables]
        for side, tables in (("offer", OFFER_EMBEDDINGS), ("candidate", CANDIDATE_EMBEDDINGS))
    ]
    assert views[0] == views[1]
