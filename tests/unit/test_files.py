"""Atomic writing: whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobmatch_ml.files import staged_folder, write_lines


def test_lines_end_with_newlines_and_folders_are_made(tmp_path: Path) -> None:
    write_lines(tmp_path / "a" / "b.txt", ["é", "x"])
    assert (tmp_path / "a" / "b.txt").read_bytes() == b"\xc3\xa9\nx\n"


def test_a_failure_leaves_the_former_file_and_no_rest(tmp_path: Path) -> None:
    def broken() -> Iterator[str]:
        yield "half"
        raise RuntimeError

    path = tmp_path / "run.trec"
    path.write_text("former")

    def fail_half_way() -> None:
        with staged_folder(target) as work:
            (work / "new").write_text("new")
            raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        fail_half_way()
    assert [path.name for path in target.iterdir()] == ["old"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
