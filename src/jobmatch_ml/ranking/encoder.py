"""The sentence-transformers encoder: sorted by length, bf16 where the processor has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from jobmatch_ml.errors import InputError, IntegrityError, missing_extra
from jobmatch_ml.ranking.model_files import load_model, model_label
from jobmatch_ml.ranking.packaged import PACKAGED

__all__ = [
    "Precision",
    "SentenceTransformerEncoder",
    "cpu_flags",
    "load_model",
    "load_packaged_encoder",
    "resolve_precision",
    "supports_bf16",
]

Precision = Literal["auto", "fp32", "bf16"]
_COUNTED_AT_ONCE = 2048
_BF16_FLAGS = frozenset({"avx512_bf16", "amx_bf16"})


class SentenceTransformerEncoder:
    """Embeds texts with a sentence-transformers model, as float32 rows of unit length.

    Each distinct text is embedded once. Texts are sorted by their number of tokens before they are
    batched: shuffled batches of 32 are two thirds padding, sorted ones a tenth. A text's vector
    depends on its batch only within rounding (fp32: 1e-6; bf16: cosine >= 0.999).

    Args:
        model: A local folder, a hub name, or ``packaged``. Weights are read from safetensors only.
        revision: Commit or tag of a hub model; pin it.
        max_length_tokens: Longer texts are cut here, >= 8. 256 is what all-MiniLM-L6-v2 was made
            for; at most what the model's positions allow.
        batch_size: Texts a batch, >= 1.
        precision: Of the weights. ``auto`` takes bf16 where the processor computes in it (about
            1.7 times as fast, cosine to fp32 0.9999), else fp32.
        sort_by_length: Off only to measure what sorting is worth; batches then follow the caller's
            order.
        name: Name to report; default: the folder's or hub name, with the revision.

    Raises:
        MissingFileError: No such folder, or a hub model that is not here and cannot be fetched.
        IntegrityError: The folder asks for code of its own, or has no safetensors weights.
        InputError: An option out of range.
        MissingExtraError: sentence-transformers is not installed.
    """

    def __init__(
        self,
        model: str | Path,
        *,
        revision: str | None = None,
        max_length_tokens: int = 256,
        batch_size: int = 32,
        precision: Precision = "auto",
        sort_by_length: bool = True,
        name: str | None = None,
    ) -> None:
        if max_length_tokens < 8 or batch_size < 1:
            raise InputError(
                f"max_length_tokens is {max_length_tokens}, batch_size {batch_size}; expected at "
                "least 8 and 1"
            )
        self.precision = resolve_precision(precision)
        self.batch_size = batch_size
        self.sort_by_length = sort_by_length
        self.max_length_tokens = max_length_tokens
        self._model = load_model(model, revision)
        self._limit_length()
        if self.precision == "bf16":
            self._model.bfloat16()
        self._name = name or model_label(model, revision)

    @property
    def name(self) -> str:
        """Model name and revision."""
        return self._name

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return int(self._model.get_embedding_dimension())

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Returns float32 embeddings ``(n_texts, dimension)``, rows of unit L2 norm.

        Raises:
            IntegrityError: The model gave NaN, infinity or zeros: its weights are broken.
        """
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        if not texts:
            return vectors
        places: dict[str, list[int]] = {}
        for position, text in enumerate(texts):
            # Tokenisers refuse lone surrogates, which broken files do hold.
            places.setdefault(text.encode("utf-8", "replace").decode(), []).append(position)
        with tqdm(
            total=len(places), desc="encode", unit="text", delay=2, mininterval=1, leave=False
        ) as bar:
            for batch in self.batches(list(places)):
                part = self._model.encode(
                    batch, batch_size=len(batch), show_progress_bar=False, convert_to_numpy=True
                )
                for text, vector in zip(batch, _unit(part), strict=True):
                    vectors[places[text]] = vector
                bar.update(len(batch))
        return vectors

    def batches(self, texts: Sequence[str]) -> Iterator[list[str]]:
        """Yields the texts in batches of about equal length, the longest first.

        Longest first, so that a lack of memory shows at once; equal lengths are put in the order of
        the texts, so that batches do not depend on the caller's order.
        """
        order = list(range(len(texts)))
        if self.sort_by_length:
            lengths = self.count_tokens(texts)
            order.sort(key=lambda i: (-lengths[i], texts[i]))
        for start in range(0, len(order), self.batch_size):
            yield [texts[position] for position in order[start : start + self.batch_size]]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Returns each text's length in tokens after the cut, special tokens included."""
        counts: list[int] = []
        # In parts, and without masks: the ids of a large corpus would fill gigabytes as lists.
        for start in range(0, len(texts), _COUNTED_AT_ONCE):
            encoded = self._model.tokenizer(
                list(texts[start : start + _COUNTED_AT_ONCE]),
                truncation=True,
                max_length=self.max_length_tokens,
                return_attention_mask=False,
                return_token_type_ids=False,
            )
            counts += [len(ids) for ids in encoded["input_ids"]]
        return counts

    def _limit_length(self) -> None:
        config = getattr(self._model, "config", None)
        positions = getattr(config, "max_position_embeddings", None)
        if positions is not None and self.max_length_tokens > positions:
            raise InputError(
                f"max_length_tokens is {self.max_length_tokens}; this model has positions for at "
                f"most {positions}",
                field="max_length_tokens",
            )
        self._model.max_seq_length = self.max_length_tokens


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


def resolve_precision(precision: Precision) -> Literal["fp32", "bf16"]:
    """Returns the precision to compute in; ``auto`` asks the accelerator, else the processor."""
    if precision != "auto":
        return precision
    try:
        import torch  # heavy, and only an accelerator's answer is wanted
    except ImportError as error:
        raise missing_extra("torch", "models") from error
    if torch.cuda.is_available():
        return "bf16" if torch.cuda.is_bf16_supported() else "fp32"
    return "bf16" if supports_bf16() else "fp32"


def supports_bf16() -> bool:
    """Says whether this processor multiplies in bf16 (AVX-512 BF16 or AMX); False where unknown."""
    return bool(_BF16_FLAGS & cpu_flags())


def cpu_flags(path: Path = Path("/proc/cpuinfo")) -> frozenset[str]:
    """Returns the processor's feature flags as Linux lists them; nothing on other systems."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return frozenset()
    flags = (line.partition(":")[2].split() for line in lines if line.startswith("flags"))
    return frozenset(next(flags, []))


def _unit(vectors: Any) -> NDArray[np.float32]:
    array = np.asarray(vectors, dtype=np.float32)
    norms = np.linalg.norm(array, axis=1, keepdims=True)
    if not np.isfinite(norms).all() or not norms.all():
        raise IntegrityError("the encoder gave vectors of NaN or zeros: its weights are broken")
    unit: NDArray[np.float32] = array / norms
    return unit
