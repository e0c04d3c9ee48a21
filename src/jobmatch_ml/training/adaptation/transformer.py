"""Fits the transformer of the box: French pieces, contrast over pairs, few padded shapes.

The same loss and masks as the static encoder. On a CPU the cost is tokens: titles and crops are
padded to one short length a view (each new shape costs the bf16 kernels a compilation), dropout is
off, and most steps are on titles, which are cheapest and decide most.
"""

from __future__ import annotations

import logging
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jobmatch_ml.errors import JobMatchError
from jobmatch_ml.ranking.encoder import resolve_precision
from jobmatch_ml.ranking.model_files import load_model
from jobmatch_ml.training.adaptation.config import TransformerConfig
from jobmatch_ml.training.adaptation.contrast import negatives_mask, symmetric_loss
from jobmatch_ml.training.adaptation.pairs import (
    AdaptationPair,
    OpenData,
    View,
    crop_body,
    draw_pairs,
)
from jobmatch_ml.training.adaptation.vocabulary import (
    french_vocabulary,
    learn_pieces,
    replace_vocabulary,
)

logger = logging.getLogger(__name__)

_WORDS_PER_TOKEN = 0.8  # French pieces: about 1.1 a word, and the two marks at the ends
_PIECE_TEXTS = 60_000
_MAX_LENGTH = 256


def fit_transformer(
    data: OpenData, config: TransformerConfig, out_dir: Path
) -> list[tuple[int, float]]:
    """Adapts the base to French jobs and saves it as a sentence-transformers folder in bf16.

    Returns:
        The mean loss by logging window, as (step, loss).

    Raises:
        InputError: The data gives no batch of pairs.
        JobMatchError: The loss became NaN; nothing is written.
    """
    import torch

    torch.manual_seed(config.seed)
    sentence_model = load_model(config.base)
    model = sentence_model[0].auto_model.float()
    tokenizer = sentence_model.tokenizer
    with tempfile.TemporaryDirectory() as scratch:
        if config.french_pieces:
            base = sorted(tokenizer.get_vocab(), key=tokenizer.get_vocab().__getitem__)
            learned = learn_pieces(_piece_texts(data, config), size=config.french_pieces)
            vocabulary = french_vocabulary(base, learned, kept=config.kept_pieces)
            tokenizer = replace_vocabulary(model, tokenizer, vocabulary, Path(scratch))
        losses = _train(model, tokenizer, data, config)
        save_sentence_model(model, tokenizer, out_dir)
    return losses


def save_sentence_model(model: Any, tokenizer: Any, out_dir: Path) -> None:
    """Writes a mean-pooling, unit-length sentence-transformers folder, weights in bf16."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

    with tempfile.TemporaryDirectory() as scratch:
        model.to(torch.bfloat16).save_pretrained(scratch)
        tokenizer.model_max_length = 512
        # Training's last padding and cut would be stored, for whoever opens the tokenizer alone.
        tokenizer.backend_tokenizer.no_truncation()
        tokenizer.backend_tokenizer.no_padding()
        tokenizer.save_pretrained(scratch)
        word = Transformer(scratch, max_seq_length=_MAX_LENGTH)
        whole = SentenceTransformer(
            modules=[
                word,
                Pooling(word.get_embedding_dimension(), pooling_mode="mean"),
                Normalize(),
            ],
            device="cpu",
        )
        whole.bfloat16().save(str(out_dir), create_model_card=False, safe_serialization=True)


def _piece_texts(data: OpenData, config: TransformerConfig) -> Iterator[str]:
    texts = sorted(
        {text for pair in draw_pairs(data, seed=config.seed) for text in (pair.left, pair.right)}
    )
    random.Random(config.seed).shuffle(texts)
    yield from texts[:_PIECE_TEXTS]


def _train(
    model: Any, tokenizer: Any, data: OpenData, config: TransformerConfig
) -> list[tuple[int, float]]:
    import torch

    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    model.train()
    optimizer = torch.optim.AdamW(_groups(model, config), weight_decay=0.01)
    bf16 = resolve_precision(config.precision) == "bf16"
    rng = random.Random(config.seed)
    losses: list[tuple[int, float]] = []
    window: list[float] = []
    started = time.perf_counter()
    for step, batch in enumerate(_batches(data, config, rng)):
        rise = config.warmup_share * config.steps
        share = min(1.0, (step + 1) / max(1.0, rise)) * max(0.02, 1 - step / config.steps)
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * share
        left, right = _views(batch, config, rng)
        found = _embed(model, tokenizer, *left, bf16=bf16)
        wanted = _embed(model, tokenizer, *right, bf16=bf16)
        loss = symmetric_loss(found, wanted, negatives_mask(batch, config.mask), scale=config.scale)
        if not torch.isfinite(loss):
            keys = sorted({pair.key for pair in batch})[:5]
            raise JobMatchError(
                f"the loss became {loss.item()} at step {step} (keys {keys}, …); nothing was "
                "saved. Lower `transformer.learning_rate`"
            )
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        window.append(loss.item())
        if len(window) == max(1, config.steps // 30) or step + 1 == config.steps:
            losses.append((step + 1, sum(window) / len(window)))
            window.clear()
            logger.info(
                "transformer: step %d of %d, loss %.3f, %.0f s",
                step + 1,
                config.steps,
                losses[-1][1],
                time.perf_counter() - started,
            )
    return losses


def _groups(model: Any, config: TransformerConfig) -> list[dict[str, Any]]:
    named = [item for item in model.named_parameters() if "pooler" not in item[0]]
    pieces = [value for name, value in named if "word_embeddings" in name]
    others = [value for name, value in named if "word_embeddings" not in name]
    return [
        {"params": others, "lr": 0.0, "peak": config.learning_rate},
        {"params": pieces, "lr": 0.0, "peak": config.pieces_learning_rate},
    ]


def _batches(
    data: OpenData, config: TransformerConfig, rng: random.Random
) -> Iterator[list[AdaptationPair]]:
    """Yields one batch a step; a view's pairs are drawn anew when they are used up."""
    shares: dict[View, float] = {
        "title": config.title_share,
        "title_to_body": config.title_to_body_share,
        "body": max(0.0, 1 - config.title_share - config.title_to_body_share),
    }
    waiting: dict[View, list[AdaptationPair]] = {view: [] for view in shares}
    draws = 0
    for _ in range(config.steps):
        view = rng.choices(list(shares), list(shares.values()))[0]
        if len(waiting[view]) < config.batch_size:
            drawn = draw_pairs(data, seed=config.seed + 1000 + draws)
            draws += 1
            waiting[view] = [pair for pair in drawn if pair.view == view]
            rng.shuffle(waiting[view])
            if len(waiting[view]) < 2:
                raise JobMatchError(
                    f"{len(waiting[view])} pairs of the view '{view}' to adapt on; expected at "
                    "least 2. Import ROME or ESCO, or set the view's share to 0"
                )
        yield waiting[view][: config.batch_size]
        del waiting[view][: config.batch_size]


def _views(
    batch: list[AdaptationPair], config: TransformerConfig, rng: random.Random
) -> tuple[tuple[list[str], int], tuple[list[str], int]]:
    """Returns both sides' texts, bodies cropped, each with the length it is padded to."""
    n_words = int(config.body_length_tokens * _WORDS_PER_TOKEN)
    title, body = config.title_length_tokens, config.body_length_tokens
    view = batch[0].view
    left = [pair.left for pair in batch]
    if view == "body":
        left = [crop_body(text, rng, n_words=n_words) for text in left]
    right = [pair.right for pair in batch]
    if view != "title":
        # Half of the documents from their beginning, where a fiche's definition stands.
        right = [
            text if rng.random() < 0.5 else crop_body(text, rng, n_words=n_words) for text in right
        ]
    return (left, body if view == "body" else title), (right, title if view == "title" else body)


def _embed(model: Any, tokenizer: Any, texts: list[str], length: int, *, bf16: bool) -> Any:
    import torch

    batch = tokenizer(
        texts, truncation=True, max_length=length, padding="max_length", return_tensors="pt"
    )
    batch = {name: batch[name].to(model.device) for name in ("input_ids", "attention_mask")}
    with torch.autocast(model.device.type, dtype=torch.bfloat16, enabled=bf16):
        hidden = model(**batch).last_hidden_state
    mask = batch["attention_mask"][..., None].float()
    return torch.nn.functional.normalize((hidden.float() * mask).sum(1) / mask.sum(1), dim=1)
