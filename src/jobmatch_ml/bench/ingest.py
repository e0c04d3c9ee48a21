"""How fast offers load, whether that is linear, and how it compares with one INSERT a row.

Records are copies of given ones under new ids, so every size has the same mix of fields. Each size
runs in a process of its own: its peak memory is its own, and no cache helps the next.
"""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import orjson

from jobmatch_ml.bench.harness import peak_memory_mb
from jobmatch_ml.errors import JobMatchError, MissingFileError
from jobmatch_ml.offers.bronze import Raw, find_offer_files, read_offers
from jobmatch_ml.offers.silver import normalise_record
from jobmatch_ml.settings import get_settings
from jobmatch_ml.types.tables import SILVER_TABLES, Table

SAMPLE_BRONZE = Path("data/sample/bronze")
NAIVE_OFFERS = 500
BASE_OFFERS = 10_000


def run_ingest_bench(
    *, offers: Path | str | None = None, sizes: Sequence[int] = (2_000, 20_000, 100_000)
) -> list[dict[str, Any]]:
    """Measures ingestion from JSON lines to the exported catalogue at several sizes.

    Args:
        offers: A file or folder of France Travail offers to copy from; default: the sample's.
        sizes: Numbers of offers to load.

    Returns:
        A row a size: ``size``, ``seconds`` (start of Python excluded), ``offers_per_s``,
        ``cpu_seconds`` of all threads (what a busy machine cannot falsify), ``peak_mb`` of the
        process, ``ratio_to_naive``: how many times faster than pandas and one
        INSERT a row, which is measured on at most 500 offers in the same run.
    """
    source = Path(offers) if offers else get_settings().under_root(SAMPLE_BRONZE)
    records = base_records(source)
    rows = []
    with tempfile.TemporaryDirectory(prefix="jobmatch-ingest-") as folder:
        home = Path(folder)
        naive = naive_offers_per_s(records[:NAIVE_OFFERS], home / "naive.duckdb")
        for size in sizes:
            path = home / f"{size}.jsonl"
            _write_copies(records, size, path)
            seconds, cpu_seconds, peak_mb = in_own_process(path, home / str(size))
            path.unlink()
            rows.append(
                {
                    "size": size,
                    "seconds": round(seconds, 2),
                    "cpu_seconds": round(cpu_seconds, 2),
                    "offers_per_s": round(size / seconds),
                    "peak_mb": round(peak_mb),
                    "ratio_to_naive": round(size / seconds / naive, 1),
                }
            )
    return rows


def base_records(source: Path) -> list[dict[str, Any]]:
    """Returns at most 10,000 records of a file or folder, to make copies of."""
    from datetime import UTC, datetime

    files = find_offer_files([source], default_day=datetime.now(UTC).date())
    values = (
        item.value
        for file in files
        for item in read_offers(file.path)
        if isinstance(item, Raw) and isinstance(item.value, dict)
    )
    records = list(islice(values, BASE_OFFERS))
    if not records:
        raise MissingFileError(
            f"{source}: no offer to copy from; name a file of France Travail offers", field="offers"
        )
    return records


def copies(records: Sequence[dict[str, Any]], size: int) -> Iterator[dict[str, Any]]:
    """Yields records under new ids, the texts a little different from copy to copy."""
    for number, record in enumerate(islice(cycle(records), size)):
        description = f"{record.get('description', '')} [{number}]"
        yield {**record, "id": f"B{number:09d}", "description": description}


def _write_copies(records: Sequence[dict[str, Any]], size: int, path: Path) -> None:
    with path.open("wb") as stream:
        for record in copies(records, size):
            stream.write(orjson.dumps(record) + b"\n")


def in_own_process(path: Path, home: Path) -> tuple[float, float, float]:
    """Ingests a file or folder in a fresh process: (seconds, CPU seconds, its peak in MB)."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_measure, args=(path, home, sender))
    process.start()
    sender.close()
    try:
        seconds, cpu_seconds, peak_mb = receiver.recv()
    except EOFError as error:
        raise JobMatchError(
            f"ingesting the copies in {path.name} failed in its process; its error stands above"
        ) from error
    finally:
        process.join()
    return float(seconds), float(cpu_seconds), float(peak_mb)


def _measure(path: Path, home: Path, sender: Any) -> None:
    """Ingests one file and sends (seconds, CPU seconds, peak MB of this process)."""
    from jobmatch_ml.offers.ingest import ingest_offers

    started, cpu_started = time.perf_counter(), time.process_time()
    ingest_offers(
        [path],
        warehouse_path=home / "warehouse.duckdb",
        catalogue_path=home / "catalogue.parquet",
        rejects_dir=home / "rejects",
    )
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
    sender.send((seconds, cpu_seconds, peak_memory_mb()))


def naive_offers_per_s(records: Sequence[dict[str, Any]], path: Path) -> float:
    """Loads offers into the same 13 tables by a data frame each and one INSERT a row.

    Reading, typing and gold are left out of the time, so the ratio is a lower bound.
    """
    import duckdb
    import pandas as pd

    normalised = [normalise_record(record)[1] for record in copies(records, len(records))]
    with duckdb.connect(str(path)) as connection:
        for table in SILVER_TABLES:
            columns = ", ".join(f'"{name}" VARCHAR' for name in table.names)
            connection.execute(f"CREATE TABLE {table.name} ({columns})")
        started = time.perf_counter()
        for table in SILVER_TABLES:
            rows = [row for offer in normalised for row in offer.get(table.name, ())]
            frame = pd.DataFrame(rows, columns=list(table.names[:-1]))
            for values in frame.itertuples(index=False):
                connection.execute(_insert_one(table), [str(value) for value in values])
        seconds = time.perf_counter() - started
    return len(records) / seconds


def _insert_one(table: Table) -> str:
    marks = ", ".join("?" for _ in table.names[:-1])
    return " ".join(("INSERT INTO", table.name, "VALUES", f"({marks}, NULL)"))
