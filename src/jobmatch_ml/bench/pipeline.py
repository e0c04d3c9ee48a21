"""A pipeline as a whole: quality of each ranker, wall time, memory of all processes."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import orjson
import psutil

from jobmatch_ml.config import load_config
from jobmatch_ml.errors import FormatError, JobMatchError, MissingFileError
from jobmatch_ml.evaluation import compare, evaluate
from jobmatch_ml.evaluation.truth import read_true_relevance
from jobmatch_ml.ranking.beir import read_run
from jobmatch_ml.training.config import TrainConfig


def run_pipeline_bench(*, config: str = "configs/train/demo.yaml") -> list[dict[str, Any]]:
    """Runs `jobmatch pipeline run train` anew, every stage, and reads its evaluation.

    Args:
        config: A training configuration; its world must have been built.

    Returns:
        One row a ranker (as the evaluation notebook writes them), with nDCG@10 by the world's true
        relevance beside the one by logged behaviour, and a `note` on data, time and memory.

    Raises:
        MissingFileError: The configuration is not there.
        JobMatchError: The pipeline failed.
    """
    if not Path(config).is_file():
        raise MissingFileError(f"{config} does not exist; run from the project's root")
    command = [
        str(Path(sys.executable).with_name("jobmatch")),
        *("pipeline", "run", "train", "--config", config, "--from", "prepare_data", "--json"),
    ]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE)  # noqa: S603  # our own command
    peak = PeakMemory(process.pid)
    output, _ = process.communicate()
    seconds, peak_bytes = time.perf_counter() - started, peak.stop()
    if process.returncode != 0:
        raise JobMatchError(f"the pipeline failed with exit code {process.returncode}")
    cost = f"The pipeline took {seconds / 60:.1f} minutes and {peak_bytes / 2**30:.1f} GB at most."
    return _rows(orjson.loads(output)["stages"], Path(config), kind="synthetic", cost=cost)


def run_full_bench(
    *, result: str = "", config: str = "configs/train/full.yaml"
) -> list[dict[str, Any]]:
    """Reads what `jobmatch pipeline run train --config configs/train/full.yaml --save FILE` left.

    That run takes most of an hour and needs real data by path, so it is not repeated here.

    Args:
        result: The file that was saved.
        config: The configuration that it ran with.

    Returns:
        Rows as :func:`run_pipeline_bench`; the `note` tells every stage's time.

    Raises:
        MissingFileError: One of them is not there.
        FormatError: The file is no pipeline's result.
    """
    for option, path in (("result", result), ("config", config)):
        if not Path(path).is_file():
            raise MissingFileError(
                f"{option} is {path!r}, which is no file; give --option {option}=PATH", field=option
            )
    try:
        stages = orjson.loads(Path(result).read_bytes())["stages"]
        minutes = {stage["name"]: stage["seconds"] / 60 for stage in stages}
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise FormatError(f"{result}: expected what `pipeline run --save` writes") from error
    spent = ", ".join(f"{name} {value:.1f}" for name, value in minutes.items())
    cost = f"Minutes by stage: {spent}; {sum(minutes.values()):.1f} in all."
    return _rows(stages, Path(config), kind="real offers and ROME, a", cost=cost)


def _rows(
    stages: list[dict[str, Any]], config: Path, *, kind: str, cost: str
) -> list[dict[str, Any]]:
    records = {stage["name"]: stage["records"] for stage in stages}
    counts = records["prepare_data"]
    note = (
        f"{counts['offers']:,} offers ranked in full for {counts['test_candidates']} held-out "
        f"candidates, {counts['test_candidates_with_positive']} of them with a logged positive; "
        f"{kind} world of {counts['candidates']:,} candidates and "
        f"{counts['impressions']:,} impressions. {cost}"
    )
    evaluation = Path(records["evaluate_rankers"]["evaluation_path"])
    rows: list[dict[str, Any]] = orjson.loads(evaluation.read_bytes())
    world = Path(load_config(TrainConfig, config).world_dir)
    truth = _score_by_truth(evaluation.parent / "runs", world)
    return [row | truth[row["ranker"]] | {"note": note} for row in rows]


def _score_by_truth(runs: Path, world: Path) -> dict[str, dict[str, float | None]]:
    """Scores the test runs by what is truly relevant; the pipeline itself never sees this."""
    relevance = read_true_relevance(world)
    reports = {}
    for path in sorted(runs.glob("*.trec")):
        run = read_run(path)
        judged = {query_id: relevance[query_id] for query_id in run if query_id in relevance}
        reports[path.stem] = evaluate(judged, run, metrics=("ndcg@10",))
    best = max(set(reports) - {"bi_encoder"}, key=lambda name: reports[name].mean("ndcg@10"))
    scores: dict[str, dict[str, float | None]] = {}
    for name, report in reports.items():
        row: dict[str, float | None] = {**report.as_row(), "difference": None, "p_value": None}
        if name != best:
            row |= compare(report, reports[best], "ndcg@10").as_row()
        scores[name] = {f"true_{key}": value for key, value in row.items()}
    return scores


class PeakMemory:
    """Samples the resident memory of a process and its descendants until stopped."""

    def __init__(self, pid: int, *, interval_s: float = 0.5) -> None:
        self._root = psutil.Process(pid)
        self._interval_s = interval_s
        self._done = threading.Event()
        self._peak = 0
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        """Ends the sampling and returns the peak of the sum, in bytes."""
        self._done.set()
        self._thread.join()
        return self._peak

    def _sample(self) -> None:
        while not self._done.wait(self._interval_s):
            self._peak = max(self._peak, self._resident())

    def _resident(self) -> int:
        total = 0
        try:
            family = [self._root, *self._root.children(recursive=True)]
        except psutil.NoSuchProcess:
            return 0
        for member in family:
            try:
                total += member.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        return total
