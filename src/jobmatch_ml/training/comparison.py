"""Rankers side by side on one data set: full corpus, intervals, paired tests, one table.

What is compared ranks the whole corpus for every held-out candidate. The judgements are what people
did in the window (`qrels.tsv`): observed, so incomplete; a ranker that finds good offers nobody was
shown gets no credit. Names of the metrics: `GLOSSARY.md`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from jobmatch_ml.errors import FormatError, InputError, MissingFileError
from jobmatch_ml.evaluation import EvaluationReport, compare, evaluate
from jobmatch_ml.ranking.beir import read_corpus, read_qrels, read_queries, write_run
from jobmatch_ml.ranking.dual_view import DualViewRanker
from jobmatch_ml.ranking.registry import RankerContext, create_ranker
from jobmatch_ml.ranking.views import embed_views
from jobmatch_ml.training.config import EvaluationConfig
from jobmatch_ml.types import Qrels, Query, Ranker, Run, TextEncoder

METRICS = ("ndcg@10", "recall@100", "mrr")
_DECIDING = "ndcg@10"


@dataclass(frozen=True)
class RankedSplit:
    """One ranker's answer to a split's queries, and what it cost."""

    run: Run
    index_seconds: float
    ms_per_query: float


def build_rankers(
    names: Sequence[str],
    dataset_dir: Path,
    *,
    encoder: TextEncoder | None = None,
    title_weight: float = 0.5,
    split: str = "test",
    config: EvaluationConfig | None = None,
) -> dict[str, Ranker]:
    """Builds rankers by name for a data set.

    Args:
        names: Registered rankers. `popularity` gets the counts known before the split,
            `bi_encoder` the encoder; the zero-shot rankers load the packaged encoder with the same
            window and equal weights, which is how the earlier system ranked.
        dataset_dir: A prepared data set.
        encoder: The trained encoder, for `bi_encoder`.
        title_weight: Its weight of the title view.
        split: Split that will be ranked.
        config: Window and seed.
    """
    from jobmatch_ml.ranking.encoder import load_packaged_encoder

    config = config or EvaluationConfig()
    counts = _read_popularity(dataset_dir / split / "popularity.json")
    rankers: dict[str, Ranker] = {}
    for name in names:
        if name.startswith("zero_shot"):
            packaged = load_packaged_encoder(max_length_tokens=config.max_length_tokens)
            context = RankerContext(encoder=packaged)
        else:
            context = RankerContext(
                seed=config.seed,
                interaction_counts=counts,
                encoder=encoder,
                title_weight=title_weight,
            )
        rankers[name] = create_ranker(name, context)
    return rankers


def rank_split(
    rankers: Mapping[str, Ranker], dataset_dir: Path, *, split: str = "test", top_k: int = 1000
) -> dict[str, RankedSplit]:
    """Ranks the full corpus for the split's judged candidates with each ranker."""
    documents = read_corpus(dataset_dir / "corpus.jsonl")
    queries, _ = read_judged(dataset_dir, split)
    ranked: dict[str, RankedSplit] = {}
    for name, ranker in rankers.items():
        started = time.perf_counter()
        ranker.index(documents)
        indexed = time.perf_counter()
        run = ranker.rank(queries, top_k=top_k)
        seconds = time.perf_counter() - indexed
        ranked[name] = RankedSplit(run, indexed - started, 1000 * seconds / max(1, len(queries)))
    return ranked


def read_judged(dataset_dir: Path, split: str) -> tuple[list[Query], Qrels]:
    """Reads a split's judgements and the queries of the people they are about."""
    qrels = read_qrels(dataset_dir / split / "qrels.tsv")
    queries = read_queries(dataset_dir / split / "queries.jsonl")
    return [query for query in queries if query.query_id in qrels], qrels


def compare_rankers(
    ranked: Mapping[str, RankedSplit],
    dataset_dir: Path,
    *,
    challenger: str | None = None,
    split: str = "test",
    config: EvaluationConfig | None = None,
) -> list[dict[str, Any]]:
    """Scores each run and tests every other ranker against the best baseline.

    Args:
        ranked: Output of `rank_split`.
        dataset_dir: The data set it was ranked on.
        challenger: The trained ranker; all others are baselines.
        split: Split of the judgements.
        config: Resamples and seed.

    Returns:
        One row a ranker, best nDCG@10 first: the metrics with `_low` and `_high`, the paired
        `difference` to the best baseline with its interval and `p_value` (`None` for that baseline
        itself), the counts and the times.

    Raises:
        InputError: No ranker, or no baseline beside the challenger.
    """
    config = config or EvaluationConfig()
    baselines = [name for name in ranked if name != challenger]
    if not baselines:
        raise InputError("nothing to compare with; expected at least one baseline ranker")
    qrels = read_qrels(dataset_dir / split / "qrels.tsv")
    reports = {
        name: evaluate(
            qrels, item.run, metrics=METRICS, n_bootstrap=config.n_bootstrap, seed=config.seed
        )
        for name, item in ranked.items()
    }
    best = max(baselines, key=lambda name: reports[name].mean(_DECIDING))
    rows = [_row(name, ranked[name], reports, best=best, config=config) for name in ranked]
    return sorted(rows, key=lambda row: -float(row[_DECIDING]))


def results_table(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Writes the rows of `compare_rankers` as a table for people: means, intervals, tests.

    Returns:
        `{"columns": [...], "rows": [[...], ...]}`: a notebook's records do not keep the order of
        keys, lists do.
    """
    columns: dict[str, Callable[[Mapping[str, Any]], str]] = {
        "ranker": lambda row: str(row["ranker"]),
        "nDCG@10": lambda row: interval_text(row, "ndcg@10"),
        "to the best baseline": difference_text,
        "recall@100": lambda row: interval_text(row, "recall@100"),
        "MRR": lambda row: interval_text(row, "mrr"),
        "ms a query": lambda row: f"{row['ms_per_query']:.1f}",
    }
    return {
        "columns": list(columns),
        "rows": [[write(row) for write in columns.values()] for row in rows],
    }


def interval_text(row: Mapping[str, Any], key: str) -> str:
    """Writes a mean with its 95 % interval, such as `0.412 [0.380, 0.441]`."""
    return f"{row[key]:.3f} [{row[f'{key}_low']:.3f}, {row[f'{key}_high']:.3f}]"


def difference_text(row: Mapping[str, Any], prefix: str = "") -> str:
    """Writes a paired difference with its p-value; a dash for the row compared with."""
    difference, p_value = row[f"{prefix}difference"], row[f"{prefix}p_value"]
    if difference is None or p_value is None:
        return "—"
    return f"{difference:+.3f} ({'p < 0.001' if p_value < 0.001 else f'p = {p_value:.3f}'})"


def _read_popularity(path: Path) -> dict[str, float]:
    try:
        counts = orjson.loads(path.read_bytes())
        return {str(offer): float(count) for offer, count in counts.items()}
    except FileNotFoundError as error:
        raise MissingFileError(f"{path} does not exist; prepare the data again") from error
    except (orjson.JSONDecodeError, AttributeError, TypeError, ValueError) as error:
        raise FormatError(f"{path}: expected counts by offer; prepare the data again") from error


def write_runs(ranked: Mapping[str, RankedSplit], out_dir: Path) -> list[Path]:
    """Writes each run as a TREC file, for `jobmatch evaluate` and other tools."""
    out_dir.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, item in ranked.items():
        path = out_dir / f"{name}.trec"
        write_run(path, item.run, name)
        paths.append(path)
    return paths


def choose_title_weight(
    encoder: TextEncoder,
    dataset_dir: Path,
    *,
    weights: Sequence[float] = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
) -> tuple[float, list[dict[str, float]]]:
    """Picks the title view's weight by nDCG@10 on the validation split, never on the test split.

    Of the weights within one standard error of the best, the nearest to 0.5 is taken (the
    one-standard-error rule; Breiman et al. 1984): with few people the best of many weights is
    mostly luck, and equal weights carry over to other data.

    Returns:
        The weight, and the table of weight, nDCG@10 and its standard error.
    """
    documents = read_corpus(dataset_dir / "corpus.jsonl")
    judged, qrels = read_judged(dataset_dir, "validation")
    queries = [query for query in judged if max(qrels[query.query_id].values()) > 0]
    ranker = DualViewRanker(encoder)
    ranker.index(documents)
    titles, bodies = embed_views(encoder, queries)
    ids = [query.query_id for query in queries]
    table = []
    for weight in weights:
        ranker.title_weight = weight
        run = ranker.rank_embeddings(ids, titles, bodies, top_k=10)
        report = evaluate(qrels, run, metrics=(_DECIDING,), n_bootstrap=100)
        values = np.array(list(report.per_query[_DECIDING].values()))
        error = float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0
        table.append(
            {"title_weight": weight, _DECIDING: float(values.mean()), "standard_error": error}
        )
    best = max(table, key=lambda row: row[_DECIDING])
    floor = best[_DECIDING] - best["standard_error"]
    good = [row["title_weight"] for row in table if row[_DECIDING] >= floor]
    return min(good, key=lambda weight: (abs(weight - 0.5), weight)), table


def _row(
    name: str,
    item: RankedSplit,
    reports: Mapping[str, EvaluationReport],
    *,
    best: str,
    config: EvaluationConfig,
) -> dict[str, Any]:
    report = reports[name]
    row: dict[str, Any] = {"ranker": name, **report.as_row(), "best_baseline": best}
    row |= {"difference": None, "p_value": None}
    if name != best:
        test = compare(
            report, reports[best], _DECIDING, n_bootstrap=config.n_bootstrap, seed=config.seed
        )
        row |= test.as_row()
    return row | {
        "n_queries": report.n_queries,
        "n_queries_dropped": report.n_queries_dropped,
        "index_seconds": round(item.index_seconds, 2),
        "ms_per_query": float(np.round(item.ms_per_query, 2)),
    }
