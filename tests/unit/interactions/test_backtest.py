"""Going back to a moment: weighted labels are nearer to the end than labels at face value."""

from __future__ import annotations

import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.interactions import backtest_labels
from tests.log_factory import day, make_log
from tests.unit.interactions.test_censoring import LOG


def test_weighted_shares_are_nearer_to_the_end() -> None:
    rows = backtest_labels(LOG, as_of=day(30)).to_pylist()
    assert [row["grade"] for row in rows] == [0, 2, 3, 4]
    for column in ("as_known", "in_the_end"):
        assert sum(row[column] for row in rows) == pytest.approx(1)
    errors = {
        column: sum(abs(row[column] - row["in_the_end"]) for row in rows)
        for column in ("as_known", "weighted")
    }
    assert errors["weighted"] < errors["as_known"] / 3


def test_when_everything_is_known_nothing_changes() -> None:
    log = make_log({"saved": True, "saved_at": day(0)}, {}, {})
    rows = backtest_labels(log, as_of=day(300)).to_pylist()
    for row, share in zip(rows, (2 / 3, 1 / 3), strict=True):
        assert [row["as_known"], row["weighted"], row["in_the_end"]] == pytest.approx([share] * 3)


def test_there_must_be_something_to_go_back_to() -> None:
    with pytest.raises(InputError, match="nothing to go back to"):
        backtest_labels(LOG, as_of=day(0))
