"""Labels of fresh rows: on simulated delays whose truth is known, weights undo the censoring."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.interactions import fit_delays, grade_interactions, label_interactions
from jobmatch_ml.interactions.censoring import STEP_S, fit_delay_curve
from tests.log_factory import START, day, make_log

DAY_S = 86_400
MEAN_DAYS = 6.0
N_DAYS = 60


def simulated(n_rows: int = 20_000, seed: int = 0) -> tuple[pa.Table, np.ndarray]:
    """A log of 60 days and the grade that each row will have in the end.

    30 % apply (exponential delay, mean 6 days); of those half are invited (gamma, mean 8), the
    others are turned down after as long a wait; of the invited 40 % are hired (exponential, 5).
    """
    rng = np.random.default_rng(seed)
    shown = rng.uniform(0, N_DAYS, n_rows)
    applied = shown + rng.exponential(MEAN_DAYS, n_rows)
    answered = applied + rng.gamma(2.0, 4.0, n_rows)
    decided = answered + rng.exponential(5.0, n_rows)
    applies, invited = rng.random(n_rows) < 0.3, rng.random(n_rows) < 0.5
    hired = rng.random(n_rows) < 0.4
    final = np.where(applies, 2 + invited * (1 + hired), 0)
    rows: list[dict[str, Any]] = []
    for number in range(n_rows):
        row: dict[str, Any] = {"shown_at": day(shown[number])}
        if applies[number]:
            row |= {"applied": True, "applied_at": day(applied[number])}
            if invited[number]:
                row |= {"got_interview": True, "interview_at": day(answered[number])}
                if hired[number]:
                    row |= {"got_hired": True, "hired_at": day(decided[number])}
                else:
                    row |= {"got_hired": False, "closed_at": day(decided[number])}
            else:
                row |= {
                    "got_interview": False,
                    "got_hired": False,
                    "closed_at": day(answered[number]),
                }
        rows.append(row)
    return make_log(*rows), final


LOG, FINAL = simulated()
END = day(N_DAYS)


def shares(grades: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return np.array([weights[grades == grade].sum() for grade in (0, 2, 3, 4)]) / len(grades)


def test_the_curve_is_the_product_limit_in_reversed_time_by_hand() -> None:
    # Delays in buckets 0, 0, 1, 2 of rows aged 0, 5, 1, 5.
    # x = 2: at risk all seen (4) less the rows younger than 2 (ages 0, 1): 2; one of them at 2.
    # x = 1: seen up to 1 (3) less those younger than 1 (age 0): 2; one of them at 1.
    # F(2) = 1, F(1) = 1 - 1/2 = 1/2, F(0) = 1/2 * (1 - 1/2) = 1/4.
    curve = fit_delay_curve(np.array([2, 1, 1]), np.array([1, 1, 0, 0, 0, 2]))
    assert curve.cdf == pytest.approx((0.25, 0.5, 1.0))
    assert curve.known_by(np.array([0.0, STEP_S, 9e9])) == pytest.approx([0.125, 0.375, 1.0])


def test_without_truncation_the_curve_is_the_plain_share() -> None:
    ages = np.zeros(100, dtype=np.int64)
    ages[99] = 10
    curve = fit_delay_curve(np.array([5, 3, 2]), ages)
    assert curve.cdf == pytest.approx((0.5, 0.8, 1.0))


def test_no_events_leave_nothing_to_wait_for() -> None:
    curve = fit_delay_curve(np.zeros(0, np.int64), np.zeros(0, np.int64))
    assert curve.known_by(np.array([0.0, 1e9])).tolist() == [1.0, 1.0]


def test_delays_and_ages_must_be_of_the_same_events() -> None:
    with pytest.raises(InputError, match="2 delays and 1 ages"):
        fit_delay_curve(np.array([2]), np.array([1]))


def test_the_estimated_delays_are_the_simulated_ones() -> None:
    model = fit_delays(LOG, as_of=END)
    days = np.array([1.0, 3.0, 6.0, 12.0, 20.0])
    truth = 1 - np.exp(-days / MEAN_DAYS)
    assert model.reached["applied"].known_by(days * DAY_S) == pytest.approx(truth, abs=0.03)
    # Taken at face value, the delays that came in time look faster than they are.
    seen = LOG.filter(pa.array(grade_interactions(LOG, as_of=END) >= 2)).to_pylist()
    waits = np.array([(row["applied_at"] - row["shown_at"]).total_seconds() for row in seen])
    assert (waits <= 6 * DAY_S).mean() > truth[2] + 0.03


def test_the_estimated_rates_are_the_simulated_ones() -> None:
    moves = fit_delays(LOG, as_of=END).transitions
    assert moves["shown"].yes_rate == pytest.approx(0.3, abs=0.015)
    assert moves["applied"].yes_rate == pytest.approx(0.5, abs=0.03)
    assert moves["applied"].no_rate == pytest.approx(0.5, abs=0.03)
    assert moves["interview"].yes_rate == pytest.approx(0.4, abs=0.04)


def test_weighted_labels_estimate_how_the_rows_will_end() -> None:
    labelled = label_interactions(LOG, as_of=END)
    grades = labelled["grade"].to_numpy()
    truth = shares(FINAL, np.ones(len(FINAL)))
    naive = shares(grades, np.ones(len(grades)))
    weighted = shares(grades, labelled["weight"].to_numpy())
    assert weighted == pytest.approx(truth, rel=0.1)
    # The naive shares miss a fifth of the interviews and more of the hires.
    assert (naive[2:] < 0.85 * truth[2:]).all()
    assert np.abs(weighted - truth).sum() < np.abs(naive - truth).sum() / 4


def test_p_final_is_the_share_of_rows_that_stay_where_they_are() -> None:
    labelled = label_interactions(LOG, as_of=END)
    grades, chance = labelled["grade"].to_numpy(), labelled["p_final"].to_numpy()
    stays = grades == FINAL
    for grade in (0, 2, 3):
        still_open = (grades == grade) & (chance < 1)
        likely = chance > np.median(chance[still_open])
        for half in (still_open & likely, still_open & ~likely):
            assert half.sum() > 100
            assert stays[half].mean() == pytest.approx(chance[half].mean(), abs=0.08)


def test_what_is_closed_or_hired_is_final_and_what_is_old_nearly() -> None:
    labelled = label_interactions(LOG, as_of=END).to_pylist()
    for row in labelled[:3000]:
        closed = row["closed_at"] is not None and row["closed_at"] < END
        if closed or row["grade"] == 4:
            assert (row["p_final"], row["grade_known_stage"]) == (1.0, "hired")
        if row["shown_at"] < day(10) and row["grade"] == 0:
            assert row["p_final"] > 0.99


def test_a_row_knows_nothing_after_the_cut_off() -> None:
    before = label_interactions(LOG, as_of=day(30))
    wiped = [
        {
            **row,
            **{
                flag: None if flag.startswith("got") else False
                for flag, time in (
                    ("applied", "applied_at"),
                    ("got_interview", "interview_at"),
                    ("got_hired", "hired_at"),
                )
                if row[time] is None or row[time] >= day(30)
            },
            **{
                time: row[time] if row[time] and row[time] < day(30) else None
                for time in ("applied_at", "interview_at", "hired_at", "closed_at")
            },
        }
        for row in LOG.to_pylist()
    ]
    again = label_interactions(make_log(*wiped), as_of=day(30))
    for name in ("grade", "p_final", "weight"):
        assert again[name].to_numpy() == pytest.approx(before[name].to_numpy())


def test_no_row_weighs_more_than_twenty() -> None:
    weights = label_interactions(LOG, as_of=END)["weight"].to_numpy()
    assert weights.min() > 0
    assert weights.max() <= 20


def test_at_the_logs_end_a_known_no_is_final() -> None:
    log = make_log(
        {"shown_at": day(0), "got_interview": False, "got_hired": False},
        {"shown_at": day(0), "applied": True, "applied_at": day(9)},
        {"shown_at": day(9)},
    )
    labelled = label_interactions(log)
    assert labelled["grade"].to_pylist() == [0, 2, 0]
    assert labelled["grade_known_stage"].to_pylist() == ["hired", "applied", "shown"]
    finals = labelled["p_final"].to_pylist()
    assert finals[0] == 1.0
    assert finals[2] < 0.8


def test_nothing_before_the_cut_off_is_refused() -> None:
    with pytest.raises(InputError, match="no row was shown before"):
        fit_delays(make_log({}), as_of=START - timedelta(days=1))
