"""8-bit arithmetic gives nearly the model's own scores."""

from __future__ import annotations

import numpy as np
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.ranking.pair_int8 import Int8PairScorer
from jobmatch_ml.ranking.pair_scorer import (
    TransformerPairScorer,
    load_pair_model,
    save_pair_model,
)
from tests.toy import build_tiny_model

PAIRS = [(3 * left, 4 * right) for left in "abcd" for right in "stuvwx"]


@pytest.fixture(scope="module")
def scorer(tmp_path_factory: pytest.TempPathFactory) -> TransformerPairScorer:
    import torch

    folder = build_tiny_model(tmp_path_factory.mktemp("tiny"))
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model, tokenizer = load_pair_model(folder)
        torch.nn.init.normal_(model.out.weight)
    save_pair_model(model, tokenizer, folder / "pairs")
    return TransformerPairScorer(folder / "pairs", max_length_tokens=32, precision="fp32")


@pytest.mark.slow
def test_its_scores_are_nearly_the_model_s(scorer: TransformerPairScorer) -> None:
    pytest.importorskip("openvino", reason="openvino is not installed")
    pytest.importorskip("nncf", reason="nncf is not installed")
    quick = Int8PairScorer(scorer, PAIRS)
    exact, rounded = scorer.score(PAIRS), quick.score(PAIRS)
    assert np.corrcoef(exact, rounded)[0, 1] > 0.95


def test_samples_and_a_model_in_fp32_are_needed(scorer: TransformerPairScorer) -> None:
    with pytest.raises(InputError, match="0 samples"):
        Int8PairScorer(scorer, [])
