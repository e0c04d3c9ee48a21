"""``jobmatch encoder train``: fine-tune an encoder on a data set, in one process or many."""

from __future__ import annotations

import os
from pathlib import Path

import click

from jobmatch_ml.cli.output import echo_json, echo_table, json_option


@click.command("train")
@click.argument("dataset", type=click.Path(path_type=Path))
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="Folder of the fitted encoder."
)
@click.option(
    "--config", "config_path", type=click.Path(path_type=Path), help="As configs/bi_encoder/*.yaml."
)
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change a value.")
@json_option
def train_command(
    dataset: Path,
    out: Path,
    *,
    config_path: Path | None,
    overrides: tuple[str, ...],
    as_json: bool,
) -> None:
    r"""Fine-tune the encoder on DATASET, the folder of the notebook 02_prepare_data.

    On several processors, with the same batches and the same result:

    \b
    torchrun --standalone --nproc-per-node 2 --no-python jobmatch encoder train DATASET --out DIR
    """
    from jobmatch_ml.config import load_config
    from jobmatch_ml.training.bi_encoder import train_bi_encoder
    from jobmatch_ml.training.config import BiEncoderConfig

    config = load_config(BiEncoderConfig, config_path, overrides=overrides)
    report = train_bi_encoder(dataset, out, config)
    if os.environ.get("RANK", "0") != "0":
        return  # one of several processes speaks
    summary = {
        "encoder_dir": str(report.encoder_dir),
        "n_pairs": report.n_pairs,
        "batch_size": report.batch_size,
        "n_processes": report.n_processes,
        "precision": report.precision,
        "seconds": round(report.seconds, 1),
        "first_loss": round(report.losses[0][1], 4),
        "last_loss": round(report.losses[-1][1], 4),
    }
    if as_json:
        echo_json({**summary, "hard_negatives": list(report.hard_negatives)})
        return
    echo_table([summary])
    if report.hard_negatives:
        echo_table(report.hard_negatives, title="candidates for hard negatives")
