"""One holder at a time, and the next one may come."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobmatch_ml.errors import NotReadyError
from jobmatch_ml.registry.locks import file_lock


def test_a_second_holder_is_told_why_and_a_later_one_gets_in(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "x.lock"
    with (
        file_lock(path),
        pytest.raises(NotReadyError, match="the stage is running"),
        file_lock(path, busy="the stage is running"),
    ):
        pytest.fail("the lock was given twice")
    with file_lock(path, busy="still held"):
        assert path.exists()
