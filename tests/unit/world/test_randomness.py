"""Streams do not disturb each other, and draws follow their weights."""

from __future__ import annotations

import numpy as np

from jobmatch_ml.world.randomness import Stage, choose, cumulative, stream


def test_a_stream_is_named_by_seed_stage_and_index() -> None:
    first = stream(1, Stage.OFFERS, 2).random(3).tolist()
    assert stream(1, Stage.OFFERS, 2).random(3).tolist() == first
    others = (stream(2, Stage.OFFERS, 2), stream(1, Stage.COPIES, 2), stream(1, Stage.OFFERS, 3))
    assert all(other.random(3).tolist() != first for other in others)


def test_draws_of_many_rows_follow_the_shares_of_each() -> None:
    sums = cumulative(np.array([[3.0, 1.0, 0.0], [0.0, 0.0, 2.0]]))
    rows = np.repeat([0, 1], 4_000)
    drawn = choose(sums, rows, stream(0, Stage.OFFERS).random(8_000))
    # 4 standard deviations of a binomial of 4,000 draws with 3/4 are 110
    assert abs(np.count_nonzero(drawn[:4_000] == 0) - 3_000) < 110
    assert set(drawn[:4_000].tolist()) == {0, 1}
    assert set(drawn[4_000:].tolist()) == {2}
