"""Holm's correction by hand, and a family of comparisons of one challenger."""

from __future__ import annotations

import numpy as np
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.evaluation import evaluate
from jobmatch_ml.evaluation.multiple import compare_all, holm


def test_holm_by_hand() -> None:
    # Sorted 0.005, 0.01, 0.03, 0.04 times 4, 3, 2, 1: 0.02, 0.03, 0.06, 0.04; none may fall.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_holm_of_one_and_of_none() -> None:
    assert holm([0.2]) == [0.2]
    assert holm([]) == []
    assert holm([0.9, 0.8]) == [1.0, 1.0]


def test_holm_agrees_with_statsmodels() -> None:
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    p_values = np.random.default_rng(0).random(25) ** 3
    expected = multitest.multipletests(p_values, method="holm")[1]
    assert holm(p_values.tolist()) == pytest.approx(expected)


def test_chance_differences_do_not_survive_the_family() -> None:
    rng = np.random.default_rng(1)
    qrels = {f"q{k}": {"a": 1} for k in range(60)}

    def random_run() -> dict[str, dict[str, float]]:
        names = ["a", "b", "c", "d"]
        return {
            query: dict(zip(names, rng.permutation(4).astype(float).tolist(), strict=True))
            for query in qrels
        }

    report = evaluate(qrels, random_run(), metrics=["mrr"], n_bootstrap=100)
    others = {
        f"r{k}": evaluate(qrels, random_run(), metrics=["mrr"], n_bootstrap=100) for k in range(20)
    }
    tested = compare_all(report, others, n_bootstrap=100, n_permutations=500)
    assert len(tested) == 20
    assert all(item.adjusted_p_value >= item.comparison.p_value for item in tested)
    assert all(item.adjusted_p_value > 0.05 for item in tested)


def test_no_probability_is_refused() -> None:
    with pytest.raises(InputError, match=r"\[0, 1\]"):
        holm([0.5, float("nan")])
