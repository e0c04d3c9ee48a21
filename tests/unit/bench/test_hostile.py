"""The battery of hostile files, small: what holds, what does not, and the same files for a seed."""

from __future__ import annotations

from itertools import islice
from typing import Any

import pytest

from jobmatch_ml.bench import hostile
from jobmatch_ml.bench.hostile import Outcome, broken_files, holds, read_one, run_hostile_bench
from jobmatch_ml.bench.hostile_bombs import BOMBS
from jobmatch_ml.bench.hostile_mutations import mutate_docx, mutate_pdf
from jobmatch_ml.errors import InputError

LINES = b"Sophie Martin\nComptable\nCompetences\nExcel, Sage"


def test_a_few_broken_files_are_read_or_refused_and_leave_the_process_as_it_was() -> None:
    rows = run_hostile_bench(pdfs=4, docx=4, bombs=False, workers=2)
    files = [row for row in rows if row["part"] == "files"]
    assert [(row["kind"], row["files"], row["crashes"]) for row in files] == [
        ("broken PDF", 4, 0), ("broken DOCX", 4, 0),
    ]  # fmt: skip
    assert all(row["read"] + row["refused"] == 4 for row in files)
    process = next(row for row in rows if row["part"] == "process")
    assert (process["descriptors"], process["threads"]) == (0, 0)
    assert sum(row["files"] for row in rows if row["part"] == "codes") == 8


def test_files_are_broken_in_the_same_ways_for_a_seed_and_in_others_for_another() -> None:
    first, again, other = (list(islice(broken_files("docx", seed), 5)) for seed in (3, 3, 4))
    assert first == again
    assert first != other
    assert mutate_pdf.__doc__
    assert mutate_docx.__doc__


def test_what_is_no_refusal_is_a_crash_and_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    def fall(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(hostile, "extract_file", fall)
    outcome = read_one(("x", LINES))
    assert (outcome.code, outcome.status) == ("crash: ZeroDivisionError", 500)
    assert not outcome.holds


@pytest.mark.parametrize(
    ("code", "status", "seconds", "french", "recognised", "expected"),
    [
        ("read", 200, 9.9, True, False, True),
        ("read", 200, 10.1, True, False, False),
        ("cv_no_text", 422, 40.0, True, True, True),
        ("cv_damaged", 422, 1.0, False, False, False),
        ("missing_extra", 500, 1.0, True, False, False),
    ],
)
def test_an_outcome_holds_when_it_is_typed_french_and_in_time(  # noqa: PLR0917 - a table
    code: str, status: int, seconds: float, french: bool, recognised: bool, expected: bool
) -> None:
    assert Outcome("x", code, status, seconds, french, recognised).holds is expected


def test_a_bomb_that_is_read_does_not_hold() -> None:
    bomb = next(bomb for bomb in BOMBS if bomb.refused)
    harmless = next(bomb for bomb in BOMBS if not bomb.refused)
    assert not holds("bombs", Outcome(bomb.name, "read", 200, 0.1, True, False))
    assert holds("bombs", Outcome(harmless.name, "read", 200, 0.1, True, False))


def test_there_are_thirty_bombs_and_more_that_must_be_refused() -> None:
    assert sum(bomb.refused for bomb in BOMBS) >= 30
    assert len({bomb.name for bomb in BOMBS}) == len(BOMBS)


def test_a_battery_of_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="expected files"):
        run_hostile_bench(pdfs=0, docx=0, bombs=False)
