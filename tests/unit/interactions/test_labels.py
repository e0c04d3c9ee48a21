"""Funnel labels: the furthest stage that is known, and nothing that only becomes known later."""

from __future__ import annotations

import numpy as np

from jobmatch_ml.interactions import GradeConfig, grade_interactions, interaction_counts
from tests.log_factory import day, make_log

FUNNEL = (
    {},
    {"viewed": True, "viewed_at": day(0), "time_spent_seconds": 40},
    {"saved": True, "saved_at": day(1)},
    {"saved": True, "saved_at": day(1), "applied": True, "applied_at": day(2)},
    {"applied": True, "applied_at": day(2), "got_interview": True, "interview_at": day(5)},
    {
        "applied": True,
        "applied_at": day(2),
        "got_interview": True,
        "interview_at": day(5),
        "got_hired": True,
        "hired_at": day(9),
    },
)


def test_each_stage_has_its_grade() -> None:
    # Defaults: nothing 0, a look 0, saved 1, applied 2, interview 3, hired 4.
    assert grade_interactions(make_log(*FUNNEL)).tolist() == [0, 0, 1, 2, 3, 4]


def test_a_long_look_counts_when_the_configuration_says_so() -> None:
    config = GradeConfig(dwell=1, saved=2, applied=3, interview=4, hired=5)
    assert grade_interactions(make_log(*FUNNEL), config).tolist() == [0, 1, 2, 3, 4, 5]
    short = make_log({"viewed": True, "viewed_at": day(0), "time_spent_seconds": 29})
    assert grade_interactions(short, config).tolist() == [0]


def test_what_happens_after_the_cut_off_is_not_known_yet() -> None:
    log = make_log(FUNNEL[-1])
    known = [int(grade_interactions(log, as_of=day(when))[0]) for when in (1, 2.5, 6, 10)]
    assert known == [0, 2, 3, 4]


def test_an_event_at_the_cut_off_itself_is_not_known_yet() -> None:
    log = make_log({"saved": True, "saved_at": day(1)})
    assert grade_interactions(log, as_of=day(1)).tolist() == [0]


def test_null_is_unknown_and_keeps_the_grade_reached() -> None:
    applied = {"applied": True, "applied_at": day(1)}
    log = make_log(
        {**applied, "got_interview": None},
        {**applied, "got_interview": False, "closed_at": day(3)},
    )
    assert grade_interactions(log).tolist() == [2, 2]


def test_popularity_counts_positive_rows_per_offer() -> None:
    log = make_log(*({"offer_external_id": name} for name in ("a", "b", "a", "c")))
    counts = interaction_counts(log, np.array([1, 2, 4, 0]))
    assert counts == {"a": 2.0, "b": 1.0}
