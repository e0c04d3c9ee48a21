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
        raise RuntimeError("disk on fire")

    path = tmp_path / "out.txt"
    write_lines(path, ["old"])
    with pytest.raises(RuntimeError, match="on fire"):
        write_lines(path, broken())
    assert path.read_text() == "old\n"
    assert [item.name for item in tmp_path.iterdir()] == ["out.txt"]


def test_a_new_file_can_be_read_by_others(tmp_path: Path) -> None:
    write_lines(tmp_path / "out.txt", ["x"])
    (tmp_path / "plain").write_text("x")
    assert (tmp_path / "out.txt").stat().st_mode == (tmp_path / "plain").stat().st_mode


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "old").write_text("old")
    return folder


def test_a_staged_folder_replaces_the_old_one_whole(target: Path) -> None:
    with staged_folder(target) as work:
        (work / "new").write_text("new")
        assert (target / "old").exists()
    assert [path.name for path in target.iterdir()] == ["new"]
    assert [path.name for path in target.parent.iterdir()] == ["out"]


def test_a_failure_leaves_the_folder_as_it_was(target: Path) -> None:
    def fail_half_way() -> None:
        with staged_folder(target) as work:
            (work / "new").write_text("new")
            raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        fail_half_way()
    assert [path.name for path in target.iterdir()] == ["old"]
    assert [path.name for path in target.parent.iterdir()] == ["out"]
