"""Challenger and champion on the same test data: answers, metrics, differences, costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from tqdm import tqdm

from jobmatch_ml.errors import InputError, JobMatchError
from jobmatch_ml.evaluation import EvaluationReport, compare, evaluate
from jobmatch_ml.evaluation.counterfactual_rows import NORMAL_95
from jobmatch_ml.evaluation.counterfactual_slates import read_slates, scores_of_run
from jobmatch_ml.evaluation.slices import slice_differences
from jobmatch_ml.interactions.propensity import PropensityModel
from jobmatch_ml.interactions.propensity_em import estimate_by_em
from jobmatch_ml.interactions.propensity_log import shown_rows
from jobmatch_ml.ranking.beir import read_corpus
from jobmatch_ml.registry.review_config import ReviewConfig
from jobmatch_ml.registry.review_slices import query_slices
from jobmatch_ml.registry.review_types import (
    CalibrationRow,
    Comparison,
    Cost,
    CounterfactualRow,
    Evidence,
    SliceRow,
)
from jobmatch_ml.training.comparison import read_judged
from jobmatch_ml.types import Qrels, Query, Ranker, Run

_CHUNK = 32  # queries ranked in full at once; what is not kept of their runs is dropped
_CLIP = 0.1  # no click counts more than ten times

Calibration = Callable[[Run, Path, PropensityModel], dict[str, float]]
"""From the scores of the shown pairs, the data set and propensities to the ECE of each stage."""


@dataclass(frozen=True)
class ReviewData:
    """What both sides are tested on.

    Args:
        dataset_dir: A prepared data set.
        world_dir: The folder that it was prepared from, where that is at hand.
    """

    dataset_dir: Path
    world_dir: Path | None = None


@dataclass(frozen=True)
class Subject:
    """One side of a review.

    Args:
        label: What tables call it.
        ranker: It ranks; nothing indexed yet.
        n_bytes: Size of its bundle; 0 for a baseline.
        calibration: Judges its calibrators; ``None``: it has none.
    """

    label: str
    ranker: Ranker
    n_bytes: int = 0
    calibration: Calibration | None = None


@dataclass(frozen=True)
class Answers:
    """What one side answered.

    Args:
        runs: By split, the first documents of each judged person.
        shown: Scores of the pairs that were shown in the test window.
        cost: Times and size.
    """

    runs: dict[str, Run]
    shown: Run
    cost: Cost


def gather_evidence(
    challenger: Subject, champion: Subject, data: ReviewData, config: ReviewConfig
) -> Evidence:
    """Lets both sides rank the full corpus for the same people, and compares.

    Leaks and lineage are of files rather than of answers, see :mod:`.review_leaks`.

    Args:
        challenger: Who wants to be promoted.
        champion: Who is served, or a baseline.
        data: What both are tested on.
        config: Metrics, resamples, seed.

    Raises:
        InputError: Nobody in the test part has a positive judgement.
    """
    dataset_dir = data.dataset_dir
    ours, theirs = (answer(subject, dataset_dir, config) for subject in (challenger, champion))
    notes: list[str] = []
    reports = (
        _report(ours, dataset_dir, "test", config),
        _report(theirs, dataset_dir, "test", config),
    )
    comparisons = tuple(_comparison(*reports, metric, config) for metric in config.metrics)
    propensities = _propensities(dataset_dir, notes)
    return Evidence(
        comparisons=comparisons,
        validation=_validation(ours, theirs, dataset_dir, config, notes),
        slices=_slices(reports, data, config),
        counterfactual=_counterfactual(ours, theirs, dataset_dir, propensities, notes),
        calibration=_calibration(
            (challenger, ours), (champion, theirs), dataset_dir, propensities, notes
        ),
        challenger_cost=ours.cost,
        champion_cost=theirs.cost,
        notes=tuple(notes),
    )


def answer(subject: Subject, dataset_dir: Path, config: ReviewConfig) -> Answers:
    """Indexes the corpus, ranks it for the people of validation and test, and times queries."""
    documents = read_corpus(dataset_dir / "corpus.jsonl")
    started = time.perf_counter()
    subject.ranker.index(documents)
    index_seconds = time.perf_counter() - started
    shown = _shown_pairs(dataset_dir)
    runs: dict[str, Run] = {}
    kept: Run = {}
    for split in ("test", "validation"):
        queries = read_judged(dataset_dir, split)[0]
        runs[split] = {}
        for first in tqdm(
            range(0, len(queries), _CHUNK), desc=f"{subject.label}, {split}", delay=2
        ):
            found = subject.ranker.rank(queries[first : first + _CHUNK], top_k=len(documents))
            for person, scores in found.items():
                runs[split][person] = dict(list(scores.items())[: config.top_k])
                if split == "test":
                    kept[person] = {
                        offer: scores[offer] for offer in shown.get(person, ()) if offer in scores
                    }
    times = _times(subject.ranker, read_judged(dataset_dir, "test")[0], config)
    cost = Cost(
        median_ms=float(np.median(times)),
        p95_ms=float(np.quantile(times, 0.95)),
        index_seconds=index_seconds,
        n_bytes=subject.n_bytes,
    )
    return Answers(runs, kept, cost)


def _times(ranker: Ranker, queries: Sequence[Query], config: ReviewConfig) -> list[float]:
    """Milliseconds of single queries, as a service answers them."""
    times = []
    for query in queries[: config.n_timed_queries]:
        started = time.perf_counter()
        ranker.rank([query], top_k=20)
        times.append(1000 * (time.perf_counter() - started))
    return times or [0.0]


def _shown_pairs(dataset_dir: Path) -> dict[str, set[str]]:
    path = dataset_dir / "test" / "interactions.parquet"
    table = pq.read_table(path, columns=["user", "offer_external_id"])
    pairs: dict[str, set[str]] = {}
    for person, offer in zip(
        table["user"].to_pylist(), table["offer_external_id"].to_pylist(), strict=True
    ):
        pairs.setdefault(person, set()).add(offer)
    return pairs


def _report(
    answers: Answers, dataset_dir: Path, split: str, config: ReviewConfig
) -> EvaluationReport:
    qrels: Qrels = read_judged(dataset_dir, split)[1]
    return evaluate(
        qrels,
        answers.runs[split],
        metrics=config.metrics,
        n_bootstrap=config.n_bootstrap,
        seed=config.seed,
    )


def _comparison(
    challenger: EvaluationReport, champion: EvaluationReport, metric: str, config: ReviewConfig
) -> Comparison:
    test = compare(challenger, champion, metric, n_bootstrap=config.n_bootstrap, seed=config.seed)
    return Comparison(
        metric=metric,
        challenger=challenger.mean(metric),
        champion=champion.mean(metric),
        difference=test.difference,
        low=test.low,
        high=test.high,
        p_value=test.p_value,
        n_queries=test.n_queries,
    )


def _validation(
    ours: Answers, theirs: Answers, dataset_dir: Path, config: ReviewConfig, notes: list[str]
) -> Comparison | None:
    try:
        challenger = _report(ours, dataset_dir, "validation", config)
        champion = _report(theirs, dataset_dir, "validation", config)
    except InputError as error:  # a small validation part may hold no positive at all
        notes.append(f"no comparison on validation people: {error}")
        return None
    return _comparison(challenger, champion, config.metrics[0], config)


def _slices(
    reports: tuple[EvaluationReport, EvaluationReport], data: ReviewData, config: ReviewConfig
) -> tuple[SliceRow, ...]:
    """Returns the slices, the greatest loss first."""
    metric = config.metrics[0]
    ours, theirs = (report.per_query[metric] for report in reports)
    attributes = query_slices(data.dataset_dir, world_dir=data.world_dir)
    rows = []
    for row in slice_differences(
        *reports,
        attributes,
        metric=metric,
        min_queries=config.gates.min_slice_queries,
        n_bootstrap=config.n_bootstrap,
        seed=config.seed,
    ):
        people = [name for name in ours if attributes[row.attribute].get(name) == row.value]
        rows.append(
            SliceRow(
                name=f"{row.attribute}={row.value}",
                n_queries=row.n_queries,
                champion=float(np.mean([theirs[name] for name in people])),
                challenger=float(np.mean([ours[name] for name in people])),
                difference=row.difference,
                low=row.low,
                high=row.high,
                p_value=row.adjusted_p_value,
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.difference, row.name)))


def _propensities(dataset_dir: Path, notes: list[str]) -> PropensityModel | None:
    """Estimates propensities on the training part: other people, earlier days."""
    try:
        return estimate_by_em(pq.read_table(dataset_dir / "train" / "interactions.parquet"))
    except InputError as error:
        notes.append(f"no propensities, so no counterfactual estimate: {error}")
        return None


def _counterfactual(
    ours: Answers,
    theirs: Answers,
    dataset_dir: Path,
    propensities: PropensityModel | None,
    notes: list[str],
) -> CounterfactualRow | None:
    """Compares both orders of the logged slates, each click weighted by 1 / propensity."""
    if propensities is None:
        return None
    try:
        return counterfactual_row(ours.shown, theirs.shown, dataset_dir, propensities)
    except InputError as error:
        notes.append(f"no counterfactual estimate: {error}")
        return None


def counterfactual_row(
    challenger: Run, champion: Run, dataset_dir: Path, model: PropensityModel
) -> CounterfactualRow:
    """Estimates the values of two orders of the test slates, and their paired difference.

    Clipped IPS of the same clicks under both orders: what both get right alike cancels, so that the
    difference is known better than either value. The interval's units are people: requests of one
    person are alike, and taken for independent they would make it too short.

    Raises:
        InputError: Fewer than two requests, slates that were never shown, or no click: zeros
            without spread would look like certainty.
    """
    table = shown_rows(pq.read_table(dataset_dir / "test" / "interactions.parquet"))
    slates = read_slates(table)
    request = np.unique(slates.requests, return_inverse=True)[1]
    n_requests = int(request.max()) + 1
    if n_requests < 2:
        raise InputError(f"{n_requests} logged request; expected at least two")
    if not slates.rewards.any():
        raise InputError(f"nobody opened anything in {n_requests} logged requests")
    clicks = slates.rewards / np.maximum(slates.positions.expected(model), _CLIP)
    values = [
        np.bincount(request, slates.weights(scores_of_run(table, run)) * clicks, n_requests)
        for run in (challenger, champion)
    ]
    difference = np.asarray(values[0] - values[1], dtype=np.float64)
    mean = float(difference.mean())
    error = _error_over_people(difference - mean, request, table)
    return CounterfactualRow(
        challenger=float(values[0].mean()),
        champion=float(values[1].mean()),
        difference=mean,
        low=mean - NORMAL_95 * error,
        high=mean + NORMAL_95 * error,
        n_requests=n_requests,
    )


def _error_over_people(
    deviations: NDArray[np.float64], request: NDArray[np.int64], table: pa.Table
) -> float:
    """Returns the standard error of a mean over requests, clustered by person (CR1).

    Raises:
        InputError: All requests are of one person, whose spread nothing tells.
    """
    people = np.unique(np.array(table["user"].to_pylist()), return_inverse=True)[1]
    of_request = np.zeros(len(deviations), dtype=np.int64)
    of_request[request] = people
    n_people = int(people.max()) + 1
    if n_people < 2:
        raise InputError("all logged requests are of one person; expected at least two people")
    sums = np.bincount(of_request, deviations, n_people)
    return float(np.sqrt((sums**2).sum() * n_people / (n_people - 1)) / len(deviations))


def _calibration(
    challenger: tuple[Subject, Answers],
    champion: tuple[Subject, Answers],
    dataset_dir: Path,
    propensities: PropensityModel | None,
    notes: list[str],
) -> tuple[CalibrationRow, ...]:
    if challenger[0].calibration is None:
        notes.append("the challenger has no calibrators of this score: it is no probability")
        return ()
    if propensities is None:
        notes.append("calibration was not judged: how likely positions are looked at is unknown")
        return ()
    errors: list[dict[str, float]] = []
    for subject, answers in (challenger, champion):
        try:
            judge = subject.calibration
            errors.append(judge(answers.shown, dataset_dir, propensities) if judge else {})
        except JobMatchError as error:
            notes.append(f"calibration of {subject.label}: {error}")
            errors.append({})
    return tuple(
        CalibrationRow(stage=stage, challenger=value, champion=errors[1].get(stage))
        for stage, value in errors[0].items()
    )
