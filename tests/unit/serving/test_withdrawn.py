"""What was served once and is not any more."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobmatch_ml.serving import withdrawn
from jobmatch_ml.serving.withdrawn import FILE_NAME, note_served


def test_what_is_not_in_the_next_catalogue_was_withdrawn(tmp_path: Path) -> None:
    assert note_served(tmp_path, ["a", "b"]) == frozenset()
    assert note_served(tmp_path, ["b", "c"]) == {"a"}
    # An offer that comes back is offered; the others stay withdrawn.
    assert note_served(tmp_path, ["a"]) == {"b", "c"}
    assert (tmp_path / FILE_NAME).read_text() == "a\nb\nc\n"


def test_a_known_catalogue_writes_nothing(tmp_path: Path) -> None:
    note_served(tmp_path, ["a", "b"])
    before = (tmp_path / FILE_NAME).stat().st_mtime_ns
    assert note_served(tmp_path, ["b"]) == {"a"}
    assert (tmp_path / FILE_NAME).stat().st_mtime_ns == before


def test_a_file_that_cannot_be_used_does_not_stop_the_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"\xff\xfe")
    assert note_served(tmp_path, ["a"]) == frozenset()

    def full(path: Path, lines: object) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(withdrawn, "write_lines", full)
    assert note_served(tmp_path, ["b"]) == {"a"}
