"""Streams do not disturb each other, and draws follow their weights."""

from __future__ import annotations

from collections import Counter

from jobmatch_ml.world.randomness import Stage, chance, pick, pick_some, pick_weighted, stream


def test_a_stream_is_named_by_seed_stage_and_index() -> None:
    first = stream(1, Stage.OFFERS, 2).random(3).tolist()
    assert stream(1, Stage.OFFERS, 2).random(3).tolist() == first
    others = (stream(2, Stage.OFFERS, 2), stream(1, Stage.COPIES, 2), stream(1, Stage.OFFERS, 3))
    assert all(other.random(3).tolist() != first for other in others)


def test_weighted_draws_follow_their_weights() -> None:
    rng = stream(0, Stage.OFFERS)
    drawn = Counter(pick_weighted(rng, {"a": 3.0, "b": 1.0, "c": 0.0}) for _ in range(4_000))
    # 4 standard deviations of a binomial of 4,000 draws with 3/4 are 110
    assert abs(drawn["a"] - 3_000) < 110
    assert drawn["c"] == 0


def test_some_are_different_items_and_at_most_all() -> None:
    rng = stream(0, Stage.OFFERS)
    assert len(set(pick_some(rng, range(9), 4))) == 4
    assert sorted(pick_some(rng, [1, 2], 5)) == [1, 2]
    assert pick_some(rng, [1, 2], -1) == []
    assert {pick(rng, "ab") for _ in range(50)} == {"a", "b"}
    assert {chance(rng, 0.0), chance(rng, 1.0)} == {False, True}
