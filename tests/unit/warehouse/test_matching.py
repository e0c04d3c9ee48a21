"""Matching everyone: by hand on DuckDB; what only BigQuery has is checked as its dialect's SQL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlglot

from jobmatch_ml.errors import InputError, NotReadyError
from jobmatch_ml.types.derived_tables import (
    CANDIDATE_EMBEDDINGS,
    MATCHES,
    OFFER_EMBEDDINGS,
    OFFER_TITLES,
)
from jobmatch_ml.warehouse import Warehouse, matching, open_warehouse
from jobmatch_ml.warehouse.embeddings import embedding_rows
from jobmatch_ml.warehouse.matching import (
    exact_match_query,
    match_all,
    vector_index_statements,
    vector_match_query,
)
from jobmatch_ml.warehouse.schema import Datasets

EAST, NORTH, BETWEEN = [1.0, 0.0], [0.0, 1.0], [0.6, 0.8]


def _fill(warehouse: Warehouse, *, model: str = "m") -> None:
    """Titles: x is east, y and z are north. Descriptions: all point between."""
    titles = {"offer": [EAST, NORTH, NORTH], "candidate": [BETWEEN, EAST]}
    ids = {"offer": ["x", "z", "y"], "candidate": ["p", "q"]}
    with warehouse.transaction():
        for side, tables in (("offer", OFFER_EMBEDDINGS), ("candidate", CANDIDATE_EMBEDDINGS)):
            views = (titles[side], [BETWEEN] * len(ids[side]))
            for table, vectors in zip(tables, views, strict=True):
                found = np.array(vectors, np.float32)
                name = model if side == "offer" else "m"
                warehouse.replace(table, embedding_rows(table, ids[side], found, model=name))


def _matches(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    rows = warehouse.table(MATCHES).to_pyarrow().to_pylist()
    found = [(row["candidate_id"], row["rank"], row["offer_id"], row["score"]) for row in rows]
    return [(*key, pytest.approx(score, abs=1e-6)) for *key, score in sorted(found)]


def test_the_best_offers_of_each_come_in_order_and_ties_by_id(tmp_path: Path) -> None:
    # p: titles 0.6 with x, 0.8 with y and z; all bodies are equal, so cosine 1.
    # At w = 0.5: x 0.8, y and z 0.9. q: titles 1 with x, 0 with the others: 1 and 0.5.
    with open_warehouse(tmp_path / "w.duckdb") as warehouse:
        _fill(warehouse)
        assert match_all(warehouse, top_k=2, title_weight=0.5) == 4
        expected = [("p", 1, "y", 0.9), ("p", 2, "z", 0.9), ("q", 1, "x", 1.0), ("q", 2, "y", 0.5)]
        assert _matches(warehouse) == expected


def test_blocks_of_candidates_give_what_one_query_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "PAIRS_AT_ONCE", 1)
    with open_warehouse(tmp_path / "w.duckdb") as warehouse:
        _fill(warehouse)
        for _ in range(2):  # what was matched before is replaced
            assert match_all(warehouse, top_k=10, title_weight=1.0) == 6


def test_sides_that_cannot_be_compared_are_refused(tmp_path: Path) -> None:
    with open_warehouse(tmp_path / "w.duckdb") as warehouse:
        with pytest.raises(NotReadyError, match="no embeddings of offers and candidates"):
            match_all(warehouse, top_k=1, title_weight=0.5)
        _fill(warehouse, model="other")
        with pytest.raises(NotReadyError, match=r"several models are mixed \(m, other\)"):
            match_all(warehouse, top_k=1, title_weight=0.5)


@pytest.mark.parametrize(("top_k", "weight", "text"), [(0, 0.5, "top_k is 0"), (1, 1.5, "1.5")])
def test_values_out_of_range_are_named(top_k: int, weight: float, text: str) -> None:
    with pytest.raises(InputError, match=text):
        exact_match_query(Datasets(), top_k=top_k, title_weight=weight)


def test_vector_search_proposes_the_pairs_that_the_exact_expression_scores() -> None:
    text = vector_match_query(
        Datasets("s", "g"), top_k=10, title_weight=0.3, fraction_of_lists=0.05
    )
    parsed: Any = sqlglot.parse_one(text, read="bigquery")
    searches = list(parsed.find_all(sqlglot.exp.VectorSearch))
    assert len(searches) == 2
    bases = [search.this.name for search in searches]
    assert bases == [table.name for table in OFFER_EMBEDDINGS]
    options = {
        kwarg.this.name: kwarg.expression.this for kwarg in searches[0].find_all(sqlglot.exp.Kwarg)
    }
    assert options["top_k"] == "200"
    assert options["distance_type"] == "COSINE"
    assert options["options"] == '{"fraction_lists_to_search": 0.05}'
    assert parsed.named_selects == list(MATCHES.names)
    assert len(list(parsed.find_all(sqlglot.exp.Anonymous, sqlglot.exp.CosineDistance))) >= 2
    assert {table.db for table in parsed.find_all(sqlglot.exp.Table)} == {"g", ""}


def test_exact_matching_is_plain_sql_of_the_dialect() -> None:
    parsed: Any = sqlglot.parse_one(
        exact_match_query(Datasets("s", "g"), top_k=10, title_weight=0.3), read="bigquery"
    )
    assert parsed.named_selects == list(MATCHES.names)
    assert parsed.find(sqlglot.exp.VectorSearch) is None


def test_each_offers_table_gets_one_cosine_index() -> None:
    # sqlglot knows no vector indexes and keeps the statement as words: those are checked.
    first, second = vector_index_statements(Datasets("s", "g"))
    assert first == (
        "CREATE VECTOR INDEX IF NOT EXISTS `offer_title_embeddings_index` "
        "ON `g`.`offer_title_embeddings`(`embedding`) STORING (`offer_id`) "
        "OPTIONS (index_type = 'TREE_AH', distance_type = 'COSINE')"
    )
    assert OFFER_EMBEDDINGS[1].name in second
    assert OFFER_TITLES.name not in second
