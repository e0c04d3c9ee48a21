"""Evaluating runs: means with intervals over queries, and paired comparisons of two systems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from jobmatch_ml.errors import InputError, UnknownNameError, suggest, summarise
from jobmatch_ml.evaluation.metrics import parse_metric
from jobmatch_ml.evaluation.resampling import bootstrap_interval, sign_flip_p_value
from jobmatch_ml.types import Qrels, Run

DEFAULT_METRICS = ("ndcg@10", "mrr@10", "recall@100", "map@100")


@dataclass(frozen=True, slots=True)
class MetricSummary:
    """Mean of one metric over the queries, with its 95 % bootstrap interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """What one run scores.

    Args:
        metrics: Mean and interval per metric key.
        per_query: ``{metric key: {query_id: value}}``, queries in the order of the judgements.
        n_queries: Queries with at least one positive judgement: those that count.
        n_queries_dropped: Judged queries without a positive; no metric is defined there.
        n_queries_missing: Counted queries that the run does not hold; each scores 0.
    """

    metrics: Mapping[str, MetricSummary]
    per_query: Mapping[str, Mapping[str, float]]
    n_queries: int
    n_queries_dropped: int
    n_queries_missing: int

    def mean(self, key: str) -> float:
        """Returns the mean of one metric.

        Raises:
            UnknownNameError: The report was not asked for that metric.
        """
        return self._get(key).mean

    def as_row(self) -> dict[str, float]:
        """Returns the metrics as one flat row: `KEY`, `KEY_low` and `KEY_high` of each."""
        row: dict[str, float] = {}
        for key, summary in self.metrics.items():
            row |= {key: summary.mean, f"{key}_low": summary.low, f"{key}_high": summary.high}
        return row

    def _get(self, key: str) -> MetricSummary:
        if key not in self.metrics:
            raise UnknownNameError(suggest(key, self.metrics, kind="metric of this report"))
        return self.metrics[key]


@dataclass(frozen=True, slots=True)
class PairedComparison:
    """System A minus system B on the same queries.

    Args:
        metric: Metric key.
        difference: Mean of A minus B.
        low: Lower end of the difference's 95 % bootstrap interval.
        high: Its upper end.
        p_value: Two-sided paired randomisation test.
        n_queries: Queries compared.
        wins: Queries on which A scores higher; ``losses``: lower. The rest are equal.
    """

    metric: str
    difference: float
    low: float
    high: float
    p_value: float
    n_queries: int
    wins: int
    losses: int

    def as_row(self) -> dict[str, float]:
        """Returns `difference`, its interval and `p_value` as one flat row."""
        return {
            "difference": self.difference,
            "difference_low": self.low,
            "difference_high": self.high,
            "p_value": self.p_value,
        }


def evaluate(
    qrels: Qrels,
    run: Run,
    *,
    metrics: Sequence[str] = DEFAULT_METRICS,
    n_bootstrap: int = 2000,
    seed: int = 0,
) -> EvaluationReport:
    """Scores a run against judgements.

    Each query's documents are put in order of score, ties by ``doc_id`` ascending, whatever the
    order in the run. Queries without a positive judgement are dropped and counted; a query that
    the run does not hold scores 0 and is counted; queries of the run without judgements are left
    out.

    Args:
        qrels: ``{query_id: {doc_id: relevance >= 0}}``.
        run: ``{query_id: {doc_id: score}}``.
        metrics: Keys such as ``ndcg@10``, ``mrr``, ``recall@100``, ``map@100``, ``hit@1``.
        n_bootstrap: Resamples behind the intervals.
        seed: Seed of the resamples.

    Raises:
        InputError: No metric, no query with a positive judgement, no query shared by run and
            judgements, or a score that is not a number.
        UnknownNameError: A metric that does not exist.
    """
    parsed = [parse_metric(key) for key in dict.fromkeys(metrics)]
    if not parsed:
        raise InputError("no metric was asked for; expected keys such as ndcg@10", field="metrics")
    judged = {name: rels for name, rels in qrels.items() if any(g > 0 for g in rels.values())}
    _check(qrels, judged, run)
    ranked = {query_id: _rank(query_id, run.get(query_id, {})) for query_id in judged}
    per_query = {
        metric.key: {name: metric(rels, ranked[name]) for name, rels in judged.items()}
        for metric in parsed
    }
    summaries = {
        key: _summarise_values(list(values.values()), n_bootstrap, seed)
        for key, values in per_query.items()
    }
    return EvaluationReport(
        metrics=summaries,
        per_query=per_query,
        n_queries=len(judged),
        n_queries_dropped=len(qrels) - len(judged),
        n_queries_missing=sum(query_id not in run for query_id in judged),
    )


def compare(
    report_a: EvaluationReport,
    report_b: EvaluationReport,
    metric: str = "ndcg@10",
    *,
    n_bootstrap: int = 2000,
    n_permutations: int = 10_000,
    seed: int = 0,
) -> PairedComparison:
    """Compares two systems query by query.

    Args:
        report_a: The challenger.
        report_b: The baseline, on the same judgements.
        metric: Key that both reports hold.
        n_bootstrap: Resamples of the differences behind the interval.
        n_permutations: Random sign flips of the test.
        seed: Seed of both.

    Raises:
        UnknownNameError: A report does not hold the metric.
        InputError: The reports are not about the same queries.
    """
    report_a.mean(metric)
    report_b.mean(metric)
    values_a, values_b = report_a.per_query[metric], report_b.per_query[metric]
    if values_a.keys() != values_b.keys():
        odd = sorted(values_a.keys() ^ values_b.keys())
        raise InputError(
            f"the two reports are about different queries ({summarise(odd)}); evaluate both runs "
            "on the same judgements"
        )
    # Sorted, so that the order of the judgements' lines cannot change the random draws' outcome.
    names = sorted(values_a)
    differences = np.array([values_a[name] - values_b[name] for name in names])
    low, high = bootstrap_interval(differences, n_bootstrap=n_bootstrap, seed=seed)
    return PairedComparison(
        metric=metric,
        difference=float(differences.mean()),
        low=low,
        high=high,
        p_value=sign_flip_p_value(differences, n_permutations=n_permutations, seed=seed),
        n_queries=len(names),
        wins=int((differences > 0).sum()),
        losses=int((differences < 0).sum()),
    )


def _check(qrels: Qrels, judged: Qrels, run: Run) -> None:
    if not judged:
        raise InputError(
            f"none of the {len(qrels)} judged queries has a positive judgement; nothing to score"
        )
    if judged.keys() & run.keys():
        return
    hint = "do the two files belong together?"
    if run.keys() & {doc_id for judgements in judged.values() for doc_id in judgements}:
        hint = "its queries are their documents: were corpus and queries exchanged?"
    raise InputError(
        f"the run ({len(run)} queries) shares no query id with the judgements ({len(judged)} "
        f"queries); {hint}"
    )


def _rank(query_id: str, scores: Mapping[str, float]) -> list[str]:
    if any(score != score for score in scores.values()):  # noqa: PLR0124  # NaN differs from itself
        raise InputError(f"query {query_id}: a score of the run is not a number")
    return sorted(scores, key=lambda doc_id: (-scores[doc_id], doc_id))


def _summarise_values(values: Sequence[float], n_bootstrap: int, seed: int) -> MetricSummary:
    array = np.asarray(values, dtype=np.float64)
    low, high = bootstrap_interval(array, n_bootstrap=n_bootstrap, seed=seed)
    return MetricSummary(float(array.mean()), low, high)
