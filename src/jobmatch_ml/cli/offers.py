"""``jobmatch offers``: fetch job offers, and load them into the warehouse and the catalogue."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jobmatch_ml.cli.offers_check import check, rome_dir
from jobmatch_ml.cli.offers_fetch import fetch
from jobmatch_ml.cli.output import echo_json, echo_table, json_option

if TYPE_CHECKING:
    from jobmatch_ml.offers.ingest import IngestReport


@click.group()
def offers() -> None:
    """Fetch and load job offers."""


offers.add_command(check)
offers.add_command(fetch)


@offers.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Ingestion day of files outside an `ingestion_date=` folder.  [default: today, UTC]",
)
@click.option(
    "--warehouse",
    type=click.Path(path_type=Path, dir_okay=False),
    help="DuckDB file.  [default: data/warehouse/<env>.duckdb]",
)
@click.option(
    "--catalogue",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Parquet file to export.  [default: data/catalogue/<env>.parquet]",
)
@click.option(
    "--enrich/--no-enrich",
    default=True,
    show_default=True,
    help="Read the texts of all offers, too: pay, skills, duplicates (slower than loading).",
)
@click.option("--workers", type=click.IntRange(1, 64), default=1, help="Processes that read texts.")
@click.option("--strict", is_flag=True, help="Load nothing when one record is refused.")
@json_option
def ingest(
    paths: tuple[Path, ...],
    *,
    day: datetime | None,
    warehouse: Path | None,
    catalogue: Path | None,
    enrich: bool,
    workers: int,
    strict: bool,
    as_json: bool,
) -> None:
    """Load offers from files or folders PATHS: bronze, silver, gold, catalogue.

    Offers are France Travail's or captured from other sites (`sourceUrl` …). A file may be
    {"resultats": [...]}, a list, or JSON lines. Loading a day again replaces that day: name all
    files of a day together. What was fetched that day stays: your offers join it.
    """
    from jobmatch_ml.offers.enriching import EnrichOptions
    from jobmatch_ml.offers.ingest import ingest_offers
    from jobmatch_ml.settings import get_settings

    settings = get_settings()
    report = ingest_offers(
        paths,
        warehouse_path=warehouse or settings.warehouse_path,
        catalogue_path=catalogue or settings.catalogue_path,
        rejects_dir=settings.data / "rejects",
        bronze_dir=settings.bronze,
        ingestion_date=day.date() if day else None,
        strict=strict,
        enrich=EnrichOptions(rome_dir(settings), workers) if enrich else None,
    )
    if as_json:
        echo_json(report.to_dict())
    else:
        print_ingestion(report)


def print_ingestion(report: IngestReport) -> None:
    """Prints what an ingestion did, for people."""
    rows = [{"table": name, "rows": count} for name, count in report.tables.items()]
    echo_table(rows, title="Rows of this run (silver) and in all (gold)")
    if report.rejected:
        refused = [
            {"reason": found.reason, "records": found.count, "first places": place}
            for found in report.reasons
            for place in ["\n".join(found.places)]
        ]
        echo_table(refused, title="Refused records")
    click.echo()
    click.echo(
        f"{report.read:,} records read, {report.loaded:,} offers loaded, "
        f"{report.rejected:,} refused, {report.duplicates:,} duplicates "
        f"in {report.seconds:.1f} s ({report.offers_per_s:,.0f} offers/s)"
    )
    for day, before in sorted(report.replaced.items()):
        click.echo(f"replaced the {before:,} offers that {day} held before")
    if report.rejects_path:
        click.echo(f"refused and duplicate records: {report.rejects_path}")
    for path in report.bronze_files:
        click.echo(f"raw copy: {path}")
    click.echo(f"catalogue: {report.catalogue_path} ({report.catalogue_offers:,} offers)")
