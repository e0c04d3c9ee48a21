"""``jobmatch warehouse``: create, fill and use the analytics warehouse, DuckDB or BigQuery."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jobmatch_ml.cli.output import echo_json, echo_table, json_option
from jobmatch_ml.settings import get_settings

if TYPE_CHECKING:
    from jobmatch_ml.settings import Settings

_FILE = click.option(
    "--warehouse",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="DuckDB file.  [default: data/warehouse/<env>.duckdb]",
)


@click.group()
def warehouse() -> None:
    """Create, fill and use the warehouse: DuckDB, or BigQuery (JOBMATCH_WAREHOUSE=bigquery)."""


@warehouse.command()
@_FILE
@json_option
def init(path: Path | None, *, as_json: bool) -> None:
    """Create the warehouse: datasets (or the DuckDB file) and all tables."""
    with _opened(path) as opened:
        if _is_bigquery():
            opened.create_datasets()
        _report_migrations(opened, as_json=as_json)


@warehouse.command()
@_FILE
@click.option("--dry-run", is_flag=True, help="List what is pending and change nothing.")
@json_option
def migrate(path: Path | None, *, dry_run: bool, as_json: bool) -> None:
    """Bring the tables of a warehouse up to date."""
    with _opened(path) as opened:
        _report_migrations(opened, as_json=as_json, dry_run=dry_run)


@warehouse.command()
@_FILE
@click.option(
    "--day",
    "days",
    multiple=True,
    type=click.DateTime(["%Y-%m-%d"]),
    help="Load this day alone; repeatable.  [default: every day of the DuckDB file]",
)
@json_option
def load(path: Path | None, *, days: tuple[datetime, ...], as_json: bool) -> None:
    """Bring ingested offers from the DuckDB file to BigQuery and rebuild gold there.

    A day that is there already is replaced. Everything changes in one transaction.
    """
    from jobmatch_ml.offers.gold import gold_expressions
    from jobmatch_ml.types.derived_tables import ENRICHMENT_TABLES
    from jobmatch_ml.warehouse import open_warehouse
    from jobmatch_ml.warehouse.transfer import load_days, load_tables

    if not _is_bigquery():
        raise click.UsageError(
            "`jobmatch offers ingest` fills the DuckDB warehouse itself; `load` brings offers to "
            "BigQuery: set JOBMATCH_WAREHOUSE=bigquery (docs/bigquery.md)"
        )
    file = path or get_settings().warehouse_path
    with open_warehouse(file, read_only=True) as source, _opened(None) as target:
        target.migrate()
        read = {
            table: source.table(table).to_pyarrow()
            for table in ENRICHMENT_TABLES
            if source.holds(table) and source.count(table)
        }
        # Before gold, which ranks the skills that were read in texts.
        readings = load_tables(target, read) if read else {}
        report = load_days(
            source,
            target,
            gold_expressions(target.datasets.source),
            days=[day.date() for day in days] or None,
        )
        tables = {**report.tables, **readings}
    if as_json:
        echo_json({"days": [day.isoformat() for day in report.days], "tables": tables})
        return
    rows = [{"table": name, "rows": count} for name, count in tables.items()]
    echo_table(rows, title=f"Loaded into BigQuery: {len(report.days)} day(s)")


@warehouse.command()
@_FILE
@click.option(
    "--candidates",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="JSON lines: candidate_id, title, cv_text.",
)
@click.option("--model", metavar="DIR|URI", help="A bundle; default: the champion.")
@click.option("--catalogue", type=click.Path(path_type=Path), help="Offers to embed (Parquet).")
@json_option
def embed(
    path: Path | None,
    *,
    candidates: Path,
    model: str | None,
    catalogue: Path | None,
    as_json: bool,
) -> None:
    """Embed offers and candidates by a bundle and keep the vectors in the warehouse."""
    from jobmatch_ml.warehouse.transfer import load_tables

    settings = get_settings()
    if catalogue:
        settings = settings.model_copy(update={"catalogue": catalogue.resolve()})
    rows = _embed_both_sides(settings, candidates, model=model)
    with _opened(path) as opened:
        if _is_bigquery():
            counts = load_tables(opened, rows)
        else:
            with opened.transaction():
                for table, found in rows.items():
                    opened.replace(table, found)
            counts = {f"gold.{table.name}": found.num_rows for table, found in rows.items()}
    if as_json:
        echo_json(counts)
    else:
        echo_table([{"table": name, "rows": count} for name, count in counts.items()])


@warehouse.command()
@_FILE
@click.option("--top-k", default=10, show_default=True, type=click.IntRange(1, 1000))
@click.option(
    "--title-weight",
    default=0.5,
    show_default=True,
    type=click.FloatRange(0, 1),
    help="Weight of the titles' cosine; descriptions have the rest.",
)
@click.option("--vector-search", is_flag=True, help="BigQuery: search by VECTOR_SEARCH, faster.")
@click.option("--dry-run", is_flag=True, help="BigQuery: print the SQL and run nothing.")
@json_option
def match(
    path: Path | None,
    *,
    top_k: int,
    title_weight: float,
    vector_search: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Find the best offers of every candidate, inside the warehouse, into gold.matches."""
    from jobmatch_ml.warehouse import matching

    if not _is_bigquery():
        if vector_search or dry_run:
            raise click.UsageError("--vector-search and --dry-run need JOBMATCH_WAREHOUSE=bigquery")
        with _opened(path) as opened:
            found = matching.match_all(opened, top_k=top_k, title_weight=title_weight)
    else:
        with _opened(None) as opened:
            query = (matching.vector_match_query if vector_search else matching.exact_match_query)(
                opened.datasets, top_k=top_k, title_weight=title_weight
            )
            if dry_run:
                click.echo(query)
                return
            found = matching.match_by_query(opened, query, with_index=vector_search)
    if as_json:
        echo_json({"table": "gold.matches", "rows": found})
    else:
        click.echo(f"gold.matches: {found:,} rows")


def _embed_both_sides(settings: Settings, candidates: Path, *, model: str | None) -> Any:
    """Returns the rows of the four embedding tables; the offers' vectors are those being served."""
    from tqdm import tqdm

    from jobmatch_ml.offers import catalogue_hash, find_catalogue, offer_document, read_catalogue
    from jobmatch_ml.ranking.bundle import load_bundle
    from jobmatch_ml.ranking.vector_index import load_or_build_index
    from jobmatch_ml.ranking.views import embed_views
    from jobmatch_ml.serving.state import find_bundle
    from jobmatch_ml.training.dataset import read_candidates
    from jobmatch_ml.types.derived_tables import CANDIDATE_EMBEDDINGS, OFFER_EMBEDDINGS
    from jobmatch_ml.warehouse.embeddings import embedding_rows

    queries = list(read_candidates(candidates).values())
    path = find_catalogue(settings)
    bundle = load_bundle(find_bundle(settings, model)[0])
    encoder = bundle.encoder()
    with tqdm(desc="embedding offers", unit="offer", delay=2, leave=False) as bar:

        def advance(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        index = load_or_build_index(
            bundle,
            [offer_document(offer) for offer in read_catalogue(path)],
            catalogue_hash=catalogue_hash(path),
            cache_dir=settings.serving_dir,
            encoder=encoder,
            progress=advance,
        )
    offer_views = (index.title_embeddings, index.body_embeddings)
    ids = [query.query_id for query in queries]
    return {
        table: embedding_rows(table, names, vectors, model=bundle.sha256)
        for tables, names, views in (
            (OFFER_EMBEDDINGS, index.doc_ids, offer_views),
            (CANDIDATE_EMBEDDINGS, ids, embed_views(encoder, queries)),
        )
        for table, vectors in zip(tables, views, strict=True)
    }


def _is_bigquery() -> bool:
    return get_settings().warehouse == "bigquery"


@contextmanager
def _opened(path: Path | None) -> Iterator[Any]:
    """Yields the warehouse of the settings; DuckDB's tables are brought up to date."""
    settings = get_settings()
    if settings.warehouse == "bigquery":
        from jobmatch_ml.warehouse.bigquery import open_bigquery

        if path is not None:
            raise click.UsageError("--warehouse names a DuckDB file; JOBMATCH_WAREHOUSE=bigquery")
        with open_bigquery(settings) as remote:
            yield remote
    else:
        from jobmatch_ml.warehouse import open_warehouse

        with open_warehouse(path or settings.warehouse_path) as local:
            yield local


def _report_migrations(opened: Any, *, as_json: bool, dry_run: bool = False) -> None:
    from jobmatch_ml.warehouse.migrations import MIGRATIONS, pending

    todo = pending(opened) if dry_run else opened.migrate()
    rows = [{"version": each.version, "name": each.name} for each in todo]
    if as_json:
        echo_json({"pending" if dry_run else "applied": rows, "version": MIGRATIONS[-1].version})
    elif not rows:
        click.echo(f"the warehouse is up to date: version {MIGRATIONS[-1].version}")
    else:
        echo_table(rows, title="Pending" if dry_run else "Applied")
