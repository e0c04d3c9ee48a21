"""The static encoder: words, n-grams, sums worked out by hand, files."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from jobmatch_ml.errors import InputError, IntegrityError, MissingFileError
from jobmatch_ml.ranking.static_encoder import (
    GRAMS_FILE,
    TABLE_FILE,
    StaticEncoder,
    split_words,
    word_ngrams,
    word_weights,
)

NGRAMS = [" chef ", "chef", " rayon ", " typo "]
ROWS = np.array([[1, 0, 0], [1, 0, 0], [0, 2, 0], [0, 0, 0]], np.float32)


def encoder() -> StaticEncoder:
    return StaticEncoder(NGRAMS, ROWS, name="toy")


def test_words_are_folded_and_languages_keep_their_signs() -> None:
    assert split_words("Chef·fe d'œuvre, C++ et C# (H/F) x_y") == [
        *("chef", "fe", "d", "oeuvre", "c++", "et", "c#", "h", "f", "x", "y")
    ]


def test_a_word_is_its_ngrams_and_itself() -> None:
    assert word_ngrams("ab") == [" ab ", " ab", "ab "]
    assert len(word_ngrams("boulanger")) == 1 + 9 + 8 + 7


def test_repeated_words_are_damped() -> None:
    assert word_weights("chef Chef rayon") == {"chef": 1 + math.log(2), "rayon": 1.0}


def test_a_text_is_the_unit_sum_of_its_words() -> None:
    # chef: rows 0 and 1 = (2, 0, 0), twice: 1 + ln 2; rayon: (0, 2, 0).
    expected = np.array([2 * (1 + math.log(2)), 2, 0])
    vector = encoder().encode(["chef rayon chef"])[0]
    assert vector == pytest.approx(expected / np.linalg.norm(expected), rel=1e-6)
    assert vector.dtype == np.float32


def test_scales_multiply_the_rows() -> None:
    scaled = StaticEncoder(NGRAMS, ROWS, np.array([1, 1, 3, 1], np.float32))
    expected = np.array([2, 6, 0]) / math.hypot(2, 6)
    assert scaled.encode(["chef rayon"])[0] == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("text", ["", "   ", "🙂🙂", "zzz", "\x00", "typo"])
def test_texts_without_a_known_ngram_share_one_vector(text: str) -> None:
    vectors = encoder().encode([text, "§"])
    assert np.linalg.norm(vectors[0]) == pytest.approx(1, rel=1e-6)
    assert (vectors[0] == vectors[1]).all()


def test_a_text_has_one_vector_whatever_is_beside_it_and_in_what_order_its_words_came() -> None:
    one = encoder()
    alone = one.encode(["rayon chef"])[0]
    beside = StaticEncoder(NGRAMS, ROWS).encode(["x", "chef rayon", "chef"])[1]
    assert (alone == beside).all()


def test_no_texts_give_no_rows() -> None:
    assert encoder().encode([]).shape == (0, 3)


def test_fifty_thousand_characters_are_read() -> None:
    assert encoder().encode(["chef " * 10_000 + "a" * 50_000])[0][0] == pytest.approx(1)


def test_saved_rows_come_back_within_a_hundredth(tmp_path: Path) -> None:
    rows = np.random.default_rng(0).standard_normal((4, 3)).astype(np.float32)
    before = StaticEncoder(NGRAMS, rows, name="toy")
    before.save(tmp_path)
    after = StaticEncoder.load(tmp_path)
    texts = ["chef", "rayon chef", "typo rayon"]
    assert after.name == "toy"
    assert after.rows.dtype == np.int8
    assert (before.encode(texts) * after.encode(texts)).sum(1) == pytest.approx(1, abs=1e-4)
    after.save(tmp_path / "again")
    assert (tmp_path / "again" / TABLE_FILE).read_bytes() == (tmp_path / TABLE_FILE).read_bytes()


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InputError, match="4 distinct"):
        StaticEncoder([*NGRAMS, "chef"], np.ones((5, 3), np.float32))
    with pytest.raises(InputError, match="3 scales"):
        StaticEncoder(NGRAMS, ROWS, np.ones(3, np.float32))


def test_broken_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match=TABLE_FILE):
        StaticEncoder.load(tmp_path)
    encoder().save(tmp_path)
    (tmp_path / GRAMS_FILE).write_text('{"name": "toy"}', encoding="utf-8")
    with pytest.raises(IntegrityError, match="static encoder"):
        StaticEncoder.load(tmp_path)
