"""A run judged by all that a world folder can tell: truth, oracle, counterfactual values, slices.

On a world of one's own log there is no ``truth/``: what is left are slices and counterfactual
values, which need only the log. Rankings of either side can be judged by truth; the oracle and the
log's slates are about offers ranked for candidates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jobmatch_ml.errors import InputError
from jobmatch_ml.evaluation.attraction import predict_attraction
from jobmatch_ml.evaluation.counterfactual import ESTIMATORS
from jobmatch_ml.evaluation.counterfactual_rows import Estimate
from jobmatch_ml.evaluation.counterfactual_slates import read_slates, scores_of_run
from jobmatch_ml.evaluation.oracle import oracle_run
from jobmatch_ml.evaluation.report import EvaluationReport, evaluate
from jobmatch_ml.evaluation.truth import FOLDER, read_true_relevance
from jobmatch_ml.interactions.propensity import PropensityModel
from jobmatch_ml.interactions.propensity_interventions import estimate_from_interventions
from jobmatch_ml.interactions.propensity_log import shown_rows
from jobmatch_ml.interactions.propensity_smoothing import smooth_propensities
from jobmatch_ml.types import Direction, Qrels, Run


@dataclass(frozen=True, slots=True)
class TruthReport:
    """A run by the true relevance of a world.

    Args:
        direction: Who searches in the run.
        report: The run's evaluation.
        oracle: That of the observable oracle; ``None`` where offers search.
        to_oracle: The run's mean as a share of the oracle's, by metric, with the ends of its 95 %
            bootstrap interval.
    """

    direction: Direction
    report: EvaluationReport
    oracle: EvaluationReport | None
    to_oracle: dict[str, tuple[float, float, float]]


def has_truth(world_dir: Path) -> bool:
    """Returns whether a folder holds the truth of a synthetic world."""
    return (world_dir / FOLDER / "qrels.tsv").is_file()


def turned(qrels: Qrels) -> Qrels:
    """Returns the judgements from the other side: of candidates for each offer.

    Example:
        >>> turned({"c1": {"o1": 2, "o2": 1}, "c2": {"o1": 3}})
        {'o1': {'c1': 2, 'c2': 3}, 'o2': {'c1': 1}}
    """
    found: Qrels = {}
    for query_id, judged in qrels.items():
        for doc_id, grade in judged.items():
            found.setdefault(doc_id, {})[query_id] = grade
    return found


def judge_by_truth(
    run: Run, world_dir: Path, *, metrics: Sequence[str], n_bootstrap: int = 2000, seed: int = 0
) -> TruthReport:
    """Scores a run by a world's true relevance, and by how far it is from the observable oracle.

    Args:
        run: Rankings of offers for candidates, or of candidates for offers.
        world_dir: A built world with its truth.
        metrics: Metric keys.
        n_bootstrap: Resamples behind the intervals.
        seed: Their seed.

    Raises:
        MissingFileError: The world holds no truth.
        InputError: The run's queries are neither candidates nor offers of this world.
    """
    truth = read_true_relevance(world_dir)
    direction: Direction = "candidate_to_offer"
    if not truth.keys() & run.keys():
        truth, direction = turned(truth), "offer_to_candidate"
    judged = {name: truth[name] for name in run if name in truth}
    if not judged:
        raise InputError(
            f"none of the run's {len(run)} queries is a candidate or an offer of {world_dir}",
            field="world",
        )
    options = {"metrics": metrics, "n_bootstrap": n_bootstrap, "seed": seed}
    report = evaluate(judged, run, **options)  # type: ignore[arg-type]  # three of its keywords
    if direction == "offer_to_candidate":
        return TruthReport(direction, report, None, {})
    oracle = evaluate(judged, oracle_run(world_dir, people=judged), **options)  # type: ignore[arg-type]
    shares = {
        key: _share(report, oracle, key, n_bootstrap=n_bootstrap, seed=seed)
        for key in report.metrics
    }
    return TruthReport(direction, report, oracle, shares)


def counterfactual_values(
    run: Run,
    log: pa.Table,
    *,
    model: PropensityModel | None = None,
    estimators: Sequence[str] = tuple(ESTIMATORS),
    k: int = 10,
) -> list[Estimate]:
    """Estimates what the run's order of the logged slates would have been worth, by each estimator.

    Only slates of the run's people count: whoever trained the ranker must not be among them. Offers
    that the run does not hold come last.

    Args:
        run: Rankings of offers for candidates.
        log: The log that holds their slates.
        model: Propensities; ``None``: estimated from the log's own exchanges and random slates.
        estimators: Names in :data:`.counterfactual.ESTIMATORS`.
        k: Ranks that count.

    Raises:
        InputError: The log holds no slate of these people, or its exchanges are too few.
    """
    shown = shown_rows(log)
    if model is None:
        model = smooth_propensities(estimate_from_interventions(shown))
    table = shown.filter(pc.is_in(shown["user"], value_set=pa.array(list(run), pa.string())))
    if not len(table):
        raise InputError("the log holds no slate of the run's people", field="log")
    slates = read_slates(table)
    weights = slates.weights(scores_of_run(table, run), k=k)
    predictions = None
    if "dr" in estimators:
        predictions = predict_attraction(table, slates.positions.exposures(model))
    return [
        slates.estimate(weights, model, estimator=name, predictions=predictions)
        for name in estimators
    ]


def _share(
    report: EvaluationReport, oracle: EvaluationReport, key: str, *, n_bootstrap: int, seed: int
) -> tuple[float, float, float]:
    """Returns the ratio of two means over the same queries, with its bootstrap interval."""
    names = sorted(report.per_query[key])
    pairs = np.array([(report.per_query[key][n], oracle.per_query[key][n]) for n in names])
    if not pairs[:, 1].sum():
        return 0.0, 0.0, 0.0
    rng = np.random.default_rng(seed)
    counts = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=n_bootstrap)
    sums = counts @ pairs
    low, high = np.quantile(sums[:, 0] / np.maximum(sums[:, 1], 1e-12), [0.025, 0.975])
    total = pairs.sum(axis=0)
    return float(total[0] / total[1]), float(low), float(high)
