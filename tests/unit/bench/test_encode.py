"""The encoder's benchmark: its texts and its count of padding."""

from __future__ import annotations

from typing import Any, cast

from jobmatch_ml.bench.encode import french_texts, padding_ratio


class FakeEncoder:
    """Batches of two in the given order; a text's length is its number of letters."""

    def plan(self, lengths: list[int]) -> list[list[int]]:
        return [[start, start + 1] for start in range(0, len(lengths), 2)]

    def count_tokens(self, texts: list[str]) -> list[int]:
        return [len(text) for text in texts]


def test_padding_counts_each_batch_at_its_longest_text() -> None:
    """(4 + 1) and (4 + 1) padded to 8 and 8: 16 / 10; sorted: 8 and 2: 10 / 10."""
    encoder = cast("Any", FakeEncoder())
    assert padding_ratio(encoder, ["aaaa", "b", "cccc", "d"]) == 1.6
    assert padding_ratio(encoder, ["aaaa", "cccc", "b", "d"]) == 1.0


def test_texts_are_distinct_and_always_the_same() -> None:
    texts = french_texts(40)
    assert 20 < len(texts) <= 40
    assert len(set(texts)) == len(texts)
    assert texts == french_texts(40)
