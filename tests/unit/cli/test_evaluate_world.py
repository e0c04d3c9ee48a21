"""`jobmatch evaluate --world`: each part where the folder has something for it, and only there."""

from __future__ import annotations

from pathlib import Path

import orjson
import pyarrow.parquet as pq
import pytest

from jobmatch_ml.cli.evaluate_world import world_parts
from jobmatch_ml.evaluation import evaluate, world_report
from jobmatch_ml.evaluation.counterfactual import ESTIMATORS
from jobmatch_ml.evaluation.oracle import oracle_run
from jobmatch_ml.evaluation.simulated_logs import simulate_known_log, true_propensities
from jobmatch_ml.evaluation.truth import read_true_relevance
from jobmatch_ml.evaluation.world_report import turned
from tests.hidden_world import CONFIG, MARKET, write_hidden

RESAMPLING = {"n_bootstrap": 100, "seed": 0}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    write_hidden(folder)
    people = [MARKET.candidates.view(row, MARKET.tables) for row in range(len(MARKET.candidates))]
    lines = [
        orjson.dumps({"candidate_id": person.candidate_id, "title": "Boulanger", "language": "fr"})
        for person in people
    ]
    (folder / "candidates.jsonl").write_bytes(b"\n".join(lines))
    log = simulate_known_log(CONFIG, impressions=20_000, seed=1, market=MARKET)
    pq.write_table(log.table, folder / "interactions.parquet")
    return folder


def test_a_world_with_truth_and_log_gives_all_parts(
    world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Estimating them from so short a log is refused; that has tests of its own.
    known = true_propensities(CONFIG)
    monkeypatch.setattr(world_report, "estimate_from_interventions", lambda _: known)
    run = oracle_run(world)
    report = evaluate(read_true_relevance(world), run, metrics=["ndcg@10"], n_bootstrap=100)
    parts = world_parts(world, run, report, RESAMPLING)
    assert parts["by truth"][0]["share of the oracle"] == pytest.approx(1.0)
    slices = parts["ndcg@10 by slice"]
    assert {row["attribute"] for row in slices} >= {"ROME domain", "language", "CV source"}
    values = parts["value of the order on the log's slates"]
    assert [row["estimator"] for row in values] == [*ESTIMATORS]


def test_a_log_too_short_for_propensities_costs_only_its_part(world: Path, tmp_path: Path) -> None:
    log = pq.read_table(world / "interactions.parquet")
    pq.write_table(log.slice(0, 500), tmp_path / "interactions.parquet")
    run = oracle_run(world)
    report = evaluate(read_true_relevance(world), run, metrics=["ndcg@10"], n_bootstrap=100)
    parts = world_parts(tmp_path, run, report, RESAMPLING)
    assert "too few clicks" in parts["value of the order on the log's slates"][0]["note"]


def test_offers_that_search_are_judged_by_truth_alone(world: Path) -> None:
    truth = turned(read_true_relevance(world))
    run = {offer: {name: float(grade) for name, grade in g.items()} for offer, g in truth.items()}
    report = evaluate(truth, run, metrics=["ndcg@10"], n_bootstrap=100)
    parts = world_parts(world, run, report, RESAMPLING)
    assert set(parts) == {"by truth"}
    assert "oracle" not in parts["by truth"][0]


def test_an_empty_folder_adds_nothing(tmp_path: Path) -> None:
    run = {"q": {"a": 1.0}}
    report = evaluate({"q": {"a": 1}}, run, metrics=["ndcg@10"], n_bootstrap=100)
    assert world_parts(tmp_path, run, report, RESAMPLING) == {}
