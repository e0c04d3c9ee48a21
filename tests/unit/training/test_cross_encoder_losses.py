"""The losses by hand, against another implementation's formula, and in the right direction."""

from __future__ import annotations

import math
from typing import Any

import pytest

from jobmatch_ml.training.cross_encoder_losses import (
    LOSSES,
    distillation_loss,
    listwise_loss,
    pairwise_loss,
    pointwise_loss,
)


def tensors(*rows: list[list[float]]) -> list[Any]:
    import torch

    return [torch.tensor(row) for row in rows]


def log_sigmoid(value: float) -> float:
    return -math.log1p(math.exp(-value))


def test_pointwise_is_a_weighted_cross_entropy() -> None:
    scores, grades, weights = tensors([[0.0, 2.0]], [[4.0, 0.0]], [[3.0, 1.0]])
    # Target 1 at score 0: log 2. Target 0 at score 2: −log(1 − σ(2)) = −log σ(−2).
    expected = (3 * math.log(2) - log_sigmoid(-2.0)) / 4
    assert float(pointwise_loss(scores, grades, weights)) == pytest.approx(expected, rel=1e-6)


def test_pairwise_weighs_pairs_by_the_difference_of_grades() -> None:
    scores, grades, weights = tensors([[1.0, 0.0, 0.5]], [[4.0, 1.0, 1.0]], [[2.0, 1.0, 1.0]])
    # Pairs (0, 1) and (0, 2), each 2 · 1 · (4 − 1) = 6; equal grades make none.
    expected = (-6 * log_sigmoid(1.0) - 6 * log_sigmoid(0.5)) / 12
    assert float(pairwise_loss(scores, grades, weights)) == pytest.approx(expected, rel=1e-6)


def test_listwise_is_a_softmax_over_the_list() -> None:
    scores, grades, weights = tensors([[1.0, 0.0]], [[2.0, 0.0]], [[1.0, 1.0]])
    expected = math.log(1 + math.exp(-1))
    assert float(listwise_loss(scores, grades, weights)) == pytest.approx(expected, rel=1e-6)


def test_listwise_leaves_out_lists_without_a_positive() -> None:
    one = tensors([[1.0, 0.0]], [[2.0, 0.0]], [[1.0, 1.0]])
    two = tensors([[1.0, 0.0], [5.0, 1.0]], [[2.0, 0.0], [0.0, 0.0]], [[1.0, 1.0]] * 2)
    assert float(listwise_loss(*two)) == pytest.approx(float(listwise_loss(*one)))


def test_weights_of_the_log_shift_a_list_towards_the_heavier_offer() -> None:
    scores, grades, weights = tensors([[0.3, 0.0, 0.0]], [[1.0, 1.0, 0.0]], [[3.0, 1.0, 1.0]])
    even = tensors([[1.0, 1.0, 1.0]])[0]
    assert float(listwise_loss(scores, grades, weights)) < float(
        listwise_loss(scores, grades, even)
    )


@pytest.mark.parametrize("name", sorted(LOSSES))
def test_a_taken_offer_is_pushed_up_and_another_down(name: Any) -> None:
    """Red when a sign is flipped."""
    scores, grades, weights = tensors([[0.0, 0.0, 0.0]], [[4.0, 0.0, 0.0]], [[1.0, 1.0, 1.0]])
    scores.requires_grad_()
    LOSSES[name](scores, grades, weights).backward()
    assert scores.grad[0, 0] < 0
    assert (scores.grad[0, 1:] > 0).all()


@pytest.mark.parametrize("name", ["pairwise", "listwise"])
def test_only_differences_within_a_list_count(name: Any) -> None:
    scores, grades, weights = tensors([[0.2, -1.0, 3.0]], [[4.0, 0.0, 1.0]], [[1.0, 1.0, 2.0]])
    there, moved = (LOSSES[name](s, grades, weights) for s in (scores, scores + 7))
    assert float(there) == pytest.approx(float(moved), rel=1e-5)


def test_pairwise_of_two_grades_is_what_sentence_transformers_computes() -> None:
    """Its RankNetLoss with even weights: the mean of −log σ(s_i − s_j) over ordered pairs."""
    import torch

    scores, grades, weights = tensors(
        [[0.4, -0.2, 0.1, 0.9]], [[1.0, 0.0, 0.0, 1.0]], [[1.0, 1.0, 1.0, 1.0]]
    )
    gaps = [scores[0, i] - scores[0, j] for i in (0, 3) for j in (1, 2)]
    targets = torch.ones(4)
    expected = torch.nn.functional.binary_cross_entropy_with_logits(torch.stack(gaps), targets)
    assert float(pairwise_loss(scores, grades, weights)) == pytest.approx(float(expected))


def test_distillation_is_nothing_at_the_teacher_and_grows_away_from_it() -> None:
    teacher, weights = tensors([[2.0, 0.0, -1.0]], [[1.0, 1.0, 1.0]])
    assert float(distillation_loss(teacher, teacher, weights)) == pytest.approx(0, abs=1e-6)
    # A shift costs its square alone; a turned order costs more.
    assert float(distillation_loss(teacher + 1, teacher, weights)) == pytest.approx(1, abs=1e-5)
    assert float(distillation_loss(-teacher, teacher, weights)) > 4
