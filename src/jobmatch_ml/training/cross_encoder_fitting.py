"""The fitting loop of a cross-encoder: lists in, one step a batch, one shape for all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from jobmatch_ml.errors import InputError, JobMatchError
from jobmatch_ml.ranking.pair_scorer import pair_tokens
from jobmatch_ml.training.cross_encoder_losses import ListLoss
from jobmatch_ml.training.fitting import rate_at

_MAX_GRADIENT_NORM = 1.0
_HEAD_RATE = 5.0  # the output layer starts from nothing


@dataclass(frozen=True)
class ListBatch:
    """Lists of equal length that make one step.

    Args:
        ids: ``candidate/offer`` of each pair, list after list.
        pairs: Texts of the candidate and of the offer, list after list.
        labels: ``(n_lists, n_offers)`` grades, or a teacher's scores.
        weights: The same shape.
    """

    ids: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    labels: NDArray[np.float32]
    weights: NDArray[np.float32]


@dataclass(frozen=True)
class ListFitOptions:
    """How to fit.

    Args:
        learning_rate: Peak of the linear schedule.
        warmup_share: Share of steps with rising rate.
        max_length_tokens: Every pair is cut or padded to this length.
        frozen_layers: Lower layers, and the embeddings, that do not learn; 0: all learn.
        precision: Of the forward pass.
    """

    learning_rate: float
    max_length_tokens: int
    warmup_share: float = 0.1
    frozen_layers: int = 0
    precision: Literal["fp32", "bf16"] = "fp32"


def fit_lists(
    model: Any,
    tokenizer: Any,
    batches: Sequence[ListBatch],
    loss: ListLoss,
    options: ListFitOptions,
) -> list[float]:
    """Fits a cross-encoder in place, without dropout, in the order of the batches.

    On a GPU when there is one; on return the model is on the CPU and in evaluation mode.

    Returns:
        The loss of each step.

    Raises:
        InputError: No batches, or more frozen layers than there are.
        JobMatchError: A loss or gradient was not finite; the message names the batch's pairs, and
            the weights are those before that step.
    """
    import torch

    if not batches:
        raise InputError("there is nothing to train on: no lists")
    _prepare(model, options)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model.to(device)
    optimizer = torch.optim.AdamW(_groups(model, options.learning_rate), weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: rate_at(step + 1, len(batches) + 1, options.warmup_share)
    )
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    losses: list[float] = []
    bar = tqdm(batches, desc="train", unit="step", delay=2)
    for batch in bar:
        value = _batch_loss(model, tokenizer, batch, loss, options=options, device=device)
        value.backward()
        norm = torch.nn.utils.clip_grad_norm_(weights, _MAX_GRADIENT_NORM)
        if not (math.isfinite(float(value.detach())) and math.isfinite(float(norm))):
            raise _not_finite(batch, len(losses) + 1)
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()
        losses.append(float(value.detach()))
        bar.set_postfix(loss=f"{losses[-1]:.3f}", refresh=False)
    model.to("cpu").eval()
    return losses


def _prepare(model: Any, options: ListFitOptions) -> None:
    import torch

    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    model.train()
    if not options.frozen_layers:
        return
    body = model.backbone
    layers = getattr(getattr(body, "encoder", None), "layer", ())
    if options.frozen_layers >= len(layers):
        raise InputError(
            f"frozen_layers is {options.frozen_layers}; the model has {len(layers)} layers, and at "
            "least one must learn",
            field="frozen_layers",
        )
    for part in (body.embeddings, *layers[: options.frozen_layers]):
        part.requires_grad_(requires_grad=False)


def _groups(model: Any, rate: float) -> list[dict[str, Any]]:
    body: list[Any] = []
    head: list[Any] = []
    for name, weight in model.named_parameters():
        if weight.requires_grad:
            (body if name.startswith("backbone.") else head).append(weight)
    return [{"params": body, "lr": rate}, {"params": head, "lr": _HEAD_RATE * rate}]


def _batch_loss(
    model: Any,
    tokenizer: Any,
    batch: ListBatch,
    loss: ListLoss,
    *,
    options: ListFitOptions,
    device: Any,
) -> Any:
    import torch

    rows = pair_tokens(tokenizer, batch.pairs, max_length_tokens=options.max_length_tokens)
    features = tokenizer.pad(
        rows, padding="max_length", max_length=options.max_length_tokens, return_tensors="pt"
    ).to(device)
    with torch.autocast(device.type, dtype=torch.bfloat16, enabled=options.precision == "bf16"):
        found = model(**features)
    scores = found.float().reshape(batch.labels.shape)  # (n_lists, n_offers)
    labels, weights = (torch.from_numpy(part).to(device) for part in (batch.labels, batch.weights))
    return loss(scores, labels, weights)


def _not_finite(batch: ListBatch, step: int) -> JobMatchError:
    shown = ", ".join(batch.ids[:8]) + (f", … {len(batch.ids)} in all" if batch.ids[8:] else "")
    return JobMatchError(
        f"the loss or gradient of step {step} is not finite; nothing was saved. Its pairs "
        f"(candidate/offer): {shown}. Look at their texts, lower `cross_encoder.learning_rate`, or "
        "use `cross_encoder.precision=fp32`"
    )
