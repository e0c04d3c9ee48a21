"""A tiny real model: sides, truncation, padding and broken folders."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from jobmatch_ml.errors import InputError, IntegrityError, MissingFileError
from jobmatch_ml.ranking.pair_scorer import (
    HEAD,
    TransformerPairScorer,
    load_pair_model,
    pair_tokens,
    save_pair_model,
)
from tests.toy import build_tiny_model

SHORT = ("abc", "de")
LONG = ("abcdefgh", "hgfedcbahgfedcba")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_cross_encoder(tmp_path_factory.mktemp("tiny"))


def build_tiny_cross_encoder(folder: Path) -> Path:
    import torch

    with torch.random.fork_rng():
        torch.manual_seed(3)
        model, tokenizer = load_pair_model(build_tiny_model(folder))
        torch.nn.init.normal_(model.out.weight)
    save_pair_model(model, tokenizer, folder / "pairs")
    return folder / "pairs"


def scorer(folder: Path, length: int = 48) -> TransformerPairScorer:
    return TransformerPairScorer(folder, max_length_tokens=length, precision="fp32")


def test_padding_does_not_change_a_score(folder: Path) -> None:
    """Red when the attention mask is dropped."""
    alone = scorer(folder).score([SHORT])[0]
    beside = scorer(folder).score([SHORT, LONG, ("a" * 30, "b" * 12)])[0]
    assert alone == pytest.approx(beside, abs=1e-5)


def test_the_sides_are_told_apart(folder: Path) -> None:
    """Red when the two texts change places, or come without token types."""
    made = scorer(folder)
    there, back = made.score([LONG, LONG[::-1]])
    assert abs(there - back) > 1e-3
    rows = pair_tokens(made.tokenizer, [("ab", "c")], max_length_tokens=16)
    assert rows["token_type_ids"] == [[0, 0, 0, 0, 1, 1]]
    assert made.tokenizer.convert_ids_to_tokens(rows["input_ids"][0])[1] == "a"


def test_a_long_text_is_cut_at_its_end(folder: Path) -> None:
    """Red when the head is cut, or the shorter text."""
    made = scorer(folder, 16)
    text = "abcdefghijklmnop"
    same, changed = made.score([("xyz", text + "q" * 20), ("xyz", text + "r" * 20)])
    assert same == changed
    first, other = made.score([("xyz", text), ("xyz", "z" + text[1:])])
    assert first != other
    short, shorter = made.score([("xyz", text), ("xyw", text)])
    assert short != shorter


def test_scores_come_in_the_order_of_the_pairs_and_equal_pairs_alike(folder: Path) -> None:
    made = scorer(folder)
    pairs = [SHORT, LONG, SHORT, ("", ""), LONG]
    scores = made.score(pairs)
    assert scores.dtype == np.float32
    assert scores[0] == scores[2]
    assert scores[1] == scores[4]
    np.testing.assert_allclose(scores, made.score(pairs[::-1])[::-1], atol=1e-5)


def test_nothing_is_scored_as_nothing(folder: Path) -> None:
    assert scorer(folder).score([]).shape == (0,)


@pytest.mark.parametrize("text", ["🥖", "\x00\x07", "a" * 50_000, "\ud83d", "面包师"])
def test_odd_texts_have_finite_scores(folder: Path, text: str) -> None:
    assert np.isfinite(scorer(folder).score([(text, "abc"), ("abc", text)])).all()


def test_broken_weights_are_said(folder: Path) -> None:
    made = scorer(folder)
    made.model.scale.data.fill_(float("nan"))
    with pytest.raises(IntegrityError, match="NaN"):
        made.score([SHORT])


def test_a_window_beyond_the_positions_is_refused(folder: Path) -> None:
    with pytest.raises(InputError, match="expected 8 to 64"):
        scorer(folder, 65)


def test_a_folder_that_is_no_model_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="no such model folder"):
        scorer(tmp_path / "none")
    with pytest.raises(IntegrityError, match=r"config\.json"):
        scorer(tmp_path)
    with pytest.raises(IntegrityError, match="no trained cross-encoder"):
        scorer(folder.parent / "model")  # an encoder that one starts from
    headless = tmp_path / "headless"
    shutil.copytree(folder, headless)
    (headless / HEAD).write_bytes(b"no weights")
    with pytest.raises(IntegrityError, match="not a readable model"):
        scorer(headless)
    foreign = tmp_path / "foreign"
    shutil.copytree(folder, foreign)
    (foreign / "config.json").write_text('{"auto_map": {"AutoModel": "theirs.Model"}}')
    with pytest.raises(IntegrityError, match="auto_map"):
        scorer(foreign)
