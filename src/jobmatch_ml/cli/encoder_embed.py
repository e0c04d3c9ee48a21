"""``jobmatch encoder embed``: embed a corpus, here or on a Ray cluster."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from jobmatch_ml.cli.output import echo_json, echo_table, json_option


@click.command("embed")
@click.argument("corpus", type=click.Path(path_type=Path))
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="Folder of the Parquet parts."
)
@click.option(
    "--model",
    default="packaged",
    show_default=True,
    metavar="DIR|NAME",
    help="A model folder, a hub name, or `packaged`.",
)
@click.option("--revision", help="Commit or tag of a hub model.")
@click.option(
    "--address",
    metavar="ADDRESS",
    help="`local` starts Ray here, else a Ray cluster's address; without it no Ray is used.",
)
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(min=1), help="Workers of Ray."
)
@click.option(
    "--part-size",
    default=1024,
    show_default=True,
    type=click.IntRange(min=1),
    help="Documents a part.",
)
@click.option(
    "--max-length",
    "max_length_tokens",
    default=256,
    show_default=True,
    type=click.IntRange(8, 512),
    help="Tokens.",
)
@click.option(
    "--precision",
    default="auto",
    show_default=True,
    type=click.Choice(["auto", "fp32", "bf16"]),
    help="Arithmetic.",
)
@json_option
def embed_command(
    corpus: Path,
    out: Path,
    *,
    address: str | None,
    workers: int,
    as_json: bool,
    **options: Any,
) -> None:
    """Embed the titles and bodies of CORPUS (corpus.jsonl) into Parquet parts.

    Run again after an interruption, it goes on where it stopped.
    """
    from jobmatch_ml.ranking.embed_corpus import EmbedOptions, embed_corpus

    report = embed_corpus(corpus, out, EmbedOptions(**options), address=address, workers=workers)
    summary = {**asdict(report), "out_dir": str(report.out_dir)}
    summary["seconds"] = round(report.seconds, 2)
    if as_json:
        echo_json(summary)
        return
    echo_table([summary])
