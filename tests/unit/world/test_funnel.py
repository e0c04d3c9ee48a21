"""From shown to hired: order, nulls, the recruiters' bias."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from jobmatch_ml.world.config import BehaviourConfig
from jobmatch_ml.world.funnel import DAY_S, play_funnel
from jobmatch_ml.world.log import NEVER, NO, UNKNOWN, YES

SURE, NOT_ONCE = (1.0,) * 5, (0.0,) * 5
EAGER = BehaviourConfig(view=SURE, save=SURE, apply=SURE, interview=SURE, hire=SURE)
N = 400


def play(config: BehaviourConfig, **changed: Any) -> dict[str, NDArray[Any]]:
    arguments: dict[str, Any] = {
        "grades": np.full(N, 4, np.int8),
        "violations": np.zeros(N, np.int8),
        "attraction": np.ones(N, np.float32),
        "propensity": np.ones(N),
        "bias": np.ones(N),
        "shown_s": np.zeros(N, np.int32),
        "end_s": 200 * DAY_S,
    }
    return play_funnel(np.random.default_rng(0), config, **arguments | changed)


def test_what_is_not_looked_at_or_does_not_attract_is_not_opened() -> None:
    unseen = play(EAGER, propensity=np.zeros(N))
    assert not unseen["examined"].any()
    assert not unseen["viewed"].any()
    dull = play(EAGER, attraction=np.zeros(N, np.float32))
    assert dull["examined"].all()
    assert not dull["viewed"].any()


def test_with_all_rates_at_one_and_time_enough_everything_happens_in_order() -> None:
    log = play(EAGER)
    names = ("viewed_s", "saved_s", "applied_s", "interview_s", "hired_s")
    times = np.stack([np.zeros(N), *(log[name] for name in names)])
    assert (log["hired"] == YES).all()
    assert (log["closed_s"] == NEVER).all()
    assert (np.diff(times, axis=0) >= 0).all()


def test_a_refusal_closes_the_later_stages() -> None:
    log = play(EAGER.model_copy(update={"interview": NOT_ONCE}))
    assert (log["interview"] == NO).all()
    assert (log["hired"] == NO).all()
    assert (log["closed_s"] > log["applied_s"]).all()
    assert (log["interview_s"] == NEVER).all()


def test_an_answer_after_the_end_of_the_log_is_not_known() -> None:
    log = play(EAGER, end_s=2 * DAY_S)
    waiting = log["applied"] & (log["interview"] == UNKNOWN)
    assert waiting.any()
    assert (log["hired"][waiting] == UNKNOWN).all()
    assert (log["closed_s"][waiting] == NEVER).all()
    late = log["applied_s"] + 10
    assert (late[log["applied"]] < 2 * DAY_S + 10).all()


def test_invited_but_not_yet_decided_is_half_known() -> None:
    log = play(EAGER, end_s=15 * DAY_S)
    half = (log["interview"] == YES) & (log["hired"] == UNKNOWN)
    assert half.any()
    assert (log["interview_s"][half] > 0).all()
    for name in ("viewed_s", "saved_s", "applied_s", "interview_s", "hired_s", "closed_s"):
        assert (log[name] < 15 * DAY_S).all(), f"{name} is of after the end of the log"


@pytest.mark.parametrize(("days", "outcome"), [(13, UNKNOWN), (14, NO)])
def test_without_an_application_the_outcome_is_open_for_the_window_and_then_no(
    days: int, outcome: int
) -> None:
    passive = BehaviourConfig(apply=NOT_ONCE, apply_window_days=14)
    log = play(passive, end_s=days * DAY_S)
    assert (log["interview"] == outcome).all()
    assert (log["hired"] == outcome).all()


def test_violated_wishes_make_people_apply_less_at_the_same_grade() -> None:
    config = EAGER.model_copy(update={"violation_apply": 0.5})
    n = 8000
    shape: dict[str, Any] = {
        "grades": np.full(n, 4, np.int8),
        "attraction": np.ones(n, np.float32),
        "propensity": np.ones(n),
        "bias": np.ones(n),
        "shown_s": np.zeros(n, np.int32),
    }
    applied = play(config, violations=np.full(n, 2, np.int8), **shape)["applied"].mean()
    assert applied == pytest.approx(0.25, abs=0.025)  # 0.5 ** 2, within five deviations


def test_bias_takes_interviews_and_jobs_and_says_from_whom() -> None:
    rates = EAGER.model_copy(update={"interview": (0.6,) * 5, "hire": (0.6,) * 5})
    n = 20_000
    shape: dict[str, Any] = {
        "grades": np.full(n, 4, np.int8),
        "violations": np.zeros(n, np.int8),
        "attraction": np.ones(n, np.float32),
        "propensity": np.ones(n),
        "shown_s": np.zeros(n, np.int32),
    }
    fair = play(rates, bias=np.ones(n), **shape)
    biased = play(rates, bias=np.full(n, 0.5), **shape)
    assert not fair["discriminated"].any()
    assert fair["interview"].mean() == pytest.approx(0.6, abs=0.02)
    assert biased["interview"].mean() == pytest.approx(0.3, abs=0.02)
    # The same draws: those who lost the interview are exactly those it would have gone to.
    lost = (fair["interview"] == YES) & (biased["interview"] == NO)
    assert biased["discriminated"][lost].all()
    kept = biased["interview"] == YES
    lost_job = kept & (fair["hired"] == YES) & (biased["hired"] == NO)
    assert (biased["discriminated"] == (lost | lost_job)).all()


def test_favour_discriminates_nobody() -> None:
    rates = EAGER.model_copy(update={"interview": (0.4,) * 5})
    log = play(rates, bias=np.full(N, 1.5))
    assert not log["discriminated"].any()
    assert log["interview"].mean() == pytest.approx(0.6, abs=0.12)
