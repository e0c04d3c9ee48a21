"""Mistakes that evaluations are known for, planted one by one: a check of ours must notice each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.evaluation import evaluate
from jobmatch_ml.evaluation.calibration import judge_calibration
from jobmatch_ml.evaluation.counterfactual import ips
from jobmatch_ml.evaluation.counterfactual_slates import read_slates, true_value
from jobmatch_ml.evaluation.metrics import METRICS
from jobmatch_ml.evaluation.multiple import holm
from jobmatch_ml.evaluation.naive import judgements_of, memory_of
from jobmatch_ml.evaluation.simulated_logs import (
    KnownLog,
    reversed_scores,
    simulate_known_log,
)
from jobmatch_ml.interactions import (
    InteractionSplits,
    check_leakage,
    split_at_random,
    split_interactions,
)
from jobmatch_ml.interactions.splits import SplitConfig
from jobmatch_ml.training.calibration import calibration_people, fit_calibrators
from tests.hidden_world import CONFIG, MARKET

SPLIT = SplitConfig(validation_days=5, test_days=5, validation_share=0.3, test_share=0.3)


@pytest.fixture(scope="module")
def log() -> KnownLog:
    return simulate_known_log(CONFIG, impressions=30_000, seed=2, market=MARKET)


def test_a_dropped_discount_disagrees_with_trec_eval(monkeypatch: pytest.MonkeyPatch) -> None:
    pytrec_eval = pytest.importorskip("pytrec_eval")
    qrels = {"q": {"a": 3, "b": 1, "c": 0}}
    run = {"q": {"c": 3.0, "b": 2.0, "a": 1.0}}
    expected = pytrec_eval.RelevanceEvaluator(qrels, {"ndcg_cut.10"}).evaluate(run)["q"]

    def found() -> float:
        return evaluate(qrels, run, metrics=["ndcg@10"], n_bootstrap=100).mean("ndcg@10")

    assert found() == pytest.approx(expected["ndcg_cut_10"], abs=1e-6)

    def without(relevance: Mapping[str, int], ranked: Sequence[str], k: int | None = None) -> float:
        return sum(relevance.get(doc, 0) for doc in ranked[:k]) / sum(relevance.values())

    monkeypatch.setitem(METRICS, "ndcg", without)
    assert found() != pytest.approx(expected["ndcg_cut_10"], abs=1e-3)


@pytest.mark.parametrize("bug", ["inverted", "left out", "position off by one"])
def test_wrong_propensities_miss_the_true_value(log: KnownLog, bug: str) -> None:
    slates = read_slates(log.table)
    weights = slates.weights(reversed_scores(slates))
    truth = true_value(log.attraction, weights, slates.requests)
    right = slates.positions.expected(log.propensities)
    # Clicks as they are expected, so that only the bug is seen and no chance.
    clicks = log.attraction * right
    exact = ips(clicks, right, weights, requests=slates.requests)
    assert exact.value == pytest.approx(truth)
    wrong = {
        "inverted": np.minimum(1.0, right.min() / right),
        "left out": np.ones_like(right),
        "position off by one": np.r_[right[1:], right[:1]],
    }[bug]
    broken = ips(clicks, wrong, weights, requests=slates.requests)
    assert broken.value != pytest.approx(truth, rel=0.01)


def test_calibrators_cannot_be_fitted_on_the_test_days_or_people(log: KnownLog) -> None:
    start = datetime.combine(CONFIG.start_date, datetime.min.time(), UTC) + timedelta(days=15)
    scores = np.zeros(len(log.table))
    with pytest.raises(InputError, match="shown at or after"):
        fit_calibrators(log.table, scores, log.propensities, score_name="s", as_of=start)
    people = sorted(set(log.table["user"].to_pylist()))
    with pytest.raises(InputError, match="everyone"):
        calibration_people(log.table, trained=people[:10], tested=people[10:])


def test_labels_of_another_row_are_no_longer_calibrated(log: KnownLog) -> None:
    looked = log.propensities.propensities_of(log.table)
    views = np.asarray(log.table["viewed"].to_numpy())
    people = log.table["user"].to_pylist()
    fine = judge_calibration(log.attraction * looked, views, people=people, n_bootstrap=100)
    shifted = judge_calibration(
        log.attraction * looked, np.roll(views, 1), people=people, n_bootstrap=100
    )
    assert fine.ece.value < 0.01
    assert fine.brier_skill.low > 0.05
    assert shifted.ece.low > fine.ece.high
    assert shifted.brier_skill.high < fine.brier_skill.low


def test_a_split_that_leaks_pays_for_memory_and_is_found(log: KnownLog) -> None:
    def of_memory(splits: InteractionSplits) -> float:
        tables, grades = splits.tables, splits.grades
        judged = judgements_of(tables["test"], grades["test"])
        memory = memory_of(tables["train"], grades["train"])
        run = {user: {"-": 0.0} | memory.get(user, {}) for user in judged}
        return evaluate(judged, run, metrics=["ndcg@10"], n_bootstrap=100).mean("ndcg@10")

    honest, leaking = split_interactions(log.table, SPLIT), split_at_random(log.table, SPLIT)
    assert of_memory(honest) == 0.0
    assert of_memory(leaking) > 0.3
    assert check_leakage(honest).is_clean
    assert not check_leakage(leaking).is_clean


def test_the_best_of_many_chance_differences_is_not_a_find() -> None:
    p_values = np.random.default_rng(0).random(200)
    assert (p_values < 0.05).any()
    assert min(holm(p_values.tolist())) > 0.05
