"""Batches without false negatives, and crops: counted by hand and by property."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobmatch_ml.training.batches import (
    BatchRow,
    crop_words,
    plan_batches,
    plan_pass,
    refused_rows,
    usable_batch_size,
)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def keyed(keys: Sequence[str]) -> list[BatchRow]:
    """Rows that refuse nothing but their own key."""
    return [BatchRow(key, frozenset({key}), frozenset({key})) for key in keys]


def test_each_batch_holds_each_key_once() -> None:
    keys = ["a"] * 4 + ["b"] * 4 + ["c"] * 4
    batches = plan_batches(keyed(keys), 3, rng=rng())
    assert len(batches) == 4
    assert all(sorted(keys[row] for row in batch) == ["a", "b", "c"] for batch in batches)


def test_a_frequent_key_is_used_in_every_batch_and_no_more() -> None:
    # 5 rows of a, 1 each of b..f, batches of 2: a pairs with each of the others.
    keys = ["a"] * 5 + list("bcdef")
    batches = plan_batches(keyed(keys), 2, rng=rng())
    assert len(batches) == 5
    assert all(sum(keys[row] == "a" for row in batch) == 1 for batch in batches)


def test_too_few_keys_give_no_batch() -> None:
    assert plan_batches(keyed(["a", "a", "b"]), 3, rng=rng()) == []


def test_rows_that_refuse_each_other_never_share_a_batch() -> None:
    # Row 0 is person p's pair, who also took offer y, which is row 1's offer.
    rows = [
        BatchRow(
            "a", frozenset({"a", "p", "offer x"}), frozenset({"a", "p", "offer x", "offer y"})
        ),
        BatchRow("b", frozenset({"b", "q", "offer y"}), frozenset({"b", "q", "offer y"})),
        BatchRow("c", frozenset({"c", "r", "offer z"}), frozenset({"c", "r", "offer z"})),
    ]
    for seed in range(20):
        for batch in plan_batches(rows, 2, rng=rng(seed)):
            assert set(batch) != {0, 1}


def test_a_skewed_log_is_cut_at_random_so_that_most_pairs_are_used() -> None:
    # 90 of 100 rows are one occupation: ten batches of distinct keys would use 20 rows.
    keys = ["a"] * 90 + list("bcdefghijk")
    assert len(plan_batches(keyed(keys), 2, rng=rng())) == 10
    batches = plan_pass(keyed(keys), 10, rng=rng())
    assert [len(batch) for batch in batches] == [10] * 10
    assert sorted(row for batch in batches for row in batch) == list(range(100))


def test_an_even_log_keeps_batches_without_refusals() -> None:
    keys = list("abcd") * 25
    batches = plan_pass(keyed(keys), 4, rng=rng())
    assert batches == plan_batches(keyed(keys), 4, rng=rng())
    assert all(refused_rows([keyed(keys)[row] for row in batch]) is None for batch in batches)


def test_who_refuses_whom_is_said_both_ways() -> None:
    rows = [
        BatchRow("a", frozenset({"a", "x"}), frozenset({"a", "x", "y"})),  # x's person took y too
        BatchRow("b", frozenset({"b", "y"}), frozenset({"b", "y"})),
        BatchRow("c", frozenset({"c"}), frozenset({"c"})),
        BatchRow("c", frozenset({"c", "z"}), frozenset({"c", "z"})),
    ]
    found = refused_rows(rows)
    assert found is not None
    assert {(i, j) for i, j in zip(*np.nonzero(found), strict=True)} == {
        (0, 1), (1, 0), (2, 3), (3, 2),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("counts", "wanted", "size"),
    [
        ({"a": 9, "b": 9, "c": 9}, 3, 3),  # enough keys
        ({"a": 5, "b": 5, "c": 5, "d": 1}, 32, 3),  # 2 uses 16 rows, 3 uses 15, 4 uses 4
        ({"a": 3, "b": 1}, 32, 2),
        ({"a": 3}, 32, 1),
    ],
)
def test_the_batch_size_is_the_largest_that_wastes_little(
    counts: dict[str, int], wanted: int, size: int
) -> None:
    keys = [key for key, count in counts.items() for _ in range(count)]
    assert usable_batch_size(keys, wanted) == size


@given(st.lists(st.sampled_from("abcdefgh"), max_size=60), st.integers(2, 6), st.integers(0, 5))
def test_rows_are_used_once_in_full_batches_of_distinct_keys(
    keys: list[str], batch_size: int, seed: int
) -> None:
    batches = plan_batches(keyed(keys), batch_size, rng=rng(seed))
    rows = [row for batch in batches for row in batch]
    assert max(Counter(rows).values(), default=1) == 1
    for batch in batches:
        assert len(batch) == batch_size == len({keys[row] for row in batch})
    assert batches == plan_batches(keyed(keys), batch_size, rng=rng(seed))


def test_a_short_text_is_not_cropped() -> None:
    assert crop_words("un  deux\ntrois", 3, rng=rng()) == "un deux trois"


def test_a_crop_is_a_run_of_the_text_and_every_word_is_seen_over_time() -> None:
    words = [f"mot{number}" for number in range(20)]
    draws = rng()
    crops = [crop_words(" ".join(words), 5, rng=draws) for _ in range(200)]
    assert all(crop in " ".join(words) and len(crop.split()) == 5 for crop in crops)
    assert {word for crop in crops for word in crop.split()} == set(words)
