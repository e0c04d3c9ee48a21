"""The ablation of the encoders' adaptation: one change an arm, on one fixed subset of the data.

Arms are short on purpose (minutes), so a table is affordable; they order choices, they are not the
box's quality. Each is judged on retrieval tasks kept from training, and on BEIR folders if named.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from jobmatch_ml.errors import InputError
from jobmatch_ml.evaluation import evaluate
from jobmatch_ml.ranking.beir import read_corpus, read_qrels, read_queries
from jobmatch_ml.ranking.encoder import SentenceTransformerEncoder
from jobmatch_ml.ranking.hybrid import REGIMES, FusionWeights, HybridRanker
from jobmatch_ml.training.adaptation.config import MarketConfig, StaticConfig, TransformerConfig
from jobmatch_ml.training.adaptation.pairs import OpenData
from jobmatch_ml.training.adaptation.sources import read_open_data, write_market
from jobmatch_ml.training.adaptation.static import fit_static
from jobmatch_ml.training.adaptation.transformer import fit_transformer
from jobmatch_ml.training.adaptation.validation import RetrievalTask, validation_tasks
from jobmatch_ml.types import TextEncoder

_WINDOW = 64  # tokens read when judged
_STATIC_VIEWS = {"static_title": 1.0, "static_title_to_all": 1.0, "static_body": 1.0}
_DENSE_VIEWS = {"dense_title": 1.0, "dense_title_to_body": 1.0, "dense_body": 1.0}
# Arm: what is changed in the recipe, or in what it is fed.
STATIC_ARMS: dict[str, dict[str, Any]] = {
    "static: as it starts (TF-IDF)": {"learning_rate": 1e-9},
    "static: recipe": {},
    "static: no market": {"drop": "market"},
    "static: no ESCO": {"drop": "esco"},
    "static: no ROME": {"drop": "rome"},
    "static: same keys masked only": {"mask": "keys"},
    "static: nothing masked": {"mask": "none"},
    "static: batch 128": {"batch_size": 128},
    "static: batch 2048": {"batch_size": 2048},
    "static: scale 10": {"scale": 10.0},
    "static: scale 40": {"scale": 40.0},
    "static: 64 dimensions": {"dimension": 64},
    "static: 512 dimensions": {"dimension": 512},
    "static: 20,000 n-grams": {"n_ngrams": 20_000},
}
DENSE_ARMS: dict[str, dict[str, Any]] = {
    "transformer: recipe": {},
    "transformer: base's pieces": {"french_pieces": 0},
    "transformer: no market": {"drop": "market"},
    "transformer: same keys masked only": {"mask": "keys"},
    "transformer: titles only": {"title_share": 1.0, "title_to_body_share": 0.0},
    "transformer: half the rate": {"learning_rate": 1e-4, "pieces_learning_rate": 5e-4},
}


def run_adaptation_bench(
    *,
    rome: str = "",
    esco: str = "",
    folders: list[str] | str = "",
    n_offers: int = 4000,
    epochs: int = 1,
    steps: int = 40,
    n_queries: int = 120,
    arms: str = "",
) -> list[dict[str, Any]]:
    """Fits each arm on the same subset and judges it.

    Args:
        rome: ROME folder, official or imported.
        esco: ESCO folder, official or imported.
        folders: BEIR folders to report on too.
        n_offers: Offers of the market, of the subset.
        epochs: Of the static arms.
        steps: Of the transformer's arms, of 64 pairs each.
        n_queries: Queries a task.
        arms: Only arms whose name begins so.

    Returns:
        One row an arm: seconds, mean nDCG@10 of the tasks, and nDCG@10 of each task and folder.

    Raises:
        InputError: No tables were named, or no arm has that name.
    """
    market = MarketConfig(n_offers=n_offers)
    data = read_open_data(Path(rome) if rome else None, Path(esco) if esco else None, market)
    others = replace(data, offers=(), people=())
    if data.rome:
        offers, people = write_market(data.rome, MarketConfig(n_offers=1000, seed=market.seed + 1))
        others = replace(others, offers=offers, people=people)
    tasks = validation_tasks(data, others, n_queries=n_queries, n_documents=500)
    tasks += [
        _folder_task(Path(path))
        for path in ([folders] if isinstance(folders, str) else folders)
        if path
    ]
    chosen = {
        name: change
        for name, change in {**STATIC_ARMS, **DENSE_ARMS}.items()
        if name.startswith(arms)
    }
    if not chosen:
        raise InputError(f"no arm begins with '{arms}'", field="arms")
    rows = []
    for name, change in chosen.items():
        fed = _without(data, change.get("drop"))
        settings = {key: value for key, value in change.items() if key != "drop"}
        started = time.perf_counter()
        with tempfile.TemporaryDirectory() as scratch:
            encoder: TextEncoder
            if name in STATIC_ARMS:
                encoder = fit_static(
                    fed, StaticConfig(**{"epochs": epochs, "n_ngrams": 56_000, **settings})
                )
            else:
                values = {"steps": steps, "batch_size": 64, "title_share": 0.5,
                          "title_to_body_share": 0.25, "body_length_tokens": 48}  # fmt: skip
                fit_transformer(
                    fed, TransformerConfig(**{**values, **settings}), Path(scratch) / "m"
                )
                encoder = SentenceTransformerEncoder(Path(scratch) / "m", max_length_tokens=_WINDOW)
            seconds = time.perf_counter() - started
            rows.append(_row(name, seconds, encoder, tasks, static=name in STATIC_ARMS))
    return rows


def _row(
    name: str,
    seconds: float,
    encoder: TextEncoder,
    tasks: Sequence[RetrievalTask],
    *,
    static: bool,
) -> dict[str, Any]:
    views = _STATIC_VIEWS if static else _DENSE_VIEWS
    weights = FusionWeights(dict.fromkeys(REGIMES, views))
    ranker = (
        HybridRanker(encoder, None, weights) if static else HybridRanker(None, encoder, weights)
    )
    found: dict[str, float] = {}
    for task in tasks:
        ranker.index(task.documents)
        run = ranker.rank(task.queries, top_k=10)
        found[task.name] = evaluate(task.qrels, run, metrics=("ndcg@10",)).mean("ndcg@10")
    kept = [value for task, value in found.items() if not task.startswith("folder ")]
    return {
        "arm": name,
        "seconds": round(seconds),
        "mean of tasks": sum(kept) / len(kept),
        **found,
    }


def _folder_task(folder: Path) -> RetrievalTask:
    qrels = read_qrels(folder / "qrels.tsv")
    queries = [item for item in read_queries(folder / "queries.jsonl") if item.query_id in qrels]
    documents = read_corpus(folder / "corpus.jsonl")
    return RetrievalTask(f"folder {folder.name}", "bodies", tuple(queries), tuple(documents), qrels)


def _without(data: OpenData, part: Any) -> OpenData:
    changes: Mapping[Any, dict[str, Any]] = {
        "market": {"offers": (), "people": ()},
        "esco": {"esco": None},
        "rome": {"rome": None},
    }
    return replace(data, **changes.get(part, {}))
