"""What ``jobmatch evaluate --world DIR`` adds: truth and oracle, slices, counterfactual values."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jobmatch_ml.evaluation import EvaluationReport
    from jobmatch_ml.types import Run


def world_parts(
    world: Path, run: Run, report: EvaluationReport, resampling: dict[str, Any]
) -> dict[str, list[dict[str, Any]]]:
    """Returns tables by name; a part that the folder has nothing for is left out.

    Args:
        world: A world's folder, with or without truth.
        run: The run in question.
        report: Its evaluation by the judgements given.
        resampling: ``n_bootstrap`` and ``seed``.

    Raises:
        JobMatchError: The folder's files cannot be read, or are not of this run.
    """
    from jobmatch_ml.evaluation.world_report import has_truth, judge_by_truth

    parts: dict[str, list[dict[str, Any]]] = {}
    direction = "candidate_to_offer"
    if has_truth(world):
        truth = judge_by_truth(run, world, metrics=[*report.metrics], **resampling)
        direction, report = truth.direction, truth.report
        parts["by truth"] = [
            {"metric": key, "mean": summary.mean, "low": summary.low, "high": summary.high}
            | _oracle(truth.oracle, truth.to_oracle, key)
            for key, summary in truth.report.metrics.items()
        ]
    if direction == "candidate_to_offer":
        parts |= _by_candidates(world, run, report, resampling=resampling)
    return parts


def _by_candidates(
    world: Path, run: Run, report: EvaluationReport, *, resampling: dict[str, Any]
) -> dict[str, list[dict[str, Any]]]:
    """Slices of the report (by truth, where there is one), and values on the log's slates."""
    from jobmatch_ml.errors import InputError
    from jobmatch_ml.evaluation.candidate_slices import candidate_attributes
    from jobmatch_ml.evaluation.slices import slice_scores
    from jobmatch_ml.evaluation.world_report import counterfactual_values
    from jobmatch_ml.interactions import read_interactions

    parts: dict[str, list[dict[str, Any]]] = {}
    people, log = world / "candidates.jsonl", world / "interactions.parquet"
    metric = next(iter(report.metrics))
    if people.is_file():
        attributes = candidate_attributes(people, run.keys())
        rows = slice_scores(report, attributes, metric=metric, **resampling)
        parts[f"{metric} by slice"] = [row.as_row() for row in rows]
    if log.is_file():
        try:
            values = counterfactual_values(run, read_interactions(log))
            rows_of_values = [value.as_row() for value in values]
        except InputError as error:
            # A log too short to tell its propensities: all else can still be said.
            rows_of_values = [{"note": str(error)}]
        parts["value of the order on the log's slates"] = rows_of_values
    return parts


def _oracle(
    oracle: EvaluationReport | None, shares: dict[str, tuple[float, float, float]], key: str
) -> dict[str, float]:
    if oracle is None:
        return {}
    share, low, high = shares[key]
    return {
        "oracle": oracle.mean(key),
        "share of the oracle": share,
        "share, low": low,
        "share, high": high,
    }
