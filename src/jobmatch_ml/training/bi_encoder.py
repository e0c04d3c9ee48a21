"""Fine-tunes a bi-encoder on what people saved and applied to: two views, in-batch negatives.

Loss: softmax over scaled cosines with the other documents of the batch as negatives (InfoNCE; van
den Oord et al. 2018, https://arxiv.org/abs/1807.03748; Henderson et al. 2017,
https://arxiv.org/abs/1705.00652), in both directions. Each pair gives two training rows, one a
view: (candidate title, offer title) and (crop of the CV, crop of the description), because ranking
adds the cosines of the two views.

On a CPU the cost is tokens, so views are short, padded to one length (each new shape costs the
bf16 kernels a compilation), and crops move with every epoch.
"""

from __future__ import annotations

import logging
import math
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from jobmatch_ml.errors import InputError, JobMatchError
from jobmatch_ml.files import staged_folder
from jobmatch_ml.offers.catalogue import read_catalogue
from jobmatch_ml.ranking.beir import read_corpus, read_queries
from jobmatch_ml.ranking.encoder import resolve_precision
from jobmatch_ml.ranking.model_files import load_model
from jobmatch_ml.ranking.packaged import packaged_model_dir
from jobmatch_ml.training.batches import (
    BatchRow,
    crop_words,
    plan_batches,
    usable_batch_size,
)
from jobmatch_ml.training.config import BiEncoderConfig

logger = logging.getLogger(__name__)

VIEWS = ("title", "body")
# French words are cut into about 1.7 of MiniLM's English pieces: this many words fill a crop.
_WORDS_PER_TOKEN = 0.6


@dataclass(frozen=True)
class TrainingPair:
    """One positive interaction: who, which offer, and the key that tells false negatives."""

    candidate_id: str
    offer_id: str
    key: str


@dataclass(frozen=True)
class TrainingReport:
    """What a training run did.

    Args:
        encoder_dir: The fitted sentence-transformers folder (safetensors).
        n_pairs: Pairs in the full batches, of `n_positives` in the data set.
        n_positives: Positive pairs in the training split.
        batch_size: Pairs a step, lowered when the data has fewer distinct keys.
        losses: Mean loss by logging window, as (step, loss).
        seconds: Wall time of the fit.
        precision: Arithmetic used (`fp32`, `bf16`).
    """

    encoder_dir: Path
    n_pairs: int
    n_positives: int
    batch_size: int
    losses: tuple[tuple[int, float], ...]
    seconds: float
    precision: str


def train_bi_encoder(
    dataset_dir: Path, out_dir: Path, config: BiEncoderConfig | None = None
) -> TrainingReport:
    """Fits the encoder on a prepared data set and writes it whole or not at all.

    Raises:
        InputError: Too few pairs, or fewer than two occupations, for in-batch negatives.
        JobMatchError: The loss became NaN; nothing is written.
    """
    config = config or BiEncoderConfig()
    pairs, n_positives = read_pairs(dataset_dir, config)
    texts = _read_views(dataset_dir)
    batch_size = _checked_batch_size(pairs, config)
    rng = np.random.default_rng(config.seed)
    rows, n_pairs = _build_rows(pairs, texts, config, batch_size, rng=rng)
    started = time.perf_counter()
    model, losses, precision = _fit(rows, config, batch_size)
    seconds = time.perf_counter() - started
    _save(model, out_dir)
    logger.info("trained on %d pairs in %.0f s", n_pairs, seconds)
    return TrainingReport(
        out_dir, n_pairs, n_positives, batch_size, tuple(losses), seconds, precision
    )


def read_pairs(dataset_dir: Path, config: BiEncoderConfig) -> tuple[list[TrainingPair], int]:
    """Reads the positive pairs of the training split, at most `max_pairs`, drawn by the seed.

    Returns:
        The pairs, in the log's order, and how many positives there were.
    """
    table = pq.read_table(
        dataset_dir / "train" / "interactions.parquet",
        columns=["user", "offer_external_id", "grade"],
    )
    keys = {
        offer.offer_id: offer.rome_code for offer in read_catalogue(dataset_dir / "offers.parquet")
    }
    columns = [column.to_pylist() for column in table.columns]
    seen = {
        (user, offer): TrainingPair(user, offer, keys.get(offer, ""))
        for user, offer, grade in zip(*columns, strict=True)
        if grade > 0
    }
    pairs = list(seen.values())
    if len(pairs) <= config.max_pairs:
        return pairs, len(pairs)
    chosen = np.random.default_rng(config.seed).choice(len(pairs), config.max_pairs, replace=False)
    return [pairs[position] for position in sorted(chosen.tolist())], len(pairs)


def _read_views(dataset_dir: Path) -> dict[str, dict[str, tuple[str, str]]]:
    queries = read_queries(dataset_dir / "train" / "queries.jsonl")
    documents = read_corpus(dataset_dir / "corpus.jsonl")
    return {
        "candidate": {query.query_id: (query.title, query.text) for query in queries},
        "offer": {document.doc_id: (document.title, document.text) for document in documents},
    }


def _checked_batch_size(pairs: Sequence[TrainingPair], config: BiEncoderConfig) -> int:
    keys = [pair.key or pair.offer_id for pair in pairs]
    if len(set(keys)) < 2:
        raise InputError(
            f"training has {len(pairs)} positive pairs of {len(set(keys))} occupation(s); in-batch "
            "negatives need at least 2. Use a longer log or a larger world"
        )
    size = usable_batch_size(keys, config.batch_size)
    if size < config.batch_size:
        logger.warning("batch size lowered from %d to %d", config.batch_size, size)
    return size


def batch_rows(pairs: Sequence[TrainingPair], titles: Mapping[str, str]) -> list[BatchRow]:
    """Says of each pair what it is and what it refuses beside it.

    Args:
        pairs: The training pairs.
        titles: What each candidate asks for.
    """
    taken: dict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        taken[pair.candidate_id].add(f"offer {pair.offer_id}")
    rows = []
    for pair in pairs:
        key = pair.key or pair.offer_id
        shared = {
            f"key {key}",
            f"person {pair.candidate_id}",
            f"title {titles[pair.candidate_id].casefold()}",
        }
        marks = frozenset(shared | {f"offer {pair.offer_id}"})
        rows.append(BatchRow(key, marks, frozenset(shared | taken[pair.candidate_id])))
    return rows


def _build_rows(
    pairs: Sequence[TrainingPair],
    texts: Mapping[str, Mapping[str, tuple[str, str]]],
    config: BiEncoderConfig,
    batch_size: int,
    *,
    rng: np.random.Generator,
) -> tuple[dict[str, list[tuple[str, str]]], int]:
    """Lays the rows of all epochs out in batch order, one list a view; crops are drawn anew."""
    rows: dict[str, list[tuple[str, str]]] = {view: [] for view in VIEWS}
    n_words = max(4, round(config.body_length_tokens * _WORDS_PER_TOKEN))
    plan = batch_rows(pairs, {person: views[0] for person, views in texts["candidate"].items()})
    used: set[int] = set()
    for _ in range(config.epochs):
        for batch in plan_batches(plan, batch_size, rng=rng):
            used.update(batch)
            for row in batch:
                candidate = texts["candidate"][pairs[row].candidate_id]
                offer = texts["offer"][pairs[row].offer_id]
                rows["title"].append((candidate[0], offer[0]))
                rows["body"].append(
                    (
                        crop_words(candidate[1] or candidate[0], n_words, rng=rng),
                        crop_words(offer[1] or offer[0], n_words, rng=rng),
                    )
                )
    if not used:
        raise InputError(
            f"no batch of {batch_size} pairs can be made of {len(pairs)} positive pairs whose "
            "offers are not each other's right answers. Lower `bi_encoder.batch_size`, or use a "
            "longer log"
        )
    return rows, len(used)


def _fit(
    rows: Mapping[str, Sequence[tuple[str, str]]], config: BiEncoderConfig, batch_size: int
) -> tuple[Any, list[tuple[int, float]], str]:
    from datasets import Dataset
    from sentence_transformers import (
        SentenceTransformerTrainer,
        SentenceTransformerTrainingArguments,
    )
    from sentence_transformers.base.sampler import DefaultBatchSampler
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
    from torch import cuda

    on_cpu = not cuda.is_available()
    precision = resolve_precision(config.precision)
    model = load_model(packaged_model_dir() if config.base == "packaged" else config.base)
    loss = MultipleNegativesRankingLoss(
        model, scale=config.scale, directions=("query_to_doc", "doc_to_query")
    )
    windows = {"title": config.title_length_tokens, "body": config.body_length_tokens}
    n_steps = sum(len(view) for view in rows.values()) // batch_size

    def in_planned_order(dataset: Any, batch_size: int, **_: Any) -> Any:
        return DefaultBatchSampler(range(len(dataset)), batch_size=batch_size, drop_last=True)

    with tempfile.TemporaryDirectory() as scratch:
        arguments = SentenceTransformerTrainingArguments(
            output_dir=scratch,
            num_train_epochs=1,  # the rows of all epochs are laid out already
            per_device_train_batch_size=batch_size,
            learning_rate=config.learning_rate,
            warmup_steps=math.ceil(config.warmup_share * n_steps),
            bf16=precision == "bf16",
            use_cpu=on_cpu,
            batch_sampler=in_planned_order,
            logging_steps=max(1, n_steps // 20),
            logging_nan_inf_filter=False,
            save_strategy="no",
            report_to=[],
            seed=config.seed,
            dataloader_pin_memory=not on_cpu,
        )
        trainer = SentenceTransformerTrainer(
            model=model,
            args=arguments,
            train_dataset={
                view: Dataset.from_dict(
                    {"anchor": [row[0] for row in view_rows], "positive": [r[1] for r in view_rows]}
                )
                for view, view_rows in rows.items()
            },
            # One entry a view makes the trainer name the view of each batch to the collator.
            loss=dict.fromkeys(rows, loss),
            data_collator=_fixed_length_collator(model, windows),
        )
        trainer.train()
    losses = [(int(e["step"]), float(e["loss"])) for e in trainer.state.log_history if "loss" in e]
    if not losses or not all(math.isfinite(loss) for _, loss in losses):
        raise JobMatchError(
            f"the training loss is not finite (step, loss: {losses[-3:]}); nothing was saved. "
            "Lower `bi_encoder.learning_rate`, or use `bi_encoder.precision=fp32`"
        )
    return model, losses, precision


def _fixed_length_collator(model: Any, windows: Mapping[str, int]) -> Any:
    """Returns a collator that pads each view to its own window: one shape a view, compiled once."""
    from sentence_transformers.sentence_transformer.data_collator import (
        SentenceTransformerDataCollator,
    )

    class FixedLengthCollator(SentenceTransformerDataCollator):  # type: ignore[misc]
        def __call__(self, features: list[dict[str, Any]]) -> dict[str, Any]:
            self.max_length = windows[features[0]["dataset_name"]]
            batch: dict[str, Any] = super().__call__(features)
            return batch

    padding = {"text": {"padding": "max_length"}}
    return FixedLengthCollator(preprocess_fn=partial(model.preprocess, processing_kwargs=padding))


def _save(model: Any, out_dir: Path) -> None:
    with staged_folder(out_dir) as work:
        model.save_pretrained(str(work), safe_serialization=True, create_model_card=False)
