"""The measurement: losses by hand, unfaithful backends refused, the fastest remembered."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError
from jobmatch_ml.ranking import backends_measure
from jobmatch_ml.ranking.backends_measure import (
    compare_fidelity,
    fastest_backend,
    measure_backends,
    time_encoders,
)
from jobmatch_ml.ranking.backends_texts import RetrievalSet
from jobmatch_ml.ranking.encoder import SentenceTransformerEncoder
from tests.toy import ToyEncoder, build_tiny_model

SET = RetrievalSet("toy", ("a", "b"), ("a", "b", "c"), (0, 1))


class Swapping(ToyEncoder):
    """Takes "b" for "c" in queries of one word: that answer falls to second place or lower."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = super().encode(texts)
        vectors[1] = super().encode(["c"])[0]
        return vectors


def test_the_loss_is_of_ndcg_and_the_overlap_of_the_best() -> None:
    """Query b's answer: c first, then a and b tied at 0 in their order, so b is third: 1/log2(4).

    The loss is the mean of 0 and 1 − 1/2.
    """
    found = compare_fidelity({"toy": ToyEncoder(), "swapped": Swapping()}, [SET])
    assert found["toy"].loss == 0
    assert found["toy"].faithful
    assert math.isclose(found["swapped"].loss, 0.25)
    assert not found["swapped"].faithful
    assert found["swapped"].overlap == 1  # all three documents are among ten
    assert math.isclose(found["swapped"].mean_cosine, 0.8, abs_tol=1e-6)
    assert found["swapped"].min_cosine == 0


def test_times_are_of_each_encoder_in_turns() -> None:
    first, second = ToyEncoder(), ToyEncoder()
    speeds = time_encoders({"one": first, "two": second}, ["a b", "c"], rounds=2)
    assert speeds.keys() == {"one", "two"}
    assert all(value >= 0 for value in speeds["one"].values())
    assert first.calls == second.calls == [2, 2, 2, 1, 1, 1, 1, 1, 1]
    with pytest.raises(InputError, match="no texts"):
        time_encoders({"one": first}, [])


def test_the_fastest_faithful_backend_is_remembered_and_then_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = build_tiny_model(tmp_path)
    monkeypatch.setattr(backends_measure, "retrieval_sets", lambda: [SET])
    monkeypatch.setattr(backends_measure, "timing_texts", lambda: ["a", "b c"])
    speed = {"torch-fp32": 9.0, "torch-bf16": 20.0}
    monkeypatch.setattr(
        backends_measure,
        "time_encoders",
        lambda encoders, texts: {name: {"texts_per_s": speed[name]} for name in encoders},
    )
    choice = measure_backends(model, names=["torch-bf16"])
    assert [row["backend"] for row in choice.rows] == ["torch-fp32", "torch-bf16"]
    assert choice.rows[1]["ratio"] == 2.22
    assert choice.backend == fastest_backend(model) == "torch-bf16"
    assert SentenceTransformerEncoder(model, max_length_tokens=32).backend == "torch-bf16"

    objections = iter(["", "ranks worse"])
    monkeypatch.setattr(backends_measure, "_objection", lambda found: next(objections))
    assert measure_backends(model, names=["torch-bf16"]).backend == "torch-fp32"
