"""Slices: who is in which, and the paired differences within them, by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobmatch_ml.evaluation import evaluate
from jobmatch_ml.registry.review_slices import holm, query_slices, slice_differences
from tests.review_world import write_dataset


def test_holm_multiplies_the_smallest_most_and_never_falls() -> None:
    assert holm([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_a_slice_that_lost_comes_first_with_its_mean() -> None:
    people = {f"a{n}": "x" for n in range(10)} | {f"b{n}": "y" for n in range(10)}
    qrels = {person: {"good": 1} for person in people}
    first = {person: {"good": 1.0} for person in people}
    # Second place is worth 1 / log2(3) = 0.6309.
    second = {person: {"good": 0.5, "bad": 1.0} for person in people}
    mixed = {person: (second if person[0] == "a" else first)[person] for person in people}
    reports = [evaluate(qrels, run, metrics=("ndcg@10",)) for run in (mixed, first)]
    rows = slice_differences(
        reports[0], reports[1], {"domain": people}, metric="ndcg@10", min_queries=10
    )
    assert [row.name for row in rows] == ["domain=x", "domain=y"]
    assert rows[0].difference == pytest.approx(0.6309 - 1, abs=1e-4)
    assert (rows[0].champion, rows[0].n_queries) == (1.0, 10)
    # All ten fell: 2 of 2^10 sign patterns are as extreme; times two slices.
    assert rows[0].p_value < 0.02
    assert rows[1].p_value == 1.0
    untested = slice_differences(
        reports[0], reports[1], {"domain": people}, metric="ndcg@10", min_queries=11
    )
    assert {row.p_value for row in untested} == {1.0}


def test_people_are_cut_by_what_they_took(tmp_path: Path) -> None:
    slices = query_slices(write_dataset(tmp_path))
    assert set(slices) == {"domain", "region", "offers", "profile"}
    # Person n wants occupation n % 8; the first four are of domain A.
    expected = {person: "A" if int(person[1:]) % 8 < 4 else "M" for person in slices["domain"]}
    assert slices["domain"] == expected
    assert set(slices["domain"].values()) == {"A", "M"}
    assert set(slices["region"].values()) == {"unknown"}
    assert set(slices["offers"].values()) == {"new"}
