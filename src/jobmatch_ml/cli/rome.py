"""``jobmatch rome``: the official French classification of occupations."""

from __future__ import annotations

from pathlib import Path

import click

from jobmatch_ml.cli.output import echo_json, echo_table, json_option


@click.group()
def rome() -> None:
    """Import the official classification ROME 4.0."""


@rome.command("import")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write.  [default: data/reference/rome]",
)
@json_option
def import_(folder: Path, *, out: Path | None, as_json: bool) -> None:
    """Read the CSV files in DIR (unix_*_v460_utf8.csv), check them and store them."""
    from jobmatch_ml.reference.rome_files import import_rome
    from jobmatch_ml.settings import get_settings

    target = out or get_settings().data / "reference" / "rome"
    manifest = import_rome(folder, target)
    if as_json:
        echo_json({"out": str(target), **manifest.summary()})
        return
    rows = [{"what": name, "count": count} for name, count in manifest.counts.items()]
    echo_table(rows, title=f"{target} (ROME version {manifest.version})")
    for warning in manifest.warnings:
        click.echo(f"warning: {warning}", err=True)
    click.echo(f"{manifest.attribution}. {manifest.licence}.")
