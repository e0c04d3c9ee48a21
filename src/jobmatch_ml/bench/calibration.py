"""How calibrated a bundle's scores are on the test days of a world, stage by stage.

A demo's log holds a few dozen interviews and a handful of hires of its test days, most of them not
known yet: nothing can be said of their calibration. So the same people, offers and days are played
again many times (only who asks when, who looks and what comes of it differ), and outcomes are
followed until nothing more can come. Calibrators are fitted as they would be in earnest: on what
the log knew when the test days began, of people who neither trained nor test the bundle.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from tqdm import tqdm

from jobmatch_ml.config import load_config
from jobmatch_ml.errors import InputError
from jobmatch_ml.evaluation.calibration import judge_calibration
from jobmatch_ml.evaluation.simulated_logs import simulate_known_log
from jobmatch_ml.interactions import read_interactions
from jobmatch_ml.interactions.outcomes import STAGES, stage_outcomes
from jobmatch_ml.interactions.propensity import PropensityModel
from jobmatch_ml.interactions.propensity_interventions import estimate_from_interventions
from jobmatch_ml.interactions.propensity_smoothing import smooth_propensities
from jobmatch_ml.ranking.beir import read_corpus, read_queries
from jobmatch_ml.ranking.bundle import load_bundle
from jobmatch_ml.ranking.calibration import Calibrators
from jobmatch_ml.ranking.score_table import ScoreTable, score_table
from jobmatch_ml.registry import fetch_bundle
from jobmatch_ml.settings import get_settings
from jobmatch_ml.training.calibration import calibration_people, fit_calibrators
from jobmatch_ml.training.dataset import read_candidates, read_dataset_summary
from jobmatch_ml.world import Market, WorldConfig, make_market

Rows = list[dict[str, Any]]
FOLLOW_UP_DAYS = 130
"""Longer than an application and both answers can take together."""
AT_POSITION = "shown at its position"
LOOKED_AT = "shown and looked at"


@dataclass(frozen=True)
class _People:
    """Who calibrates, who tests, and the moment between."""

    calibrating: pa.Array
    testing: pa.Array
    start: datetime


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
    people = _people(log, folder)
    bundle = load_bundle(fetch_bundle(model, root))
    queries = read_candidates(Path(world) / "candidates.jsonl")
    chosen = [*people.calibrating.to_pylist(), *people.testing.to_pylist()]
    scores = score_table(
        bundle.ranker(), read_corpus(folder / "corpus.jsonl"), [queries[name] for name in chosen]
    )
    before = log.filter(_before(log, people.start))
    propensities = smooth_propensities(estimate_from_interventions(before))
    name = f"{bundle.manifest.ranker.kind}-{bundle.version}"
    logs = {"the world's log": before.filter(_of(before, people.calibrating))}
    settings = load_config(WorldConfig, root.under_root(Path(config)))
    market = make_market(settings)
    if longer:
        logs[f"{longer} times as long"] = _calibration_logs(settings, market, people, longer)
    tests = _test_logs(settings, market, people, replays)
    rows: Rows = []
    for source, table in logs.items():
        calibrators, fits = fit_calibrators(
            table, scores.of(table), propensities, score_name=name, as_of=people.start
        )
        found = {fit.stage: {"curve": fit.method, "fit_events": fit.n_events} for fit in fits}
        rows += [
            {"score": name, "fitted_on": source, **row, **found[row["stage"]]}
            for row in _judge(calibrators, scores, tests, propensities)
        ]
    return rows


def _people(log: pa.Table, dataset: Path) -> _People:
    trained, tested = (
        [query.query_id for query in read_queries(dataset / split / "queries.jsonl")]
        for split in ("train", "test")
    )
    return _People(
        calibrating=calibration_people(log, trained=trained, tested=tested),
        testing=pa.array(tested),
        start=read_dataset_summary(dataset).cutoffs[1],
    )


def _before(table: pa.Table, moment: datetime) -> Any:
    return pc.less(table["shown_at"], pa.scalar(moment, table["shown_at"].type))


def _of(table: pa.Table, people: pa.Array) -> Any:
    return pc.is_in(table["user"], value_set=people)


def _calibration_logs(config: WorldConfig, market: Market, people: _People, count: int) -> pa.Table:
    def rows(table: pa.Table) -> Any:
        return pc.and_(_before(table, people.start), _of(table, people.calibrating))

    played = _play(config, market, count, first_seed=30_000, follow_up_days=0, choose=rows)
    return pa.concat_tables([table for table, _ in played])


def _test_logs(
    config: WorldConfig, market: Market, people: _People, count: int
) -> tuple[pa.Table, NDArray[np.bool_]]:
    """Returns the rows of the test days, all outcomes known, and whether each was looked at."""

    def rows(table: pa.Table) -> Any:
        return pc.and_(pc.invert(_before(table, people.start)), _of(table, people.testing))

    played = _play(
        config, market, count, first_seed=20_000, follow_up_days=FOLLOW_UP_DAYS, choose=rows
    )
    tables, examined = zip(*played, strict=True)
    return pa.concat_tables(tables), np.concatenate(examined)


def _play(
    config: WorldConfig,
    market: Market,
    count: int,
    *,
    first_seed: int,
    follow_up_days: int,
    choose: Callable[[pa.Table], Any],
) -> list[tuple[pa.Table, NDArray[np.bool_]]]:
    impressions = round(len(market.candidates) * config.requests_per_candidate * config.slate_size)
    played = []
    for number in tqdm(range(count), desc="logs", delay=2, leave=False):
        log = simulate_known_log(
            config,
            impressions=impressions,
            seed=first_seed + number,
            market=market,
            follow_up_days=follow_up_days,
        )
        kept = np.asarray(choose(log.table).to_numpy(zero_copy_only=False), dtype=bool)
        played.append((log.table.filter(pa.array(kept)), log.examined[kept]))
    return played


def _judge(
    calibrators: Calibrators,
    scores: ScoreTable,
    tests: tuple[pa.Table, NDArray[np.bool_]],
    propensities: PropensityModel,
) -> Rows:
    table, examined = tests
    values, people = scores.of(table), np.array(table["user"].to_pylist())
    looked_at = propensities.propensities_of(table)
    rows: Rows = []
    for stage in STAGES:
        if stage not in calibrators.stages:
            continue
        events = stage_outcomes(table, stage).events
        chance, supported = calibrators.probabilities(stage, values)
        meanings: Mapping[str, tuple[Any, Any, Any]] = {
            AT_POSITION: (chance * looked_at, np.ones_like(examined), looked_at),
            LOOKED_AT: (chance, examined, None),
        }
        for given, (predicted, among, position) in meanings.items():
            kept = supported & among
            report = judge_calibration(
                predicted[kept],
                events[kept],
                people=people[kept],
                examination=None if position is None else position[kept],
            )
            coverage = float(supported[among].mean())
            rows.append({"stage": stage, "given": given, **report.as_row(), "coverage": coverage})
    return rows
