"""How long reading takes: what is timed, what counts as refused, crashed or over its goal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pdfplumber")
pytest.importorskip("typst")

from jobmatch_ml.bench import cv_speed
from jobmatch_ml.bench.cv import write_documents
from jobmatch_ml.bench.cv_speed import run_cv_speed_bench, two_pages
from jobmatch_ml.cv import CvReadError
from jobmatch_ml.errors import InputError, MissingFileError


def test_the_timed_cv_has_two_pages() -> None:
    data, pages = two_pages(write_documents(1, seed=7)[0])
    assert pages == 2
    assert data.startswith(b"%PDF")


def test_outcomes_are_counted_by_what_became_of_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def read(file: Any) -> None:
        if file == b"refused":
            raise CvReadError("cv_empty")
        if file == b"crash":
            raise RuntimeError

    monkeypatch.setattr(cv_speed, "extract_file", read)
    row = cv_speed._measure("some", [b"a", b"refused", b"crash", b"b"], 1, 0.5)
    assert (row["files"], row["read"], row["refused"], row["crashes"]) == (4, 2, 1, 1)
    assert row["over"] == 0
    assert row["slowest_s"] < 0.5
    assert cv_speed._measure("some", [b"a"], 1, 0.0)["over"] == 1


def test_nothing_to_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="at least 1"):
        run_cv_speed_bench(repeats=0)
    monkeypatch.setattr(cv_speed, "_measure", lambda *args, **options: {})
    with pytest.raises(MissingFileError, match="no PDF"):
        run_cv_speed_bench(repeats=1, scans=1, files=str(tmp_path))
