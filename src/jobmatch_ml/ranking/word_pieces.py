"""Into which pieces an encoder's tokenizer cuts words: whether its vocabulary suits the language.

A word that falls apart into many fragments costs window and time, and no fragment means much.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from jobmatch_ml.errors import MissingFileError

_WORD = re.compile(r"[^\W\d_]+")


def count_words(texts: Iterable[str]) -> Counter[str]:
    """Returns how often each word occurs, lower case; numbers and signs are left out.

    An elided article is a word of its own, as it is for the tokenizers (``l'accueil``: two words).
    """
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(_WORD.findall(unicodedata.normalize("NFC", text).lower()))
    return counts


def cut_words(words: Sequence[str], model_dir: Path) -> list[list[str]]:
    """Returns the pieces of each word, without special tokens.

    Args:
        words: Words, one by one.
        model_dir: Folder of a sentence-transformers model with its ``tokenizer.json``.

    Raises:
        MissingFileError: There is no such file.
    """
    from tokenizers import Tokenizer

    path = model_dir / "tokenizer.json"
    if not path.is_file():
        raise MissingFileError(f"{path} does not exist; expected the folder of a fast tokenizer")
    tokenizer = Tokenizer.from_file(str(path))
    # The file may say to pad and to cut for encoding texts; a padded word has no count of its own.
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return [item.tokens for item in tokenizer.encode_batch([*words], add_special_tokens=False)]
