"""Rows for learning to rank whose truth is one column, and a log whose positions hide it."""

from __future__ import annotations

import numpy as np

from jobmatch_ml.interactions.propensity import PropensityModel, known_propensities
from jobmatch_ml.ranking.features import NAMES
from jobmatch_ml.training.ltr_config import LtrConfig
from jobmatch_ml.training.ltr_rows import LtrRows, in_groups

TRUE = NAMES.index("static_title")
"""The column that makes an offer attract."""
OLD = NAMES.index("n_words")
"""The column that the old ranker ordered by; it says nothing of the offer."""
QUICK = LtrConfig(
    correction="none", rounds=40, patience=40, min_data_in_leaf=20, threads=1, bagging_fraction=1.0,
    feature_fraction=1.0,
)  # fmt: skip
CURVE = 1 / np.arange(1, 11)


def propensities(curve: np.ndarray = CURVE) -> PropensityModel:
    """Returns a known curve of one surface."""
    return known_propensities({"search": curve})


def make_rows(
    *, groups: int = 200, seed: int = 0, curve: np.ndarray = CURVE, chance: float = 1.0
) -> LtrRows:
    """Simulates pages of ten ordered by an old ranker, looked at by ``curve``.

    An offer attracts with probability 0.6 times its true column; the label is an opening (1).
    """
    rng = np.random.default_rng(seed)
    n = groups * 10
    matrix = np.full((n, len(NAMES)), np.nan, dtype=np.float32)
    matrix[:, TRUE], matrix[:, OLD] = rng.random(n), rng.random(n)
    group = np.repeat(np.arange(groups), 10)
    # Every page shows the old ranker's order, but for one in five, which is shuffled.
    shuffled = (group % 5 == 0)[:, None].ravel()
    keys = np.where(shuffled, rng.random(n), -matrix[:, OLD])
    order = np.lexsort((keys, group))
    positions = np.empty(n, dtype=np.int64)
    positions[order] = np.tile(np.arange(1, 11), groups)
    looked = rng.random(n) < curve[positions - 1]
    opened = looked & (rng.random(n) < 0.6 * chance * matrix[:, TRUE])
    return in_groups(
        LtrRows(
            matrix=matrix,
            labels=opened.astype(np.int32),
            weights=np.ones(n),
            groups=group.astype(np.int64),
            positions=positions,
            surfaces=np.full(n, "search"),
            dropped={},
        )
    )


def truth_of(score: object, seed: int = 99) -> float:
    """Returns the rank correlation of a model's scores with the true column, on fresh rows."""
    rng = np.random.default_rng(seed)
    matrix = np.full((2000, len(NAMES)), np.nan, dtype=np.float32)
    matrix[:, TRUE], matrix[:, OLD] = rng.random(2000), rng.random(2000)
    ranks = np.argsort(np.argsort(score(matrix)))  # type: ignore[operator]
    return float(np.corrcoef(ranks, np.argsort(np.argsort(matrix[:, TRUE])))[0, 1])
