"""Popularity: counts that make no sense are refused."""

from __future__ import annotations

import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.ranking.popularity import PopularityRanker


@pytest.mark.parametrize("count", [-1.0, float("nan"), float("inf")])
def test_counts_that_are_not_counts_are_refused(count: float) -> None:
    with pytest.raises(InputError, match="1 interaction counts are not finite numbers >= 0"):
        PopularityRanker({"a": count, "b": 2})
