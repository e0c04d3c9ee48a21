"""The benches of learning to rank: what they refuse, and the arithmetic of their rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from jobmatch_ml.bench.cascade import run_cascade_bench
from jobmatch_ml.bench.features import _drawn, _row, run_features_bench
from jobmatch_ml.bench.ltr import _row as ltr_row
from jobmatch_ml.bench.ltr import run_ltr_bench
from jobmatch_ml.errors import MissingFileError


@pytest.mark.parametrize("bench", [run_cascade_bench, run_features_bench, run_ltr_bench])
def test_a_data_set_that_is_not_named_is_asked_for(bench: Callable[[], Any]) -> None:
    with pytest.raises(MissingFileError, match="--option dataset=PATH"):
        bench()


def test_every_drawn_page_teaches_something() -> None:
    rows = _drawn(1000, seed=0)
    assert (len(rows), set(rows.group_sizes.tolist())) == (1000, {10})
    assert len(np.unique(rows.labels)) == 2


def test_a_measurement_says_whether_it_holds() -> None:
    assert _row("x", [10.0, 20.0, 12.0], 15.0, n_features=60)["holds"]
    assert not _row("x", [16.0], 15.0, n_features=60)["holds"]


def test_differences_are_taken_person_by_person_over_the_seeds() -> None:
    naive = [np.array([0.5, 0.6, 0.7]), np.array([0.5, 0.6, 0.7])]
    better = [np.array([0.6, 0.7, 0.8]), np.array([0.8, 0.9, 1.0])]
    scores: Any = {"none": naive, "ips": better, "position": naive}
    row = ltr_row("ips", scores, [1.0, 3.0], is_biased=True, n_rows=10)
    assert row["difference"] == pytest.approx(0.2)
    assert (row["seeds"], row["people"], row["seconds"]) == (2, 3, 2.0)
    assert row["equivalent"] is False
    same = ltr_row("position", scores, [1.0], is_biased=False, n_rows=10)
    assert same["equivalent"] is True
    assert ltr_row("none", scores, [1.0], is_biased=True, n_rows=10)["difference"] is None
