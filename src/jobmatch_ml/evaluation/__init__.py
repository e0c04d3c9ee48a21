"""Evaluation: metrics, intervals over queries, paired tests."""

from __future__ import annotations

from jobmatch_ml.evaluation.metrics import METRICS, mlflow_key, parse_metric
from jobmatch_ml.evaluation.report import (
    DEFAULT_METRICS,
    EvaluationReport,
    MetricSummary,
    PairedComparison,
    compare,
    evaluate,
)

__all__ = [
    "DEFAULT_METRICS",
    "METRICS",
    "EvaluationReport",
    "MetricSummary",
    "PairedComparison",
    "compare",
    "evaluate",
    "mlflow_key",
    "parse_metric",
]
