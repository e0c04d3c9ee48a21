"""A run by truth, against the oracle, from either side, and by the log's slates."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobmatch_ml.errors import InputError, MissingFileError
from jobmatch_ml.evaluation.counterfactual import ESTIMATORS
from jobmatch_ml.evaluation.oracle import facts_oracle, oracle_run
from jobmatch_ml.evaluation.simulated_logs import simulate_known_log
from jobmatch_ml.evaluation.truth import read_true_relevance
from jobmatch_ml.evaluation.world_report import (
    counterfactual_values,
    has_truth,
    judge_by_truth,
    turned,
)
from tests.hidden_world import CONFIG, MARKET, write_hidden

OPTIONS = {"metrics": ["ndcg@10"], "n_bootstrap": 100}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    write_hidden(folder)
    return folder


def test_the_oracle_is_at_no_distance_from_itself(world: Path) -> None:
    found = judge_by_truth(oracle_run(world), world, **OPTIONS)
    assert found.direction == "candidate_to_offer"
    assert found.to_oracle["ndcg@10"] == pytest.approx((1.0, 1.0, 1.0))


def test_a_share_has_an_interval_around_it(world: Path) -> None:
    upside_down = {
        name: {doc: -score for doc, score in scores.items()}
        for name, scores in facts_oracle(world).items()
    }
    share, low, high = judge_by_truth(upside_down, world, **OPTIONS).to_oracle["ndcg@10"]
    assert 0 <= low < share < high < 1


def test_people_without_an_answer_are_not_judged(world: Path) -> None:
    few = dict(list(oracle_run(world).items())[:5])
    assert judge_by_truth(few, world, **OPTIONS).report.n_queries <= 5
    assert oracle_run(world, people=few) == few


def test_candidates_ranked_for_offers_are_judged_from_the_other_side(world: Path) -> None:
    truth = turned(read_true_relevance(world))
    run = {offer: {name: float(grade) for name, grade in g.items()} for offer, g in truth.items()}
    found = judge_by_truth(run, world, **OPTIONS)
    assert found.direction == "offer_to_candidate"
    assert found.oracle is None
    assert found.report.mean("ndcg@10") == pytest.approx(1.0)


def test_other_queries_and_worlds_without_truth_are_refused(world: Path, tmp_path: Path) -> None:
    assert has_truth(world)
    assert not has_truth(tmp_path)
    with pytest.raises(InputError, match="none"):
        judge_by_truth({"nobody": {"x": 1.0}}, world, **OPTIONS)
    with pytest.raises(MissingFileError):
        judge_by_truth({"nobody": {"x": 1.0}}, tmp_path, **OPTIONS)


def test_a_better_order_of_the_slates_is_worth_more(world: Path) -> None:
    log = simulate_known_log(CONFIG, impressions=60_000, seed=5, market=MARKET)
    good = facts_oracle(world)
    bad = {name: {doc: -score for doc, score in answer.items()} for name, answer in good.items()}
    bad = {name: {**dict.fromkeys(MARKET_OFFERS, 0.0), **answer} for name, answer in bad.items()}
    values = {}
    for name, run in {"good": good, "bad": bad}.items():
        found = counterfactual_values(run, log.table, model=log.propensities)
        values[name] = {estimate.estimator: estimate for estimate in found}
    assert set(values["good"]) == set(ESTIMATORS)
    for estimator in ("snips", "dr"):
        assert values["good"][estimator].low > values["bad"][estimator].high
    with pytest.raises(InputError, match="no slate"):
        counterfactual_values({"nobody": {"x": 1.0}}, log.table, model=log.propensities)


MARKET_OFFERS = [
    MARKET.offers.view(row, MARKET.tables).offer_id for row in range(len(MARKET.offers))
]
