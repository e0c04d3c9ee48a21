"""The battery of hostile files in its small form: 120 PDFs, 80 Word files, all of the bombs."""

from __future__ import annotations

import pytest

from jobmatch_ml.bench.hostile import run_hostile_bench
from jobmatch_ml.bench.hostile_bombs import BOMBS


@pytest.mark.slow
def test_broken_and_hostile_files_are_read_or_refused_and_the_reader_stays_up() -> None:
    rows = run_hostile_bench(pdfs=120, docx=80)
    assert [row for row in rows if row["part"] == "faults"] == []
    files = {row["kind"]: row for row in rows if row["part"] == "files"}
    assert (files["broken PDF"]["files"], files["broken DOCX"]["files"]) == (120, 80)
    assert files["bombs"]["refused"] >= sum(bomb.refused for bomb in BOMBS)
    assert next(row for row in rows if row["part"] == "process")["all hold"]
