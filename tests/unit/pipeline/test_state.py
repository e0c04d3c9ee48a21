"""A stage is done when its marker is whole, and one process at a time works on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobmatch_ml.errors import NotReadyError
from jobmatch_ml.pipeline.state import MARKER, StageFolder


def test_a_folder_is_done_only_with_its_marker(tmp_path: Path) -> None:
    folder = StageFolder(tmp_path / "stage" / "key")
    assert folder.finished("stage") is None
    folder.clear()
    (folder.path / "half.txt").write_text("x")
    assert folder.finished("stage") is None
    done = folder.finish("stage", {"n": 1}, run_id="r", seconds=2.0)
    again = folder.finished("stage")
    assert again is not None
    assert (done.status, again.status) == ("done", "skipped")
    assert (again.records, again.run_id, again.key) == ({"n": 1}, "r", "key")
    folder.clear()
    assert list(folder.path.iterdir()) == []


@pytest.mark.parametrize("content", ["", "[]", "{", '{"records": 1}'])
def test_a_damaged_marker_means_not_done(tmp_path: Path, content: str) -> None:
    folder = StageFolder(tmp_path / "stage" / "key")
    folder.clear()
    (folder.path / MARKER).write_text(content)
    assert folder.finished("stage") is None


def test_two_runs_of_one_stage_exclude_each_other(tmp_path: Path) -> None:
    folder = StageFolder(tmp_path / "stage" / "key")
    other = StageFolder(tmp_path / "stage" / "key")
    with (
        folder.lock(),
        pytest.raises(NotReadyError, match="stage stage is being run"),
        other.lock(),
    ):
        pytest.fail("the lock was given twice")
