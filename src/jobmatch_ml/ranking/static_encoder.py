"""The static encoder: a text is the weighted sum of the vectors of its words' character n-grams.

No attention and no window: microseconds a text, any length, and robust to typos, inflections and
both-gender forms because most n-grams survive them. A word's vector is the sum of its n-grams'
(Bojanowski et al. 2017, https://arxiv.org/abs/1607.04606); a text's is the sum of its words',
repeated words damped by ``1 + ln tf``. Before training the table is random with rows as long as
the n-gram's inverse document frequency: a random projection, so that cosines start as those of
TF-IDF over the n-grams. Training moves the rows (:mod:`jobmatch_ml.training.adaptation`).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError, IntegrityError, MissingFileError, missing_extra
from jobmatch_ml.reference.titles import fold

TABLE_FILE = "static.safetensors"
GRAMS_FILE = "static.json"
SHORTEST, LONGEST = 3, 5
_WORD = re.compile(r"[^\W_]+[+#]*")
_MAX_WORD = 40  # longer ones are no words; their n-grams would drown the text
_CACHED_WORDS = 200_000


def split_words(text: str) -> list[str]:
    """Returns the folded words of a text: no accents, no capitals; ``C++`` and ``C#`` stay whole.

    Example:
        >>> split_words("Développeur C++ (H/F)")
        ['developpeur', 'c++', 'h', 'f']
    """
    return [word[:_MAX_WORD] for word in _WORD.findall(fold(text))]


def word_ngrams(word: str) -> list[str]:
    """Returns a word's n-grams of 3 to 5 characters, its edges marked by spaces, and itself whole.

    Example:
        >>> word_ngrams("chef")
        [' chef ', ' ch', 'che', 'hef', 'ef ', ' che', 'chef', 'hef ', ' chef', 'chef ']
    """
    padded = f" {word} "
    grams = [padded]
    for size in range(SHORTEST, min(LONGEST, len(padded) - 1) + 1):
        grams += [padded[start : start + size] for start in range(len(padded) - size + 1)]
    return grams


def word_weights(text: str) -> dict[str, float]:
    """Returns each distinct word of a text with its weight ``1 + ln tf``."""
    return {word: 1.0 + math.log(count) for word, count in Counter(split_words(text)).items()}


class StaticEncoder:
    """Embeds texts with a table of character n-grams, as float32 rows of unit length.

    A text without a single known n-gram (empty, symbols only) has the same fixed vector as any
    other such text: it is near to nothing else.

    Args:
        ngrams: The n-grams, one a row of the table.
        rows: Their vectors, ``(n_ngrams, dimension)``, int8 or float.
        scales: What each row is multiplied by, ``(n_ngrams,)``; ``None``: 1.
        name: Name to report.

    Raises:
        InputError: Shapes that do not fit, or duplicate n-grams.
    """

    def __init__(
        self,
        ngrams: Sequence[str],
        rows: NDArray[np.generic],
        scales: NDArray[np.floating] | None = None,
        *,
        name: str = "static",
    ) -> None:
        self.places = {gram: place for place, gram in enumerate(ngrams)}
        n_scales = len(ngrams) if scales is None else len(scales)
        if rows.ndim != 2 or not len(rows) == len(ngrams) == len(self.places) == n_scales:
            raise InputError(
                f"static encoder: {len(ngrams)} n-grams ({len(self.places)} distinct), table of "
                f"shape {rows.shape}, {n_scales} scales; expected one row and scale an n-gram"
            )
        self.rows = rows
        self.scales = np.ones(len(ngrams), np.float32) if scales is None else scales
        self._name = name
        self._words: dict[str, NDArray[np.float32]] = {}
        nothing = np.asarray(np.random.default_rng(0).standard_normal(rows.shape[1]), np.float32)
        self._nothing: NDArray[np.float32] = nothing / np.linalg.norm(nothing)

    @property
    def name(self) -> str:
        """Name of the table."""
        return self._name

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return int(self.rows.shape[1])

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Returns float32 embeddings ``(n_texts, dimension)``, rows of unit L2 norm."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for position, text in enumerate(texts):
            vectors[position] = self._embed(text)
        return vectors

    def _embed(self, text: str) -> NDArray[np.float32]:
        weights = word_weights(text)
        if not weights:
            return self._nothing
        # Sorted, so that the sum does not depend on the order in which words came.
        words = sorted(weights)
        rows = np.stack([self._word(word) for word in words])
        vector = (rows * np.array([[weights[word]] for word in words], np.float32)).sum(axis=0)
        length = float(np.linalg.norm(vector))
        return self._nothing if length == 0 else np.asarray(vector / length, np.float32)

    def _word(self, word: str) -> NDArray[np.float32]:
        found = self._words.get(word)
        if found is None:
            places = [self.places[gram] for gram in word_ngrams(word) if gram in self.places]
            scaled = np.asarray(self.rows[places], np.float32) * self.scales[places, None]
            found = np.asarray(scaled.sum(axis=0), np.float32)
            if len(self._words) >= _CACHED_WORDS:
                self._words.clear()
            self._words[word] = found
        return found

    def save(self, folder: Path) -> None:
        """Writes the table and its n-grams; each row as int8 with a scale of its own."""
        try:
            from safetensors.numpy import save_file
        except ImportError as error:
            raise missing_extra("safetensors", "models") from error
        rows, scales = self.rows, np.asarray(self.scales, np.float32)
        if rows.dtype != np.int8:
            values = np.asarray(rows, np.float32)
            largest = np.maximum(np.abs(values).max(axis=1, initial=0.0), 1e-12)
            rows = np.round(values / largest[:, None] * 127).astype(np.int8)
            scales = (scales * largest / 127).astype(np.float32)
        folder.mkdir(parents=True, exist_ok=True)
        save_file({"rows": np.ascontiguousarray(rows), "scales": scales}, folder / TABLE_FILE)
        (folder / GRAMS_FILE).write_bytes(
            orjson.dumps({"name": self.name, "ngrams": list(self.places)})
        )

    @classmethod
    def load(cls, folder: Path) -> StaticEncoder:
        """Reads what :meth:`save` wrote; the caller has checked the folder's manifest.

        Raises:
            MissingFileError: One of the two files is not there.
            IntegrityError: They are not what :meth:`save` writes.
        """
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        for name in (TABLE_FILE, GRAMS_FILE):
            if not (folder / name).is_file():
                raise MissingFileError(f"{folder / name}: no such file")
        try:
            tensors = load_file(folder / TABLE_FILE)
            values = orjson.loads((folder / GRAMS_FILE).read_bytes())
            return cls(values["ngrams"], tensors["rows"], tensors["scales"], name=values["name"])
        except (SafetensorError, orjson.JSONDecodeError, KeyError, TypeError, InputError) as error:
            raise IntegrityError(f"{folder}: not a readable static encoder ({error})") from error
