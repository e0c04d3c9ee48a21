"""Word pieces that suit French: learned from the open data, beside the base's commonest own.

MiniLM's English pieces cut a French word into about 1.6; its window and its time are spent on
fragments. A new piece starts as the mean of the base's vectors of the pieces it replaces (Gee et
al. 2022, Fast Vocabulary Transfer, https://aclanthology.org/2022.emnlp-industry.41), so that the
model understands it from the first step on. Differs from the paper in: the base's pieces that are
kept keep their vectors, so that English stays readable.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jobmatch_ml.errors import InputError

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
_FIRST_WORD = 1996  # BERT's vocabulary: reserved entries and single characters stand before it
_LATIN = re.compile(r"(##)?[ -~€°²³–—’«»…•·œæ]+")
_PLAIN = re.compile(r"(##)?[a-z0-9]+")


def learn_pieces(texts: Iterable[str], *, size: int, min_count: int = 3) -> list[str]:
    """Returns WordPiece pieces of the texts, lower case and without accents, commonest first.

    Raises:
        InputError: The texts are too few for any piece.
    """
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.WordPiece(unk_token=SPECIAL[1]))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True, strip_accents=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=size,
        min_frequency=min_count,
        special_tokens=list(SPECIAL),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    pieces = tokenizer.get_vocab()
    learned = sorted((piece for piece in pieces if piece not in SPECIAL), key=pieces.__getitem__)
    if not learned:
        raise InputError("no word piece can be learned: give more texts to adapt on")
    return learned


def french_vocabulary(base: list[str], learned: list[str], *, kept: int) -> list[str]:
    """Returns the new vocabulary: special pieces, the learned ones, Latin characters, kept ones.

    Args:
        base: The base's pieces in the order of their ids.
        learned: What :func:`learn_pieces` returned.
        kept: How many of the base's plain pieces to keep, the commonest first.
    """
    single = [piece for piece in base if _LATIN.fullmatch(piece) and len(piece.lstrip("#")) <= 1]
    common = [piece for piece in base[_FIRST_WORD:] if _PLAIN.fullmatch(piece)][:kept]
    pieces = dict.fromkeys([*SPECIAL, *learned, *single, *common])
    return [piece for piece in pieces if piece in SPECIAL or _LATIN.fullmatch(piece)]


def replace_vocabulary(model: Any, tokenizer: Any, vocabulary: list[str], folder: Path) -> Any:
    """Gives a BERT model the new vocabulary, in place; returns its tokenizer.

    Args:
        model: A transformers ``BertModel``.
        tokenizer: Its tokenizer.
        vocabulary: The new pieces, as :func:`french_vocabulary` returns them.
        folder: Where the vocabulary file is written.
    """
    import torch
    from transformers import BertTokenizerFast

    old = model.embeddings.word_embeddings.weight.detach().clone()
    known = tokenizer.get_vocab()
    rows = torch.stack([old[_old_pieces(piece, tokenizer, known)].mean(0) for piece in vocabulary])
    model.resize_token_embeddings(len(vocabulary))
    with torch.no_grad():
        model.embeddings.word_embeddings.weight.copy_(rows)
    model.config.pad_token_id = vocabulary.index(SPECIAL[0])
    path = folder / "vocab.txt"
    path.write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    return BertTokenizerFast(str(path), do_lower_case=True)


def _old_pieces(piece: str, tokenizer: Any, known: dict[str, int]) -> list[int]:
    """Returns the ids of the base's pieces that a new piece stands for."""
    if piece in known:
        return [known[piece]]
    if not piece.startswith("##"):
        return list(tokenizer(piece, add_special_tokens=False)["input_ids"])
    # A continuation is read behind a letter, which is then left out.
    ids = tokenizer("a" + piece[2:], add_special_tokens=False)["input_ids"]
    inner = [item for item in ids if tokenizer.convert_ids_to_tokens(item).startswith("##")]
    return inner or list(ids)
