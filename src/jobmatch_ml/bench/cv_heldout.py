"""How well CVs are read on the frozen held-out files, beside a naive reading in the same run."""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson
from tqdm import tqdm

from jobmatch_ml.bench.cv_naive import read_naively
from jobmatch_ml.bench.cv_scores import SCORED, Counts, score_cv
from jobmatch_ml.cv import CvReadError, extract_file
from jobmatch_ml.cv.reading import CvReading
from jobmatch_ml.errors import InputError, MissingFileError

READERS: dict[str, Callable[[Path], CvReading]] = {"rules": extract_file, "raw text": read_naively}


def measure_heldout(
    corpus: Path, files: Path, *, layouts: Iterable[str] = (), scans: bool = True
) -> list[dict[str, Any]]:
    """Reads every held-out CV in two ways and scores both.

    Args:
        corpus: Folder with ``labels/*.jsonl`` and the corpus's own rules.
        files: Folder of the rendered files.
        layouts: Groups to read; all by default.
        scans: Whether scanned files are read too; each takes seconds.

    Returns:
        A row a group and reader: ``group``, ``reader``, ``cvs``, ``refused``, ``seconds`` (median
        a CV, the child's start included), and the F1 of each kind. Groups are text files, scans,
        the same CVs' text files, and of all text files the languages, the formats and each layout.

    Raises:
        MissingFileError: Labels or files are not there.
        InputError: No label is left.
    """
    labels = [
        label
        for label in _read_labels(corpus)
        if (not layouts or label["layout"] in set(layouts)) and (scans or not label["scan_of"])
    ]
    if not labels:
        raise InputError(f"{corpus}: no CV of these layouts", field="layouts")
    tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
    scanned = frozenset(label["scan_of"] for label in labels if label["scan_of"])
    for label in tqdm(labels, desc="held-out CVs", delay=2):
        path = files / label["file"]
        if not path.is_file():
            raise MissingFileError(
                f"{path} does not exist; render the corpus with "
                f"`python -m tests.corpora.cv_heldout.make --out {files}`",
                field="files",
            )
        for reader in READERS:
            counts, seconds = _score(reader, path, label)
            for group in groups_of(label, scanned):
                tallies[group, reader].add(counts, seconds)
    return [
        {"part": "heldout", "group": group, "reader": reader, **tally.row()}
        for (group, reader), tally in tallies.items()
    ]


def groups_of(label: Mapping[str, Any], scanned: Collection[str] = ()) -> list[str]:
    """Returns the groups that a CV's counts are added to.

    Args:
        label: The CV's label.
        scanned: The CVs with text that there are scans of: a scan is compared with its own text.
    """
    if label["scan_of"]:
        return ["scans"]
    form = "Word" if str(label["file"]).endswith(".docx") else "PDF"
    beside = ["texts of the scans"] if label["id"] in scanned else []
    return ["text files", label["lang"], form, label["layout"], *beside]


class Tally:
    """Counts of a group, added up over its CVs."""

    def __init__(self) -> None:
        self.counts: dict[str, list[int]] = {kind: [0, 0, 0] for kind in SCORED}
        self.seconds: list[float] = []
        self.refused = 0

    def add(self, counts: Counts, seconds: float | None) -> None:
        """Adds one CV; ``seconds`` is ``None`` where the file was refused."""
        for kind, three in counts.items():
            self.counts[kind] = [a + b for a, b in zip(self.counts[kind], three, strict=True)]
        if seconds is None:
            self.refused += 1
        else:
            self.seconds.append(seconds)

    def row(self) -> dict[str, Any]:
        """Returns the group's figures; an F1 is ``None`` where no CV has the kind."""
        scores = {
            kind: round(2 * right / (written + read), 3) if written else None
            for kind, (written, read, right) in self.counts.items()
        }
        return {
            "cvs": len(self.seconds) + self.refused,
            "refused": self.refused,
            "seconds": round(statistics.median(self.seconds), 3) if self.seconds else None,
            **scores,
        }


def _score(reader: str, path: Path, label: Mapping[str, Any]) -> tuple[Counts, float | None]:
    begun = time.perf_counter()
    try:
        reading = READERS[reader](path)
    except CvReadError:  # all of its entries are missed
        return score_cv(CvReading((), "", "unknown", 0, "text"), label), None
    return score_cv(reading, label), time.perf_counter() - begun


def _read_labels(corpus: Path) -> list[dict[str, Any]]:
    paths = sorted((corpus / "labels").glob("*.jsonl"))
    if not paths:
        raise MissingFileError(f"{corpus}/labels: no labels of held-out CVs there", field="heldout")
    return [orjson.loads(line) for path in paths for line in path.read_bytes().splitlines()]
