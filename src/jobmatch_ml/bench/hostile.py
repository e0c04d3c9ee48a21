"""`jobmatch bench hostile`: thousands of broken and hostile files against the reader of CVs.

Honest CVs of invented people are rendered, then broken in seeded ways; hand-made bombs follow. Each
file must be read, or be refused with a status of the 4xx class and a French reason, in time, within
its memory, and leave this process as it was.
"""

from __future__ import annotations

import os
import random
import resource
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tqdm import tqdm

from jobmatch_ml.bench.hostile_bombs import BOMBS
from jobmatch_ml.bench.hostile_mutations import mutate_docx, mutate_pdf
from jobmatch_ml.cv import CvLimits, CvReadError, extract_file
from jobmatch_ml.cv.children import Children
from jobmatch_ml.errors import InputError, JobMatchError

MOST_SECONDS = 10
MOST_SCAN_SECONDS = 45
"""A picture is read by character recognition, in a second child with limits of its own."""
MOST_CHILD_MB = 600
MOST_GROWTH_MB = 20
_PEOPLE = 3
_FRENCH = (" le ", " la ", " les ", " pas ", " trop ", " plus ", " votre ", "est ", "Le ", "Ce ")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file.

    Args:
        name: What was done to it.
        code: The refusal's code; ``read`` when it was read; ``crash: …`` when neither.
        status: HTTP status of a refusal.
        seconds: On the clock.
        french: Whether a refusal has a French sentence.
        recognised: Whether character recognition was tried.
    """

    name: str
    code: str
    status: int
    seconds: float
    french: bool
    recognised: bool

    @property
    def holds(self) -> bool:
        """Whether it was read or refused as it should be, in time."""
        most = MOST_SCAN_SECONDS if self.recognised else MOST_SECONDS
        answered = self.code == "read" or (400 <= self.status < 500 and self.french)
        return answered and self.seconds <= most


def run_hostile_bench(
    *, pdfs: int = 2_000, docx: int = 1_000, bombs: bool = True, seed: int = 11, workers: int = 2
) -> list[dict[str, Any]]:
    """Runs the battery.

    Args:
        pdfs: Broken PDFs.
        docx: Broken Word files.
        bombs: Whether the hand-made ones are run too.
        seed: Of how files are broken.
        workers: Files read at the same time.

    Returns:
        A row a kind of file (``part`` ``files``: counts, slowest, whether all hold), a row of this
        process (``part`` ``process``), a row a code of refusal (``part`` ``codes``), and a row of
        every file that does not hold (``part`` ``faults``).

    Raises:
        InputError: Nothing is asked for.
    """
    if pdfs < 0 or docx < 0 or pdfs + docx + bombs < 1:
        raise InputError("pdfs, docx and bombs are 0; expected files to run", field="pdfs")
    counts = {"broken PDF": pdfs, "broken DOCX": docx, "bombs": len(BOMBS) * bombs}
    with tempfile.TemporaryDirectory(prefix="jobmatch-hostile-") as folder:
        # Another process makes the files: what that takes is not the reader's.
        maker = get_context("spawn").Process(target=_make, args=(folder, counts, seed))
        maker.start()
        maker.join()
        if maker.exitcode:
            raise JobMatchError("the hostile files could not be made; the error stands above")
        # Modules and tables are loaded once, and the progress bar's own thread is started.
        list(_run([("warm-up", b"Comptable\nExcel")], kind="warm-up", count=1, workers=1))
        before = _process_state()
        found = {
            kind: list(_run(_made(Path(folder) / kind), kind=kind, count=count, workers=workers))
            for kind, count in counts.items()
            if count
        }
    rows = [_summary(kind, outcomes) for kind, outcomes in found.items()]
    rows.append(_process_row(before))
    codes = Counter(outcome.code for outcomes in found.values() for outcome in outcomes)
    rows += [{"part": "codes", "code": code, "files": n} for code, n in codes.most_common()]
    rows += [
        {"part": "faults", "kind": kind, "file": outcome.name, "code": outcome.code,
         "seconds": round(outcome.seconds, 2)}
        for kind, outcomes in found.items() for outcome in outcomes if not holds(kind, outcome)
    ]  # fmt: skip
    return rows


def _make(folder: str, counts: dict[str, int], seed: int) -> None:
    """Writes the files of each kind, and their names beside them."""
    for kind, count in counts.items():
        home = Path(folder) / kind
        home.mkdir()
        bombs = ((bomb.name, bomb.build()) for bomb in BOMBS)
        files = bombs if kind == "bombs" else broken_files(kind.split()[1].lower(), seed)
        with (home / "names.txt").open("w", encoding="utf-8") as names:
            for number, (name, data) in enumerate(islice(files, count) if count else ()):
                (home / f"{number}.bin").write_bytes(data)
                names.write(f"{name}\n")


def _made(home: Path) -> Iterator[tuple[str, bytes]]:
    names = (home / "names.txt").read_text(encoding="utf-8").splitlines()
    for number, name in enumerate(names):
        yield name, (home / f"{number}.bin").read_bytes()


def holds(kind: str, outcome: Outcome) -> bool:
    """Tells whether an outcome is right: a bomb that must be refused may not be read."""
    must = kind == "bombs" and outcome.name in {bomb.name for bomb in BOMBS if bomb.refused}
    return outcome.holds and not (must and outcome.code == "read")


def broken_files(kind: str, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yields what was done and the bytes of broken files, for ever, the same for a seed."""
    mutate: Callable[[random.Random, bytes], tuple[str, bytes]]
    mutate = mutate_pdf if kind == "pdf" else mutate_docx
    bases = _honest_files(kind)
    number = 0
    while True:
        rng = random.Random(f"{seed}/{kind}/{number}")
        yield mutate(rng, rng.choice(bases))
        number += 1


def read_one(file: tuple[str, bytes]) -> Outcome:
    """Reads one file and says what became of it; nothing that it does is raised."""
    name, data = file
    started = time.perf_counter()
    code, status, french = "read", 200, True
    children = Children()
    try:
        children.watch(lambda: extract_file(data, "cv"))
    except CvReadError as error:
        code, status = error.code, error.http_status
        french = any(word in f" {error.user_message}" for word in _FRENCH)
    except Exception as error:  # what the battery looks for: anything that is no refusal
        code, status, french = f"crash: {type(error).__name__}", 500, False
    seconds = time.perf_counter() - started
    return Outcome(name, code, status, seconds, french, recognised=children.started > 1)


def _run(
    files: Iterable[tuple[str, bytes]], *, kind: str, count: int, workers: int
) -> Iterator[Outcome]:
    with ThreadPoolExecutor(workers) as pool, tqdm(total=count, desc=kind, delay=2) as bar:
        waiting = iter(files)
        # A few at a time: `map` would build all of the files first.
        while batch := list(islice(waiting, 4 * workers)):
            for outcome in pool.map(read_one, batch):
                bar.update()
                yield outcome


def _honest_files(kind: str) -> list[bytes]:
    from jobmatch_ml.bench.cv import write_documents
    from jobmatch_ml.documents import TEMPLATES, render

    names = [
        name for name, layout in TEMPLATES.items()
        if not layout.scanned and name.startswith("docx") == (kind == "docx")
    ]  # fmt: skip
    people = write_documents(_PEOPLE, seed=7)
    return [render(person, name)[0] for person in people for name in names]


def _summary(kind: str, outcomes: list[Outcome]) -> dict[str, Any]:
    read = sum(outcome.code == "read" for outcome in outcomes)
    crashed = sum(outcome.code.startswith("crash") for outcome in outcomes)
    text = [outcome.seconds for outcome in outcomes if not outcome.recognised]
    scans = [outcome.seconds for outcome in outcomes if outcome.recognised]
    return {
        "part": "files",
        "kind": kind,
        "files": len(outcomes),
        "read": read,
        "refused": len(outcomes) - read - crashed,
        "crashes": crashed,
        "slowest_s": round(max(text, default=0.0), 2),
        "scans": len(scans),
        "slowest_scan_s": round(max(scans, default=0.0), 2),
        "all hold": all(holds(kind, outcome) for outcome in outcomes),
    }


def _process_state() -> dict[str, float]:
    own = Path("/proc/self")
    resident = int((own / "statm").read_text(encoding="ascii").split()[1])
    return {
        "rss_mb": resident * os.sysconf("SC_PAGE_SIZE") / 2**20,
        "descriptors": len(list((own / "fd").iterdir())),
        "threads": threading.active_count(),
    }


def _process_row(before: dict[str, float]) -> dict[str, Any]:
    after = _process_state()
    grown = after["rss_mb"] - before["rss_mb"]
    # ru_maxrss is in KiB on Linux, of the largest child that has ended.
    child_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    kept = all(after[name] <= before[name] for name in ("descriptors", "threads"))
    most_mb = CvLimits().memory_bytes / 1e6
    return {
        "part": "process",
        "child_peak_mb": round(child_mb),
        "grown_mb": round(grown, 1),
        "descriptors": int(after["descriptors"] - before["descriptors"]),
        "threads": int(after["threads"] - before["threads"]),
        "all hold": kept and grown <= MOST_GROWTH_MB and child_mb <= min(most_mb, MOST_CHILD_MB),
    }
