"""The sentence-transformers encoder, on a tiny random model built on the spot."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.ranking.encoder import SentenceTransformerEncoder
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
    counts = encoder.count_tokens(TEXTS)
    batches = encoder.plan(counts)
    lengths = [counts[position] for batch in batches for position in batch]
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


def test_chunks_are_averaged_by_their_tokens(
    model_dir: Path, encoder: SentenceTransformerEncoder
) -> None:
    """Windows of 6 words of one letter and 2 special tokens: 6 + 6 + 3 words of 15."""
    options = {"max_length_tokens": 8, "precision": "fp32"}
    chunked = SentenceTransformerEncoder(model_dir, max_chunks=4, **options)  # type: ignore[arg-type]
    words = list("abcdefghijklmno")
    parts = [" ".join(words[:6]), " ".join(words[6:12]), " ".join(words[12:])]
    weights = np.array([[8.0], [8.0], [5.0]])
    expected = (encoder.encode(parts) * weights).sum(axis=0)
    expected /= np.linalg.norm(expected)
    found = chunked.encode([" ".join(words), "abc"])
    np.testing.assert_allclose(found[0], expected, atol=1e-5)
    np.testing.assert_allclose(found[1], encoder.encode(["abc"])[0], atol=1e-5)
    assert chunked.count_tokens([" ".join(words), "a"]) == [21, 3]


def test_the_number_of_chunks_has_bounds(model_dir: Path) -> None:
    with pytest.raises(InputError, match="max_chunks is 0"):
        SentenceTransformerEncoder(model_dir, max_chunks=0)


def test_weights_stored_in_bf16_compute_in_fp32_where_asked(
    model_dir: Path, tmp_path: Path
) -> None:
    """The box stores bf16; "fp32" then still means fp32 arithmetic, near the original's."""
    from jobmatch_ml.ranking.model_files import load_model

    load_model(model_dir).bfloat16().save(str(tmp_path / "half"), create_model_card=False)
    stored = SentenceTransformerEncoder(tmp_path / "half", max_length_tokens=32, precision="fp32")
    single = np.vstack([stored.encode([text]) for text in TEXTS])
    np.testing.assert_allclose(stored.encode(TEXTS), single, atol=1e-5)
