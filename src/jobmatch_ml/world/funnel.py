"""From an offer that was shown to what came of it: opened, saved, applied, interview, hired.

What happens after the end of the log is not known to the log: the event is absent, and an outcome
that is still open is ``None``, never ``False``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from jobmatch_ml.world.config import BehaviourConfig
from jobmatch_ml.world.randomness import chance


@dataclass(slots=True)
class Outcome:
    """What the log knows of one offer shown, with the field names of ``types.Interaction``."""

    viewed: bool = False
    time_spent_seconds: int = 0
    saved: bool = False
    applied: bool = False
    got_interview: bool | None = None
    got_hired: bool | None = None
    viewed_at: datetime | None = None
    saved_at: datetime | None = None
    applied_at: datetime | None = None
    interview_at: datetime | None = None
    hired_at: datetime | None = None
    closed_at: datetime | None = None


def simulate_outcome(
    rng: np.random.Generator,
    config: BehaviourConfig,
    *,
    grade: int,
    examined: bool,
    shown_at: datetime,
    log_end: datetime,
) -> Outcome:
    """Plays one impression to the end of the log.

    Args:
        rng: Source of randomness.
        config: Rates and delays.
        grade: True relevance, 0 to 4.
        examined: Whether the candidate looked at that position at all.
        shown_at: When the slate was shown.
        log_end: Nothing after this moment is known.
    """
    outcome = Outcome()
    if examined and chance(rng, config.view[grade]):
        _open(rng, config, outcome, grade=grade, shown_at=shown_at, log_end=log_end)
    if outcome.applied_at is not None:
        _answer(rng, config, outcome, grade=grade, log_end=log_end)
    elif log_end - shown_at >= timedelta(days=config.apply_window_days):
        # Nobody applies to what was shown so long ago: the later stages are closed.
        outcome.got_interview = outcome.got_hired = False
    return outcome


def _open(
    rng: np.random.Generator,
    config: BehaviourConfig,
    outcome: Outcome,
    *,
    grade: int,
    shown_at: datetime,
    log_end: datetime,
) -> None:
    viewed_at = shown_at + timedelta(seconds=int(rng.integers(2, 90)))
    dwell_s = int(np.clip(np.exp(rng.normal(3.0 + 0.25 * grade, 0.7)), 2, 1800))
    saves = chance(rng, config.save[grade])
    applies = chance(rng, config.apply[grade])
    # Truncated, so that the window below really is the longest.
    delay_days = min(float(rng.exponential(config.apply_delay_days)), config.apply_window_days / 2)
    if viewed_at >= log_end:
        return
    outcome.viewed, outcome.viewed_at, outcome.time_spent_seconds = True, viewed_at, dwell_s
    done_at = viewed_at + timedelta(seconds=dwell_s)
    if saves and done_at < log_end:
        outcome.saved, outcome.saved_at = True, done_at
    applied_at = done_at + _days(delay_days)
    if applies and applied_at < log_end:
        outcome.applied, outcome.applied_at = True, applied_at


def _answer(
    rng: np.random.Generator,
    config: BehaviourConfig,
    outcome: Outcome,
    *,
    grade: int,
    log_end: datetime,
) -> None:
    if outcome.applied_at is None:
        return
    invited = chance(rng, config.interview[grade])
    answered_at = outcome.applied_at + _wait(rng, config.interview_delay_days, config)
    hired = chance(rng, config.hire[grade])
    decided_at = answered_at + _wait(rng, config.hire_delay_days, config)
    if answered_at >= log_end:
        return
    outcome.got_interview = invited
    if not invited:
        outcome.got_hired, outcome.closed_at = False, answered_at
        return
    outcome.interview_at = answered_at
    if decided_at >= log_end:
        return
    outcome.got_hired = hired
    if hired:
        outcome.hired_at = decided_at
    else:
        outcome.closed_at = decided_at


def _wait(rng: np.random.Generator, mean_days: float, config: BehaviourConfig) -> timedelta:
    return _days(min(float(rng.gamma(2.0, mean_days / 2.0)), config.answer_window_days))


def _days(days: float) -> timedelta:
    # Whole seconds: the last bits of a drawn delay may differ between machines.
    return timedelta(seconds=round(days * 86_400))
