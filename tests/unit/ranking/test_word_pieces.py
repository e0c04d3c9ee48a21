"""Words are counted as the tokenizers see them, and cut without padding or special tokens."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobmatch_ml.errors import MissingFileError
from jobmatch_ml.ranking.word_pieces import count_words, cut_words


@pytest.fixture(name="model_dir")
def fixture_model_dir(tmp_path: Path) -> Path:
    tokenizers = pytest.importorskip("tokenizers")
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "bou", "##langer", "##e", "poste"]
    vocabulary = {piece: place for place, piece in enumerate(pieces)}
    tokenizer = tokenizers.Tokenizer(
        tokenizers.models.WordPiece(vocabulary, unk_token="[UNK]")  # noqa: S106  # a token's name
    )
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = tokenizers.processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    tokenizer.enable_padding(length=8)
    tokenizer.enable_truncation(max_length=2)
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    return tmp_path


def test_words_are_counted_in_lower_case_without_numbers_and_signs() -> None:
    counts = count_words(["L'accueil, l'accueil !", "35 h/semaine : ACCUEIL_2"])
    assert counts == {"l": 2, "accueil": 3, "h": 1, "semaine": 1}


def test_two_ways_to_write_an_accent_are_one_word() -> None:
    assert count_words(["employé", "employe\u0301"]) == {"employé": 2}


def test_a_word_has_its_own_pieces_alone_whatever_the_file_says_of_padding(model_dir: Path) -> None:
    found = cut_words(["boulangere", "poste", "xyz"], model_dir)
    assert found == [["bou", "##langer", "##e"], ["poste"], ["[UNK]"]]


def test_no_words_have_no_pieces(model_dir: Path) -> None:
    assert cut_words([], model_dir) == []
    assert count_words([]) == {}


def test_a_folder_without_a_tokenizer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match=r"tokenizer\.json does not exist"):
        cut_words(["poste"], tmp_path)
