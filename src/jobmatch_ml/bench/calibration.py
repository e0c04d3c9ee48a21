"""How calibrated a bundle's scores are on the test days of a world, stage by stage.

A demo's log holds a few dozen interviews and a handful of hires of its test days, most of them not
known yet: nothing can be said of their calibration. So the same people, offers and days are played
again many times (only who asks when, who looks and what comes of it differ), and outcomes are
followed until nothing more can come. Calibrators are fitted as they would be in earnest: on what
the log knew when the test days began, of people who neither trained nor test the bundle.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from tqdm import tqdm

from jobmatch_ml.config import load_config
from jobmatch_ml.errors import InputError
from jobmatch_ml.evaluation.calibration_stages import judge_stages
from jobmatch_ml.evaluation.simulated_logs import KnownLog, simulate_known_log
from jobmatch_ml.interactions import read_interactions
from jobmatch_ml.ranking.beir import read_corpus
from jobmatch_ml.ranking.bundle import load_bundle
from jobmatch_ml.ranking.score_table import score_table
from jobmatch_ml.registry import fetch_bundle
from jobmatch_ml.settings import get_settings
from jobmatch_ml.training.calibration import fit_calibrators
from jobmatch_ml.training.calibration_data import (
    CalibrationSplit,
    calibration_split,
    position_propensities,
)
from jobmatch_ml.training.dataset import read_candidates
from jobmatch_ml.world import Market, WorldConfig, make_market

Rows = list[dict[str, Any]]
FOLLOW_UP_DAYS = 130
"""Longer than an application and both answers can take together."""


def run_calibration_bench(
    *,
    dataset: str = "",
    world: str = "data/world/demo",
    config: str = "configs/world/demo.yaml",
    model: str = "models:/jobmatch-ranker@champion",
    replays: int = 40,
    longer: int = 10,
) -> Rows:
    """Fits calibrators on a world's log and judges them on its test days, played many times.

    Args:
        dataset: A prepared data set of that world (`02_prepare_data`).
        world: The built world; its log is what calibrators are fitted on.
        config: Its configuration.
        model: Bundle whose scores are calibrated, `models:/…` or a folder.
        replays: How often the test days are played.
        longer: Logs of the same size that a second set of calibrators is fitted on; 0: none.

    Returns:
        A row for each stage, each log fitted on and each meaning of the probability: events in the
        calibration log (``fit_events``), the curve, ECE and Brier skill with intervals, the share
        of rows that are supported (``coverage``).

    Raises:
        InputError: No data set was named.
    """
    if not dataset:
        raise InputError("no data set was named; expected --option dataset=DIR", field="dataset")
    folder, root = Path(dataset), get_settings()
    log = read_interactions(Path(world) / "interactions.parquet")
    split = calibration_split(log, folder)
    bundle = load_bundle(fetch_bundle(model, root))
    queries = read_candidates(Path(world) / "candidates.jsonl")
    chosen = [*split.calibrating.to_pylist(), *split.testing.to_pylist()]
    scores = score_table(
        bundle.ranker(), read_corpus(folder / "corpus.jsonl"), [queries[name] for name in chosen]
    )
    propensities = position_propensities(split.before(log))
    name = f"{bundle.manifest.ranker.kind}-{bundle.version}"
    logs = {"the world's log": split.fit_rows(log)}
    settings = load_config(WorldConfig, root.under_root(Path(config)))
    market = make_market(settings)
    if longer:
        logs[f"{longer} times as long"] = _calibration_logs(settings, market, split, longer)
    tests, examined = _test_logs(settings, market, split, replays)
    rows: Rows = []
    for source, table in logs.items():
        calibrators, fits = fit_calibrators(
            table, scores.of(table), propensities, score_name=name, as_of=split.start
        )
        found: dict[str, dict[str, Any]] = {
            fit.stage: {"curve": fit.method, "fit_events": fit.n_events} for fit in fits
        }
        judged = judge_stages(calibrators, tests, scores.of(tests), propensities, examined=examined)
        rows += [
            {"score": name, "fitted_on": source, **item.as_row(), **found[item.stage]}
            for item in judged
        ]
    return rows


def _calibration_logs(
    config: WorldConfig, market: Market, split: CalibrationSplit, count: int
) -> pa.Table:
    played = _play(config, market, count, first_seed=30_000)
    return pa.concat_tables([split.fit_rows(log.table) for log in played])


def _test_logs(
    config: WorldConfig, market: Market, split: CalibrationSplit, count: int
) -> tuple[pa.Table, NDArray[np.bool_]]:
    """Returns the rows of the test days, all outcomes known, and whether each was looked at."""
    tables, examined = [], []
    for log in _play(config, market, count, first_seed=20_000, follow_up_days=FOLLOW_UP_DAYS):
        mask = split.test_rows(log.table)
        tables.append(log.table.filter(mask))
        examined.append(log.examined[np.asarray(mask.to_numpy(zero_copy_only=False), dtype=bool)])
    return pa.concat_tables(tables), np.concatenate(examined)


def _play(
    config: WorldConfig, market: Market, count: int, *, first_seed: int, follow_up_days: int = 0
) -> Iterator[KnownLog]:
    impressions = round(len(market.candidates) * config.requests_per_candidate * config.slate_size)
    for number in tqdm(range(count), desc="logs", delay=2, leave=False):
        yield simulate_known_log(
            config,
            impressions=impressions,
            seed=first_seed + number,
            market=market,
            follow_up_days=follow_up_days,
        )
