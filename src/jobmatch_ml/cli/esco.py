"""``jobmatch esco``: the European classification of occupations and skills."""

from __future__ import annotations

from pathlib import Path

import click

from jobmatch_ml.cli.output import echo_json, echo_table, json_option


@click.group()
def esco() -> None:
    """Import the European classification ESCO, in French."""


@esco.command("import")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write.  [default: data/reference/esco]",
)
@json_option
def import_(folder: Path, *, out: Path | None, as_json: bool) -> None:
    """Read the CSV files in DIR (v1.0_occupations_fr.csv …), check them and store them."""
    from jobmatch_ml.reference.esco import import_esco
    from jobmatch_ml.settings import get_settings

    target = out or get_settings().data / "reference" / "esco"
    manifest = import_esco(folder, target)
    if as_json:
        echo_json({"out": str(target), **manifest.summary()})
        return
    rows = [{"what": name, "count": count} for name, count in manifest.counts.items()]
    echo_table(rows, title=f"{target} (ESCO version {manifest.version})")
    for warning in manifest.warnings:
        click.echo(f"warning: {warning}", err=True)
    click.echo(f"{manifest.attribution}. {manifest.licence}.")
