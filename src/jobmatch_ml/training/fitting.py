"""The training loop of the bi-encoder: planned batches, one shape a view, any number of processes.

A loop of our own, and not the library's trainer, for three things that the trainer does not give:
batches that stay as planned (no false negatives), the ids of the batch at which a loss breaks, and
processes that share one batch, so that two processes learn what one would.

Several processes are started by ``torchrun``. Each embeds its part of every batch; embeddings are
gathered, so that the negatives are those of the whole batch; gradients are added up. One process
or many: the same loss and the same weights, up to the order of sums.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tqdm import tqdm

from jobmatch_ml.errors import InputError, JobMatchError
from jobmatch_ml.training.batches import TextBatch
from jobmatch_ml.training.losses import contrastive_loss

_MAX_GRADIENT_NORM = 1.0


@dataclass(frozen=True)
class FitOptions:
    """How the weights move.

    Args:
        windows: Length of each view in tokens. All texts of a view are padded to it: each new shape
            costs the bf16 kernels a compilation.
        learning_rate: Peak of the schedule: linear up, then linear down to zero.
        warmup_share: Share of the steps with rising rate, in [0, 1).
        scale: Inverse temperature of the softmax.
        dropout: Probability while training, in [0, 1); ``None`` keeps the model's own.
        frozen_layers: Lower transformer layers that keep their weights, with the embeddings; 0
            trains everything.
        precision: Arithmetic of the forward pass; the weights stay in fp32.
        seed: Seed of dropout.
    """

    windows: Mapping[str, int]
    learning_rate: float
    warmup_share: float = 0.1
    scale: float = 20.0
    dropout: float | None = 0.0
    frozen_layers: int = 0
    precision: Literal["fp32", "bf16"] = "fp32"
    seed: int = 0


@dataclass(frozen=True)
class FitResult:
    """What a fit did.

    Args:
        losses: Loss of each step.
        seconds: Wall time.
        n_processes: Processes that shared each batch.
        is_writer: This process is the one that writes results.
    """

    losses: tuple[float, ...]
    seconds: float
    n_processes: int
    is_writer: bool


def process_count() -> int:
    """Returns how many processes were started together (by ``torchrun``); 1 without it."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def fit_contrastive(
    model: Any,
    batches: Sequence[TextBatch],
    options: FitOptions,
    *,
    on_step: Callable[[int], None] | None = None,
) -> FitResult:
    """Fits a sentence-transformers model in place, one step a batch, in the order given.

    Args:
        model: The model; on return it is in evaluation mode, where it was fitted (GPU or CPU).
        batches: What to learn from. With several processes each batch's rows, and its negatives,
            must divide by their number.
        options: How.
        on_step: Called after each step with the number of steps done (to evaluate, to stop by an
            exception); it may use the model, which is put back into training mode.

    Raises:
        InputError: No batches, or rows that cannot be shared out evenly.
        JobMatchError: A loss or gradient was not finite; the message names the batch's pairs, and
            the weights are those before that step.
    """
    import torch
    from accelerate import PartialState

    processes = PartialState(cpu=not torch.cuda.is_available())
    _check_batches(batches, processes.num_processes)
    started = time.perf_counter()
    with torch.random.fork_rng():
        torch.manual_seed(options.seed + processes.process_index)
        losses = _run(model, batches, options, processes, on_step)
    model.eval()
    return FitResult(
        tuple(losses),
        time.perf_counter() - started,
        processes.num_processes,
        bool(processes.is_main_process),
    )


def prepare_model(model: Any, options: FitOptions) -> None:
    """Sets dropout and freezes the lower layers; the model is in training mode afterwards.

    Raises:
        InputError: The model has fewer layers than are to be frozen, or none that are known.
    """
    import torch

    if options.dropout is not None:
        for module in model.modules():
            if isinstance(module, torch.nn.Dropout):
                module.p = options.dropout
    model.train()
    if not options.frozen_layers:
        return
    transformer = getattr(model[0], "auto_model", None)
    layers = getattr(getattr(transformer, "encoder", None), "layer", ())
    if transformer is None or options.frozen_layers >= len(layers):
        raise InputError(
            f"frozen_layers is {options.frozen_layers}; the model has {len(layers)} layers, and at "
            "least one must learn",
            field="frozen_layers",
        )
    for part in (transformer.embeddings, *layers[: options.frozen_layers]):
        part.requires_grad_(requires_grad=False)


def embed_batch(
    model: Any, texts: Sequence[str], *, length_tokens: int, autocast: Any, device: Any
) -> Any:
    """Returns unit embeddings ``(n_texts, dim)`` in fp32, texts cut and padded to one length."""
    import torch

    encoder = getattr(model, "module", model)
    features = encoder.tokenizer(
        list(texts),
        truncation=True,
        max_length=length_tokens,
        padding="max_length",
        return_tensors="pt",
    ).to(device)
    with autocast:
        vectors = model(dict(features))["sentence_embedding"]
    return torch.nn.functional.normalize(vectors.float(), dim=1)


def _run(
    model: Any,
    batches: Sequence[TextBatch],
    options: FitOptions,
    processes: Any,
    on_step: Callable[[int], None] | None,
) -> list[float]:
    import torch

    device = processes.device
    model.to(device)
    prepare_model(model, options)
    replica = model
    if processes.num_processes > 1:
        # Some weights of published models (BERT's pooler) take no part in the embedding.
        replica = torch.nn.parallel.DistributedDataParallel(model, find_unused_parameters=True)
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=options.learning_rate, weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: rate_at(step, len(batches), options.warmup_share)
    )
    losses: list[float] = []
    bar = tqdm(batches, desc="train", unit="step", delay=2, disable=not processes.is_main_process)
    for batch in bar:
        loss = _batch_loss(replica, batch, options, processes)
        value = float(loss.detach())
        # Each process has the gradient of its own rows; the replica averages, the sum is wanted.
        (loss * processes.num_processes).backward()
        norm = float(torch.nn.utils.clip_grad_norm_(weights, _MAX_GRADIENT_NORM))
        if not (math.isfinite(value) and math.isfinite(norm)):
            raise _not_finite(batch, len(losses) + 1, value)
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()
        losses.append(value)
        bar.set_postfix(loss=f"{value:.3f}", refresh=False)
        if on_step is not None:
            on_step(len(losses))
            model.train()
    return losses


def rate_at(step: int, n_steps: int, warmup_share: float) -> float:
    """Returns the factor of the learning rate: up to 1 while warming up, then down to 0."""
    warmup = math.ceil(warmup_share * n_steps)
    if step < warmup:
        return step / warmup
    return max(0.0, (n_steps - step) / max(1, n_steps - warmup))


def _batch_loss(model: Any, batch: TextBatch, options: FitOptions, processes: Any) -> Any:
    """Embeds this process's rows of the batch and returns the loss of the whole batch."""
    import torch

    device, share = processes.device, processes.num_processes
    columns = [batch.anchors, batch.positives, batch.negatives]
    own = [_part(column, processes.process_index, share) for column in columns]
    autocast = torch.autocast(
        device.type, dtype=torch.bfloat16, enabled=options.precision == "bf16"
    )
    # One forward pass for all columns: they have one shape, and fewer passes cost less.
    vectors = embed_batch(
        model,
        [text for column in own for text in column],
        length_tokens=options.windows[batch.view],
        autocast=autocast,
        device=device,
    )
    parts = torch.split(vectors, [len(column) for column in own])
    queries, documents, negatives = (_gathered(part, processes) for part in parts)
    refused, refused_rows = (
        None if mask is None else torch.from_numpy(mask).to(device)
        for mask in (batch.refused, batch.refused_rows)
    )
    return contrastive_loss(
        queries,
        documents,
        scale=options.scale,
        negatives=negatives if batch.negatives else None,
        refused=refused,
        refused_rows=refused_rows,
    )


def _part(column: Sequence[str], index: int, share: int) -> Sequence[str]:
    size = len(column) // share
    return column[index * size : (index + 1) * size]


def _gathered(vectors: Any, processes: Any) -> Any:
    """Joins the rows of all processes; gradients flow through this process's own rows alone."""
    import torch

    if processes.num_processes == 1 or not len(vectors):
        return vectors
    parts = [torch.zeros_like(vectors) for _ in range(processes.num_processes)]
    torch.distributed.all_gather(parts, vectors.detach().contiguous())
    parts[processes.process_index] = vectors
    return torch.cat(parts)


def _check_batches(batches: Sequence[TextBatch], share: int) -> None:
    if not batches:
        raise InputError("there is nothing to train on: no batches")
    uneven = [
        number
        for number, batch in enumerate(batches)
        if len(batch.anchors) % share or len(batch.negatives) % share
    ]
    if uneven:
        raise InputError(
            f"{len(uneven)} of {len(batches)} batches cannot be shared out among {share} "
            f"processes: their rows must divide by {share}"
        )


def _not_finite(batch: TextBatch, step: int, value: float) -> JobMatchError:
    shown = ", ".join(batch.ids[:8]) + (f", … {len(batch.ids)} in all" if batch.ids[8:] else "")
    what = "loss" if not math.isfinite(value) else "gradient"
    return JobMatchError(
        f"the {what} of step {step} is not finite ({batch.view} view); nothing was saved. Its "
        f"pairs (candidate/offer): {shown}. Look at their texts, lower `bi_encoder.learning_rate`, "
        "or use `bi_encoder.precision=fp32`"
    )
