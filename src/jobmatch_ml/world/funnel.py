"""From an offer that was shown to what came of it: opened, saved, applied, interview, hired.

What happens after the end of the log is not known to the log: the event is absent, and an outcome
that is still open is unknown, never "no". All times are seconds from the start of the log.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.world.config import BehaviourConfig
from jobmatch_ml.world.log import NEVER, NO, UNKNOWN, YES

DAY_S = 86_400
LONGEST_VIEW_S = 1_800
Outcomes = dict[str, NDArray[Any]]


def play_funnel(
    rng: np.random.Generator,
    config: BehaviourConfig,
    *,
    grades: NDArray[np.int8],
    violations: NDArray[np.int8],
    attraction: NDArray[np.float32],
    propensity: NDArray[np.float64],
    bias: NDArray[np.float64],
    shown_s: NDArray[np.int32],
    end_s: int,
) -> Outcomes:
    """Plays impressions to the end of the log; all arrays ``(n_impressions,)``.

    An offer is opened when its position is looked at (with the probability ``propensity``) and it
    attracts (with the probability ``attraction``, whatever the position).

    Args:
        rng: Source of randomness.
        config: Rates and delays.
        grades: True relevance, 0 to 4.
        violations: Hard wishes that the offer violates.
        attraction: P(view | examined).
        propensity: P(examined).
        bias: Factor on the recruiters' decisions on this candidate; 1 where they have no bias.
        shown_s: When each was shown.
        end_s: End of the log: nothing from then on is known.

    Returns:
        The columns of ``LogColumns`` from ``examined`` on, but for ``grade`` and ``attraction``.
    """
    n = len(grades)
    examined = rng.random(n) < propensity
    viewed = examined & (rng.random(n) < attraction)
    rows = np.flatnonzero(viewed)
    opened = _open(
        rng,
        config,
        grades[rows],
        violations=violations[rows],
        shown_s=shown_s[rows],
        end_s=end_s,
    )
    columns = _unknown(n) | {"examined": examined, "viewed": viewed}
    for name, values in opened.items():
        columns[name][rows] = values
    applied = rows[opened["applied"]]
    answers = _answer(rng, config, grades[applied], bias[applied], columns["applied_s"][applied])
    for name, values in _known(answers, end_s).items():
        columns[name][applied] = values
    # Nobody applies to what was shown so long ago: the later stages are closed.
    closed = ~columns["applied"] & (end_s - shown_s >= config.apply_window_days * DAY_S)
    columns["interview"][closed] = NO
    columns["hired"][closed] = NO
    return columns


def _unknown(n: int) -> Outcomes:
    times = ("viewed_s", "saved_s", "applied_s", "interview_s", "hired_s", "closed_s")
    return {
        **{name: np.full(n, NEVER, dtype=np.int32) for name in times},
        **{name: np.zeros(n, dtype=np.bool_) for name in ("saved", "applied", "discriminated")},
        **{name: np.full(n, UNKNOWN, dtype=np.int8) for name in ("interview", "hired")},
        "dwell_s": np.zeros(n, dtype=np.int32),
    }


def _open(
    rng: np.random.Generator,
    config: BehaviourConfig,
    grades: NDArray[np.int8],
    *,
    violations: NDArray[np.int8],
    shown_s: NDArray[np.int32],
    end_s: int,
) -> Outcomes:
    """Plays what people do with the offers that they open."""
    n = len(grades)
    viewed_s = shown_s + rng.integers(2, 90, size=n)
    dwell = np.exp(rng.normal(3.0 + 0.25 * grades, 0.7))
    dwell_s = np.clip(dwell, 2, LONGEST_VIEW_S).astype(np.int64)
    done_s = viewed_s + dwell_s
    saved = (rng.random(n) < np.array(config.save)[grades]) & (done_s < end_s)
    willing = np.array(config.apply)[grades] * config.violation_apply**violations
    # Truncated, so that the window in which people apply really is the longest.
    delay = np.minimum(
        rng.exponential(config.apply_delay_days, size=n), config.apply_window_days / 2
    )
    applied_s = done_s + _seconds(delay)
    applied = (rng.random(n) < willing) & (applied_s < end_s)
    return {
        "viewed_s": viewed_s,
        "dwell_s": dwell_s,
        "saved": saved,
        "saved_s": np.where(saved, done_s, NEVER),
        "applied": applied,
        "applied_s": np.where(applied, applied_s, NEVER),
    }


def _answer(
    rng: np.random.Generator,
    config: BehaviourConfig,
    grades: NDArray[np.int8],
    bias: NDArray[np.float64],
    applied_s: NDArray[np.int32],
) -> Outcomes:
    """Plays what recruiters do with applications, known in time or not.

    The same draws decide with and without bias, so that who lost an interview or a job by it is
    known for each application.
    """
    n = len(grades)
    decided: dict[str, NDArray[np.bool_]] = {}
    fair: dict[str, NDArray[np.bool_]] = {}
    times = {}
    since = applied_s.astype(np.int64)
    for stage, rates, delay_days in (
        ("interview", config.interview, config.interview_delay_days),
        ("hired", config.hire, config.hire_delay_days),
    ):
        chance, mark = np.array(rates)[grades], rng.random(n)
        decided[stage], fair[stage] = mark < np.minimum(chance * bias, 1), mark < chance
        wait = np.minimum(rng.gamma(2.0, delay_days / 2.0, size=n), config.answer_window_days)
        since = since + _seconds(wait)
        times[stage] = since
    lost_interview = fair["interview"] & ~decided["interview"]
    lost_job = decided["interview"] & fair["hired"] & ~decided["hired"]
    return {
        "invited": decided["interview"],
        "hired": decided["hired"],
        "answered_s": times["interview"],
        "decided_s": times["hired"],
        "discriminated": lost_interview | lost_job,
    }


def _known(answers: Outcomes, end_s: int) -> Outcomes:
    """Returns what of the answers is known at the end of the log."""
    answered_s, decided_s = answers["answered_s"], answers["decided_s"]
    answered = answered_s < end_s
    invited = answered & answers["invited"]
    refused = answered & ~answers["invited"]
    decided = invited & (decided_s < end_s)
    hired = decided & answers["hired"]
    outcome = np.where(decided, np.where(hired, YES, NO), UNKNOWN)
    return {
        "interview": np.where(answered, np.where(invited, YES, NO), UNKNOWN),
        "hired": np.where(refused, NO, outcome),
        "interview_s": np.where(invited, answered_s, NEVER),
        "hired_s": np.where(hired, decided_s, NEVER),
        "closed_s": np.where(refused, answered_s, np.where(decided & ~hired, decided_s, NEVER)),
        "discriminated": answers["discriminated"],
    }


def _seconds(days: NDArray[np.float64]) -> NDArray[np.int64]:
    # Whole seconds: the last bits of a drawn delay may differ between machines.
    return np.round(days * DAY_S).astype(np.int64)
