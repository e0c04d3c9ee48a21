"""ECE, Brier score and reliability by hand, and what their intervals and floors promise."""

from __future__ import annotations

import numpy as np
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.evaluation.calibration import equal_mass_bins, judge_calibration, wilson

P = [0.1, 0.1, 0.3, 0.3, 0.8, 0.8]
Y = [0, 0, 0, 1, 1, 1]


def test_ece_by_hand() -> None:
    report = judge_calibration(P, Y, people=range(6), n_bins=3)
    # bins: |0.1 - 0|, |0.3 - 0.5|, |0.8 - 1|, a third of the rows each
    assert report.ece.value == pytest.approx((0.1 + 0.2 + 0.2) / 3)
    assert [row.observed for row in report.bins] == [0.0, 0.5, 1.0]
    assert [row.predicted for row in report.bins] == pytest.approx([0.1, 0.3, 0.8])


def test_brier_score_and_skill_by_hand() -> None:
    report = judge_calibration(P, Y, people=range(6), n_bins=3)
    brier = (0.01 + 0.01 + 0.09 + 0.49 + 0.04 + 0.04) / 6
    assert report.brier.value == pytest.approx(brier)
    assert report.base_rate == 0.5
    assert report.brier_skill.value == pytest.approx(1 - brier / 0.25)


def test_the_floor_of_ece_by_hand() -> None:
    report = judge_calibration([0.5, 0.5, 0.5, 0.5], [0, 1, 0, 1], people=range(4), n_bins=1)
    assert report.ece.value == 0.0
    assert report.ece_floor == pytest.approx(np.sqrt(2 / np.pi) * np.sqrt(4 * 0.25) / 4)


def test_skill_over_position_by_hand() -> None:
    chances, events, looked = [0.4, 0.2, 0.4, 0.2], [1, 0, 0, 0], [1.0, 0.5, 1.0, 0.5]
    report = judge_calibration(chances, events, people=range(4), examination=looked)
    reference = np.array(looked) / 3  # the base rate of those looked at
    expected = 1 - np.sum((np.array(chances) - events) ** 2) / np.sum((reference - events) ** 2)
    assert report.skill_over_position is not None
    assert report.skill_over_position.value == pytest.approx(expected)


def test_wilson_by_hand() -> None:
    low, high = wilson(5, 10)
    assert (low, high) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)


def test_equal_predictions_stay_in_one_bin() -> None:
    bins = equal_mass_bins(np.array([0.1] * 7 + [0.2, 0.3, 0.4]), 5)
    assert bins[:7].tolist() == [0] * 7
    assert sorted(set(bins.tolist())) == [0, 3, 4]


def test_true_probabilities_are_judged_calibrated_and_shifted_ones_are_not() -> None:
    rng = np.random.default_rng(1)
    p = rng.beta(1, 8, 20_000)
    y = rng.random(20_000) < p
    people = rng.integers(0, 500, 20_000)
    report = judge_calibration(p, y, people=people)
    assert report.ece.value < 2 * report.ece_floor
    assert report.brier_skill.low > 0
    shifted = judge_calibration(np.minimum(p + 0.05, 1), y, people=people)
    assert shifted.ece.low > 0.03


def test_people_and_not_rows_are_resampled() -> None:
    rng = np.random.default_rng(2)
    luck = rng.random(100) < 0.3
    people = np.repeat(np.arange(100), 20)
    y = np.repeat(luck, 20)  # all rows of a person turn out alike
    p = np.full(2000, 0.3) + 0.01 * rng.random(2000)
    wide = judge_calibration(p, y, people=people).brier
    narrow = judge_calibration(p, y, people=np.arange(2000)).brier
    assert wide.high - wide.low > 3 * (narrow.high - narrow.low)


@pytest.mark.parametrize(
    ("p", "y", "people", "message"),
    [
        ([0.5], [1, 0], [1], "expected one of each"),
        ([], [], [], "at least one row"),
        ([0.5, 1.5], [1, 0], [1, 2], r"in \[0, 1\]"),
        ([0.5, 0.5], [1, 2], [1, 2], "0 or 1"),
        ([0.5, 0.5], [1, 1], [1, 2], "both outcomes"),
    ],
)
def test_bad_input_is_refused(
    p: list[float], y: list[int], people: list[int], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        judge_calibration(p, y, people=people)
