"""The rules of a row: each finds its own, counts it, and shows ids."""

from __future__ import annotations

from typing import Any

import pytest

from jobmatch_ml.interactions.checks import DUPLICATED, Problem, find_problems, row_rules
from jobmatch_ml.interactions.engine import open_engine
from tests.log_factory import day, make_log

HIRED = {
    "applied": True,
    "applied_at": day(1),
    "got_interview": True,
    "interview_at": day(2),
    "got_hired": True,
    "hired_at": day(3),
}


def problems_of(*rows: dict[str, Any]) -> dict[str, Problem]:
    table = make_log(*rows)
    with open_engine() as connection:
        relation = connection.from_arrow(table)
        relation.project("*, row_number() OVER () AS file_row_number").create_view("log")
        return {
            problem.reason: problem for problem in find_problems(connection, "log", row_rules())
        }


def test_a_whole_funnel_breaks_no_rule() -> None:
    assert problems_of({}, HIRED, {"surface": "import", "position": None}) == {}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({**HIRED, "interview_at": day(0.5)}, "interview_at before applied_at"),
        ({**HIRED, "hired_at": day(1.5)}, "hired_at before interview_at"),
        ({**HIRED, "closed_at": day(4)}, "got_hired and closed_at together"),
        ({"saved_at": day(1)}, "saved_at although not saved"),
        ({"slate_size": 0, "position": None}, "slate_size below 1"),
        ({"time_spent_seconds": -1}, "time_spent_seconds below 0"),
        ({"closed_at": day(-1)}, "closed_at before shown_at"),
        ({"closed_at": day(365 * 80)}, "closed_at is not between 1970 and 2100"),
        ({"shown_at": day(-365 * 60)}, "shown_at is not between 1970 and 2100"),
        ({"match_score": float("-inf")}, "match_score is infinite"),
    ],
)
def test_each_rule_finds_its_own_and_nothing_else(row: dict[str, Any], reason: str) -> None:
    assert list(problems_of({}, row)) == [reason]


def test_counts_and_examples_are_of_ids_only() -> None:
    found = problems_of(*({"position": 0} for _ in range(5)))["position below 1"]
    assert found == Problem("position below 1", 5, ("i1", "i2", "i3"))
    assert str(found) == "5 rows: position below 1 (such as i1, i2, i3)"


def test_copies_beyond_the_first_of_an_id_are_counted() -> None:
    rows = [{"impression_id": name} for name in ("b", "a", "b", "b", "c")]
    assert problems_of(*rows) == {DUPLICATED: Problem(DUPLICATED, 2, ("b",))}
