"""French word pieces: what is learned, what is kept, and how new pieces start."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.ranking.model_files import load_model
from jobmatch_ml.training.adaptation.vocabulary import (
    SPECIAL,
    french_vocabulary,
    learn_pieces,
    replace_vocabulary,
)
from tests.toy import build_tiny_model


def test_common_words_become_one_piece_without_accents() -> None:
    pieces = learn_pieces(["Opérateur régleur"] * 50 + ["opérateur de presse"] * 50, size=200)
    assert "operateur" in pieces
    assert not set(pieces) & set(SPECIAL)
    with pytest.raises(InputError, match="no word piece"):
        learn_pieces([""], size=50)


def test_the_vocabulary_has_special_pieces_first_and_the_commonest_of_the_base() -> None:
    base = [
        *SPECIAL,
        *(f"[unused{n}]" for n in range(1991)),
        "the",
        "of",
        "##s",
        "中",
        "!",
        "zebra",
    ]
    found = french_vocabulary(base, ["metier", "the"], kept=3)
    assert found == [*SPECIAL, "metier", "the", "##s", "!", "of"]


def test_new_pieces_start_where_their_fragments_were(tmp_path: Path) -> None:
    import torch

    sentence_model = load_model(build_tiny_model(tmp_path / "tiny"))
    model, tokenizer = sentence_model[0].auto_model, sentence_model.tokenizer
    old = model.embeddings.word_embeddings.weight.detach().clone()
    known = tokenizer.get_vocab()
    vocabulary = [*SPECIAL, "chef", "a", "##ab"]
    new = replace_vocabulary(model, tokenizer, vocabulary, tmp_path)
    rows = model.embeddings.word_embeddings.weight.detach()
    assert rows.shape[0] == len(vocabulary) == model.config.vocab_size
    pieces = [known["c"], known["##h"], known["##e"], known["##f"]]
    assert torch.allclose(rows[5], old[pieces].mean(0))
    assert torch.equal(rows[6], old[known["a"]])
    assert torch.allclose(rows[7], old[[known["##a"], known["##b"]]].mean(0))
    assert new("Chef aab")["input_ids"] == [2, 5, 6, 7, 3]
