"""Drift as pages and records: Evidently's HTML for each table, our findings beside, in MLflow."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from jobmatch_ml.errors import missing_extra
from jobmatch_ml.files import write_bytes
from jobmatch_ml.monitoring.drift import CHECKS, LEAST_ROWS, Check, DriftReport
from jobmatch_ml.monitoring.windows import Window
from jobmatch_ml.registry import start_run, start_tracking
from jobmatch_ml.settings import Settings

_METHODS = {"category": "jensenshannon", "number": "wasserstein"}
_COMPONENTS = 3  # of the vectors, shown as columns: a page cannot show 384
FINDINGS = "findings.json"


def write_pages(
    reference: Window,
    current: Window,
    report: DriftReport,
    out_dir: Path,
    *,
    checks: Sequence[Check] = CHECKS,
) -> list[Path]:
    """Writes Evidently's page of each table, and the findings as JSON.

    A page's columns have our checks' distances and thresholds; a threshold below what chance gives
    is raised to that, so that page and findings agree. Vectors appear by their first principal
    components, which are drawn but decide nothing.

    Args:
        reference: The earlier window.
        current: The later one.
        report: What was found between them.
        out_dir: Folder to write into; made where missing.
        checks: What was watched.

    Returns:
        The files: ``findings.json``, then ``drift_<table>.html``.

    Raises:
        MissingExtraError: Evidently is not installed.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    content = {
        "reference": reference.label,
        "current": current.label,
        "alarms": report.alarms,
        "findings": report.rows(),
    }
    path = out_dir / FINDINGS
    write_bytes(path, [orjson.dumps(content, option=orjson.OPT_INDENT_2)])
    paths = [path]
    limits = {item.check: max(item.threshold, item.chance) for item in report.findings}
    for table in dict.fromkeys(check.table for check in checks):
        chosen = [check for check in checks if check.table == table]
        page = _page(table, reference, current, chosen, limits)
        if page is not None:
            paths.append(out_dir / f"drift_{table}.html")
            page.save_html(str(paths[-1]))
    return paths


def log_drift(
    settings: Settings, report: DriftReport, paths: Sequence[Path], *, run_name: str = "monitor"
) -> str:
    """Writes findings and pages to a run of MLflow; returns the run's id.

    Raises:
        RegistryError: MLflow refused or cannot be reached.
    """
    with start_run(start_tracking(settings), run_name) as run:
        run.set_tags({"alarms": ", ".join(report.alarms) or "none"})
        for item in report.findings:
            run.log_metrics(
                {f"{item.check}/distance": item.distance, f"{item.check}/p": item.p_value}
            )
        run.log_metrics({"n_alarms": len(report.alarms)})
        for path in paths:
            run.log_file(path, "drift")
    return run.run_id


def _page(
    table: str,
    reference: Window,
    current: Window,
    checks: Sequence[Check],
    limits: dict[str, float],
) -> Any:
    sides = _columns(table, reference, current, checks)
    if min(len(next(iter(side.values()))) for side in sides) < LEAST_ROWS:
        return None
    # Set before the import: it asks once whether it may send anything home.
    os.environ["DO_NOT_TRACK"] = "1"
    try:
        import pandas as pd
        from evidently import DataDefinition, Dataset, Report
        from evidently.presets import DataDriftPreset
    except ImportError as error:
        raise missing_extra("evidently", "monitoring") from error
    texts = [check.feature for check in checks if check.kind == "category"]
    definition = DataDefinition(
        categorical_columns=texts,
        numerical_columns=[name for name in sides[0] if name not in texts],
    )
    preset = DataDriftPreset(
        cat_method=_METHODS["category"],
        num_method=_METHODS["number"],
        per_column_threshold={
            check.feature: limits[check.name] for check in checks if check.kind != "vector"
        },
    )
    data = [Dataset.from_pandas(pd.DataFrame(side), data_definition=definition) for side in sides]
    return Report([preset]).run(data[1], data[0])


def _columns(
    table: str, reference: Window, current: Window, checks: Sequence[Check]
) -> tuple[dict[str, Any], dict[str, Any]]:
    sides: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
    tables = [window.tables()[table] for window in (reference, current)]
    for check in checks:
        values = [np.asarray(side[check.feature]) for side in tables]
        if check.kind == "vector":
            for side, parts in zip(sides, components(values[0], values[1]), strict=True):
                for number in range(parts.shape[1]):
                    side[f"{check.feature}, component {number + 1}"] = parts[:, number]
            continue
        for side, column in zip(sides, values, strict=True):
            side[check.feature] = column.astype(str) if check.kind == "category" else column
    return sides


def components(
    reference: NDArray[Any], current: NDArray[Any]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Returns both windows' vectors on the reference's first principal components, ``(n, <= 3)``.

    Drift is thus seen in directions in which the reference itself varied.
    """
    if not len(reference) or not len(current):
        return np.zeros((len(reference), 1)), np.zeros((len(current), 1))
    middle = reference.mean(axis=0)
    axes = np.linalg.svd(reference - middle, full_matrices=False)[2][:_COMPONENTS]
    return (reference - middle) @ axes.T, (current - middle) @ axes.T
