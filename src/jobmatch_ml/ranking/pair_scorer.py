"""The cross-encoder's model: both texts in one sequence, one score out.

It is a standard transformers sequence classifier with one output, so that sentence-transformers'
``CrossEncoder`` and the usual exporters read its folder too. Weights come from safetensors only.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray
from tqdm import tqdm

from jobmatch_ml.errors import InputError, IntegrityError, MissingFileError, missing_extra
from jobmatch_ml.ranking.batching import plan_batches
from jobmatch_ml.ranking.encoder import Precision, resolve_precision
from jobmatch_ml.ranking.packaged import resolve_model_path

WEIGHTS = "model.safetensors"
_STEP_TOKENS = 16
_BATCH_SIZE = 32
_TOKENS_A_BATCH = 4096


class TransformerPairScorer:
    """Scores pairs of texts with a saved sequence classifier.

    Equal pairs are scored once. Pairs are sorted by length and padded to a multiple of 16 tokens:
    each new shape costs bf16 kernels a compilation. Where both texts do not fit, tokens are taken
    from the end of the longer one (:mod:`.decisive_text` puts what decides before that).

    Args:
        folder: Folder with `config.json`, `model.safetensors` and a tokenizer.
        max_length_tokens: Window of the pair, special tokens included, >= 8.
        precision: Of the weights; ``auto`` takes bf16 where the processor computes in it.
        name: Name to report; default: the folder's.

    Raises:
        MissingFileError: No such folder.
        IntegrityError: The folder asks for code of its own, or is no such model in safetensors.
        InputError: A window that the model has no positions for.
        MissingExtraError: transformers is not installed.
    """

    def __init__(
        self,
        folder: Path,
        *,
        max_length_tokens: int = 128,
        precision: Precision = "auto",
        name: str | None = None,
    ) -> None:
        model, tokenizer = load_classifier(folder)
        self._adopt(model, tokenizer, max_length_tokens, name or folder.name)
        self.precision = resolve_precision(precision)
        if self.precision == "bf16":
            self.model.bfloat16()

    @classmethod
    def of_model(
        cls, model: Any, tokenizer: Any, *, max_length_tokens: int, name: str = "in memory"
    ) -> TransformerPairScorer:
        """Wraps a model that is loaded already, as it is: a teacher, a model under test."""
        scorer = cls.__new__(cls)
        scorer._adopt(model, tokenizer, max_length_tokens, name)
        scorer.precision = "bf16" if "bfloat16" in str(model.dtype) else "fp32"
        return scorer

    def _adopt(self, model: Any, tokenizer: Any, max_length_tokens: int, name: str) -> None:
        positions = getattr(model.config, "max_position_embeddings", max_length_tokens)
        if not 8 <= max_length_tokens <= positions:
            raise InputError(
                f"max_length_tokens is {max_length_tokens}; expected 8 to {positions} for {name}",
                field="max_length_tokens",
            )
        self.model, self.tokenizer = model.eval(), tokenizer
        self.max_length_tokens = max_length_tokens
        self._name = name

    @property
    def name(self) -> str:
        """Model name, as recorded in bundles and results."""
        return self._name

    def score(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Returns one score a pair, ``(n_pairs,)``, higher is better.

        Raises:
            IntegrityError: The model gave NaN or infinity: its weights are broken.
        """
        places: dict[tuple[str, str], list[int]] = {}
        for place, (left, right) in enumerate(pairs):
            places.setdefault((_readable(left), _readable(right)), []).append(place)
        # In the order of the texts, so that a batch does not depend on the caller's order.
        distinct = sorted(places)
        scores = np.zeros(len(pairs), dtype=np.float32)
        for pair, value in zip(distinct, self._score_distinct(distinct), strict=True):
            scores[places[pair]] = value
        if not np.isfinite(scores).all():
            raise IntegrityError("the cross-encoder gave NaN or infinity: its weights are broken")
        return scores

    def _score_distinct(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        scores = np.zeros(len(pairs), dtype=np.float32)
        if not pairs:
            return scores
        rows = pair_tokens(self.tokenizer, pairs, max_length_tokens=self.max_length_tokens)
        lengths = [len(ids) for ids in rows["input_ids"]]
        plan = plan_batches(lengths, batch_size=_BATCH_SIZE, token_budget=_TOKENS_A_BATCH)
        with tqdm(total=len(pairs), desc="score", unit="pair", delay=2, leave=False) as bar:
            for batch in plan:
                features = padded_features(self.tokenizer, rows, batch, self.max_length_tokens)
                scores[batch] = self._logits(features)
                bar.update(len(batch))
        return scores

    def _logits(self, features: Any) -> NDArray[np.float32]:
        import torch

        with torch.inference_mode():
            logits: NDArray[np.float32] = self.model(**features).logits[:, 0].float().numpy()
        return logits


def pair_tokens(
    tokenizer: Any, pairs: Sequence[tuple[str, str]], *, max_length_tokens: int
) -> dict[str, list[list[int]]]:
    """Tokenises pairs as "candidate, offer", cut at the end of the longer text."""
    encoded = tokenizer(
        [left for left, _ in pairs],
        [right for _, right in pairs],
        truncation="longest_first",
        max_length=max_length_tokens,
    )
    return {key: encoded[key] for key in encoded}


def padded_features(
    tokenizer: Any, rows: dict[str, list[list[int]]], chosen: Sequence[int], max_length_tokens: int
) -> Any:
    """Returns tensors of the chosen rows, padded to a multiple of 16 tokens; the mask included."""
    longest = max(len(rows["input_ids"][row]) for row in chosen)
    length = min(max_length_tokens, -(-longest // _STEP_TOKENS) * _STEP_TOKENS)
    return tokenizer.pad(
        {key: [values[row] for row in chosen] for key, values in rows.items()},
        padding="max_length",
        max_length=length,
        return_tensors="pt",
    )


def load_classifier(folder: str | Path) -> tuple[Any, Any]:
    """Loads a model as a classifier with one output, and its tokenizer.

    Args:
        folder: A cross-encoder, or an encoder whose weights one starts from (``packaged``
            included): then the output layer is new and says nothing yet. Seed torch before.

    Raises:
        MissingFileError: No such folder.
        IntegrityError: The folder asks for code of its own, or is no such model in safetensors.
        MissingExtraError: transformers is not installed.
    """
    path = Path(resolve_model_path(folder))
    if not path.is_dir():
        raise MissingFileError(f"{path}: no such model folder")
    _check_folder(path)
    try:
        from transformers import AutoModelForSequenceClassification, AutoTokenizer
        from transformers.utils import logging as notices
    except ImportError as error:
        raise missing_extra("transformers", "models") from error
    # That an output layer is new is what a training starts with; it is no warning there.
    verbosity, bars = notices.get_verbosity(), notices.is_progress_bar_enabled()
    notices.set_verbosity_error()
    notices.disable_progress_bar()
    try:
        # A folder on this machine, so there is no revision to pin.
        model = AutoModelForSequenceClassification.from_pretrained(  # nosec B615
            path, num_labels=1, use_safetensors=True, local_files_only=True
        )
        tokenizer = AutoTokenizer.from_pretrained(path, local_files_only=True)  # nosec B615
    except (OSError, ValueError, KeyError) as error:
        raise IntegrityError(
            f"{path}: not a readable model with safetensors weights ({type(error).__name__})"
        ) from error
    finally:
        notices.set_verbosity(verbosity)
        if bars:
            notices.enable_progress_bar()
    return model, tokenizer


def _check_folder(folder: Path) -> None:
    config = folder / "config.json"
    if not (config.is_file() and (folder / WEIGHTS).is_file()):
        raise IntegrityError(f"{folder}: expected config.json and {WEIGHTS} in it")
    try:
        values = orjson.loads(config.read_bytes())
        foreign = "auto_map" in values
    except (orjson.JSONDecodeError, TypeError) as error:
        raise IntegrityError(f"{config}: not valid JSON") from error
    if foreign:
        raise IntegrityError(f"{config}: names code that is not ours to run (`auto_map`)")


def _readable(text: str) -> str:
    # Tokenisers refuse lone surrogates, which broken files do hold.
    return text.encode("utf-8", "replace").decode()
