"""The sentence-transformers encoder, on a tiny random model built on the spot."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.ranking.encoder import (
    SentenceTransformerEncoder,
    cpu_flags,
    resolve_precision,
    supports_bf16,
)
from tests.toy import build_tiny_model

TEXTS = ["boulanger", "soudeur tig inox acier plan", "", "é ü ß 面", "a" * 3000, "soudeur"]


@pytest.fixture(scope="module")
def model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def encoder(model_dir: Path) -> SentenceTransformerEncoder:
    return SentenceTransformerEncoder(
        model_dir, max_length_tokens=32, batch_size=2, precision="fp32"
    )


def test_rows_are_float32_of_unit_length(encoder: SentenceTransformerEncoder) -> None:
    vectors = encoder.encode(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (6, encoder.dimension)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_no_texts_give_no_rows_of_the_right_width(encoder: SentenceTransformerEncoder) -> None:
    assert encoder.encode([]).shape == (0, 32)


def test_a_batch_equals_single_texts(encoder: SentenceTransformerEncoder) -> None:
    single = np.vstack([encoder.encode([text]) for text in TEXTS])
    np.testing.assert_allclose(encoder.encode(TEXTS), single, atol=1e-5)


def test_rows_come_back_in_the_order_of_the_texts(encoder: SentenceTransformerEncoder) -> None:
    forward, backward = encoder.encode(TEXTS), encoder.encode(TEXTS[::-1])
    np.testing.assert_allclose(forward, backward[::-1], atol=1e-5)
    assert not np.allclose(forward[0], forward[1])


def test_equal_texts_have_equal_rows(encoder: SentenceTransformerEncoder) -> None:
    vectors = encoder.encode(["soudeur", "boulanger inox", "soudeur"])
    np.testing.assert_array_equal(vectors[0], vectors[2])


def test_two_runs_are_equal(encoder: SentenceTransformerEncoder) -> None:
    np.testing.assert_array_equal(encoder.encode(TEXTS), encoder.encode(TEXTS))


def test_batches_hold_texts_of_falling_length(encoder: SentenceTransformerEncoder) -> None:
    batches = list(encoder.batches(TEXTS))
    lengths = [count for batch in batches for count in encoder.count_tokens(batch)]
    assert [len(batch) for batch in batches] == [2, 2, 2]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[0] > lengths[-1]


def test_longer_texts_are_cut_at_the_window(encoder: SentenceTransformerEncoder) -> None:
    assert encoder.count_tokens([" ".join("abc" for _ in range(500))]) == [32]
    cut, longer = (" ".join(["a"] * n) for n in (30, 5000))
    np.testing.assert_allclose(*encoder.encode([cut, longer]), atol=1e-5)


def test_lone_surrogates_are_encoded_not_refused(encoder: SentenceTransformerEncoder) -> None:
    assert encoder.encode(["bad \udc80 text"]).shape == (1, 32)


def test_bf16_stays_near_fp32(model_dir: Path, encoder: SentenceTransformerEncoder) -> None:
    half = SentenceTransformerEncoder(model_dir, max_length_tokens=32, precision="bf16")
    cosines = (half.encode(TEXTS) * encoder.encode(TEXTS)).sum(axis=1)
    assert half.precision == "bf16"
    assert half.encode(TEXTS).dtype == np.float32
    assert cosines.min() >= 0.999


def test_the_name_is_the_folders_without_its_place(encoder: SentenceTransformerEncoder) -> None:
    assert encoder.name == "model"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_length_tokens": 4}, "max_length_tokens is 4"),
        ({"batch_size": 0}, "batch_size 0"),
        ({"max_length_tokens": 65}, "positions for at most 64"),
    ],
)
def test_options_out_of_range_are_refused(
    model_dir: Path, options: dict[str, int], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        SentenceTransformerEncoder(model_dir, **options)  # type: ignore[arg-type]


def test_processor_flags_decide_about_bf16(tmp_path: Path) -> None:
    path = tmp_path / "cpuinfo"
    path.write_text("processor : 0\nflags\t\t: fpu avx512_bf16 sse\nflags : fpu\n")
    assert cpu_flags(path) == {"fpu", "avx512_bf16", "sse"}
    assert cpu_flags(tmp_path / "absent") == frozenset()


def test_automatic_precision_follows_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert resolve_precision("auto") == ("bf16" if supports_bf16() else "fp32")
    assert resolve_precision("fp32") == "fp32"
