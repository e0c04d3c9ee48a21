"""``jobmatch offers fetch``: offers from the API of France Travail into bronze."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jobmatch_ml.cli.output import echo_json, json_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobmatch_ml.offers.bronze_store import BronzeStore
    from jobmatch_ml.offers.france_travail import FetchReport
    from jobmatch_ml.settings import Settings

_SHOWN = 5
"""Warnings that are printed; a fetch of every occupation may have hundreds."""

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option(
    "--rome",
    "romes",
    multiple=True,
    required=True,
    metavar="CODE",
    help="ROME code, repeatable; `all`: every code of the imported ROME.",
)
@click.option(
    "--department",
    "departments",
    multiple=True,
    metavar="CODE",
    help="Department (69, 2A, 974), repeatable.  [default: anywhere]",
)
@click.option(
    "--since",
    type=_DAY,
    metavar="YYYY-MM-DD",
    help="First day of creation.  [default: all that are online]",
)
@click.option(
    "--until", type=_DAY, metavar="YYYY-MM-DD", help="Last day of creation.  [default: now]"
)
@click.option(
    "--out",
    metavar="DIR|gs://BUCKET/PREFIX",
    help="Bronze.  [default: JOBMATCH_BRONZE_URI, else data/bronze]",
)
@click.option("--restart", is_flag=True, help="Forget an unfinished fetch of the same offers.")
@click.option("--ingest", "then_ingest", is_flag=True, help="Load the day's offers afterwards.")
@json_option
def fetch(
    *,
    romes: tuple[str, ...],
    departments: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    out: str | None,
    restart: bool,
    then_ingest: bool,
    as_json: bool,
) -> None:
    """Fetch offers from France Travail: by occupation, date and department.

    A fetch that is interrupted keeps what it has; the same command goes on where it stopped. Needs
    JOBMATCH_FRANCE_TRAVAIL_CLIENT_ID and …_CLIENT_SECRET (docs/france_travail.md).
    """
    from jobmatch_ml.offers.bronze_store import open_bronze
    from jobmatch_ml.offers.france_travail import fetch_offers
    from jobmatch_ml.offers.france_travail_client import FranceTravailClient
    from jobmatch_ml.offers.france_travail_queries import check_department
    from jobmatch_ml.offers.france_travail_run import FetchRequest
    from jobmatch_ml.settings import get_settings

    settings = get_settings()
    target = out or settings.bronze_uri or str(settings.bronze)
    store = open_bronze(target)
    request = FetchRequest(
        romes=_codes(romes, settings),
        departments=tuple(check_department(code) for code in departments),
        since=_day(since),
        until=_day(until),
        target=target if "://" in target else str(Path(target).resolve()),
    )
    runs_dir = settings.data / "fetch"
    with FranceTravailClient.from_settings(settings) as client:
        try:
            report = fetch_offers(
                request,
                client=client,
                store=store,
                runs_dir=runs_dir,
                restart=restart,
                tell=partial(click.echo, err=True),
            )
        except KeyboardInterrupt:
            click.echo(f"kept in {runs_dir}: the same command goes on where this stopped", err=True)
            raise
    if not as_json:
        _print(report, asked=request.romes)
    loaded = _ingest(report, store, settings, quiet=as_json) if then_ingest else None
    if as_json:
        echo_json({**report.to_dict(), "ingest": loaded})
    elif report.bronze and not then_ingest:
        click.echo(f"next: {_next_step(report)}")


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _codes(given: Sequence[str], settings: Settings) -> tuple[str, ...]:
    from jobmatch_ml.offers.france_travail_queries import check_rome

    if "all" not in given:
        return tuple(check_rome(code) for code in given)
    from jobmatch_ml.errors import MissingFileError
    from jobmatch_ml.reference import open_rome

    folder = settings.data / "reference" / "rome"
    if not folder.is_dir():
        raise MissingFileError(
            f"--rome all needs the imported classification, and {folder} is not there: "
            "run `jobmatch rome import DIR`, or name codes.",
            field="rome",
        )
    return tuple(sorted(open_rome(folder).fiches))


def _print(report: FetchReport, *, asked: Sequence[str]) -> None:
    for warning in report.warnings[:_SHOWN]:
        click.echo(f"warning: {warning}", err=True)
    if len(report.warnings) > _SHOWN:
        click.echo(f"warning: … {len(report.warnings):,} in all; --json lists them", err=True)
    occupations = asked[0] if len(asked) == 1 else f"{len(asked):,} ROME codes"
    split = f", {report.split:,} of them too large and split" if report.split else ""
    resumed = "; an earlier run was gone on with" if report.resumed else ""
    click.echo(
        f"{report.fetched:,} offers fetched for {occupations}: {report.queries:,} queries{split}, "
        f"{report.calls:,} calls, {report.seconds:.1f} s{resumed}"
    )
    if report.bronze:
        click.echo(
            f"bronze: {report.bronze} ({report.held:,} offers: {report.added:,} new, "
            f"{report.updated:,} changed)"
        )
    else:
        click.echo("nothing to keep: no offer is online for this request")


def _next_step(report: FetchReport) -> str:
    address = str(report.bronze)
    if "://" not in address:
        return f"jobmatch offers ingest {Path(address).parent}"
    folder = Path(address).parent.name
    local = f"{folder}/{Path(address).name}"
    return f"gcloud storage cp {address} {local} && jobmatch offers ingest {folder}"


def _ingest(
    report: FetchReport, store: BronzeStore, settings: Settings, *, quiet: bool
) -> dict[str, Any] | None:
    """Loads the day that was fetched, from a copy where bronze is not a local folder."""
    if not report.bronze:
        return None
    from jobmatch_ml.cli.offers import print_ingestion
    from jobmatch_ml.offers.bronze_store import local_copy
    from jobmatch_ml.offers.ingest import ingest_offers

    with local_copy(store, report.day) as folder:
        loaded = ingest_offers(
            [folder],
            warehouse_path=settings.warehouse_path,
            catalogue_path=settings.catalogue_path,
            rejects_dir=settings.data / "rejects",
        )
    if not quiet:
        print_ingestion(loaded)
    return loaded.to_dict()
