"""Learning curves: what a learned ranker gains by more people in its log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from jobmatch_ml.errors import InputError
from jobmatch_ml.interactions.propensity import PropensityModel
from jobmatch_ml.training.ltr import GAINS, grouped_ndcg, train_ltr
from jobmatch_ml.training.ltr_config import LtrConfig
from jobmatch_ml.training.ltr_rows import LtrRows, in_groups, take

SHARES = (0.0625, 0.125, 0.25, 0.5, 1.0)


def learning_curve(
    train: LtrRows,
    validation: LtrRows,
    config: LtrConfig,
    *,
    propensities: PropensityModel | None = None,
    shares: Sequence[float] = SHARES,
    draws: int = 3,
) -> list[dict[str, Any]]:
    """Trains on growing shares of the groups and ranks the same validation groups.

    A curve that still rises says: more data; one that is flat: better features or another model.
    Each share is drawn several times, since which few people are drawn matters more than how many.

    Args:
        train: Rows to learn from; its groups are drawn, whole.
        validation: Rows that the trees stop by and that are ranked. The figure is therefore a
            little too good at every share alike.
        config: How trees are learnt.
        propensities: For the corrections that need them.
        shares: Of the groups, ascending, in (0, 1].
        draws: How often each share below 1 is drawn.

    Returns:
        A row a share: ``groups``, ``rows``, and mean, lowest and highest nDCG@10 over the draws. A
        share whose groups teach nothing (labels of one class) is left out.

    Raises:
        InputError: A share out of range, or none of them can be learnt from.
    """
    if not shares or not all(0 < share <= 1 for share in shares):
        raise InputError(f"shares are {list(shares)}; expected shares in (0, 1]", field="shares")
    names = np.unique(train.groups)
    gains = np.array(GAINS, dtype=np.float64)[validation.labels]
    found = []
    for share in shares:
        sizes, values = [], []
        n_groups = max(1, round(share * len(names)))
        for draw in range(draws if share < 1 else 1):
            rng = np.random.default_rng((config.seed, draw))
            drawn = rng.permutation(names)[:n_groups]  # a larger share holds the smaller ones
            part = in_groups(take(train, np.flatnonzero(np.isin(train.groups, drawn))))
            try:
                report = train_ltr(part, validation, config, propensities=propensities)
            except InputError:
                continue
            scores = report.model.score(validation.matrix)
            values.append(grouped_ndcg(scores, gains, validation.groups))
            sizes.append(len(part))
        if values:
            found.append(
                {
                    "share": share,
                    "groups": n_groups,
                    "rows": round(float(np.mean(sizes))),
                    "ndcg@10": float(np.mean(values)),
                    "lowest": min(values),
                    "highest": max(values),
                }
            )
    if not found:
        raise InputError("no share of the groups can be learnt from", field="shares")
    return found
