"""The sentence-transformers encoder: sorted by length, on the fastest backend that is faithful."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from jobmatch_ml.errors import InputError, IntegrityError
from jobmatch_ml.ranking.backends import BACKENDS
from jobmatch_ml.ranking.backends_choice import open_backend, wished_backend
from jobmatch_ml.ranking.batching import Pieces, pad, plan_batches, split_texts
from jobmatch_ml.ranking.model_files import load_model, model_label
from jobmatch_ml.ranking.packaged import PACKAGED
from jobmatch_ml.ranking.precision import Precision, cpu_flags, resolve_precision, supports_bf16

__all__ = [
    "Precision",
    "SentenceTransformerEncoder",
    "cpu_flags",
    "load_model",
    "load_packaged_encoder",
    "resolve_precision",
    "supports_bf16",
]

# Tokenised and sorted at once: the ids of a large corpus would fill gigabytes.
_AT_ONCE = 8192
MAX_CHUNKS = 64


class SentenceTransformerEncoder:
    """Embeds texts with a sentence-transformers model, as float32 rows of unit length.

    Each distinct text is embedded once. Texts are sorted by their number of tokens before they are
    batched, and a batch holds at most so many tokens as its backend is fastest with. A text's
    vector depends on its batch only within rounding (fp32: 1e-5; bf16 and int8: cosine >= 0.999).

    Args:
        model: A local folder, a hub name, or ``packaged``. Weights are read from safetensors only.
        revision: Commit or tag of a hub model; pin it.
        max_length_tokens: The window, >= 8. 256 is what all-MiniLM-L6-v2 was made for; at most
            what the model's positions allow.
        batch_size: Texts a batch at most, >= 1.
        precision: ``fp32`` and ``bf16`` mean torch at that precision, whatever is remembered or
            set: for reference values. ``auto`` leaves it to ``backend``.
        backend: A name of :data:`jobmatch_ml.ranking.backends.BACKENDS`, whose export is made when
            there is none (half a minute). ``auto`` takes the one that was measured as the fastest
            faithful one (``jobmatch encoder export``), and torch where nothing was measured, so
            that no first use has to wait. ``fastest`` measures first where nothing was. The setting
            ``JOBMATCH_ENCODER_BACKEND`` takes the place of ``auto``.
        max_chunks: A text longer than the window is cut there when 1; else up to so many windows of
            it are embedded, and its vector is their mean, weighted by tokens. See
            ``docs/encoder_backends.md`` for what that is worth.
        sort_by_length: Off only to measure what sorting is worth; batches then follow the caller's
            order.
        name: Name to report; default: the folder's or hub name, with the revision.

    Raises:
        MissingFileError: No such folder, or a hub model that is not here and cannot be fetched.
        IntegrityError: The folder asks for code of its own, has no safetensors weights, or an
            export that was asked for does not give the model's vectors.
        InputError: An option out of range, or a precision and a backend that contradict each other.
        UnknownNameError: No such backend.
        MissingExtraError: A library is not installed.
    """

    def __init__(
        self,
        model: str | Path,
        *,
        revision: str | None = None,
        max_length_tokens: int = 256,
        batch_size: int = 32,
        precision: Precision = "auto",
        backend: str = "auto",
        max_chunks: int = 1,
        sort_by_length: bool = True,
        name: str | None = None,
    ) -> None:
        if max_length_tokens < 8 or batch_size < 1:
            raise InputError(
                f"max_length_tokens is {max_length_tokens}, batch_size {batch_size}; expected at "
                "least 8 and 1"
            )
        if not 1 <= max_chunks <= MAX_CHUNKS:
            raise InputError(
                f"max_chunks is {max_chunks}; expected 1 (cut) to {MAX_CHUNKS}", field="max_chunks"
            )
        wished = wished_backend(precision, backend)
        if wished == "fastest":
            from jobmatch_ml.ranking.backends_measure import fastest_backend

            wished = fastest_backend(model, revision=revision)
        self.batch_size = batch_size
        self.max_chunks = max_chunks
        self.sort_by_length = sort_by_length
        self.max_length_tokens = max_length_tokens
        loaded = load_model(model, revision)
        self._limit_length(loaded)
        self._tokenizer = loaded.tokenizer
        self._pad_id = int(self._tokenizer.pad_token_id or 0)
        self._prompt = _default_prompt(loaded)
        self._dimension = int(loaded.get_embedding_dimension())
        self._name = name or model_label(model, revision)
        # An export needs the model no more: its weights are freed when this returns.
        self.backend, self._run = open_backend(wished, loaded, self._sample_ids)

    @property
    def name(self) -> str:
        """Model name and revision."""
        return self._name

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return self._dimension

    @property
    def precision(self) -> str:
        """What the weights are computed in: ``fp32``, ``bf16`` or ``int8``."""
        return BACKENDS[self.backend].precision

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Returns float32 embeddings ``(n_texts, dimension)``, rows of unit L2 norm.

        Raises:
            IntegrityError: The model gave NaN, infinity or zeros: its weights are broken.
        """
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        places: dict[str, list[int]] = {}
        for position, text in enumerate(texts):
            # Tokenisers refuse lone surrogates, which broken files do hold.
            places.setdefault(text.encode("utf-8", "replace").decode(), []).append(position)
        distinct = list(places)
        if self.sort_by_length:
            # By letters, so that each part below holds texts of like length in any caller's order.
            distinct.sort(key=lambda text: (-len(text), text))
        with tqdm(
            total=len(distinct), desc="encode", unit="text", delay=2, mininterval=1, leave=False
        ) as bar:
            for start in range(0, len(distinct), _AT_ONCE):
                part = distinct[start : start + _AT_ONCE]
                for text, vector in zip(part, self._embed(part, bar), strict=True):
                    vectors[places[text]] = vector
        return vectors

    def plan(self, lengths: Sequence[int]) -> list[list[int]]:
        """Returns the batches in which texts of these lengths are embedded, as positions."""
        return plan_batches(
            lengths,
            batch_size=self.batch_size,
            token_budget=BACKENDS[self.backend].token_budget,
            by_length=self.sort_by_length,
        )

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Returns how many tokens of each text are embedded, special tokens included."""
        pieces = self._split(texts)
        counts = np.bincount(pieces.owners, weights=pieces.lengths, minlength=len(texts))
        return [int(count) for count in counts]

    def _embed(self, texts: Sequence[str], bar: Any) -> NDArray[np.float32]:
        pieces = self._split(texts)
        lengths = pieces.lengths
        sums = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for batch in self.plan(lengths):
            ids, mask = pad([pieces.ids[piece] for piece in batch], pad_id=self._pad_id)
            found = _unit(self._run(ids, mask)[:, : self.dimension])
            weights = np.asarray([lengths[piece] for piece in batch], dtype=np.float32)
            np.add.at(sums, pieces.owners[batch], found * weights[:, None])
            bar.update(len(batch) * len(texts) / len(lengths))
        return _unit(sums)

    def _split(self, texts: Sequence[str]) -> Pieces:
        return split_texts(
            self._tokenizer,
            [self._prompt + text for text in texts],
            max_length_tokens=self.max_length_tokens,
            max_chunks=self.max_chunks,
        )

    def _sample_ids(self) -> tuple[NDArray[np.int32], ...]:
        from jobmatch_ml.ranking.backends_texts import calibration_texts

        return self._split(calibration_texts()).ids

    def _limit_length(self, model: Any) -> None:
        config = getattr(model, "config", None)
        positions = getattr(config, "max_position_embeddings", None)
        if positions is not None and self.max_length_tokens > positions:
            raise InputError(
                f"max_length_tokens is {self.max_length_tokens}; this model has positions for at "
                f"most {positions}",
                field="max_length_tokens",
            )


def load_packaged_encoder(
    *, max_length_tokens: int = 256, batch_size: int = 32, precision: Precision = "auto"
) -> SentenceTransformerEncoder:
    """Loads the packaged all-MiniLM-L6-v2 (384 dimensions, English, Apache-2.0).

    Args:
        max_length_tokens: Longer texts are cut here.
        batch_size: Texts a batch.
        precision: See :class:`SentenceTransformerEncoder`.

    Raises:
        MissingExtraError: The package is not installed.
        IntegrityError: Its weights are not the published ones.
    """
    return SentenceTransformerEncoder(
        PACKAGED,
        max_length_tokens=max_length_tokens,
        batch_size=batch_size,
        precision=precision,
    )


def _default_prompt(model: Any) -> str:
    """Returns what a model wants before every text (most want nothing)."""
    name = getattr(model, "default_prompt_name", None)
    prompt = str((getattr(model, "prompts", None) or {}).get(name) or "") if name else ""
    if prompt and not all(getattr(module, "include_prompt", True) for module in model):
        raise InputError(
            "this model leaves its prompt's tokens out of the pooling, which is not supported here;"
            " expected a model without a default prompt, or one that pools all tokens"
        )
    return prompt


def _unit(vectors: Any) -> NDArray[np.float32]:
    array = np.asarray(vectors, dtype=np.float32)
    norms = np.linalg.norm(array, axis=1, keepdims=True)
    if not np.isfinite(norms).all() or not norms.all():
        raise IntegrityError("the encoder gave vectors of NaN or zeros: its weights are broken")
    unit: NDArray[np.float32] = array / norms
    return unit
