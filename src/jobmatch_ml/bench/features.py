"""How fast features are computed for a query, and how fast a million rows are learnt from."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from jobmatch_ml.errors import MissingFileError
from jobmatch_ml.ranking.features import NAMES, FeatureSource
from jobmatch_ml.training.dataset import read_dataset_summary
from jobmatch_ml.training.ltr import train_ltr
from jobmatch_ml.training.ltr_config import LtrConfig
from jobmatch_ml.training.ltr_data import open_features
from jobmatch_ml.training.ltr_rows import LtrRows, in_groups

QUERY_MS, TRAIN_S = 15.0, 180.0
"""What is asked: features of 1,000 offers on one core; a million rows of 60 features."""


def run_features_bench(
    *,
    dataset: str = "",
    world: str = "data/world/demo",
    offers: int = 1000,
    queries: int = 40,
    train_rows: int = 1_000_000,
    rounds: int = 100,
    threads: int = 2,
) -> list[dict[str, Any]]:
    """Measures features and training; 0 rows leaves the training out.

    Args:
        dataset: A prepared data set.
        world: The folder it was prepared from.
        offers: Offers a query.
        queries: Queries that are timed.
        train_rows: Rows of drawn features that are learnt from.
        rounds: Trees.
        threads: Threads of LightGBM.

    Returns:
        A row a measurement with milliseconds of processor time (median, p95), and what is asked.

    Raises:
        MissingFileError: The data set is not there.
    """
    if not dataset or not Path(dataset).is_dir():
        raise MissingFileError(
            f"dataset is {dataset!r}, which is no folder; give --option dataset=PATH",
            field="dataset",
        )
    source = open_features(Path(dataset), Path(world))
    rows = [_features(source, read_dataset_summary(Path(dataset)).cutoffs[1], offers, queries)]
    if train_rows:
        rows.append(_training(train_rows, rounds, threads))
    return rows


def _features(
    source: FeatureSource, moment: datetime, n_offers: int, n_queries: int
) -> dict[str, Any]:
    people = sorted(source.queries)[:n_queries]
    queries = [source.queries[person] for person in people]
    vectors = source.texts.embed(queries)  # the retriever has embedded the query already
    rng = np.random.default_rng(0)
    total = len(source.builder.offers)
    spent = []
    for place, query in enumerate(queries):
        rows = np.sort(rng.choice(total, min(n_offers, total), replace=False)).astype(np.int64)
        started = time.process_time()
        source.matrix(query, rows, embedded=(vectors, place))
        spent.append(1000 * (time.process_time() - started))
    return _row(f"features, 1 query x {n_offers} offers", spent, QUERY_MS, n_features=len(NAMES))


def _training(n_rows: int, rounds: int, threads: int) -> dict[str, Any]:
    train = _drawn(n_rows, seed=0)
    config = LtrConfig(correction="none", rounds=rounds, patience=rounds, threads=threads)
    wall = time.perf_counter()
    started = time.process_time()
    train_ltr(train, _drawn(20_000, seed=1), config)
    spent = 1000 * (time.process_time() - started)
    name = f"training, {len(train)} rows x {len(NAMES)} features, {rounds} trees"
    row = _row(name, [spent], 1000 * TRAIN_S, n_features=len(NAMES))
    return row | {"wall_ms": round(1000 * (time.perf_counter() - wall), 1)}


def _drawn(n_rows: int, *, seed: int) -> LtrRows:
    """Draws pages of ten whose labels depend on a few columns; every page has a positive."""
    rng = np.random.default_rng(seed)
    n_rows -= n_rows % 10
    matrix = rng.random((n_rows, len(NAMES)), dtype=np.float32)
    matrix[:, NAMES.index("contract")] = rng.integers(0, 6, n_rows)
    labels = (matrix[:, :5].sum(axis=1) + rng.normal(0, 0.3, n_rows) > 3.2).astype(np.int32)
    labels[::10] = 1
    return in_groups(
        LtrRows(
            matrix=matrix,
            labels=labels,
            weights=np.ones(n_rows),
            groups=np.repeat(np.arange(n_rows // 10), 10).astype(np.int64),
            positions=np.tile(np.arange(1, 11), n_rows // 10).astype(np.int64),
            surfaces=np.full(n_rows, "search"),
            dropped={},
        )
    )


def _row(name: str, spent: list[float], asked: float, *, n_features: int) -> dict[str, Any]:
    return {
        "measured": name,
        "n_features": n_features,
        "cpu_ms": round(float(np.median(spent)), 2),
        "p95_cpu_ms": round(float(np.quantile(spent, 0.95)), 2),
        "wall_ms": None,
        "asked_ms": asked,
        "holds": bool(np.median(spent) <= asked),
    }
