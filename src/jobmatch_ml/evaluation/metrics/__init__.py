"""Ranking metrics, one a file, and the one place where their keys are read.

A metric is a pure function ``(relevance, ranked, k) -> float`` of one query: judgements as
``{doc_id: relevance}``, document ids best first, a cut-off. To add one: write its file and add a
line to :data:`METRICS`; ``evaluate``, the command line and the contract suite find it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from jobmatch_ml.errors import InputError, UnknownNameError, suggest
from jobmatch_ml.evaluation.metrics.average_precision import average_precision
from jobmatch_ml.evaluation.metrics.hit import hit
from jobmatch_ml.evaluation.metrics.mrr import reciprocal_rank
from jobmatch_ml.evaluation.metrics.ndcg import ndcg
from jobmatch_ml.evaluation.metrics.recall import recall

MetricFunction: TypeAlias = Callable[[Mapping[str, int], Sequence[str], int | None], float]

METRICS: dict[str, MetricFunction] = {
    "ndcg": ndcg,
    "mrr": reciprocal_rank,
    "recall": recall,
    "map": average_precision,
    "hit": hit,
}


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric with its cut-off, as named by a key such as ``ndcg@10``."""

    key: str
    function: MetricFunction
    k: int | None

    def __call__(self, relevance: Mapping[str, int], ranked: Sequence[str]) -> float:
        """Returns the metric's value for one query."""
        return self.function(relevance, ranked, self.k)


def parse_metric(key: str) -> Metric:
    """Reads a metric key: ``name`` or ``name@k``.

    Raises:
        UnknownNameError: No metric has that name; the message suggests the nearest.
        InputError: The cut-off is not a whole number >= 1.

    Example:
        >>> parse_metric("ndcg@10").k
        10
    """
    name, at, cut = key.partition("@")
    if name not in METRICS:
        raise UnknownNameError(suggest(name, METRICS, kind="metric"), field="metrics")
    if not at:
        return Metric(key, METRICS[name], None)
    if not (cut.isascii() and cut.isdecimal() and int(cut) >= 1):
        raise InputError(
            f"metric '{key}': the cut-off is {cut!r}; expected a whole number >= 1, as in "
            f"{name}@10",
            field="metrics",
        )
    return Metric(key, METRICS[name], int(cut))


def mlflow_key(key: str) -> str:
    """Returns the name under which MLflow stores a metric (it refuses the sign ``@``).

    Example:
        >>> mlflow_key("ndcg@10")
        'ndcg_at_10'
    """
    return key.replace("@", "_at_")


__all__ = [
    "METRICS",
    "Metric",
    "average_precision",
    "hit",
    "mlflow_key",
    "ndcg",
    "parse_metric",
    "recall",
    "reciprocal_rank",
]
