"""Every text ranker, and the champion, on BEIR folders nobody trained on."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from jobmatch_ml.errors import InputError
from jobmatch_ml.evaluation import EvaluationReport, compare, evaluate
from jobmatch_ml.ranking.beir import read_corpus, read_qrels, read_queries
from jobmatch_ml.ranking.bundle import load_bundle
from jobmatch_ml.ranking.dual_view import DualViewRanker
from jobmatch_ml.ranking.encoder import SentenceTransformerEncoder
from jobmatch_ml.ranking.packaged import BOX
from jobmatch_ml.ranking.registry import RANKERS, create_ranker
from jobmatch_ml.registry import fetch_bundle
from jobmatch_ml.settings import get_settings
from jobmatch_ml.types import Ranker

_METRICS = ("ndcg@10", "recall@100", "mrr")
# What the champion started from: the comparison that says whether training helped or harmed.
_REFERENCE = "zero_shot"
_TUNED, _BASE = "bi_encoder", "box, read as bi_encoder"


def run_external_bench(
    *, folders: list[str] | str = "", model: str = "models:/jobmatch-ranker@champion"
) -> list[dict[str, Any]]:
    """Ranks each folder's full corpus with each text ranker and with a bundle.

    Args:
        folders: BEIR folders (`corpus.jsonl`, `queries.jsonl`, `qrels.tsv`).
        model: Bundle to compare, `models:/…` or a folder; empty: baselines only.

    Returns:
        One row a folder and ranker, with intervals and the paired test against `zero_shot`; with
        a bundle also the encoder in the box, read with the bundle's window and title weight, and
        what fine-tuning changed (`base_difference`).

    Raises:
        InputError: No folder was named.
    """
    paths = [folders] if isinstance(folders, str) else folders
    if not any(paths):
        raise InputError("no folder was named; expected --option folders=[PATH, …]")
    rankers: dict[str, Ranker] = {
        name: create_ranker(name) for name, spec in RANKERS.items() if spec.needs == "text"
    }
    if model:
        bundle = load_bundle(fetch_bundle(model, get_settings()))
        recipe = bundle.manifest.ranker
        box = SentenceTransformerEncoder(BOX, max_length_tokens=recipe.max_length_tokens)
        rankers[_BASE] = DualViewRanker(box, title_weight=recipe.title_weight)
        rankers[_TUNED] = bundle.ranker()
    rows = []
    for path in map(Path, paths):
        reports, times = _evaluate_all(rankers, path)
        rows += [_row(path.name, name, reports, times[name]) for name in reports]
    return rows


def _evaluate_all(
    rankers: dict[str, Ranker], folder: Path
) -> tuple[dict[str, EvaluationReport], dict[str, float]]:
    documents = read_corpus(folder / "corpus.jsonl")
    queries = read_queries(folder / "queries.jsonl")
    qrels = read_qrels(folder / "qrels.tsv")
    reports, times = {}, {}
    for name, ranker in rankers.items():
        started = time.perf_counter()
        ranker.index(documents)
        run = ranker.rank(queries, top_k=1000)
        times[name] = time.perf_counter() - started
        reports[name] = evaluate(qrels, run, metrics=_METRICS)
    return reports, times


def _row(
    folder: str, name: str, reports: dict[str, EvaluationReport], seconds: float
) -> dict[str, Any]:
    report = reports[name]
    row: dict[str, Any] = {"set": folder, "ranker": name, "n_queries": report.n_queries}
    row |= {**report.as_row(), "seconds": round(seconds, 1), "difference": None, "p_value": None}
    if name != _REFERENCE:
        row |= compare(report, reports[_REFERENCE], "ndcg@10").as_row()
    if name == _TUNED:
        change = compare(report, reports[_BASE], "ndcg@10").as_row()
        row |= {f"base_{key}": value for key, value in change.items()}
    return row
