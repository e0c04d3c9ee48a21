"""The head: what it starts as, and that each side is pooled apart."""

from __future__ import annotations

from typing import Any

import pytest

from jobmatch_ml.errors import IntegrityError
from jobmatch_ml.ranking.pair_scorer import load_pair_model, pair_tokens
from tests.toy import build_tiny_model

PAIRS = [("abc", "de"), ("ab", "fgh")]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    import torch

    with torch.random.fork_rng():
        torch.manual_seed(1)
        return load_pair_model(build_tiny_model(tmp_path_factory.mktemp("tiny")))


def features(tokenizer: Any) -> Any:
    rows = pair_tokens(tokenizer, PAIRS, max_length_tokens=32)
    return tokenizer.pad(rows, padding="max_length", max_length=16, return_tensors="pt")


def test_an_untrained_model_is_ten_times_the_cosine_of_the_sides(loaded: tuple[Any, Any]) -> None:
    import torch

    model, tokenizer = loaded
    rows = features(tokenizer)
    with torch.inference_mode():
        scores = model(**rows)
        # By hand, row by row: "[CLS] a b c [SEP]" is the first side, "d e [SEP]" the second.
        for row, lengths in enumerate(((5, 3), (4, 4))):
            end = sum(lengths)
            hidden = model.backbone(input_ids=rows["input_ids"][row : row + 1, :end])
            tokens = hidden.last_hidden_state[0]
            left, right = tokens[: lengths[0]].mean(0), tokens[lengths[0] :].mean(0)
            cosine = torch.nn.functional.cosine_similarity(left, right, dim=0)
            assert float(scores[row]) == pytest.approx(10 * float(cosine), abs=1e-4)


def test_all_parts_learn(loaded: tuple[Any, Any]) -> None:
    model, tokenizer = loaded
    model.zero_grad()
    model(**features(tokenizer)).sum().backward()
    assert model.scale.grad is not None
    assert model.out.weight.grad.abs().sum() > 0
    assert model.backbone.encoder.layer[0].output.dense.weight.grad.abs().sum() > 0


def test_a_head_of_another_shape_is_refused(loaded: tuple[Any, Any]) -> None:
    model, _ = loaded
    state = model.head_state()
    assert set(state) == {
        "scale", "compare.weight", "compare.bias", "out.weight", "out.bias",
    }  # fmt: skip
    with pytest.raises(IntegrityError, match="train it again"):
        model.load_head({**state, "out.bias": state["out.weight"]})
    with pytest.raises(IntegrityError, match="train it again"):
        model.load_head({name: state[name] for name in ("scale", "out.bias")})
