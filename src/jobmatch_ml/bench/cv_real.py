"""`jobmatch bench cv_real`: real CV files labelled by hand, by the rules and by the alternatives.

The files are not the project's: their folder is named. Without floors; beside the rules stand raw
text with plain headings and, where it is installed, docling's text with the same headings.
"""

from __future__ import annotations

import html
import re
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import orjson
from tqdm import tqdm

from jobmatch_ml.bench.cv_heldout import Tally
from jobmatch_ml.bench.cv_naive import interpret, raw_text
from jobmatch_ml.bench.cv_scores import score_cv
from jobmatch_ml.cv import CvReadError, extract_file
from jobmatch_ml.cv.reading import CvReading
from jobmatch_ml.errors import MissingFileError
from jobmatch_ml.settings import get_settings

_MARKS = re.compile(r"^\s*(?:#{1,6}|[-*>])\s+")
_RULERS = re.compile(r"^[\s|:-]*-{3}[\s|:-]*$", re.MULTILINE)
LABELS = Path("tests/corpora/cv_real/labels/real.jsonl")
Reader = Callable[[Path], CvReading]


def run_cv_real_bench(*, files: str, labels: str = "") -> list[dict[str, Any]]:
    """Scores real files.

    Args:
        files: Folder of the files; labels name them below it.
        labels: Labels; those of the repository by default.

    Returns:
        A row a group (source of the files, ``all``) and reader: ``cvs``, ``refused``, ``seconds``
        and the F1 of each kind, as of the held-out CVs.

    Raises:
        MissingFileError: A file or the labels are not there.
    """
    path = Path(labels) if labels else get_settings().under_root(LABELS)
    if not path.is_file():
        raise MissingFileError(f"{path} does not exist; expected labels of real CVs there")
    tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
    for line in tqdm(path.read_bytes().splitlines(), desc="real CVs", delay=2):
        label = orjson.loads(line)
        file = Path(files) / label["file"]
        if not file.is_file():
            raise MissingFileError(f"{file} does not exist; `files` names the folder of real CVs")
        for name, read in readers().items():
            counts, seconds = _score(read, file, label)
            for group in ("all", label["layout"]):
                tallies[group, name].add(counts, seconds)
    return [
        {"group": group, "reader": reader, **tally.row()}
        for (group, reader), tally in sorted(tallies.items())
    ]


def readers() -> dict[str, Reader]:
    """Returns the ways of reading that are there."""
    found: dict[str, Reader] = {"rules": extract_file, "raw text": _read_raw}
    if find_spec("docling") is not None:
        found["docling"] = _read_docling
    return found


def _score(read: Reader, file: Path, label: Mapping[str, Any]) -> tuple[Any, float | None]:
    started = time.perf_counter()
    try:
        reading = read(file)
    except CvReadError:
        return score_cv(CvReading((), "", "unknown", 0, "text"), label), None
    return score_cv(reading, label), time.perf_counter() - started


def _read_raw(file: Path) -> CvReading:
    plain = file.suffix in (".txt", ".md")
    return interpret(file.read_text(encoding="utf-8") if plain else raw_text(file))


def _read_docling(file: Path) -> CvReading:
    if file.suffix == ".txt":  # it reads no plain text
        return _read_raw(file)
    converter = import_module("docling.document_converter").DocumentConverter()
    return interpret(without_markdown(converter.convert(file).document.export_to_markdown()))


def without_markdown(text: str) -> str:
    """Returns the words of a Markdown text: its signs are not the CV's, cells are its lines."""
    plain = _RULERS.sub("", text).replace("|", "\n").replace("\\", "")
    lines = (_MARKS.sub("", line).replace("**", "").strip() for line in plain.splitlines())
    return "\n".join(html.unescape(line) for line in lines if line)
