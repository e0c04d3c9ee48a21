"""``jobmatch evaluate``: runs scored with intervals, tested against others, and looked into."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jobmatch_ml.cli.output import echo_json, echo_table, json_option

if TYPE_CHECKING:
    from jobmatch_ml.evaluation import EvaluationReport
    from jobmatch_ml.evaluation.multiple import Tested
    from jobmatch_ml.types import Qrels, Run

_FILE = click.Path(path_type=Path)
_DECIDING = "ndcg@10"


@click.command()
@click.option("--run", "run_path", required=True, type=_FILE, help="TREC run to score.")
@click.option("--qrels", "qrels_path", required=True, type=_FILE, help="qrels.tsv: judgements.")
@click.option(
    "--baseline",
    "baselines",
    multiple=True,
    type=_FILE,
    help="Another run, repeatable: differences and paired tests, corrected as one family.",
)
@click.option(
    "--metrics",
    default="ndcg@10,mrr@10,recall@100,map@100",
    show_default=True,
    help="Comma-separated keys: ndcg, mrr, recall, map, hit, each with @k or without.",
)
@click.option(
    "--world",
    type=_FILE,
    help="The world's folder: truth and oracle, slices, and what the log's slates say.",
)
@click.option("--worst", default=0, type=click.IntRange(min=0), help="Worst queries to show.")
@click.option(
    "--n-bootstrap",
    default=2000,
    show_default=True,
    type=click.IntRange(min=100),
    help="Resamples.",
)
@click.option("--seed", default=0, show_default=True, help="Seed of resamples and sign flips.")
@json_option
def evaluate(run_path: Path, qrels_path: Path, *, as_json: bool, **options: Any) -> None:
    """Score a run against judgements, with 95 % bootstrap intervals over the queries."""
    from jobmatch_ml.cli.evaluate_world import world_parts
    from jobmatch_ml.evaluation import evaluate as score
    from jobmatch_ml.evaluation.multiple import compare_all
    from jobmatch_ml.ranking import read_qrels, read_run

    qrels = read_qrels(qrels_path)
    keys = [key.strip() for key in options["metrics"].split(",") if key.strip()]
    resampling: dict[str, Any] = {"n_bootstrap": options["n_bootstrap"], "seed": options["seed"]}
    runs = {"run": read_run(run_path)}
    for path, name in _names(options["baselines"]):
        runs[name] = read_run(path)
    reports = {name: score(qrels, run, metrics=keys, **resampling) for name, run in runs.items()}
    others = {name: report for name, report in reports.items() if name != "run"}
    tested = compare_all(reports["run"], others, **resampling)
    worst = _worst(runs, reports, qrels, options["worst"]) if options["worst"] else []
    world = options["world"]
    parts = world_parts(world, runs["run"], reports["run"], resampling) if world else {}
    if as_json:
        echo_json(_as_json(reports, tested, worst) | parts)
        return
    for name, report in reports.items():
        chosen = tested if name == "run" else []
        rows = [_row(key, report, chosen) for key in report.metrics]
        echo_table(rows, title=_counts(report, name))
    if worst:
        echo_table(worst, title=f"lost most in {_DECIDING}")
    for name, part in parts.items():
        echo_table(part, title=name)


def _names(paths: tuple[Path, ...]) -> list[tuple[Path, str]]:
    """Returns the baselines' names: `baseline`, or each file's where there are several."""
    if len(paths) == 1:
        return [(paths[0], "baseline")]
    stems = ["run", *(path.stem for path in paths)]
    return [(path, path.stem if stems.count(path.stem) == 1 else str(path)) for path in paths]


def _worst(
    runs: dict[str, Run], reports: dict[str, EvaluationReport], qrels: Qrels, count: int
) -> list[dict[str, Any]]:
    from jobmatch_ml.evaluation.worst import worst_queries

    keys = [*reports["run"].metrics]
    metric = _DECIDING if _DECIDING in keys else keys[0]
    found = worst_queries("run", runs, reports, qrels, metric=metric, n_queries=count)
    return [
        {
            "query": item.query_id,
            **item.scores,
            "first (grade)": ", ".join(f"{doc.doc_id} ({doc.grade})" for doc in item.first),
            "missed (grade, rank)": ", ".join(
                f"{doc.doc_id} ({doc.grade}, {doc.ranks['run'] or '—'})" for doc in item.missed
            ),
        }
        for item in found
    ]


def _as_json(
    reports: dict[str, EvaluationReport], tested: list[Tested], worst: list[dict[str, Any]]
) -> dict[str, Any]:
    value: dict[str, Any] = {name: _report_json(report) for name, report in reports.items()}
    if [*reports] == ["run", "baseline"]:
        value["comparison"] = {item.comparison.metric: item.comparison for item in tested}
    if tested:
        value["tests"] = [
            {"baseline": item.baseline, "metric": item.comparison.metric}
            | item.comparison.as_row()
            | {"adjusted_p_value": item.adjusted_p_value}
            for item in tested
        ]
    return value | ({"worst": worst} if worst else {})


def _report_json(report: EvaluationReport) -> dict[str, Any]:
    return {
        "metrics": report.metrics,
        "n_queries": report.n_queries,
        "n_queries_dropped": report.n_queries_dropped,
        "n_queries_missing": report.n_queries_missing,
    }


def _row(key: str, report: EvaluationReport, tested: list[Tested]) -> dict[str, Any]:
    summary = report.metrics[key]
    row: dict[str, Any] = {
        "metric": key,
        "mean": summary.mean,
        "95 % interval": f"[{summary.low:.3f}, {summary.high:.3f}]",
    }
    for item in tested:
        pair = item.comparison
        if pair.metric == key:
            prefix = "" if item.baseline == "baseline" else f"{item.baseline}: "
            interval = f"[{pair.low:+.3f}, {pair.high:+.3f}]"
            row |= {
                f"{prefix}difference": f"{pair.difference:+.3f} {interval}",
                f"{prefix}p": _p_text(pair.p_value),
                f"{prefix}p, Holm": _p_text(item.adjusted_p_value),
                f"{prefix}won/lost": f"{pair.wins}/{pair.losses}",
            }
    return row


def _p_text(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def _counts(report: EvaluationReport, name: str) -> str:
    return (
        f"{name}: {report.n_queries} queries, {report.n_queries_dropped} dropped (no positive "
        f"judgement), {report.n_queries_missing} missing from the run (score 0)"
    )
