"""Fitting calibrators on a log: delays, positions, people, and the mistakes that must show."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.evaluation.calibration import judge_calibration
from jobmatch_ml.interactions.censoring import DelayCurve, fit_delays
from jobmatch_ml.interactions.propensity import known_propensities
from jobmatch_ml.training import calibration
from jobmatch_ml.training.calibration import (
    CalibrationConfig,
    calibration_people,
    fit_calibrators,
)
from tests.log_factory import day, make_log

N = 6000
AS_OF = day(30)
PROPENSITIES = known_propensities({"top_offers": np.array([1.0, 0.5, 0.25])})


@pytest.fixture(scope="module")
def log() -> tuple[pa.Table, np.ndarray, np.ndarray]:
    """Rows, their scores, and P(view | looked at); half of the viewed apply, 10 days later."""
    rng = np.random.default_rng(3)
    scores = rng.random(N)
    attraction = 1 / (1 + np.exp(-(5 * scores - 3)))
    position = rng.integers(1, 4, N)
    shown = rng.random(N) * 29.9
    viewed = rng.random(N) < attraction * np.array([1.0, 0.5, 0.25])[position - 1]
    applied = viewed & (rng.random(N) < 0.5)
    rows: list[dict[str, Any]] = [
        {
            "user": f"c{k % 200:03d}",
            "shown_at": day(float(shown[k])),
            "position": int(position[k]),
            "viewed": bool(viewed[k]),
            "viewed_at": day(float(shown[k])) if viewed[k] else None,
            "applied": bool(applied[k]),
            "applied_at": day(float(shown[k])) + timedelta(days=10) if applied[k] else None,
        }
        for k in range(N)
    ]
    return make_log(*rows), scores, attraction


def fitted(log: tuple[pa.Table, np.ndarray, np.ndarray], **values: Any) -> Any:
    options = {"score_name": "test", "as_of": AS_OF, **values}
    return fit_calibrators(log[0], log[1], PROPENSITIES, **options)


def test_positions_and_delays_are_undone(log: tuple[pa.Table, np.ndarray, np.ndarray]) -> None:
    calibrators, fits = fitted(log)
    grid = np.linspace(0.1, 0.9, 9)
    truth = 1 / (1 + np.exp(-(5 * grid - 3)))
    assert calibrators.probabilities("view", grid)[0] == pytest.approx(truth, abs=0.06)
    # A third of the rows are too young for an application: at face value it would be 0.33 of views.
    assert calibrators.probabilities("apply", grid)[0] == pytest.approx(truth / 2, abs=0.06)
    assert [fit.stage for fit in fits] == ["view", "apply"]
    assert set(calibrators.left_out) == {"interview", "hire"}


def test_events_after_the_moment_change_nothing(
    log: tuple[pa.Table, np.ndarray, np.ndarray],
) -> None:
    table = log[0]
    applied_at = table["applied_at"].to_pylist()
    early = [value if value is not None and value < AS_OF else None for value in applied_at]
    place = table.schema.get_field_index("applied_at")
    censored = table.set_column(
        place, table.schema.field(place), pa.array(early, table.schema.field(place).type)
    )
    assert fitted((censored, log[1], log[2]))[0] == fitted(log)[0]


def test_the_simplest_curve_is_kept_without_a_clear_gain(
    log: tuple[pa.Table, np.ndarray, np.ndarray],
) -> None:
    _, fits = fitted(log)
    assert all(fit.method == "platt" for fit in fits)
    steps = np.where(log[1] > 0.5, 1.0, 0.0) + 0.001 * log[1]
    bent = fitted((log[0], np.where(log[1] > 0.9, 50.0, steps), log[2]))[1]
    assert bent[0].method == "isotonic"
    assert set(bent[0].log_loss) == {"platt", "isotonic"}


@pytest.mark.parametrize("bug", ["shifted labels", "inverted propensities", "no delays"])
def test_a_seeded_bug_shows_in_the_reliability(
    log: tuple[pa.Table, np.ndarray, np.ndarray], bug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    table, scores, attraction = log
    rng = np.random.default_rng(9)
    events = rng.random(N) < attraction / 2  # applications of offers looked at, all known
    good, _ = fitted(log)[0].probabilities("apply", scores)
    people = np.arange(N)
    fine = judge_calibration(good, events, people=people).ece.value
    if bug == "shifted labels":
        wrong = fit_calibrators(
            table, np.roll(scores, 1), PROPENSITIES, score_name="t", as_of=AS_OF
        )[0]
    elif bug == "inverted propensities":
        upside_down = known_propensities({"top_offers": np.array([1.0, 1.0, 1.0])})
        wrong = fit_calibrators(table, scores, upside_down, score_name="t", as_of=AS_OF)[0]
    else:  # young rows count as refusals
        delays = fit_delays(table, as_of=AS_OF)
        known = {stage: DelayCurve((), 0) for stage in delays.reached}
        monkeypatch.setattr(
            calibration, "fit_delays", lambda *_, **__: replace(delays, reached=known)
        )
        wrong = fitted(log)[0]
    broken = judge_calibration(wrong.probabilities("apply", scores)[0], events, people=people)
    assert broken.ece.value > 2 * fine
    assert broken.ece.low > 0.03


def test_people_who_trained_or_test_are_never_calibrated_on() -> None:
    table = make_log({"user": "a"}, {"user": "b"}, {"user": "c"}, {"user": "b"})
    assert calibration_people(table, trained=["a"], tested=["c"]).to_pylist() == ["b"]
    with pytest.raises(InputError, match="everyone"):
        calibration_people(table, trained=["a", "b"], tested=["c"])


def test_bad_input_is_refused(log: tuple[pa.Table, np.ndarray, np.ndarray]) -> None:
    table, scores, _ = log
    with pytest.raises(InputError, match="finite number a row"):
        fitted((table, np.where(scores > 0.5, np.nan, scores), scores))
    with pytest.raises(InputError, match="shown at or after"):
        fitted(log, as_of=day(10))
    with pytest.raises(InputError, match="methods"):
        fitted(log, config=CalibrationConfig(methods=("spline",)))
    with pytest.raises(InputError, match="no stage"):
        fitted(log, config=CalibrationConfig(min_events=100_000))
    short = table.slice(0, 1)
    with pytest.raises(InputError, match="days"):
        fit_calibrators(short, scores[:1], PROPENSITIES, score_name="t", as_of=AS_OF)
