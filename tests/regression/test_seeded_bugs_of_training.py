"""Bugs put into the bi-encoder's training on purpose: for each, a named test must go red.

A row is a bug, where it is put, and the test that catches it. Whoever changes those tests sees here
what they are for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from tests.toy import build_tiny_model
from tests.unit.training import (
    test_batches,
    test_fitting,
    test_hard_negatives,
    test_losses,
    test_text_batches,
)

Function = Callable[..., Any]


@dataclass(frozen=True)
class Bug:
    """A bug: the name that is replaced in a test's module, by what, and which check must fail."""

    module: ModuleType
    name: str
    break_it: Callable[[Any], Any]
    check: Function
    arguments: tuple[Any, ...] = ()
    needs_model: bool = False


def swapped_sides(lay_out: Function) -> Function:
    def broken(*args: Any, **options: Any) -> list[Any]:
        return [
            replace(batch, anchors=batch.positives, positives=batch.anchors)
            for batch in lay_out(*args, **options)
        ]

    return broken


def without_mask(loss: Function) -> Function:
    return lambda *args, **options: loss(*args, **{**options, "refused": None})


def with_scale(change: Callable[[float], float]) -> Callable[[Function], Function]:
    return lambda loss: lambda *args, scale, **options: loss(*args, scale=change(scale), **options)


def shifted_documents(loss: Function) -> Function:
    return lambda queries, documents, **options: loss(queries, documents.roll(1, 0), **options)


def one_direction(loss: Function) -> Function:
    return lambda queries, documents, **options: loss(queries, documents.detach(), **options)


def without_attention_mask(embed: Function) -> Function:
    def broken(model: Any, texts: Sequence[str], **options: Any) -> Any:
        forward = type(model).forward

        def unmasked(features: dict[str, Any], **inner: Any) -> Any:
            ones = features["attention_mask"].new_ones(features["attention_mask"].shape)
            return forward(model, {**features, "attention_mask": ones}, **inner)

        model.forward = unmasked
        return embed(model, texts, **options)

    return broken


def first_token_pooling(embed: Function) -> Function:
    def broken(model: Any, texts: Sequence[str], **options: Any) -> Any:
        from sentence_transformers.sentence_transformer import modules

        model[1] = modules.Pooling(model.get_embedding_dimension(), pooling_mode="cls")
        return embed(model, texts, **options)

    return broken


def cut_from_the_left(embed: Function) -> Function:
    def broken(model: Any, texts: Sequence[str], **options: Any) -> Any:
        model.tokenizer.truncation_side = "left"
        return embed(model, texts, **options)

    return broken


def shifted_keys(rows: Function) -> Function:
    def broken(pairs: Sequence[Any], titles: Any) -> Any:
        keys = [pair.key for pair in pairs]
        moved = zip(pairs, [*keys[1:], keys[0]], strict=True)
        return rows([replace(pair, key=key) for pair, key in moved], titles)

    return broken


def planned_twice(plan: Function) -> Function:
    return lambda *args, **options: 2 * plan(*args, **options)


def cropped_at_the_start(_: Function) -> Function:
    return lambda text, n_words, rng: " ".join(text.split()[:n_words])


def band_one_too_far(band: Function) -> Function:
    return lambda run, first, last: band(run, first + 1, last + 1)


def no_warming_up(rate: Function) -> Function:
    return lambda step, n_steps, _: rate(step, n_steps, 0.0)


def wider_ceiling(ceiling: Function) -> Function:
    return lambda scores, positive, share: ceiling(scores, positive, 1 / share)


def refuses_nothing(refused: Function) -> Function:
    return lambda *args: np.zeros_like(refused(*args))


LOSSES, FITTING, MINING = test_losses, test_fitting, test_hard_negatives
TEXTS, BATCHES = test_text_batches, test_batches
BUGS = {
    "query and document swapped": Bug(
        TEXTS,
        "lay_out_batches",
        swapped_sides,
        TEXTS.test_a_planned_batch_gives_its_titles_and_its_bodies_in_the_same_order,
    ),
    "the mask of false negatives dropped": Bug(
        LOSSES,
        "contrastive_loss",
        without_mask,
        LOSSES.test_a_refused_negative_counts_for_nobody_who_refuses_it,
    ),
    "the sign flipped": Bug(
        LOSSES,
        "contrastive_loss",
        with_scale(lambda scale: -scale),
        LOSSES.test_right_pairs_cost_less_than_wrong_ones,
    ),
    "the scale inverted": Bug(
        LOSSES,
        "contrastive_loss",
        with_scale(lambda scale: 1 / scale),
        LOSSES.test_two_rows_by_hand,
    ),
    "documents shifted by a row": Bug(
        LOSSES, "contrastive_loss", shifted_documents, LOSSES.test_two_rows_by_hand
    ),
    "no gradient to the documents": Bug(
        LOSSES, "contrastive_loss", one_direction, LOSSES.test_the_gradient_is_the_slope
    ),
    "padding takes part in the embedding": Bug(
        FITTING,
        "embed_batch",
        without_attention_mask,
        FITTING.test_training_embeds_as_ranking_does_whatever_the_padding,
        needs_model=True,
    ),
    "the wrong pooling": Bug(
        FITTING,
        "embed_batch",
        first_token_pooling,
        FITTING.test_training_embeds_as_ranking_does_whatever_the_padding,
        needs_model=True,
    ),
    "long texts cut on the wrong side": Bug(
        FITTING,
        "embed_batch",
        cut_from_the_left,
        FITTING.test_the_beginning_of_a_long_text_is_kept,
        needs_model=True,
    ),
    "keys shifted by a pair": Bug(
        TEXTS, "batch_rows", shifted_keys, TEXTS.test_no_known_right_answer_shares_a_batch
    ),
    "each batch twice": Bug(
        BATCHES, "plan_batches", planned_twice, BATCHES.test_each_batch_holds_each_key_once
    ),
    "crops that never move": Bug(
        BATCHES,
        "crop_words",
        cropped_at_the_start,
        BATCHES.test_a_crop_is_a_run_of_the_text_and_every_word_is_seen_over_time,
    ),
    "the band of ranks one too far": Bug(
        MINING, "rank_band", band_one_too_far, MINING.test_a_band_takes_both_its_ends
    ),
    "the filter by score turned round": Bug(
        MINING,
        "score_ceiling",
        wider_ceiling,
        MINING.test_the_ceiling_is_a_share_of_the_positives_score,
    ),
    "the learning rate never warms up": Bug(
        FITTING, "rate_at", no_warming_up, FITTING.test_the_rate_rises_then_falls, (5, 0.5)
    ),
}


@pytest.fixture(scope="module")
def model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("base") / "tiny")


@pytest.mark.parametrize("name", sorted(BUGS))
def test_the_bug_is_caught(name: str, model_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bug = BUGS[name]
    arguments = (model_dir, *bug.arguments) if bug.needs_model else bug.arguments
    bug.check(*arguments)  # green before
    monkeypatch.setattr(bug.module, bug.name, bug.break_it(getattr(bug.module, bug.name)))
    with pytest.raises((AssertionError, RuntimeError)):
        bug.check(*arguments)


def test_the_mask_is_what_keeps_an_others_answer_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from jobmatch_ml.training import text_batches

    check = TEXTS.test_hard_negatives_come_with_who_refuses_them
    check()
    broken = refuses_nothing(text_batches.refused_negatives)
    monkeypatch.setattr(text_batches, "refused_negatives", broken)
    with pytest.raises(AssertionError):
        check()
