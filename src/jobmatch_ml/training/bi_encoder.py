"""Fine-tunes a bi-encoder on what people saved and applied to: two views, in-batch negatives.

Each pair gives two training rows, one a view: (candidate title, offer title) and (crop of the CV,
crop of the description), because ranking adds the cosines of the two views. The loss is
:func:`jobmatch_ml.training.losses.contrastive_loss`; hard negatives are an option.

On a CPU the cost is tokens, so views are short, padded to one length (each new shape costs the
bf16 kernels a compilation), and crops move with every epoch. Started by ``torchrun``, the same
command shares each batch among processes (:mod:`jobmatch_ml.training.fitting`).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow.parquet as pq

from jobmatch_ml.errors import InputError, summarise
from jobmatch_ml.files import staged_folder
from jobmatch_ml.offers.catalogue import read_catalogue
from jobmatch_ml.ranking.beir import read_corpus, read_queries
from jobmatch_ml.ranking.encoder import resolve_precision
from jobmatch_ml.ranking.model_files import load_model
from jobmatch_ml.training.batches import TextBatch, plan_pass, usable_batch_size
from jobmatch_ml.training.config import BiEncoderConfig
from jobmatch_ml.training.fitting import FitOptions, fit_contrastive, process_count
from jobmatch_ml.training.hard_negatives import MinedNegatives, mine_hard_negatives
from jobmatch_ml.training.text_batches import (
    TrainingPair,
    batch_rows,
    lay_out_batches,
    words_that_fit,
)

logger = logging.getLogger(__name__)

_LOGGED_LOSSES = 20


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
        n_processes: Processes that shared each batch.
        hard_negatives: Candidates for hard negatives by source and outcome; empty without them.
    """

    encoder_dir: Path
    n_pairs: int
    n_positives: int
    batch_size: int
    losses: tuple[tuple[int, float], ...]
    seconds: float
    precision: str
    n_processes: int = 1
    hard_negatives: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class TrainingPlan:
    """All that a training will read, before its first step.

    Args:
        model: The sentence-transformers model to fit.
        batches: The steps.
        pairs: The pairs that are in a batch, each once.
        n_positives: Positive pairs in the training split.
        batch_size: Pairs a step.
        texts: Title and body of each item, by side and id.
        mined: Hard negatives, where they are wanted.
    """

    model: Any
    batches: Sequence[TextBatch]
    pairs: tuple[TrainingPair, ...]
    n_positives: int
    batch_size: int
    texts: Mapping[str, Mapping[str, tuple[str, str]]]
    mined: MinedNegatives | None


def train_bi_encoder(
    dataset_dir: Path, out_dir: Path, config: BiEncoderConfig | None = None
) -> TrainingReport:
    """Fits the encoder on a prepared data set and writes it whole or not at all.

    Of several processes one writes; all return when the folder is there.

    Raises:
        InputError: Too few pairs, or fewer than two occupations, for in-batch negatives; pairs of
            people or offers that have no texts.
        JobMatchError: A loss was not finite; the message names its batch, nothing is written.
    """
    config = config or BiEncoderConfig()
    plan = plan_training(dataset_dir, config)
    precision = resolve_precision(config.precision)
    start = copied_weights(plan.model) if config.base_share else {}
    fit = fit_contrastive(plan.model, plan.batches, fit_options(config, precision))
    if fit.is_writer:
        mix_weights(plan.model, start, config.base_share)
        _save(plan.model, out_dir)
    _wait_for_the_writer()
    logger.info("trained on %d pairs in %.0f s", len(plan.pairs), fit.seconds)
    return TrainingReport(
        out_dir,
        len(plan.pairs),
        plan.n_positives,
        plan.batch_size,
        logged_losses(fit.losses),
        fit.seconds,
        precision,
        fit.n_processes,
        tuple(plan.mined.report()) if plan.mined else (),
    )


def plan_training(dataset_dir: Path, config: BiEncoderConfig) -> TrainingPlan:
    """Reads a prepared data set, loads the model and lays out every step of the training.

    Raises:
        InputError: As :func:`train_bi_encoder`.
    """
    pairs, n_positives = read_pairs(dataset_dir, config)
    texts = _read_views(dataset_dir)
    _check_texts(pairs, texts)
    batch_size = _checked_batch_size(pairs, config)
    rows = _plan(pairs, texts, config, batch_size)
    mined = _mine(dataset_dir, pairs, config)
    model = load_model(config.base)
    bodies = [body or title for side in texts.values() for title, body in side.values()]
    n_words = words_that_fit(model, bodies, config.body_length_tokens)
    batches = lay_out_batches(pairs, texts, config, rows, n_words=n_words, mined=mined)
    used = sorted({row for batch in rows for row in batch})
    return TrainingPlan(
        model,
        list(batches),
        tuple(pairs[row] for row in used),
        n_positives,
        batch_size,
        texts,
        mined,
    )


def copied_weights(model: Any) -> dict[str, Any]:
    """Returns a copy of a model's weights, by name."""
    return {name: weight.detach().cpu().clone() for name, weight in model.named_parameters()}


def mix_weights(model: Any, start: Mapping[str, Any], share: float) -> None:
    """Moves a fitted model part of the way back: ``share · start + (1 − share) · fitted``.

    Weight-space ensembling (WiSE-FT, Wortsman et al. 2022): a model fitted to one market keeps
    most of what it learned there, and of what its base knows of texts from elsewhere.

    Args:
        model: The fitted model, changed in place.
        start: Its weights before the fit; not read when ``share`` is 0.
        share: In [0, 1).
    """
    import torch

    if not share:
        return
    with torch.no_grad():
        for name, weight in model.named_parameters():
            weight.lerp_(start[name].to(weight.device, weight.dtype), share)


def logged_losses(losses: Sequence[float]) -> tuple[tuple[int, float], ...]:
    """Returns the mean loss of about twenty windows, as (last step, mean).

    Example:
        >>> logged_losses([3.0, 2.0])
        ((1, 3.0), (2, 2.0))
    """
    window = max(1, len(losses) // _LOGGED_LOSSES)
    ends = range(window, len(losses) + 1, window)
    return tuple((end, float(np.mean(losses[end - window : end]))) for end in ends)


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


def _check_texts(
    pairs: Sequence[TrainingPair], texts: Mapping[str, Mapping[str, tuple[str, str]]]
) -> None:
    lost = [
        f"{side} {item}"
        for pair in pairs
        for side, item in (("candidate", pair.candidate_id), ("offer", pair.offer_id))
        if item not in texts[side]
    ]
    if lost:
        raise InputError(
            f"the training log names what has no texts: {summarise(list(dict.fromkeys(lost)))}. "
            "Prepare the data again"
        )


def _checked_batch_size(pairs: Sequence[TrainingPair], config: BiEncoderConfig) -> int:
    keys = [pair.key or pair.offer_id for pair in pairs]
    if len(set(keys)) < 2:
        raise InputError(
            f"training has {len(pairs)} positive pairs of {len(set(keys))} occupation(s); in-batch "
            "negatives need at least 2. Use a longer log or a larger world"
        )
    size = usable_batch_size(keys, config.batch_size)
    n_processes = process_count()
    size -= size % n_processes
    if size < 2:
        raise InputError(
            f"the data allow no batch that {n_processes} processes could share; start fewer"
        )
    if size < config.batch_size:
        logger.warning("batch size lowered from %d to %d", config.batch_size, size)
    return size


def _plan(
    pairs: Sequence[TrainingPair],
    texts: Mapping[str, Mapping[str, tuple[str, str]]],
    config: BiEncoderConfig,
    batch_size: int,
) -> list[list[int]]:
    """Plans the batches of all epochs, as row numbers of the pairs."""
    rng = np.random.default_rng(config.seed)
    rows = batch_rows(pairs, {person: views[0] for person, views in texts["candidate"].items()})
    plan = [batch for _ in range(config.epochs) for batch in plan_pass(rows, batch_size, rng=rng)]
    if not plan:
        raise InputError(
            f"no batch of {batch_size} pairs can be made of {len(pairs)} positive pairs whose "
            "offers are not each other's right answers. Lower `bi_encoder.batch_size`, or use a "
            "longer log"
        )
    return plan


def _mine(
    dataset_dir: Path, pairs: Sequence[TrainingPair], config: BiEncoderConfig
) -> MinedNegatives | None:
    if not config.hard_negatives.per_pair:
        return None
    ids = [(pair.candidate_id, pair.offer_id) for pair in pairs]
    return mine_hard_negatives(dataset_dir, ids, config.hard_negatives, base=config.base)


def fit_options(config: BiEncoderConfig, precision: Literal["fp32", "bf16"]) -> FitOptions:
    """Returns what a configuration means for the training loop."""
    return FitOptions(
        windows={"title": config.title_length_tokens, "body": config.body_length_tokens},
        learning_rate=config.learning_rate,
        warmup_share=config.warmup_share,
        scale=config.scale,
        dropout=config.dropout,
        precision=precision,
        seed=config.seed,
    )


def _save(model: Any, out_dir: Path) -> None:
    with staged_folder(out_dir) as work:
        model.save_pretrained(str(work), safe_serialization=True, create_model_card=False)


def _wait_for_the_writer() -> None:
    from accelerate import PartialState

    PartialState().wait_for_everyone()
