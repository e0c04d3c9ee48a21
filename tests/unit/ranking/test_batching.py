"""Texts as tokens and batches: the plan by hand, the cut, the chunks, the padding."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobmatch_ml.ranking.batching import pad, plan_batches, split_texts
from tests.toy import build_tiny_model


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(build_tiny_model(tmp_path_factory.mktemp("tiny")))


@given(
    st.lists(st.integers(1, 50), max_size=60),
    st.integers(1, 9),
    st.integers(1, 120),
    st.booleans(),
)
def test_each_text_is_in_one_batch_within_size_and_budget(
    lengths: list[int], batch_size: int, token_budget: int, by_length: bool
) -> None:
    batches = plan_batches(
        lengths, batch_size=batch_size, token_budget=token_budget, by_length=by_length
    )
    assert sorted(i for batch in batches for i in batch) == list(range(len(lengths)))
    for batch in batches:
        padded = len(batch) * max(lengths[i] for i in batch)
        assert len(batch) <= batch_size
        assert len(batch) == 1 or padded <= token_budget


def test_the_longest_come_first_and_equal_lengths_keep_their_order() -> None:
    assert plan_batches([3, 5, 3, 3], batch_size=2, token_budget=99) == [[1, 0], [2, 3]]


def test_unsorted_batches_follow_the_caller() -> None:
    plan = plan_batches([1, 9, 1], batch_size=2, token_budget=99, by_length=False)
    assert plan == [[0, 1], [2]]


def test_padding_is_on_the_right_and_masked() -> None:
    ids, mask = pad([np.array([4, 5, 6], np.int32), np.array([7], np.int32)], pad_id=9)
    assert ids.tolist() == [[4, 5, 6], [7, 9, 9]]
    assert mask.tolist() == [[1, 1, 1], [1, 0, 0]]


def test_a_long_text_is_cut_at_the_window(tokenizer: Any) -> None:
    pieces = split_texts(tokenizer, ["a " * 50, "b"], max_length_tokens=10)
    assert pieces.lengths == [10, 3]
    assert pieces.owners.tolist() == [0, 1]


def test_chunks_hold_the_whole_text_up_to_their_number(tokenizer: Any) -> None:
    """20 words in windows of 8 + 2 special tokens: 8, 8 and 4 words."""
    texts = ["b", "a " * 20]
    whole = split_texts(tokenizer, texts, max_length_tokens=10, max_chunks=4)
    assert whole.lengths == [3, 10, 10, 6]
    assert whole.owners.tolist() == [0, 1, 1, 1]
    first = split_texts(tokenizer, texts, max_length_tokens=10, max_chunks=2)
    assert first.lengths == [3, 10, 10]


def test_a_text_of_megabytes_is_not_read_to_its_end(tokenizer: Any) -> None:
    class Counting:
        letters = 0

        def __call__(self, texts: list[str], **options: Any) -> Any:
            self.letters += sum(map(len, texts))
            return tokenizer(texts, **options)

    counting = Counting()
    split_texts(counting, ["a" * 5_000_000], max_length_tokens=16, max_chunks=2)
    assert counting.letters == 64 * 16 * 2


def test_no_texts_are_no_pieces(tokenizer: Any) -> None:
    assert split_texts(tokenizer, [], max_length_tokens=10).lengths == []
