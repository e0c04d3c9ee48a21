"""The warehouse at national scale: offers through all layers, and everyone matched inside it.

`bench ingest` loads one file of one day; here bronze lies as the fetcher leaves it, a folder a day,
and sizes go to a million.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from jobmatch_ml.bench.harness import peak_memory_mb
from jobmatch_ml.bench.ingest import (
    NAIVE_OFFERS,
    SAMPLE_BRONZE,
    base_records,
    copies,
    in_own_process,
    naive_offers_per_s,
)
from jobmatch_ml.settings import get_settings
from jobmatch_ml.types.derived_tables import CANDIDATE_EMBEDDINGS, OFFER_EMBEDDINGS

DAYS = 10
FIRST_DAY = date(2025, 1, 1)
DIMENSION = 384  # of the packaged encoder
TOP_K = 10


def run_warehouse_bench(
    *,
    offers: Path | str | None = None,
    sizes: Sequence[int] = (100_000, 1_000_000),
    candidates: int = 100,
    matched_offers: int = 20_000,
) -> list[dict[str, Any]]:
    """Measures bronze → silver → structural gold, then exact matching in DuckDB.

    Args:
        offers: A file or folder of France Travail offers to copy from; default: the sample's.
        sizes: Numbers of offers to load, each into a new warehouse by a process of its own.
        candidates: Candidates that are matched with ``matched_offers`` random vectors.
        matched_offers: See ``candidates``.

    Returns:
        A row a measurement: ``step``, ``size``, ``seconds``, ``cpu_seconds``, ``per_s`` (offers,
        or pairs), ``peak_mb``; for loading also ``disk_mb`` (warehouse), ``ratio_to_naive``
        (times faster than pandas and one INSERT a row, measured in the same run on at most 500
        offers, reading and gold left out) and ``speed_kept`` (offers a CPU second over those of
        the first size: 1 is linear).
    """
    source = Path(offers) if offers else get_settings().under_root(SAMPLE_BRONZE)
    records = base_records(source)
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="jobmatch-warehouse-") as folder:
        home = Path(folder)
        naive = naive_offers_per_s(records[:NAIVE_OFFERS], home / "naive.duckdb")
        first = 0.0
        for size in sizes:
            bronze = _write_bronze(records, size, home / "bronze")
            seconds, cpu_seconds, peak_mb = in_own_process(bronze, home / "loaded")
            first = first or size / cpu_seconds
            rows.append(
                {
                    "step": "load",
                    "size": size,
                    "seconds": round(seconds, 1),
                    "cpu_seconds": round(cpu_seconds, 1),
                    "per_s": round(size / seconds),
                    "peak_mb": round(peak_mb),
                    "disk_mb": round((home / "loaded/warehouse.duckdb").stat().st_size / 2**20),
                    "ratio_to_naive": round(size / seconds / naive, 1),
                    "speed_kept": round(size / cpu_seconds / first, 2),
                }
            )
            shutil.rmtree(bronze)
            shutil.rmtree(home / "loaded")
        rows.append(_match(home / "matched.duckdb", candidates, matched_offers))
    return rows


def _write_bronze(records: Sequence[dict[str, Any]], size: int, folder: Path) -> Path:
    """Writes copies of records as days of bronze, evenly; JSON lines, which stream."""
    offers = copies(records, size)
    for number in range(DAYS):
        day = (FIRST_DAY + timedelta(days=number)).isoformat()
        path = folder / f"france_travail/offers/ingestion_date={day}/offer_{day}.jsonl"
        share = size // DAYS + (number < size % DAYS)
        _write_lines(path, islice(offers, share))
    return folder


def _write_lines(path: Path, records: Iterable[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True)
    with path.open("wb") as stream:
        stream.writelines(orjson.dumps(record) + b"\n" for record in records)


def _match(path: Path, candidates: int, offers: int) -> dict[str, Any]:
    from jobmatch_ml.warehouse import open_warehouse
    from jobmatch_ml.warehouse.embeddings import embedding_rows
    from jobmatch_ml.warehouse.matching import match_all

    rng = np.random.default_rng(7)
    sides = ((OFFER_EMBEDDINGS, offers), (CANDIDATE_EMBEDDINGS, candidates))
    with open_warehouse(path) as warehouse:
        with warehouse.transaction():
            for tables, count in sides:
                for table in tables:
                    vectors = rng.standard_normal((count, DIMENSION), dtype=np.float32)
                    ids = [f"{number:09d}" for number in range(count)]
                    warehouse.replace(table, embedding_rows(table, ids, vectors, model="bench"))
        started, cpu_started = time.perf_counter(), time.process_time()
        match_all(warehouse, top_k=TOP_K, title_weight=0.5)
        seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
    pairs = candidates * offers
    return {
        "step": "match",
        "size": pairs,
        "seconds": round(seconds, 1),
        "cpu_seconds": round(cpu_seconds, 1),
        "per_s": round(pairs / seconds),
        "peak_mb": round(peak_memory_mb()),
    }
