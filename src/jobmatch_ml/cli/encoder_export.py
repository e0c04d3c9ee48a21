"""``jobmatch encoder export``: the fastest faithful backend of an encoder on this machine."""

from __future__ import annotations

from pathlib import Path

import click

from jobmatch_ml.cli.output import echo_json, echo_table, json_option


@click.command("export")
@click.option(
    "--model",
    default="packaged",
    show_default=True,
    metavar="DIR|NAME|URI",
    help="A folder (model, bundle or box), a hub name, models:/NAME@ALIAS, or `packaged`.",
)
@click.option("--revision", help="Commit or tag of a hub model.")
@click.option(
    "--backend", "names", multiple=True, metavar="NAME", help="Compare these only; repeatable."
)
@json_option
def export_command(
    *, model: str, revision: str | None, names: tuple[str, ...], as_json: bool
) -> None:
    """Export an encoder to faster libraries, measure them here, and remember the best.

    A minute or two. From then on everything that loads this encoder on this machine runs on the
    fastest backend that ranks as well as torch in fp32; JOBMATCH_ENCODER_BACKEND overrides it.
    """
    from jobmatch_ml.ranking.backends_measure import measure_backends

    choice = measure_backends(_model_path(model), revision=revision, names=names or None)
    if as_json:
        echo_json(choice.model_dump())
        return
    echo_table(choice.rows)
    click.echo(f"chosen: {choice.backend} ({choice.reason})")


def _model_path(model: str) -> str:
    """Returns the encoder's own folder where a bundle, or the box, was named."""
    if model.startswith("models:/"):
        from jobmatch_ml.registry import fetch_bundle
        from jobmatch_ml.settings import get_settings

        model = str(fetch_bundle(model, get_settings()))
    if (Path(model) / "transformer").is_dir():
        from jobmatch_ml.ranking.box import open_box

        box = open_box(Path(model))
        return str(box.transformer_dir) if box else model
    if (Path(model) / "manifest.json").is_file():
        from jobmatch_ml.ranking.bundle import ENCODER_DIR, load_bundle

        return str(load_bundle(Path(model)).path / ENCODER_DIR)
    return model
