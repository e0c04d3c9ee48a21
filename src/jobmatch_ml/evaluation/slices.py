"""Where a ranker is good and where it is not: one metric by groups of queries, or of documents.

A mean hides a group that is served badly. Groups of fewer than :data:`MIN_QUERIES` queries are
shown with their count and are marked: nothing can be concluded from them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from jobmatch_ml.errors import InputError
from jobmatch_ml.evaluation.multiple import holm
from jobmatch_ml.evaluation.report import EvaluationReport
from jobmatch_ml.evaluation.resampling import bootstrap_interval, sign_flip_p_value
from jobmatch_ml.types import Qrels

Attributes = Mapping[str, Mapping[str, str]]
"""``{attribute: {query_id: value}}``."""

MIN_QUERIES = 20
"""Least queries of a slice that anything is concluded from."""


@dataclass(frozen=True, slots=True)
class SliceScore:
    """One metric in one slice.

    Args:
        attribute: What the slice is by (``region``).
        value: Which of its values (``Bretagne``).
        n_queries: Queries in it.
        supported: Enough of them.
        mean: Of the metric.
        low: Lower end of the 95 % bootstrap interval.
        high: Its upper end.
    """

    attribute: str
    value: str
    n_queries: int
    supported: bool
    mean: float
    low: float
    high: float

    def as_row(self) -> dict[str, Any]:
        """Returns the fields as one row of a table."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class SliceDifference:
    """Challenger minus baseline in one slice; p-values are of the paired randomisation test.

    Args:
        attribute: What the slice is by.
        value: Which of its values.
        n_queries: Queries in it.
        supported: Enough of them.
        difference: Mean over the slice's queries.
        low: Lower end of its 95 % bootstrap interval.
        high: Its upper end.
        p_value: Of the slice alone.
        adjusted_p_value: Holm's, over the supported slices; 1 for the others.
    """

    attribute: str
    value: str
    n_queries: int
    supported: bool
    difference: float
    low: float
    high: float
    p_value: float
    adjusted_p_value: float

    def as_row(self) -> dict[str, Any]:
        """Returns the fields as one row of a table."""
        return asdict(self)


def slice_scores(
    report: EvaluationReport,
    attributes: Attributes,
    *,
    metric: str = "ndcg@10",
    min_queries: int = MIN_QUERIES,
    n_bootstrap: int = 2000,
    seed: int = 0,
) -> list[SliceScore]:
    """Returns one metric by slice, largest slices of each attribute first.

    Args:
        report: A run's evaluation.
        attributes: Values of the queries; those without one are in no slice of that attribute.
        metric: A key that the report holds.
        min_queries: Least queries of a supported slice.
        n_bootstrap: Resamples behind the intervals.
        seed: Their seed.

    Raises:
        UnknownNameError: The report does not hold the metric.
        InputError: No query of the report has any attribute.
    """
    report.mean(metric)
    scores = report.per_query[metric]
    rows = []
    for attribute, value, names in _slices(scores, attributes):
        values = np.array([scores[name] for name in names])
        low, high = bootstrap_interval(values, n_bootstrap=n_bootstrap, seed=seed)
        enough = len(names) >= min_queries
        mean = float(values.mean())
        rows.append(SliceScore(attribute, value, len(names), enough, mean, low, high))
    return rows


def slice_differences(
    challenger: EvaluationReport,
    baseline: EvaluationReport,
    attributes: Attributes,
    *,
    metric: str = "ndcg@10",
    min_queries: int = MIN_QUERIES,
    n_bootstrap: int = 2000,
    n_permutations: int = 10_000,
    seed: int = 0,
) -> list[SliceDifference]:
    """Returns where a challenger gains and where it loses, slice by slice.

    Args:
        challenger: Its evaluation.
        baseline: The other's, on the same judgements.
        attributes: Values of the queries.
        metric: A key that both reports hold.
        min_queries: Least queries of a supported slice.
        n_bootstrap: Resamples behind the intervals.
        n_permutations: Sign flips of each test.
        seed: Seed of both.

    Raises:
        UnknownNameError: A report does not hold the metric.
        InputError: Reports about different queries; no query has any attribute.
    """
    challenger.mean(metric)
    baseline.mean(metric)
    ours, theirs = challenger.per_query[metric], baseline.per_query[metric]
    if ours.keys() != theirs.keys():
        raise InputError(
            "the two reports are about different queries; evaluate both on the same judgements"
        )
    differences = {name: ours[name] - theirs[name] for name in sorted(ours)}
    found = []
    for attribute, value, names in _slices(differences, attributes):
        values = np.array([differences[name] for name in names])
        low, high = bootstrap_interval(values, n_bootstrap=n_bootstrap, seed=seed)
        p_value = sign_flip_p_value(values, n_permutations=n_permutations, seed=seed)
        enough = len(names) >= min_queries
        found.append(
            (attribute, value, len(names), enough, float(values.mean()), low, high, p_value)
        )
    adjusted = iter(holm([row[7] for row in found if row[3]]))
    return [SliceDifference(*row, next(adjusted) if row[3] else 1.0) for row in found]


def restrict_judgements(qrels: Qrels, documents: Collection[str]) -> Qrels:
    """Keeps only judgements of some documents: what a ranker does for these alone.

    Queries without a positive among them are dropped by whoever evaluates, and counted.

    Example:
        >>> restrict_judgements({"q": {"old": 2, "new": 1}}, {"new"})
        {'q': {'new': 1}}
    """
    kept = set(documents)
    return {
        query_id: {doc_id: grade for doc_id, grade in judged.items() if doc_id in kept}
        for query_id, judged in qrels.items()
    }


def _slices(
    scores: Mapping[str, float], attributes: Attributes
) -> list[tuple[str, str, list[str]]]:
    """Returns attribute, value and queries of each slice, largest first within an attribute."""
    found = []
    for attribute, values in attributes.items():
        groups: dict[str, list[str]] = {}
        for name in sorted(scores):
            if name in values:
                groups.setdefault(values[name], []).append(name)
        ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
        found += [(attribute, value, names) for value, names in ordered]
    if not found:
        raise InputError(
            f"none of the {len(scores)} queries has any of the attributes "
            f"{sorted(attributes)}; do the two belong together?",
            field="attributes",
        )
    return found
