"""`jobmatch bench interactions`: a company's table of many rows into labels and splits.

The table is made by DuckDB itself: people who come back, offers of skewed popularity, slates with
positions, a funnel with delays. It has other names than ours, and 1 row in 10,000 cannot be true.
Measured is all that `jobmatch interactions import` and `write_splits` do: typing, checking, writing
our schema, then cutting, grading and weighting.
"""

from __future__ import annotations

import multiprocessing
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

from jobmatch_ml.errors import JobMatchError
from jobmatch_ml.interactions import write_splits
from jobmatch_ml.interactions.engine import open_engine
from jobmatch_ml.interactions.importing import import_interactions
from jobmatch_ml.interactions.mapping import ImportMapping

SLATE = 10


def run_interactions_bench(
    rows: int = 1_000_000, memory_limit: str = "4GB", threads: int = 2
) -> list[dict[str, Any]]:
    """Measures importing and splitting a table, in a process of its own.

    Args:
        rows: Rows of the table.
        memory_limit: What DuckDB may hold before it spills.
        threads: DuckDB's worker threads.

    Returns:
        One row a step, then both: seconds, rows/s, the process's peak memory until then in MB.
    """
    with tempfile.TemporaryDirectory(prefix="jobmatch-bench-") as folder:
        write_company_table(Path(folder) / "table.parquet", rows)
        context = multiprocessing.get_context("spawn")
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(
            target=_measure, args=(Path(folder), memory_limit, threads, sender)
        )
        process.start()
        sender.close()
        try:
            steps: list[tuple[str, float, float, int]] = receiver.recv()
        except EOFError as error:
            raise JobMatchError("the measured process failed; its error stands above") from error
        finally:
            process.join()
    total = sum(step[1] for step in steps)
    steps.append(("both", total, max(step[2] for step in steps), steps[-1][3]))
    return [
        {
            "step": name,
            "rows": rows,
            "seconds": round(seconds, 1),
            "rows_per_s": round(rows / seconds),
            "peak_mb": round(peak_mb),
            "rows_out": rows_out,
        }
        for name, seconds, peak_mb, rows_out in steps
    ]


def _measure(folder: Path, memory_limit: str, threads: int, sender: Any) -> None:
    """Sends (step, seconds, peak MB of this process, rows written) of both steps."""
    limits: dict[str, Any] = {"memory_limit": memory_limit, "threads": threads}
    started = time.perf_counter()
    report = import_interactions(
        folder / "table.parquet", folder / "log", ImportMapping(**MAPPING), **limits
    )
    steps = [("import", time.perf_counter() - started, _peak_mb(), report.rows_written)]
    started = time.perf_counter()
    splits = write_splits(report.path, folder / "splits", **limits)
    seconds = time.perf_counter() - started
    steps.append(("splits and labels", seconds, _peak_mb(), sum(splits.rows.values())))
    sender.send(steps)


def _peak_mb() -> float:
    # Not ru_maxrss, which counts what the starting process had before this program was loaded.
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.is_file() else []
    peaks = [float(line.split()[1]) for line in lines if line.startswith("VmHWM:")]  # KiB
    return (peaks or [float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)])[0] / 1024


MAPPING: dict[str, Any] = {
    "time_zone": "UTC",
    "columns": {
        "impression_id": "view_id",
        "request_id": "query_id",
        "user": "person",
        "offer_external_id": "job",
        "shown_at": "seen_at",
        "position": "rank",
        "slate_size": "shown",
        "match_score": "score",
        "viewed": "opened",
        "time_spent_seconds": "seconds",
        "saved": "kept",
        "applied": "sent",
        "got_interview": "met",
        "got_hired": "hired",
        "viewed_at": "opened_at",
        "saved_at": "kept_at",
        "applied_at": "sent_at",
        "interview_at": "met_at",
    },
    "constants": {"surface": "top_offers", "policy": "production", "ranker_version": "1"},
}
"""How the generated table is read."""


def write_company_table(path: Path, rows: int) -> None:
    """Writes a table of plausible interactions under a company's own column names."""
    sizes = {"rows": rows, "people": max(100, rows // 50), "offers": max(100, rows // 100)}
    with open_engine() as connection:
        table = connection.sql(_TABLE, params={**sizes, "slate": SLATE})
        table.to_parquet(str(path), compression="zstd")


# Draws are hashes of row and slate numbers, so the table does not depend on threads. Rows whose
# number ends in 9999 stand at position 0.
_TABLE = """
    WITH draws AS (
        SELECT i AS n, i // $slate AS slate, i % $slate + 1 AS place,
            hash(i * 8 + 1) / 18446744073709551616.0 AS u1,
            hash(i * 8 + 2) / 18446744073709551616.0 AS u2,
            hash(i * 8 + 3) / 18446744073709551616.0 AS u3,
            hash(i * 8 + 4) / 18446744073709551616.0 AS u4,
            hash(i // $slate * 8 + 5) / 18446744073709551616.0 AS s1,
            hash(i // $slate * 8 + 6) / 18446744073709551616.0 AS s2
        FROM range($rows) AS numbers(i)
    ), events AS (
        SELECT *, TIMESTAMP '2026-01-01' + to_microseconds((s1 * 90 * 86400e6)::BIGINT) AS seen,
            u1 < 0.6 / place AS opened,
            u1 < 0.6 / place AND u2 < 0.25 AS kept,
            u1 < 0.6 / place AND u2 < 0.12 AS sent,
            -ln(u2 / 0.12) * 3 AS days
        FROM draws
    )
    SELECT 'v' || n AS view_id, 'q' || slate AS query_id,
        'person-' || (s2 * $people)::BIGINT AS person,
        'o' || (u3 * u3 * $offers)::BIGINT AS job, seen AS seen_at,
        CASE WHEN n % 10000 = 9999 THEN 0 ELSE place END AS rank,
        $slate AS shown, 1 - place / 20.0 AS score, opened,
        CASE WHEN opened THEN (10 + u4 * 90)::INTEGER ELSE 0 END AS seconds,
        kept, sent,
        CASE WHEN sent AND u4 < 0.8 THEN u4 < 0.2 END AS met,
        CASE WHEN sent AND u4 < 0.8 THEN u4 < 0.05 END AS hired,
        CASE WHEN opened THEN seen + INTERVAL 20 SECOND END AS opened_at,
        CASE WHEN kept THEN seen + INTERVAL 90 SECOND END AS kept_at,
        CASE WHEN sent THEN seen + to_microseconds((days * 86400e6)::BIGINT) END AS sent_at,
        CASE WHEN sent AND u4 < 0.2
            THEN seen + to_microseconds(((days + 9) * 86400e6)::BIGINT) END AS met_at,
        CASE WHEN sent AND u4 < 0.05
            THEN seen + to_microseconds(((days + 20) * 86400e6)::BIGINT) END AS hired_at,
        CASE WHEN sent AND u4 >= 0.05 AND u4 < 0.8
            THEN seen + to_microseconds(((days + 14) * 86400e6)::BIGINT) END AS closed_at
    FROM events
"""
