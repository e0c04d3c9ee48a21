"""Slices: means by group, differences with correction, and groups too small to speak of."""

from __future__ import annotations

import pytest

from jobmatch_ml.errors import InputError, UnknownNameError
from jobmatch_ml.evaluation import EvaluationReport, evaluate
from jobmatch_ml.evaluation.slices import (
    restrict_judgements,
    slice_differences,
    slice_scores,
)

QRELS = {f"q{k:02d}": {"good": 1} for k in range(60)}
REGION = {f"q{k:02d}": "north" if k < 30 else "south" if k < 55 else "sea" for k in range(60)}


def report(found: set[str]) -> EvaluationReport:
    """Queries in `found` have their offer first, the others not at all."""
    run = {name: {"good": 1.0} if name in found else {"bad": 1.0} for name in QRELS}
    return evaluate(QRELS, run, metrics=["hit@1"], n_bootstrap=100)


ALL = set(QRELS)
NORTH = {name for name in QRELS if REGION[name] == "north"}


def test_means_by_slice_with_their_support() -> None:
    rows = slice_scores(report(NORTH), {"region": REGION}, metric="hit@1", n_bootstrap=100)
    assert [(row.value, row.n_queries, row.mean) for row in rows] == [
        ("north", 30, 1.0),
        ("south", 25, 0.0),
        ("sea", 5, 0.0),
    ]
    assert [row.supported for row in rows] == [True, True, False]
    assert rows[0].as_row()["attribute"] == "region"


def test_a_broken_slice_is_found_though_the_mean_hardly_moves() -> None:
    south = sorted(name for name in QRELS if REGION[name] == "south")
    worse, better = ALL - set(south[:12]), ALL - set(sorted(NORTH)[:6])
    rows = slice_differences(
        report(worse),
        report(better),
        {"region": REGION},
        metric="hit@1",
        n_bootstrap=200,
        n_permutations=2000,
    )
    by_value = {row.value: row for row in rows}
    assert by_value["south"].difference == pytest.approx(-12 / 25)
    assert by_value["south"].high < 0
    assert by_value["south"].adjusted_p_value < 0.05
    assert by_value["north"].difference == pytest.approx(6 / 30)
    assert by_value["sea"].adjusted_p_value == 1.0


def test_differences_are_corrected_over_all_supported_slices() -> None:
    halves = {name: "even" if int(name[1:]) % 2 else "odd" for name in QRELS}
    rows = slice_differences(
        report(ALL),
        report(ALL - NORTH),
        {"region": REGION, "half": halves},
        metric="hit@1",
        n_bootstrap=100,
        n_permutations=1000,
    )
    north = next(row for row in rows if row.value == "north")
    assert north.adjusted_p_value == pytest.approx(min(1, 4 * north.p_value))


def test_judgements_of_some_documents_alone() -> None:
    assert restrict_judgements({"q": {"a": 1, "b": 2}, "r": {"b": 1}}, ["a"]) == {
        "q": {"a": 1},
        "r": {},
    }


def test_bad_input_is_refused() -> None:
    with pytest.raises(InputError, match="attributes"):
        slice_scores(report(ALL), {"region": {"x": "north"}}, metric="hit@1")
    with pytest.raises(UnknownNameError, match="metric"):
        slice_scores(report(ALL), {"region": REGION})
    other = evaluate({"z": {"good": 1}}, {"z": {"good": 1.0}}, metrics=["hit@1"], n_bootstrap=100)
    with pytest.raises(InputError, match="different queries"):
        slice_differences(report(ALL), other, {"region": REGION}, metric="hit@1")
