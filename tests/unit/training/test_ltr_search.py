"""The search: judged on validation alone, reproducible, never worse than where it began."""

from __future__ import annotations

import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.training.ltr import train_ltr
from jobmatch_ml.training.ltr_search import search_ltr
from tests.ltr_rows import QUICK, make_rows


def test_the_best_on_validation_is_kept_and_a_second_run_finds_it_again() -> None:
    train, held_out = make_rows(groups=60), make_rows(groups=60, seed=1)
    config = QUICK.model_copy(update={"trials": 3, "rounds": 12})
    chosen, report, rows = search_ltr(train, held_out, config)
    assert report.score == max(row["score"] for row in rows)
    assert report.score >= train_ltr(train, held_out, config).score
    assert len(rows) == 3
    again = search_ltr(train, held_out, config)
    assert (again[0], again[2]) == (chosen, rows)


def test_no_trials_is_no_search() -> None:
    with pytest.raises(InputError, match="trials is 0"):
        search_ltr(make_rows(), make_rows(seed=1), QUICK)
