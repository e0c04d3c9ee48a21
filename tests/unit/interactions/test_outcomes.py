"""Outcomes of a stage as known at a moment: no later event, and what could be known by then."""

from __future__ import annotations

import pytest

from jobmatch_ml.errors import InputError, UnknownNameError
from jobmatch_ml.interactions.censoring import fit_delays
from jobmatch_ml.interactions.outcomes import STAGES, stage_outcomes
from tests.log_factory import day, make_log

APPLIED = {"viewed": True, "applied": True, "viewed_at": day(0)}


def test_an_event_after_the_moment_is_not_known() -> None:
    table = make_log(
        {**APPLIED, "applied_at": day(1)}, {**APPLIED, "applied_at": day(5)}, {"viewed": False}
    )
    assert stage_outcomes(table, "apply").events.tolist() == [True, True, False]
    assert stage_outcomes(table, "apply", as_of=day(5)).events.tolist() == [True, False, False]


def test_unknown_outcomes_are_no_events() -> None:
    table = make_log({"got_interview": None}, {"got_interview": True, "interview_at": day(2)})
    assert stage_outcomes(table, "interview").events.tolist() == [False, True]


def test_a_young_row_counts_for_the_share_of_events_that_come_so_early() -> None:
    # Of rows ten days old, half of the applications came on day 1 and half on day 3.
    old = [{**APPLIED, "applied_at": day(1 if k % 2 else 3)} for k in range(20)]
    table = make_log(*old, {"shown_at": day(8)})
    delays = fit_delays(table, as_of=day(10))
    known = stage_outcomes(table, "apply", as_of=day(10), delays=delays).known
    assert known[0] == 1.0
    assert known[-1] == pytest.approx(0.5)
    assert (stage_outcomes(table, "view", as_of=day(10), delays=delays).known == 1).all()


def test_a_log_that_was_followed_to_its_end_knows_all() -> None:
    assert (stage_outcomes(make_log({}, {}), "hire").known == 1).all()


def test_bad_requests_are_refused() -> None:
    table = make_log({"shown_at": day(3)}, {**APPLIED, "applied_at": day(1)})
    with pytest.raises(UnknownNameError, match="interview"):
        stage_outcomes(table, "intervew")
    with pytest.raises(InputError, match="shown at or after"):
        stage_outcomes(table, "view", as_of=day(3))
    with pytest.raises(InputError, match="delays were taken"):
        stage_outcomes(table, "hire", as_of=day(5), delays=fit_delays(table, as_of=day(4)))
    assert STAGES[0] == "view"
