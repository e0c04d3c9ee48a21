"""``jobmatch cv``: read CVs."""

from __future__ import annotations

from pathlib import Path

import click

from jobmatch_ml.cli.output import echo_json, echo_table, json_option


@click.group()
def cv() -> None:
    """Read CVs into lines that can be selected, matched and exported."""


@cv.command()
@click.argument("file", type=click.Path(path_type=Path))
@json_option
def extract(file: Path, as_json: bool) -> None:
    """Read FILE (PDF, DOCX, scan or text) into extracted lines."""
    from jobmatch_ml.cv import extract_file

    reading = extract_file(file)
    if as_json:
        echo_json(reading.to_json())
        return
    rows = [
        {
            "#": line.order,
            "type": line.content_type.value,
            "content": _shorten(line.content),
            "position": _shorten(line.position or "", 32),
            "entity": _shorten(line.entity or "", 24),
            "dates": line.dates or "",
        }
        for line in reading.lines
    ]
    echo_table(rows, title=f"{file.name}: {reading.method}, {reading.language}, "
                           f"{reading.pages} page(s), {len(rows)} lines")  # fmt: skip
    for warning in reading.warnings:
        click.echo(f"! {warning}", err=True)


def _shorten(text: str, width: int = 60) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
