"""``jobmatch encoder``: the encoder in the box, and how it is made."""

from __future__ import annotations

from pathlib import Path

import click

from jobmatch_ml.cli.encoder_embed import embed_command
from jobmatch_ml.cli.encoder_export import export_command
from jobmatch_ml.cli.encoder_train import train_command
from jobmatch_ml.cli.output import echo_json, echo_table, json_option, set_option

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group()
def encoder() -> None:
    """Adapt encoders to French jobs, look at the one in the box."""


@encoder.command("adapt")
@click.option(
    "--config",
    "config_path",
    default="configs/encoder/box.yaml",
    show_default=True,
    type=click.Path(path_type=Path),
    help="The recipe.",
)
@click.option("--rome", "rome_dir", type=_FOLDER, help="ROME: official CSV folder, or imported.")
@click.option("--esco", "esco_dir", type=_FOLDER, help="ESCO: official CSV folder, or imported.")
@click.option(
    "--offers",
    "offers_path",
    type=click.Path(path_type=Path, exists=True),
    help="Own offers (France Travail JSON) to adapt on too; such weights are for own use.",
)
@click.option(
    "--exclude-offers",
    "excluded_path",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="File of offer ids, one a line, that no pair may hold, nor their near-duplicates.",
)
@click.option(
    "--out", type=_FOLDER, help="Folder to write.  [default: data/models/<name of the recipe>]"
)
@click.option("--track/--no-track", default=True, show_default=True, help="Write a run to MLflow.")
@set_option
@json_option
def adapt(
    config_path: Path,
    *,
    rome_dir: Path | None,
    esco_dir: Path | None,
    offers_path: Path | None,
    excluded_path: Path | None,
    out: Path | None,
    track: bool,
    overrides: tuple[str, ...],
    as_json: bool,
) -> None:
    """Fit both encoders on open data and learn their fusion; stages done before are kept.

    Without --rome and --esco, what `jobmatch rome import` and `jobmatch esco import` stored is
    used. The run is written to MLflow, unless --no-track.
    """
    from jobmatch_ml.config import load_config
    from jobmatch_ml.registry.adaptations import track_adaptation
    from jobmatch_ml.settings import get_settings
    from jobmatch_ml.training.adaptation.config import AdaptationConfig
    from jobmatch_ml.training.adaptation.recipe import LocalOffers, adapt_encoder

    if excluded_path and not offers_path:
        raise click.UsageError("--exclude-offers needs --offers")
    settings = get_settings()
    config = load_config(AdaptationConfig, settings.under_root(config_path), overrides=overrides)
    report = adapt_encoder(
        out or settings.data / "models" / config.name,
        config,
        rome_dir=rome_dir or _imported(settings.data / "reference" / "rome"),
        esco_dir=esco_dir or _imported(settings.data / "reference" / "esco"),
        local=LocalOffers(offers_path, excluded_path) if offers_path else None,
    )
    summary = {
        "out": str(report.box.path),
        "sha256": report.box.sha256,
        "seconds": {name: round(value, 1) for name, value in report.seconds.items()},
        "validation": report.fusion.ndcg,
        "mlflow_run": track_adaptation(settings, report) if track else None,
    }
    if as_json:
        echo_json(summary)
        return
    rows = [{"task": task, **values} for task, values in report.fusion.ndcg.items()]
    echo_table(rows, title=f"{report.box.path}: nDCG@10 on what was kept from training")


@encoder.command("show")
@click.argument("folder", required=False, type=_FOLDER)
@json_option
def show(folder: Path | None, *, as_json: bool) -> None:
    """Check every file of an encoder's folder and say what it was made of."""
    from jobmatch_ml.ranking.box import open_box, require_box

    box = (folder and open_box(folder)) or require_box()
    if as_json:
        echo_json({"path": str(box.path), "sha256": box.sha256, **box.about})
        return
    size = sum(item.stat().st_size for item in box.path.rglob("*") if item.is_file())
    rows = [
        {"what": "base", "value": box.about.get("base", "")},
        {"what": "bytes", "value": f"{size:,}"},
        {"what": "sha256", "value": box.sha256},
    ]
    rows += [
        {"what": f"data: {name}", "value": digest[:16]}
        for name, digest in box.about.get("data_sha256", {}).items()
    ]
    echo_table(rows, title=str(box.path))


def _imported(folder: Path) -> Path | None:
    return folder if (folder / "manifest.json").is_file() else None


encoder.add_command(embed_command)
encoder.add_command(export_command)
encoder.add_command(train_command)
