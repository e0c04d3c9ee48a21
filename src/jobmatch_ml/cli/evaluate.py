"""``jobmatch evaluate``: metrics of a TREC run with intervals, and a paired test of two runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jobmatch_ml.cli.output import echo_json, echo_table, json_option

if TYPE_CHECKING:
    from jobmatch_ml.evaluation import EvaluationReport, PairedComparison

_FILE = click.Path(path_type=Path)


@click.command()
@click.option("--run", "run_path", required=True, type=_FILE, help="TREC run to score.")
@click.option("--qrels", "qrels_path", required=True, type=_FILE, help="qrels.tsv: judgements.")
@click.option("--baseline", type=_FILE, help="Another run: differences and a paired test.")
@click.option(
    "--metrics",
    default="ndcg@10,mrr@10,recall@100,map@100",
    show_default=True,
    help="Comma-separated keys: ndcg, mrr, recall, map, hit, each with @k or without.",
)
@click.option(
    "--n-bootstrap",
    default=2000,
    show_default=True,
    type=click.IntRange(min=100),
    help="Resamples.",
)
@click.option("--seed", default=0, show_default=True, help="Seed of resamples and sign flips.")
@json_option
def evaluate(
    run_path: Path,
    qrels_path: Path,
    baseline: Path | None,
    *,
    metrics: str,
    n_bootstrap: int,
    seed: int,
    as_json: bool,
) -> None:
    """Score a run against judgements, with 95 % bootstrap intervals over the queries."""
    from jobmatch_ml.evaluation import compare
    from jobmatch_ml.evaluation import evaluate as score
    from jobmatch_ml.ranking import read_qrels, read_run

    qrels = read_qrels(qrels_path)
    keys = [key.strip() for key in metrics.split(",") if key.strip()]
    options: dict[str, Any] = {"metrics": keys, "n_bootstrap": n_bootstrap, "seed": seed}
    report = score(qrels, read_run(run_path), **options)
    if baseline is None:
        _show(report, None, [], as_json=as_json)
        return
    other = score(qrels, read_run(baseline), **options)
    pairs = [
        compare(report, other, key, n_bootstrap=n_bootstrap, seed=seed) for key in report.metrics
    ]
    _show(report, other, pairs, as_json=as_json)


def _show(
    report: EvaluationReport,
    baseline: EvaluationReport | None,
    pairs: list[PairedComparison],
    *,
    as_json: bool,
) -> None:
    if as_json:
        value: dict[str, Any] = {"run": _as_json(report)}
        if baseline is not None:
            value |= {"baseline": _as_json(baseline), "comparison": {p.metric: p for p in pairs}}
        echo_json(value)
        return
    by_metric = {pair.metric: pair for pair in pairs}
    echo_table(
        [_row(key, report, baseline, by_metric.get(key)) for key in report.metrics],
        title=_counts(report, "run"),
    )
    if baseline is not None:
        click.echo(_counts(baseline, "baseline"))


def _as_json(report: EvaluationReport) -> dict[str, Any]:
    return {
        "metrics": report.metrics,
        "n_queries": report.n_queries,
        "n_queries_dropped": report.n_queries_dropped,
        "n_queries_missing": report.n_queries_missing,
    }


def _row(
    key: str,
    report: EvaluationReport,
    baseline: EvaluationReport | None,
    pair: PairedComparison | None,
) -> dict[str, Any]:
    summary = report.metrics[key]
    row: dict[str, Any] = {
        "metric": key,
        "mean": summary.mean,
        "95 % interval": f"[{summary.low:.3f}, {summary.high:.3f}]",
    }
    if baseline is not None and pair is not None:
        row |= {
            "baseline": baseline.metrics[key].mean,
            "difference": f"{pair.difference:+.3f} [{pair.low:+.3f}, {pair.high:+.3f}]",
            "p": "< 0.001" if pair.p_value < 0.001 else f"{pair.p_value:.3f}",
            "won/lost": f"{pair.wins}/{pair.losses}",
        }
    return row


def _counts(report: EvaluationReport, name: str) -> str:
    return (
        f"{name}: {report.n_queries} queries, {report.n_queries_dropped} dropped (no positive "
        f"judgement), {report.n_queries_missing} missing from the run (score 0)"
    )
