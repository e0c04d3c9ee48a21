"""Reports and comparisons: what is counted, dropped, missing, tied."""

from __future__ import annotations

import pytest

from jobmatch_ml.errors import InputError, UnknownNameError
from jobmatch_ml.evaluation import compare, evaluate
from jobmatch_ml.types import Qrels, Run

QRELS: Qrels = {"q1": {"a": 1}, "q2": {"b": 2, "c": 0}, "q3": {"a": 0}, "q4": {"d": 1}}
RUN: Run = {"q1": {"a": 0.9, "b": 0.1}, "q2": {"a": 0.9, "b": 0.1}, "q9": {"a": 1.0}}


def test_means_are_over_queries_with_a_positive() -> None:
    """q1: 1; q2: 1/2; q3 dropped; q4 missing: 0. Mean 1.5 / 3."""
    report = evaluate(QRELS, RUN, metrics=["mrr"], n_bootstrap=200)
    assert report.per_query["mrr"] == {"q1": 1.0, "q2": 0.5, "q4": 0.0}
    assert report.mean("mrr") == pytest.approx(0.5)
    assert (report.n_queries, report.n_queries_dropped, report.n_queries_missing) == (3, 1, 1)
    assert report.metrics["mrr"].low <= 0.5 <= report.metrics["mrr"].high


def test_ties_fall_by_id_whatever_the_order_of_the_run() -> None:
    qrels: Qrels = {"q": {"b": 1}}
    for scores in ({"b": 0.5, "a": 0.5}, {"a": 0.5, "b": 0.5}):
        assert evaluate(qrels, {"q": scores}, metrics=["mrr"]).mean("mrr") == 0.5


def test_the_same_seed_gives_the_same_report() -> None:
    assert evaluate(QRELS, RUN, seed=3) == evaluate(QRELS, RUN, seed=3)


def test_a_repeated_metric_is_reported_once() -> None:
    assert list(evaluate(QRELS, RUN, metrics=["mrr", "mrr"]).metrics) == ["mrr"]


@pytest.mark.parametrize(
    ("qrels", "run", "message"),
    [
        ({"q": {"a": 0}}, RUN, "none of the 1 judged queries has a positive"),
        (QRELS, {"x": {"a": 1.0}}, "shares no query id .* do the two files belong together"),
        (QRELS, {"a": {"q1": 1.0}}, "corpus and queries exchanged"),
        (QRELS, {}, "shares no query id"),
        (QRELS, {"q1": {"a": float("nan")}}, "query q1: a score of the run is not a number"),
    ],
)
def test_what_cannot_be_scored_is_refused(qrels: Qrels, run: Run, message: str) -> None:
    with pytest.raises(InputError, match=message):
        evaluate(qrels, run)


def test_no_metric_is_refused() -> None:
    with pytest.raises(InputError, match="no metric"):
        evaluate(QRELS, RUN, metrics=[])


def test_a_metric_that_was_not_asked_for_is_answered_with_the_list() -> None:
    with pytest.raises(UnknownNameError, match="Known: mrr"):
        evaluate(QRELS, RUN, metrics=["mrr"]).mean("map")


def many_queries(good: int) -> tuple[Qrels, Run]:
    """Forty queries; the run finds the document first for ``good`` of them, else second."""
    qrels: Qrels = {f"q{n:02d}": {"a": 1} for n in range(40)}
    run: Run = {
        f"q{n:02d}": {"a": 1.0, "b": 0.0} if n < good else {"a": 0.0, "b": 1.0} for n in range(40)
    }
    return qrels, run


def test_a_comparison_is_paired_by_query() -> None:
    """A: 30 firsts, B: 10 firsts, so 20 queries gain 1/2: mean difference 1/4."""
    qrels, run_a = many_queries(30)
    _, run_b = many_queries(10)
    result = compare(
        evaluate(qrels, run_a, metrics=["mrr"]), evaluate(qrels, run_b, metrics=["mrr"]), "mrr"
    )
    assert result.difference == pytest.approx(0.25)
    assert (result.wins, result.losses, result.n_queries) == (20, 0, 40)
    assert 0 < result.low < 0.25 < result.high
    assert result.p_value < 0.001


def test_a_comparison_the_other_way_round_has_the_other_sign() -> None:
    qrels, run_a = many_queries(22)
    _, run_b = many_queries(19)
    reports = [evaluate(qrels, run, metrics=["mrr"]) for run in (run_a, run_b)]
    forward, backward = compare(*reports, "mrr"), compare(*reports[::-1], "mrr")
    assert forward.difference == -backward.difference
    assert forward.low == pytest.approx(-backward.high)
    assert forward.p_value == backward.p_value > 0.05


def test_the_order_of_the_judgements_does_not_change_a_comparison() -> None:
    qrels, run_a = many_queries(25)
    _, run_b = many_queries(20)
    turned = dict(reversed(qrels.items()))
    results = [
        compare(evaluate(judged, run_a), evaluate(judged, run_b)) for judged in (qrels, turned)
    ]
    assert results[0] == results[1]


def test_reports_on_other_queries_are_not_compared() -> None:
    report = evaluate(QRELS, RUN)
    other = evaluate({"q1": {"a": 1}}, RUN)
    with pytest.raises(InputError, match="different queries"):
        compare(report, other)


def test_a_report_and_a_comparison_become_flat_rows() -> None:
    qrels = {"q1": {"a": 1}, "q2": {"b": 1}}
    good = evaluate(qrels, {"q1": {"a": 1.0}, "q2": {"b": 1.0}}, metrics=("hit@1",))
    bad = evaluate(qrels, {"q1": {"x": 1.0}, "q2": {"x": 1.0}}, metrics=("hit@1",))
    assert good.as_row() == {"hit@1": 1.0, "hit@1_low": 1.0, "hit@1_high": 1.0}
    row = compare(good, bad, "hit@1").as_row()
    assert (row["difference"], row["difference_low"], row["difference_high"]) == (1.0, 1.0, 1.0)
    assert row["p_value"] > 0.4  # two people flip both ways by chance half the time
