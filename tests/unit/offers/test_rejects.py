"""The file of refused records: counted by reason, whole or not at all, absent when empty."""

from __future__ import annotations

import json
from pathlib import Path

from jobmatch_ml.offers.rejects import RejectLog, RejectReason


def test_reasons_are_counted_with_their_first_five_places(tmp_path: Path) -> None:
    with RejectLog(tmp_path / "rejects") as log:
        for number in range(1, 8):
            log.add(Path("a.jsonl"), f"line {number}", "no id", {"n": number})
        log.add(Path("a.jsonl"), "line 9", "broken JSON", "{")
        log.keep(Path("a.jsonl"), "line 10", "duplicate", {"id": "1"})
        path = log.finish()
    assert log.total == 8
    places = tuple(f"a.jsonl, line {number}" for number in range(1, 6))
    assert log.reasons() == (
        RejectReason("no id", 7, places),
        RejectReason("broken JSON", 1, ("a.jsonl, line 9",)),
    )
    assert path is not None
    assert path.name.endswith("Z-offers.jsonl")
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert len(lines) == 9
    assert lines[0] == {
        "file": "a.jsonl",
        "place": "line 1",
        "reason": "no id",
        "record": {"n": 1},
    }


def test_nothing_is_left_when_nothing_was_refused_or_the_run_failed(tmp_path: Path) -> None:
    with RejectLog(tmp_path) as log:
        assert log.finish() is None
    with RejectLog(tmp_path) as log:
        log.add(Path("a"), "file", "broken", "x")
    assert list(tmp_path.iterdir()) == []
