"""Bugs put into the cross-encoder on purpose: for each, a named test must go red.

Whoever changes those tests sees here what they are for.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jobmatch_ml.ranking import cross_encoder, pair_scorer, retrieve_rerank
from jobmatch_ml.training import cross_encoder_losses
from tests.unit.ranking import test_cross_encoder, test_pair_scorer, test_retrieve_rerank
from tests.unit.training import test_cross_encoder_losses


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return test_pair_scorer.build_tiny_cross_encoder(tmp_path_factory.mktemp("tiny"))


def is_caught(check: Callable[..., None], *arguments: Any) -> bool:
    """Says whether a test passes on sound code; it is run where a bug was put."""
    try:
        check(*arguments)
    except AssertionError:
        return True
    return False


def test_a_dropped_mask_is_caught(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check = test_pair_scorer.test_padding_does_not_change_a_score
    assert not is_caught(check, folder)
    sound = pair_scorer.padded_features

    def broken(*arguments: Any) -> Any:
        features = sound(*arguments)
        features["attention_mask"].fill_(1)
        return features

    monkeypatch.setattr(pair_scorer, "padded_features", broken)
    assert is_caught(check, folder)


def test_a_text_cut_at_its_head_is_caught(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check = test_pair_scorer.test_a_long_text_is_cut_at_its_end
    assert not is_caught(check, folder)
    sound = pair_scorer.pair_tokens

    def broken(tokenizer: Any, *arguments: Any, **options: Any) -> Any:
        tokenizer.truncation_side = "left"
        return sound(tokenizer, *arguments, **options)

    monkeypatch.setattr(pair_scorer, "pair_tokens", broken)
    assert is_caught(check, folder)


def test_texts_that_change_places_in_the_sequence_are_caught(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = test_pair_scorer.test_the_sides_are_told_apart
    assert not is_caught(check, folder)
    sound = pair_scorer.pair_tokens
    monkeypatch.setattr(
        test_pair_scorer,
        "pair_tokens",
        lambda tokenizer, pairs, **options: sound(tokenizer, [p[::-1] for p in pairs], **options),
    )
    assert is_caught(check, folder)


@pytest.mark.parametrize("direction", ["candidate_to_offer", "offer_to_candidate"])
def test_query_and_document_swapped_are_caught(
    direction: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = test_cross_encoder.test_the_candidate_is_read_first
    texts = ("Soudeur. Lyon", "Soudeur. Brest")
    expected = texts if direction == "candidate_to_offer" else texts[::-1]
    assert not is_caught(check, direction, expected)
    sound = cross_encoder.CrossEncoderRanker._pair
    monkeypatch.setattr(
        cross_encoder.CrossEncoderRanker, "_pair", lambda self, *pair: sound(self, *pair[::-1])
    )
    assert is_caught(check, direction, expected)


def test_a_flipped_sign_of_the_blend_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    check = test_retrieve_rerank.test_weight_zero_is_the_retriever_and_one_the_reader
    assert not is_caught(check)
    sound = retrieve_rerank.standardised
    monkeypatch.setattr(retrieve_rerank, "standardised", lambda scores: -sound(scores))
    assert is_caught(check)


@pytest.mark.parametrize("name", sorted(cross_encoder_losses.LOSSES))
def test_a_flipped_sign_of_a_loss_is_caught(name: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    check = test_cross_encoder_losses.test_a_taken_offer_is_pushed_up_and_another_down
    assert not is_caught(check, name)
    sound = cross_encoder_losses.LOSSES[name]
    monkeypatch.setitem(
        cross_encoder_losses.LOSSES, name, lambda s, grades, weights: sound(-s, grades, weights)
    )
    assert is_caught(check, name)
