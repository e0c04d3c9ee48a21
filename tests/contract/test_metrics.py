"""One suite over every metric, discovered, and agreement with two independent implementations."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobmatch_ml.evaluation import evaluate
from jobmatch_ml.evaluation.metrics import METRICS, MetricFunction
from jobmatch_ml.types import Qrels, Run

DOCS = [f"d{number:02d}" for number in range(12)]
RELEVANCE = st.dictionaries(st.sampled_from(DOCS), st.integers(0, 3), min_size=1, max_size=12)
RANKED = st.permutations(DOCS)
CUTS = st.one_of(st.none(), st.integers(1, 15))


@pytest.fixture(params=sorted(METRICS))
def metric(request: pytest.FixtureRequest) -> MetricFunction:
    """One registered metric."""
    return METRICS[request.param]


def test_the_best_order_scores_one(metric: MetricFunction) -> None:
    assert metric({"a": 3, "b": 1, "c": 0}, ["a", "b", "c"], 10) == pytest.approx(1.0, abs=1e-12)


def test_nothing_relevant_in_the_list_scores_zero(metric: MetricFunction) -> None:
    assert metric({"a": 1}, ["x", "y"], 10) == 0.0


def test_an_empty_list_scores_zero(metric: MetricFunction) -> None:
    assert metric({"a": 1}, [], 10) == 0.0


def test_a_query_without_positives_scores_zero(metric: MetricFunction) -> None:
    assert metric({"a": 0}, ["a"], None) == 0.0


def test_a_cut_beyond_the_list_changes_nothing(metric: MetricFunction) -> None:
    relevance, ranked = {"a": 1, "z": 2}, ["b", "a"]
    assert metric(relevance, ranked, 1000) == metric(relevance, ranked, None)


def test_nothing_below_the_cut_is_seen(metric: MetricFunction) -> None:
    relevance = {"a": 1, "b": 2}
    assert metric(relevance, ["x", "a", "b"], 2) == metric(relevance, ["x", "a", "y"], 2)


@given(relevance=RELEVANCE, ranked=RANKED, k=CUTS)
def test_values_lie_between_zero_and_one(
    relevance: dict[str, int], ranked: list[str], k: int | None
) -> None:
    for function in METRICS.values():
        assert 0.0 <= function(relevance, ranked, k) <= 1.0 + 1e-12


@given(relevance=RELEVANCE, ranked=RANKED, k=CUTS, place=st.integers(0, 10))
def test_moving_a_better_document_up_never_lowers_a_metric(
    relevance: dict[str, int], ranked: list[str], k: int | None, place: int
) -> None:
    upper, lower = ranked[place], ranked[place + 1]
    if relevance.get(lower, 0) <= relevance.get(upper, 0):
        return
    swapped = [*ranked[:place], lower, upper, *ranked[place + 2 :]]
    for function in METRICS.values():
        assert function(relevance, swapped, k) >= function(relevance, ranked, k) - 1e-12


def random_data(seed: int) -> tuple[Qrels, Run]:
    """Graded judgements and a tie-free run; some relevant documents are not in the run."""
    rng = np.random.default_rng(seed)
    qrels: Qrels = {}
    run: Run = {}
    for number in range(40):
        names = [f"d{index:03d}" for index in range(150)]
        judged = rng.choice(names, size=int(rng.integers(1, 12)), replace=False)
        qrels[f"q{number}"] = {str(name): int(rng.integers(0, 3)) for name in judged}
        qrels[f"q{number}"][str(judged[0])] = 2
        ranked = rng.permutation(names)[: int(rng.integers(20, 140))]
        scores = rng.permutation(len(ranked)).astype(float) / 7
        run[f"q{number}"] = {str(n): float(s) for n, s in zip(ranked, scores, strict=True)}
    return qrels, run


# Our key -> ranx's and trec_eval's name; None where the tool has no such measure.
NAMES: dict[str, tuple[str | None, str | None]] = {
    "ndcg@10": ("ndcg@10", "ndcg_cut_10"),
    "ndcg@100": ("ndcg@100", "ndcg_cut_100"),
    "ndcg": ("ndcg", "ndcg"),
    "mrr": ("mrr", "recip_rank"),
    "mrr@10": ("mrr@10", None),
    "recall@100": ("recall@100", "recall_100"),
    "map": ("map", "map"),
    "map@100": ("map@100", "map_cut_100"),
    "hit@5": ("hit_rate@5", "success_5"),
}


@pytest.mark.parametrize("seed", [1, 2])
def test_every_metric_agrees_with_trec_eval(seed: int) -> None:
    pytrec_eval = pytest.importorskip("pytrec_eval")
    qrels, run = random_data(seed)
    keys = {ours: trec for ours, (_, trec) in NAMES.items() if trec}
    report = evaluate(qrels, run, metrics=list(keys), n_bootstrap=100)
    measures = {"ndcg_cut.10,100", "ndcg", "recip_rank", "recall.100", "map", "map_cut.100"}
    theirs = pytrec_eval.RelevanceEvaluator(qrels, measures | {"success.5"}).evaluate(run)
    for ours, trec in keys.items():
        expected = {query_id: values[trec] for query_id, values in theirs.items()}
        assert report.per_query[ours] == pytest.approx(expected, abs=1e-6), ours


@pytest.mark.slow  # it compiles itself the first time, for half a minute
@pytest.mark.filterwarnings("ignore::numba.core.errors.NumbaTypeSafetyWarning")
def test_every_metric_agrees_with_ranx() -> None:
    ranx = pytest.importorskip("ranx")
    qrels, run = random_data(3)
    keys = {ours: name for ours, (name, _) in NAMES.items() if name}
    report = evaluate(qrels, run, metrics=list(keys), n_bootstrap=100)
    theirs = ranx.evaluate(ranx.Qrels(qrels), ranx.Run(run), list(keys.values()))
    for ours, name in keys.items():
        assert report.mean(ours) == pytest.approx(float(theirs[name]), abs=1e-9), ours


def test_every_registered_metric_is_compared_with_another_implementation() -> None:
    assert {key.partition("@")[0] for key in NAMES} == set(METRICS)
