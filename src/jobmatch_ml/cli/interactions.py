"""``jobmatch interactions``: bring a company's own log into the project's schema."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jobmatch_ml.cli.output import echo_json, echo_table, json_option

if TYPE_CHECKING:
    from jobmatch_ml.interactions.importing import ImportReport
    from jobmatch_ml.interactions.sources import Source


@click.group()
def interactions() -> None:
    """Bring one's own log of interactions."""


@interactions.command("import")
@click.argument("source", type=click.Path(path_type=Path), required=False)
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False))
@click.option("--mapping", type=click.Path(path_type=Path), help="YAML: their names to ours.")
@click.option("--applications", type=click.Path(path_type=Path), help="Table of applications.")
@click.option("--offers", type=click.Path(path_type=Path), help="Catalogue of known offers.")
@click.option(
    "--database",
    metavar="URL",
    envvar="JOBMATCH_INTERACTIONS_URL",
    help="SQLAlchemy URL, in place of SOURCE.  [env: JOBMATCH_INTERACTIONS_URL]",
)
@click.option("--query", metavar="SQL", help="What to read from the database.")
@click.option("--applications-query", metavar="SQL", help="The applications, from the database.")
@click.option("--memory-limit", default="4GB", show_default=True, help="Spill to disk beyond this.")
@click.option("--strict", is_flag=True, help="Write nothing when one row is refused.")
@json_option
def import_table(  # noqa: PLR0913 - one parameter an option
    *,
    source: Path | None,
    out: Path,
    mapping: Path | None,
    applications: Path | None,
    offers: Path | None,
    database: str | None,
    query: str | None,
    applications_query: str | None,
    memory_limit: str,
    strict: bool,
    as_json: bool,
) -> None:
    """Read SOURCE (Parquet file or folder, CSV) or a database's query into --out.

    Writes interactions.parquet in the project's schema, whole or not at all; rows that cannot be
    true go to rejects.parquet with their reasons, and every kind of problem is counted.
    """
    from jobmatch_ml.config import load_config
    from jobmatch_ml.interactions.importing import import_interactions
    from jobmatch_ml.interactions.mapping import ImportMapping

    report = import_interactions(
        _source(source, database, query),
        out,
        load_config(ImportMapping, mapping),
        applications=_applications(applications, database, applications_query),
        offers=offers,
        strict=strict,
        memory_limit=memory_limit,
    )
    if as_json:
        echo_json(report.to_dict())
    else:
        _print(report)


def _source(path: Path | None, database: str | None, query: str | None) -> Source:
    from jobmatch_ml.interactions.sources import DatabaseQuery

    if path is not None and query is None:
        return path
    if path is None and database and query:
        return DatabaseQuery(database, query)
    raise click.UsageError("name either SOURCE, or --database and --query")


def _applications(path: Path | None, database: str | None, query: str | None) -> Source | None:
    from jobmatch_ml.interactions.sources import DatabaseQuery

    if query is None:
        return path
    if path is not None or not database:
        raise click.UsageError("name either --applications, or --database and --applications-query")
    return DatabaseQuery(database, query)


def _print(report: ImportReport) -> None:
    found = [("interactions", problem) for problem in report.problems]
    found += [("applications", problem) for problem in report.application_problems]
    if found:
        rows = [
            {
                "table": table,
                "problem": problem.reason,
                "rows": problem.count,
                "such as": ", ".join(problem.examples),
            }
            for table, problem in found
        ]
        echo_table(rows, title="Problems")
        click.echo()
    for note in report.notes:
        click.echo(f"note: {note}")
    click.echo(
        f"{report.rows_read:,} rows read, {report.rows_written:,} written, "
        f"{report.rows_rejected:,} refused in {report.seconds:.1f} s"
    )
    if report.applications_joined or report.applications_imported:
        click.echo(
            f"{report.applications_joined:,} applications joined, "
            f"{report.applications_imported:,} imported offers"
        )
    for path in report.aside:
        click.echo(f"set aside: {path}")
    click.echo(f"log: {report.path}")
