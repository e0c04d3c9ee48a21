"""Distances by hand, and that both conditions of an alarm are needed."""

from __future__ import annotations

import numpy as np
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.monitoring.drift import Check, detect_drift, distance

CATEGORY = Check("offers", "contract", "category", 0.15)
NUMBER = Check("offers", "words", "number", 0.25)
VECTOR = Check("embeddings", "title", "vector", 0.15)


def test_distances_by_hand() -> None:
    halves, ones = np.array(["a", "b"] * 50), np.array(["a"] * 100)
    # Middle (3/4, 1/4): half of ln(2/3) / 2 + ln(2) / 2, and half of ln(4/3); the root of the sum.
    divergence = 0.5 * (0.5 * np.log(2 / 3) + 0.5 * np.log(2)) + 0.5 * np.log(4 / 3)
    assert distance(CATEGORY, halves, ones) == pytest.approx(np.sqrt(divergence))
    assert distance(CATEGORY, halves, halves) == 0
    # Everything moved by 3; the reference's standard deviation is 1.
    low = np.array([-1.0, 1.0] * 10)
    assert distance(NUMBER, low, low + 3) == pytest.approx(3)
    square = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
    assert distance(VECTOR, square, square + np.array([0.3, 0.4])) == pytest.approx(0.5)


@pytest.mark.parametrize("kind", ["category", "number", "vector"])
def test_a_shift_alarms_and_a_repetition_does_not(kind: str) -> None:
    rng = np.random.default_rng(0)

    def draw(shift: float) -> dict[str, dict[str, object]]:
        values = rng.normal(shift, 1, (300, 3))
        columns = {
            "category": np.where(values[:, 0] > 0, "a", "b"),
            "number": values[:, 0],
            "vector": values,
        }
        return {"t": {"x": columns[kind]}}

    check = Check("t", "x", kind, 0.15)  # type: ignore[arg-type]
    reference = draw(0)
    moved = detect_drift(reference, draw(1), checks=[check]).findings[0]  # type: ignore[arg-type]
    still = detect_drift(reference, draw(0), checks=[check]).findings[0]  # type: ignore[arg-type]
    assert moved.alarm
    assert moved.p_value < 0.05
    assert not still.alarm
    assert still.distance < moved.distance


def test_a_small_difference_of_many_rows_is_significant_and_no_alarm() -> None:
    reference = {"offers": {"contract": ["CDI"] * 1000 + ["CDD"] * 1000}}
    current = {"offers": {"contract": ["CDI"] * 1100 + ["CDD"] * 900}}
    (found,) = detect_drift(reference, current, checks=[CATEGORY]).findings
    assert found.p_value < 0.05
    assert not found.alarm


def test_a_large_difference_of_few_rows_is_chance_and_no_alarm() -> None:
    reference = {"offers": {"contract": ["CDI"] * 12 + ["CDD"] * 10}}
    current = {"offers": {"contract": ["CDI"] * 7 + ["CDD"] * 15}}
    (found,) = detect_drift(reference, current, checks=[CATEGORY]).findings
    assert found.distance > CATEGORY.threshold
    assert found.distance < found.chance
    assert not found.alarm


def test_too_few_rows_are_said_to_be() -> None:
    tables = {"offers": {"words": [1.0] * 9}}
    (found,) = detect_drift(tables, tables, checks=[NUMBER]).findings
    assert found.note.startswith("9 rows; at least 10")
    assert not found.alarm


def test_missing_numbers_are_left_out_and_the_report_is_the_same_again() -> None:
    reference = {"offers": {"words": [float("nan"), *range(40)]}}
    current = {"offers": {"words": [float(number) + 30 for number in range(40)]}}
    first, second = (detect_drift(reference, current, checks=[NUMBER]) for _ in "ab")
    assert first == second
    assert first.alarms == ("offers.words",)
    assert first.findings[0].n_reference == 40


def test_a_missing_feature_and_too_few_exchanges_are_refused() -> None:
    tables = {"offers": {"words": [1.0] * 30}}
    with pytest.raises(InputError, match=r"no offers\.contract; it holds \['offers\.words'\]"):
        detect_drift(tables, tables, checks=[CATEGORY])
    with pytest.raises(InputError, match="at least 40"):
        detect_drift(tables, tables, checks=[NUMBER, NUMBER], n_permutations=39)


def test_vectors_that_are_no_numbers_are_not_compared() -> None:
    vectors = np.random.default_rng(0).normal(size=(60, 3))
    shifted = vectors + 3
    shifted[0, 1] = np.nan
    sides = [{"embeddings": {"title": side}} for side in (vectors, shifted)]
    (found,) = detect_drift(sides[0], sides[1], checks=[VECTOR]).findings
    assert found.alarm
    assert (found.n_reference, found.n_current) == (60, 59)
