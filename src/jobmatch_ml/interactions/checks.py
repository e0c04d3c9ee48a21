"""What cannot be true in a log, as data: each rule is a reason and the SQL condition of a bad row.

Reading a log of our own and importing a company's use the same rules. A rule looks at one row; that
impression ids are unique is checked beside them, since it takes the whole log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jobmatch_ml.types import Surface

MAX_OFFER_ID_LENGTH = 50
"""Length of `offer_external_id` in the schema, characters."""

# What happened must say when: without the time nobody knows which split may know of it.
TIMED_FLAGS = {
    "viewed": "viewed_at",
    "saved": "saved_at",
    "applied": "applied_at",
    "got_interview": "interview_at",
    "got_hired": "hired_at",
}
EVENT_TIMES = (*TIMED_FLAGS.values(), "closed_at")
DUPLICATED = "impression_id is not unique"


@dataclass(frozen=True, slots=True)
class Rule:
    """A reason to refuse a row, and the condition (SQL, null counts as false) that finds it."""

    reason: str
    condition: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One kind of problem: how many rows have it, and the ids of the first few."""

    reason: str
    count: int
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Returns the problem as one clause of a message; examples are ids only."""
        shown = f" (such as {', '.join(self.examples)})" if self.examples else ""
        return f"{self.count:,} rows: {self.reason}{shown}"


def row_rules() -> list[Rule]:
    """Returns the rules of one row, in the order in which they are reported."""
    surfaces = [surface.value for surface in Surface]
    rules = [
        Rule("position below 1", "position < 1"),
        Rule("slate_size below 1", "slate_size < 1"),
        Rule("position beyond slate_size", "position > slate_size"),
        Rule(
            f"surface is not one of {', '.join(surfaces)}",
            f"NOT list_contains({surfaces!r}, surface)",
        ),
        Rule(
            f"offer_external_id is longer than {MAX_OFFER_ID_LENGTH} characters",
            f"length(offer_external_id) > {MAX_OFFER_ID_LENGTH}",
        ),
        Rule("time_spent_seconds below 0", "time_spent_seconds < 0"),
        Rule("match_score is infinite", "isinf(match_score)"),
    ]
    rules += [out_of_time(time) for time in ("shown_at", *EVENT_TIMES)]
    rules += [
        Rule(f"{flag} without {time}", f"{flag} AND {time} IS NULL")
        for flag, time in TIMED_FLAGS.items()
    ]
    rules += [Rule(f"{time} before shown_at", f"{time} < shown_at") for time in EVENT_TIMES]
    return [*rules, *_funnel_rules()]


def out_of_time(time: str) -> Rule:
    """Returns the rule that a time is of the calendar that logs are of.

    Stand-ins for "never" (the year 9999, infinity) would move every window of a split.
    """
    return Rule(
        f"{time} is not between 1970 and 2100",
        f"{time} < TIMESTAMPTZ '1970-01-01 00:00:00+00' "
        f"OR {time} >= TIMESTAMPTZ '2100-01-01 00:00:00+00'",
    )


def _funnel_rules() -> list[Rule]:
    """A stage that was reached without the one before it, or in the wrong order."""
    rules = [
        Rule(f"{time} although not {flag}", f"{time} IS NOT NULL AND NOT coalesce({flag}, false)")
        for flag, time in TIMED_FLAGS.items()
    ]
    return [
        *rules,
        Rule("got_interview without applied", "got_interview AND NOT applied"),
        Rule("got_hired without got_interview", "got_hired AND NOT coalesce(got_interview, false)"),
        Rule("interview_at before applied_at", "interview_at < applied_at"),
        Rule("hired_at before interview_at", "hired_at < interview_at"),
        Rule("got_hired and closed_at together", "got_hired AND closed_at IS NOT NULL"),
    ]


def find_problems(connection: Any, view: str, rules: Sequence[Rule]) -> list[Problem]:
    """Counts the rows of a view that break each rule; the rules without any are left out.

    Duplicated impressions are counted as rows beyond the first of their id.
    """
    rows = connection.table(view)
    counts = rows.aggregate(
        ", ".join(f"count(*) FILTER ({rule.condition})" for rule in rules)
    ).fetchone()
    problems = []
    twice = duplicated_ids(connection, view)
    extra = twice.aggregate("coalesce(sum(copies - 1), 0)::BIGINT").fetchone()[0]
    if extra:
        shown = twice.order("first_row").limit(3).project("impression_id").fetchall()
        problems.append(Problem(DUPLICATED, extra, tuple(row[0] for row in shown)))
    for rule, count in zip(rules, counts, strict=True):
        if count:
            first = rows.filter(rule.condition).order("file_row_number").limit(3)
            shown = first.project("impression_id").fetchall()
            problems.append(Problem(rule.reason, count, tuple(str(row[0]) for row in shown)))
    return problems


def duplicated_ids(connection: Any, view: str) -> Any:
    """Returns the relation (impression_id, copies, first_row) of ids that occur more than once."""
    return (
        connection.table(view)
        .aggregate("impression_id, count(*) AS copies, min(file_row_number) AS first_row")
        .filter("copies > 1 AND impression_id IS NOT NULL")
    )
