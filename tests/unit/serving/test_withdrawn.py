"""What was served once and is not any more."""

from __future__ import annotations

import threading
from collections.abc import Callable
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


def test_a_damaged_line_is_kept_beside_the_sound_ones(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"\xff\xfe\na\n")
    assert note_served(tmp_path, ["b"]) == {"a"}
    assert (tmp_path / FILE_NAME).read_bytes() == b"a\nb\n\xff\xfe\n"


@pytest.mark.parametrize("failing_read", [1, 2])
def test_a_history_that_cannot_be_read_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing_read: int
) -> None:
    note_served(tmp_path, ["a"])
    read: Callable[[Path], bytes] = Path.read_bytes
    calls = 0

    def broken(path: Path) -> bytes:
        nonlocal calls
        calls += 1
        if calls == failing_read:
            raise OSError(5, "input/output error")
        return read(path)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", broken)
        note_served(tmp_path, ["b"])
    assert (tmp_path / FILE_NAME).read_text() == "a\n"
    assert note_served(tmp_path, ["b"]) == {"a"}


def test_a_full_disk_leaves_the_history_and_the_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note_served(tmp_path, ["a"])

    def full(path: Path, lines: object) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(withdrawn, "write_bytes", full)
    assert note_served(tmp_path, ["b"]) == {"a"}
    assert (tmp_path / FILE_NAME).read_text() == "a\n"


@pytest.mark.parametrize("strange", ["a\rb", "a\nb", "a\u2028b", "a\x85b", "\ud800", "é", ""])
def test_an_id_that_no_path_can_have_is_no_other_offer(tmp_path: Path, strange: str) -> None:
    assert note_served(tmp_path, [strange, "c"]) == frozenset()
    assert note_served(tmp_path, ["d"]) == {"c"}
    assert (tmp_path / FILE_NAME).read_text() == "c\nd\n"


def test_of_many_workers_none_loses_what_another_noted(tmp_path: Path) -> None:
    start = threading.Barrier(8)

    def work(number: int) -> None:
        start.wait()
        for turn in range(5):
            note_served(tmp_path, [f"{number}-{turn}"])

    workers = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    noted = (tmp_path / FILE_NAME).read_text().splitlines()
    assert noted == sorted(f"{number}-{turn}" for number in range(8) for turn in range(5))


def test_more_ids_than_are_kept_leave_the_history_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note_served(tmp_path, ["a"])
    monkeypatch.setattr(withdrawn, "_MOST", 1)
    assert note_served(tmp_path, ["b"]) == {"a"}
    assert (tmp_path / FILE_NAME).read_text() == "a\n"
