"""Learning curves: more groups rank better, and each share holds the smaller ones."""

from __future__ import annotations

import numpy as np
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.training import learning_curve as module
from jobmatch_ml.training.learning_curve import learning_curve
from jobmatch_ml.training.ltr_rows import LtrRows
from tests.ltr_rows import QUICK, make_rows

CONFIG = QUICK.model_copy(update={"without": ("n_words",), "min_data_in_leaf": 5})


def test_more_groups_rank_better() -> None:
    train = make_rows(groups=600)
    total = len(train.group_sizes)
    rows = learning_curve(train, make_rows(groups=200, seed=1), CONFIG, shares=(0.01, 0.2, 1.0))
    assert [row["groups"] for row in rows] == [round(0.01 * total), round(0.2 * total), total]
    assert rows[0]["ndcg@10"] + 0.01 < rows[1]["ndcg@10"] < rows[2]["ndcg@10"] + 0.01
    assert all(row["lowest"] <= row["ndcg@10"] <= row["highest"] for row in rows)
    assert rows[2]["rows"] > rows[1]["rows"]


def test_a_larger_share_holds_the_smaller_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Red when each share is drawn anew: the curve would show the luck of the draw."""
    seen: list[set[tuple[float, ...]]] = []

    def watched(rows: LtrRows, *_: object, **__: object) -> object:
        seen.append({tuple(row) for row in np.nan_to_num(rows.matrix).tolist()})
        raise InputError("seen")

    monkeypatch.setattr(module, "train_ltr", watched)
    with pytest.raises(InputError, match="no share"):
        learning_curve(
            make_rows(groups=40), make_rows(groups=5, seed=1), CONFIG, shares=(0.1, 0.5), draws=1
        )
    assert seen[0] < seen[1]


@pytest.mark.parametrize("shares", [(), (0.0, 1.0), (0.5, 1.5)])
def test_shares_that_are_none_are_refused(shares: tuple[float, ...]) -> None:
    rows = make_rows(groups=20)
    with pytest.raises(InputError, match="expected shares in"):
        learning_curve(rows, rows, CONFIG, shares=shares)
