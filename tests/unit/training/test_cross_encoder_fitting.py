"""The loop learns an order, keeps what is frozen, and stops at what is not finite."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jobmatch_ml.errors import InputError, JobMatchError
from jobmatch_ml.ranking.pair_scorer import TransformerPairScorer, load_pair_model
from jobmatch_ml.training.cross_encoder_fitting import ListBatch, ListFitOptions, fit_lists
from jobmatch_ml.training.cross_encoder_losses import listwise_loss
from tests.toy import build_tiny_model

OPTIONS = ListFitOptions(learning_rate=3e-3, max_length_tokens=16)
PEOPLE, OFFERS = "abcd", "abcdefgh"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("tiny"))


def load(folder: Path) -> tuple[Any, Any]:
    import torch

    with torch.random.fork_rng():
        torch.manual_seed(0)
        return load_pair_model(folder)


def lists(right: str) -> ListBatch:
    """Each person has one right offer, which all of them share."""
    flat = [(person, offer) for person in PEOPLE for offer in OFFERS]
    shape = (len(PEOPLE), len(OFFERS))
    return ListBatch(
        tuple(f"{person}/{offer}" for person, offer in flat),
        tuple(flat),
        np.array([4.0 * (offer == right) for _, offer in flat], dtype=np.float32).reshape(shape),
        np.ones(shape, dtype=np.float32),
    )


@pytest.mark.parametrize("right", ["b", "g"])
def test_what_was_taken_comes_first_after_training(folder: Path, right: str) -> None:
    model, tokenizer = load(folder)
    losses = fit_lists(model, tokenizer, [lists(right)] * 30, listwise_loss, OPTIONS)
    assert np.mean(losses[-5:]) < 0.5 * losses[0]
    scorer = TransformerPairScorer.of_model(model, tokenizer, max_length_tokens=16)
    scores = scorer.score([("a", offer) for offer in OFFERS])
    assert OFFERS[int(np.argmax(scores))] == right


def test_two_fits_are_equal(folder: Path) -> None:
    runs = [fit_lists(*load(folder), [lists("b")] * 3, listwise_loss, OPTIONS) for _ in range(2)]
    assert runs[0] == runs[1]


def test_frozen_layers_stay_as_they_were(folder: Path) -> None:
    model, tokenizer = load(folder)
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    fit_lists(model, tokenizer, [lists("b")] * 2, listwise_loss, replace(OPTIONS, frozen_layers=1))
    moved = {name for name, weight in model.state_dict().items() if (weight != before[name]).any()}
    assert any("layer.1." in name for name in moved)
    assert not any("layer.0." in name or "embeddings" in name for name in moved)


def test_a_loss_that_is_no_number_names_its_pairs_and_changes_nothing(folder: Path) -> None:
    model, tokenizer = load(folder)
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    broken = replace(lists("b"), weights=np.full((4, 8), np.nan, dtype=np.float32))
    with pytest.raises(JobMatchError, match=r"step 1 is not finite.*a/a, a/b.*32 in all"):
        fit_lists(model, tokenizer, [broken], listwise_loss, OPTIONS)
    assert all((weight == before[name]).all() for name, weight in model.state_dict().items())


def test_nothing_to_learn_from_and_nothing_left_to_learn_are_refused(folder: Path) -> None:
    with pytest.raises(InputError, match="no lists"):
        fit_lists(*load(folder), [], listwise_loss, OPTIONS)
    with pytest.raises(InputError, match="frozen_layers is 2; the model has 2"):
        fit_lists(*load(folder), [lists("b")], listwise_loss, replace(OPTIONS, frozen_layers=2))
