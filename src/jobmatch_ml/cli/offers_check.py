"""``jobmatch offers check``: the data quality of a catalogue, its texts read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jobmatch_ml.cli.output import echo_json, echo_table, json_option

if TYPE_CHECKING:
    from jobmatch_ml.offers.quality import QualityReport
    from jobmatch_ml.settings import Settings


@click.command()
@click.option(
    "--catalogue",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Parquet file to check.  [default: the catalogue in use]",
)
@json_option
def check(*, catalogue: Path | None, as_json: bool) -> None:
    """Check the quality of the catalogue's offers; exit 1 when a check of severity error fails."""
    from jobmatch_ml.offers.catalogue import find_catalogue
    from jobmatch_ml.offers.enriching import EnrichOptions, checkable_shards
    from jobmatch_ml.offers.quality import check_offers
    from jobmatch_ml.settings import get_settings

    settings = get_settings()
    path = catalogue or find_catalogue(settings)
    report = check_offers(checkable_shards(path, EnrichOptions(rome_dir(settings))))
    if as_json:
        echo_json(report.to_dict())
    else:
        print_quality(report)
    if report.errors:
        raise click.exceptions.Exit(1)


def print_quality(report: QualityReport) -> None:
    """Prints the checks that offers fail, and what offers state."""
    failed = [
        {
            "check": each.name,
            "severity": each.severity,
            "what": each.says,
            "offers": each.failed,
            "share": f"{each.failed / max(report.offers, 1):.1%}",
            "examples": ", ".join(each.examples),
        }
        for each in report.results.values()
        if each.failed
    ]
    echo_table(failed, title=f"Checks that offers fail ({report.offers:,} offers)")
    stated = [{"column": name, "stated": f"{share:.1%}"} for name, share in report.filled.items()]
    echo_table(stated, title="Offers that state it")


def rome_dir(settings: Settings) -> Path | None:
    """Returns the folder of the imported ROME, if there is one."""
    folder = settings.data / "reference" / "rome"
    return folder if (folder / "manifest.json").is_file() else None
