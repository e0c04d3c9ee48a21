"""`jobmatch bench cv_speed`: how long a person waits for a CV to be read.

The child's start is in all figures. Two pages of text are read by the rules, with a child started
for the file and with one that waits; then scans; then real files where their folder is named.
"""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from jobmatch_ml.bench.cv import write_documents
from jobmatch_ml.cv import CvReadError, extract_file
from jobmatch_ml.cv.child import keep_spares
from jobmatch_ml.documents import TEMPLATES, CvDocument, render
from jobmatch_ml.errors import InputError, MissingFileError

_PAUSE_S = 0.5
"""Between two files for waiting children: the next one starts meanwhile, as between two people."""
GOALS = {"text": 0.5, "scan": 6.0, "real": 3.0}
"""Seconds: two pages of text, a page of a scan, a real file."""


def run_cv_speed_bench(
    *, repeats: int = 15, scans: int = 4, files: str = ""
) -> list[dict[str, Any]]:
    """Times reading.

    Args:
        repeats: Readings of the two pages, each way.
        scans: Scans of one page.
        files: Folder of real PDFs, read by the rules one by one.

    Returns:
        A row a kind: ``kind``, ``files``, ``pages``, ``read``, ``refused``, ``crashes``, seconds
        (of all processors, median; on the clock median, 95th percentile, slowest), ``goal_s``, and
        how many are ``over`` it.

    Raises:
        InputError: Nothing is to be read.
        MissingFileError: The folder has no PDF.
    """
    if repeats < 1 or scans < 1:
        raise InputError("repeats and scans must be at least 1", field="repeats")
    documents = write_documents(scans, seed=7)
    two, pages = two_pages(documents[0])
    word, _ = render(_longer(documents[0], 2), "docx_plain")
    scanned = next(name for name, layout in TEMPLATES.items() if layout.scanned)
    pictures = [render(document, scanned)[0] for document in documents]
    extract_file(two)  # tables of words are loaded once a process
    rows = [
        _measure("text PDF, child started", [two] * repeats, pages, GOALS["text"]),
        _measure("text PDF, child waiting", [two] * repeats, pages, GOALS["text"], waiting=True),
        _measure("Word, child started", [word] * repeats, 1, GOALS["text"]),
        _measure("Word, child waiting", [word] * repeats, 1, GOALS["text"], waiting=True),
        _measure("scan, a page", pictures, 1, GOALS["scan"]),
    ]
    if files:
        found = sorted(Path(files).rglob("*.pdf"))
        if not found:
            raise MissingFileError(f"{files} has no PDF; `files` names the folder of real CVs")
        rows.append(_measure("real PDFs", found, None, GOALS["real"]))
    return rows


def two_pages(document: CvDocument) -> tuple[bytes, int]:
    """Returns a text PDF of two pages: an honest CV with its experiences told more than once."""
    for times in range(1, 9):
        data, _ = render(_longer(document, times), "classic")
        pages = extract_file(data).pages
        if pages >= 2:
            return data, pages
    raise InputError("no CV of two pages could be written", field="repeats")


def _longer(document: CvDocument, times: int) -> CvDocument:
    return replace(document, experiences=document.experiences * times)


def _measure(
    kind: str, files: Sequence[bytes | Path], pages: int | None, goal: float, *,
    waiting: bool = False,
) -> dict[str, Any]:  # fmt: skip
    codes: list[str] = []
    seconds: list[float] = []
    cpu: list[float] = []
    with keep_spares({"pdf": 1, "docx": 1}) if waiting else nullcontext():
        for file in tqdm(files, desc=kind, delay=2):
            if waiting:
                time.sleep(_PAUSE_S)
            before = _cpu_seconds()
            code, took = _read(file)
            cpu.append(_cpu_seconds() - before)
            codes.append(code)
            seconds.append(took)
    read = codes.count("read")
    crashes = codes.count("crash")
    ordered = sorted(seconds)
    return {
        "kind": kind,
        "files": len(files),
        "pages": pages,
        "read": read,
        "refused": len(files) - read - crashes,
        "crashes": crashes,
        "cpu_s": round(statistics.median(cpu), 3),
        "median_s": round(statistics.median(ordered), 3),
        "p95_s": round(ordered[int(0.95 * (len(ordered) - 1))], 3),
        "slowest_s": round(ordered[-1], 3),
        "goal_s": goal,
        "over": sum(took > goal for took in ordered),
    }


def _cpu_seconds() -> float:
    """Returns what this process and its ended children took: what a free machine would show."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(use.ru_utime + use.ru_stime for use in map(resource.getrusage, kinds))


def _read(file: bytes | Path) -> tuple[str, float]:
    started = time.perf_counter()
    try:
        extract_file(file)
        code = "read"
    except CvReadError:
        code = "refused"
    except Exception:  # what must not happen, counted
        code = "crash"
    return code, time.perf_counter() - started
