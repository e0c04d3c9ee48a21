"""Error analysis: the queries lost most, what stood first there, and what was missed."""

from __future__ import annotations

import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.evaluation import evaluate
from jobmatch_ml.evaluation.worst import worst_queries

QRELS = {"q1": {"a": 2, "b": 1}, "q2": {"a": 1}, "q3": {"c": 1}}
OURS = {"q1": {"x": 3.0, "b": 2.0}, "q2": {"a": 1.0}, "q3": {"x": 2.0, "y": 1.0}}
THEIRS = {"q1": {"a": 2.0, "b": 1.0}, "q2": {"x": 2.0, "a": 1.0}, "q3": {"z": 1.0}}
RUNS = {"ours": OURS, "theirs": THEIRS}
REPORTS = {
    name: evaluate(QRELS, run, metrics=["ndcg@10"], n_bootstrap=100) for name, run in RUNS.items()
}


def test_the_query_lost_most_comes_first() -> None:
    found = worst_queries("ours", RUNS, REPORTS, QRELS, n_queries=1, titles={"a": "Boulanger"})
    assert [item.query_id for item in found] == ["q1"]
    assert [(item.doc_id, item.grade) for item in found[0].first] == [("x", 0), ("b", 1)]
    missed = found[0].missed[0]
    assert (missed.doc_id, missed.title, missed.grade) == ("a", "Boulanger", 2)
    assert missed.ranks == {"ours": None, "theirs": 1}
    assert found[0].scores["theirs"] == 1.0


def test_alone_the_lowest_scores_come_first() -> None:
    found = worst_queries("ours", {"ours": OURS}, {"ours": REPORTS["ours"]}, QRELS, n_queries=2)
    assert [item.query_id for item in found] == ["q3", "q1"]


def test_names_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InputError, match="same names"):
        worst_queries("mine", RUNS, REPORTS, QRELS)
