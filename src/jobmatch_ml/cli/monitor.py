"""``jobmatch monitor``: has what reaches the rankers changed?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jobmatch_ml.cli.output import echo_json, echo_table, json_option

if TYPE_CHECKING:
    from jobmatch_ml.monitoring import DriftReport
    from jobmatch_ml.types import TextEncoder

_PATH = click.Path(path_type=Path)


@click.group()
def monitor() -> None:
    """Compare two time windows of offers, candidates, scores and embeddings."""


@monitor.command("report")
@click.option("--world", "world_dir", required=True, type=_PATH, help="World folder: the log.")
@click.option("--data", "dataset_dir", required=True, type=_PATH, help="Prepared data set: offers.")
@click.option("--days", default=14.0, show_default=True, help="Length of each window.")
@click.option(
    "--model",
    "model_uri",
    help="Bundle whose encoder embeds titles: models:/… or a folder.  [default: no embeddings]",
)
@click.option("--output", type=_PATH, help="Folder for Evidently's pages; also kept in MLflow.")
@click.option("--fail-on-drift", is_flag=True, help="Exit with 1 when something alarms.")
@json_option
def report_command(
    *,
    world_dir: Path,
    dataset_dir: Path,
    days: float,
    model_uri: str | None,
    output: Path | None,
    fail_on_drift: bool,
    as_json: bool,
) -> None:
    """Hold the log's last days against as many days before them."""
    from jobmatch_ml.monitoring import CHECKS, detect_drift, read_windows
    from jobmatch_ml.settings import get_settings

    settings = get_settings()
    windows = read_windows(
        world_dir, dataset_dir / "offers.parquet", days=days, encoder=_encoder(model_uri)
    )
    checks = [check for check in CHECKS if model_uri or check.table != "embeddings"]
    found = detect_drift(windows[0].tables(), windows[1].tables(), checks=checks)
    if output is not None:
        from jobmatch_ml.monitoring.report import log_drift, write_pages

        paths = write_pages(*windows, found, output, checks=checks)
        log_drift(settings, found, paths)
    echo_json({"alarms": found.alarms, "findings": found.rows()}) if as_json else _show(found)
    if fail_on_drift and found.alarms:
        raise click.exceptions.Exit(1)


def _encoder(uri: str | None) -> TextEncoder | None:
    if uri is None:
        return None
    from jobmatch_ml.ranking.bundle import load_bundle
    from jobmatch_ml.registry import fetch_bundle
    from jobmatch_ml.settings import get_settings

    return load_bundle(fetch_bundle(uri, get_settings())).encoder()


def _show(found: DriftReport) -> None:
    rows = [
        {
            "check": item.check,
            "distance": item.distance,
            "threshold": item.threshold,
            "by chance": item.chance,
            "p": item.p_value,
            "rows": f"{item.n_reference} / {item.n_current}",
            "": "ALARM" if item.alarm else item.note,
        }
        for item in found.findings
    ]
    alarms = ", ".join(found.alarms) or "none"
    echo_table(rows, title=f"alarms: {alarms}")
