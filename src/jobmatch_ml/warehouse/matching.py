"""All candidates against all offers, inside the warehouse: one expression for both engines.

The score is the rankers' own: ``w · cos(titles) + (1 − w) · cos(descriptions)``. Exact matching
compares every pair and runs on both engines. On BigQuery, VECTOR_SEARCH can first find some
hundreds of offers a candidate by each view, through the vector indexes; the same expression then
scores those pairs alone.
"""

from __future__ import annotations

from typing import Any

import ibis
import sqlglot
from sqlglot import exp

from jobmatch_ml.errors import InputError, NotReadyError
from jobmatch_ml.types.derived_tables import (
    CANDIDATE_EMBEDDINGS,
    CANDIDATE_TITLES,
    MATCHES,
    OFFER_EMBEDDINGS,
    OFFER_TITLES,
)
from jobmatch_ml.types.tables import Table
from jobmatch_ml.warehouse.bigquery import BigQueryWarehouse
from jobmatch_ml.warehouse.database import Warehouse
from jobmatch_ml.warehouse.migrations import Engine
from jobmatch_ml.warehouse.schema import Datasets, Dialect, Source, compile_sql

MIN_INDEXED_ROWS = 5_000
"""BigQuery refuses a vector index over fewer rows; VECTOR_SEARCH then compares every pair."""

PAIRS_AT_ONCE = 5_000_000
"""Pairs scored by one DuckDB query: some 500 MB; the block of candidates follows from it."""

_FOUND = "found_pairs"

# Both engines have the function; only its name differs.
_COSINE = {"duckdb": "list_cosine_distance", "bigquery": "COSINE_DISTANCE"}


def match_expression(
    source: Source,
    *,
    dialect: Dialect,
    top_k: int,
    title_weight: float,
    candidate_ids: list[str] | None = None,
    pairs: Any | None = None,
) -> Any:
    """Returns the best offers of each candidate as rows of ``gold.matches``.

    One model must have embedded both sides: see :func:`one_model`. Equal scores are ranked by offer
    id, as everywhere.

    Args:
        source: Gives the embedding tables.
        dialect: Whose function for the cosine is used.
        top_k: Offers a candidate, at least 1.
        title_weight: ``w``, in [0, 1].
        candidate_ids: These candidates alone; ``None`` is all.
        pairs: Expression with ``candidate_id`` and ``offer_id``: score these pairs alone.

    Raises:
        InputError: ``top_k`` or ``title_weight`` is out of range.
    """
    if top_k < 1:
        raise InputError(f"top_k is {top_k}; expected at least 1", field="top_k")
    if not 0 <= title_weight <= 1:
        raise InputError(
            f"title_weight is {title_weight}; expected a number in [0, 1]", field="title_weight"
        )
    offers = _both_views(source, OFFER_EMBEDDINGS)
    candidates = _both_views(source, CANDIDATE_EMBEDDINGS)
    if candidate_ids is not None:
        candidates = candidates.filter(candidates.candidate_id.isin(candidate_ids))
    # No join on the model: :func:`one_model` has seen that there is one, and a join whose keys are
    # all equal is four times slower than none.
    if pairs is None:
        met = candidates.cross_join(offers.drop("model"))
    else:
        met = pairs.inner_join(candidates, "candidate_id")
        met = met.inner_join(offers.drop("model"), "offer_id")
    distance = _cosine_distance(dialect)
    near_titles = 1 - distance(met.candidate_id_title, met.offer_id_title)
    near_bodies = 1 - distance(met.candidate_id_body, met.offer_id_body)
    # The score is selected alone before it is ranked: a window over rows that still carry four
    # vectors is twenty times slower.
    scored = met.select(
        "candidate_id",
        "offer_id",
        score=title_weight * near_titles + (1 - title_weight) * near_bodies,
        embedding_model=met.model,
    )
    order = ibis.window(group_by="candidate_id", order_by=[ibis.desc("score"), "offer_id"])
    ranked = scored.mutate(rank=ibis.row_number().over(order) + 1)
    return ranked.filter(ranked["rank"] <= top_k).select(*MATCHES.names)


def _both_views(source: Source, tables: tuple[Table, Table]) -> Any:
    titles, bodies = (source(table) for table in tables)
    key = tables[0].id_column
    titles = titles.select(key, model="embedding_model", **{f"{key}_title": "embedding"})
    bodies = bodies.select(key, model="embedding_model", **{f"{key}_body": "embedding"})
    return titles.inner_join(bodies.drop("model"), key)


def _cosine_distance(dialect: Dialect) -> Any:
    vector = "array<float32>"

    def cosine_distance(one: Any, other: Any) -> Any: ...

    declare = ibis.udf.scalar.builtin(
        name=_COSINE[dialect], signature=((vector, vector), "float64")
    )
    return declare(cosine_distance)


def one_model(warehouse: Engine) -> str:
    """Returns the model that embedded both offers and candidates.

    Raises:
        NotReadyError: A side has no embeddings, or vectors of several models would meet: their
            cosine has no meaning.
    """
    models: dict[str, set[str]] = {"offers": set(), "candidates": set()}
    for side, tables in (("offers", OFFER_EMBEDDINGS), ("candidates", CANDIDATE_EMBEDDINGS)):
        for table in tables:
            column = exp.column("embedding_model", quoted=True)
            query = exp.select(column).distinct().from_(warehouse.datasets.name(table))
            models[side] |= {
                str(model) for (model,) in warehouse.rows(query.sql(warehouse.dialect))
            }
    remedy = "run `jobmatch warehouse embed --candidates FILE`"
    if lacking := [side for side, names in models.items() if not names]:
        raise NotReadyError(f"the warehouse has no embeddings of {' and '.join(lacking)}: {remedy}")
    together = models["offers"] | models["candidates"]
    if len(together) > 1:
        named = ", ".join(sorted(model[:12] for model in together))
        raise NotReadyError(f"embeddings of several models are mixed ({named}): {remedy}")
    return together.pop()


def match_all(warehouse: Warehouse, *, top_k: int, title_weight: float) -> int:
    """Fills ``gold.matches`` of a DuckDB warehouse by exact search; returns its rows.

    Candidates come in blocks, so that memory stays bounded; everything is one transaction.

    Raises:
        NotReadyError: See :func:`one_model`.
    """
    one_model(warehouse)
    key = CANDIDATE_TITLES.id_column
    ids = sorted(warehouse.table(CANDIDATE_TITLES)[key].to_pyarrow().to_pylist())
    size = max(1, PAIRS_AT_ONCE // max(1, warehouse.count(OFFER_TITLES)))
    with warehouse.transaction():
        warehouse.empty(MATCHES)
        for start in range(0, len(ids), size):
            rows = match_expression(
                warehouse.datasets.source,
                dialect="duckdb",
                top_k=top_k,
                title_weight=title_weight,
                candidate_ids=ids[start : start + size],
            )
            warehouse.insert_query(MATCHES, compile_sql(rows, "duckdb"))
        return warehouse.count(MATCHES)


def match_by_query(warehouse: BigQueryWarehouse, query: str, *, with_index: bool) -> int:
    """Fills ``gold.matches`` on BigQuery by one of this module's queries; returns its rows.

    Args:
        warehouse: The BigQuery warehouse.
        query: :func:`exact_match_query` or :func:`vector_match_query`.
        with_index: Create the vector indexes first, where BigQuery takes them; they are built in
            the background, and searches are complete without them too.

    Raises:
        NotReadyError: See :func:`one_model`.
    """
    one_model(warehouse)
    if with_index and warehouse.count(OFFER_TITLES) >= MIN_INDEXED_ROWS:
        warehouse.run(vector_index_statements(warehouse.datasets))
    warehouse.replace_by_query(MATCHES, query)
    return warehouse.count(MATCHES)


def exact_match_query(datasets: Datasets, *, top_k: int, title_weight: float) -> str:
    """Returns the BigQuery SQL that compares every candidate with every offer."""
    rows = match_expression(
        datasets.source, dialect="bigquery", top_k=top_k, title_weight=title_weight
    )
    return compile_sql(rows, "bigquery")


def vector_match_query(
    datasets: Datasets,
    *,
    top_k: int,
    title_weight: float,
    found_per_view: int = 200,
    fraction_of_lists: float | None = None,
) -> str:
    """Returns the BigQuery SQL that finds pairs by VECTOR_SEARCH and scores them.

    Args:
        datasets: Names of the layers.
        top_k: Offers a candidate.
        title_weight: Weight of the titles' cosine, in [0, 1].
        found_per_view: Offers that each view proposes; the best by both views together are
            among the best hundreds of one of them, so several times ``top_k``.
        fraction_of_lists: How much of the index is looked at, in (0, 1]: more finds more and
            costs more; ``None`` is BigQuery's own choice.
    """
    found = ibis.table({"candidate_id": "string", "offer_id": "string"}, name=_FOUND)
    rows = match_expression(
        datasets.source,
        dialect="bigquery",
        top_k=top_k,
        title_weight=title_weight,
        pairs=found,
    )
    scored: Any = sqlglot.parse_one(compile_sql(rows, "bigquery"), read="bigquery")
    searches = " UNION DISTINCT ".join(
        _search(datasets, offers, candidates, max(found_per_view, top_k), fraction_of_lists)
        for offers, candidates in zip(OFFER_EMBEDDINGS, CANDIDATE_EMBEDDINGS, strict=True)
    )
    return str(scored.with_(_FOUND, as_=searches, dialect="bigquery").sql("bigquery"))


def _search(
    datasets: Datasets, offers: Table, candidates: Table, top_k: int, fraction: float | None
) -> str:
    base = datasets.name(offers).sql("bigquery")
    asked = exp.select("candidate_id", "embedding").from_(datasets.name(candidates))
    options = "" if fraction is None else f'{{"fraction_lists_to_search": {float(fraction)}}}'
    given = f", options => {exp.Literal.string(options).sql('bigquery')}" if options else ""
    # Names come quoted from specifications, numbers are numbers: no text of a user's is in here.
    return (
        f"SELECT query.candidate_id, base.offer_id FROM VECTOR_SEARCH(TABLE {base}, 'embedding', "  # noqa: S608  # nosec B608 - see above
        f"({asked.sql('bigquery')}), query_column_to_search => 'embedding', "
        f"top_k => {int(top_k)}, distance_type => 'COSINE'{given})"
    )


def vector_index_statements(datasets: Datasets) -> tuple[str, ...]:
    """Returns the statements that index the offers' embeddings, one index a table.

    TreeAH and not IVF: it is made for large batches of queries, which matching everyone is.
    BigQuery keeps an index up to date by itself as rows come and go.
    """
    return tuple(
        f"CREATE VECTOR INDEX IF NOT EXISTS `{table.name}_index` "
        f"ON {datasets.name(table).sql('bigquery')}(`embedding`) STORING (`offer_id`) "
        "OPTIONS (index_type = 'TREE_AH', distance_type = 'COSINE')"
        for table in OFFER_EMBEDDINGS
    )
