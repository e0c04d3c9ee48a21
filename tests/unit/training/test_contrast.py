"""The contrastive loss and its mask, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from jobmatch_ml.training.adaptation.contrast import negatives_mask, symmetric_loss
from jobmatch_ml.training.adaptation.pairs import AdaptationPair


def pair(key: str, *neighbours: str) -> AdaptationPair:
    return AdaptationPair("title", "x", "y", key, frozenset(neighbours))


def test_same_keys_and_neighbours_are_no_negatives_either_way() -> None:
    batch = [pair("A", "C"), pair("B"), pair("A", "C"), pair("C"), pair("D", "elsewhere")]
    expected = [
        [0, 1, 0, 0, 1],
        [1, 0, 1, 1, 1],
        [0, 1, 0, 0, 1],
        [0, 1, 0, 0, 1],
        [1, 1, 1, 1, 0],
    ]
    assert negatives_mask(batch).astype(int).tolist() == expected


def test_the_loss_is_the_mean_of_both_directions() -> None:
    torch = pytest.importorskip("torch")
    left = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    right = torch.tensor([[1.0, 0.0], [0.6, 0.8]])
    negatives = ~np.eye(2, dtype=bool)

    def row(right_score: float, wrong: float) -> float:
        return -math.log(math.exp(right_score) / (math.exp(right_score) + math.exp(wrong)))

    # Scores at scale 2: [[2, 1.2], [0, 1.6]].
    forward = (row(2, 1.2) + row(1.6, 0)) / 2
    backward = (row(2, 0) + row(1.6, 1.2)) / 2
    loss = symmetric_loss(left, right, negatives, scale=2)
    assert loss.item() == pytest.approx((forward + backward) / 2, rel=1e-5)


def test_a_masked_pair_does_not_enter_the_loss() -> None:
    torch = pytest.importorskip("torch")
    left = torch.tensor([[1.0, 0.0], [1.0, 0.0]])
    none = np.zeros((2, 2), dtype=bool)
    assert symmetric_loss(left, left, none, scale=20).item() == pytest.approx(0, abs=1e-6)
    assert symmetric_loss(left, left, ~none, scale=20).item() == pytest.approx(math.log(2))
