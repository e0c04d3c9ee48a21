"""The cross-encoder as a scorer of pairs: its files, tokens and batches.

A folder holds the backbone as transformers writes it, the tokenizer, and the head
(:mod:`.pair_model`). Weights come from safetensors only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray
from safetensors import SafetensorError
from tqdm import tqdm

from jobmatch_ml.errors import InputError, IntegrityError, MissingFileError, missing_extra
from jobmatch_ml.ranking.batching import plan_batches
from jobmatch_ml.ranking.encoder import Precision, resolve_precision
from jobmatch_ml.ranking.packaged import resolve_model_path

WEIGHTS = "model.safetensors"
HEAD = "pair_head.safetensors"
_STEP_TOKENS = 16
_BATCH_SIZE = 32
_TOKENS_A_BATCH = 4096


class TransformerPairScorer:
    """Scores pairs of texts with a saved cross-encoder.

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
        IntegrityError: The folder asks for code of its own, or is no trained cross-encoder in
            safetensors.
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
        if (folder / WEIGHTS).is_file() and not (folder / HEAD).is_file():
            raise IntegrityError(
                f"{folder}: no {HEAD}, so this is no trained cross-encoder; "
                "`jobmatch pipeline run rerank` trains one"
            )
        model, tokenizer = load_pair_model(folder)
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
        scorer.precision = "bf16" if "bfloat16" in str(model.scale.dtype) else "fp32"
        return scorer

    def _adopt(self, model: Any, tokenizer: Any, max_length_tokens: int, name: str) -> None:
        positions = getattr(model.backbone.config, "max_position_embeddings", max_length_tokens)
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
                scores[batch] = self._run(features)
                bar.update(len(batch))
        return scores

    def _run(self, features: Any) -> NDArray[np.float32]:
        import torch

        with torch.inference_mode():
            scores: NDArray[np.float32] = self.model(**features).float().numpy()
        return scores


def pair_tokens(
    tokenizer: Any, pairs: Sequence[tuple[str, str]], *, max_length_tokens: int
) -> dict[str, list[list[int]]]:
    """Tokenises pairs as "candidate, offer", cut at the end of the longer text."""
    encoded = tokenizer(
        [left for left, _ in pairs],
        [right for _, right in pairs],
        truncation="longest_first",
        max_length=max_length_tokens,
        return_token_type_ids=True,
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


def load_pair_model(folder: str | Path) -> tuple[Any, Any]:
    """Loads a cross-encoder and its tokenizer, in fp32.

    Args:
        folder: A cross-encoder, or an encoder whose weights one starts from (``box`` and
            ``packaged`` included): then the head is new. Seed torch before.

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
        import torch
        from safetensors.torch import load_file
        from transformers import AutoModel, AutoTokenizer
    except ImportError as error:
        raise missing_extra("transformers", "models") from error
    from jobmatch_ml.ranking.pair_model import PairModel

    try:
        with _quiet():
            # A folder on this machine, so there is no revision to pin.
            backbone = AutoModel.from_pretrained(  # nosec B615
                path,
                use_safetensors=True,
                local_files_only=True,
                dtype=torch.float32,
                add_pooling_layer=False,
            )
        tokenizer = AutoTokenizer.from_pretrained(path, local_files_only=True)  # nosec B615
        head = load_file(path / HEAD) if (path / HEAD).is_file() else None
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise IntegrityError(
            f"{path}: not a readable model of BERT's kind with safetensors weights "
            f"({type(error).__name__})"
        ) from error
    model = PairModel(backbone)
    if head is not None:
        model.load_head(head)
    return model, tokenizer


def save_pair_model(model: Any, tokenizer: Any, folder: Path) -> None:
    """Writes a cross-encoder in safetensors, and its tokenizer."""
    from safetensors.torch import save_file

    model.backbone.save_pretrained(str(folder), safe_serialization=True)
    save_file(model.head_state(), folder / HEAD)
    tokenizer.save_pretrained(str(folder))


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps the loader from reporting that an encoder's unused pooler is left out."""
    from transformers.utils import logging as notices

    verbosity, bars = notices.get_verbosity(), notices.is_progress_bar_enabled()
    notices.set_verbosity_error()
    notices.disable_progress_bar()
    try:
        yield
    finally:
        notices.set_verbosity(verbosity)
        if bars:
            notices.enable_progress_bar()


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
