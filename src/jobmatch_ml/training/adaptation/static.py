"""Fits the static encoder: from TF-IDF, by contrast of the pairs of a batch, in minutes.

Loss: softmax over scaled cosines with the batch's other texts as negatives, in both directions
(InfoNCE; Henderson et al. 2017, https://arxiv.org/abs/1705.00652); pairs of one key or of
neighbouring keys are masked. Gradients are sparse: a batch touches a part of the table only.
"""

from __future__ import annotations

import logging
import math
import random
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from jobmatch_ml.errors import InputError, JobMatchError, missing_extra
from jobmatch_ml.ranking.static_encoder import (
    StaticEncoder,
    split_words,
    word_ngrams,
    word_weights,
)
from jobmatch_ml.training.adaptation.config import StaticConfig
from jobmatch_ml.training.adaptation.contrast import negatives_mask, symmetric_loss
from jobmatch_ml.training.adaptation.pairs import VIEWS, AdaptationPair, OpenData, draw_pairs

logger = logging.getLogger(__name__)


def fit_static(data: OpenData, config: StaticConfig) -> StaticEncoder:
    """Fits a table of character n-grams on pairs drawn anew each epoch.

    Raises:
        InputError: The data gives no batch of pairs.
        JobMatchError: The loss became NaN.
        MissingExtraError: torch is not installed.
    """
    try:
        import torch  # seconds to import
    except ImportError as error:
        raise missing_extra("torch", "models") from error
    torch.manual_seed(config.seed)
    first = draw_pairs(data, seed=config.seed)
    ngrams, weights = choose_ngrams(
        (text for pair in first for text in (pair.left, pair.right)),
        config.n_ngrams,
        min_documents=config.min_documents,
    )
    table = _Table(ngrams, weights, config)
    optimizer = torch.optim.SparseAdam(list(table.rows.parameters()), lr=config.learning_rate)
    n_steps = config.epochs * max(1, len(first) // config.batch_size)
    step, started = 0, time.perf_counter()
    for epoch in range(config.epochs):
        pairs = first if epoch == 0 else draw_pairs(data, seed=config.seed + epoch)
        losses = []
        for batch in shuffled_batches(pairs, config.batch_size, seed=config.seed + epoch):
            rate = config.learning_rate * max(0.02, 1 - step / n_steps)
            for group in optimizer.param_groups:
                group["lr"] = rate
            left = table([pair.left for pair in batch])
            right = table([pair.right for pair in batch])
            loss = symmetric_loss(
                left, right, negatives_mask(batch, config.mask), scale=config.scale
            )
            if not torch.isfinite(loss):
                raise JobMatchError(
                    f"the loss of the static encoder became {loss.item()} at step {step}; nothing "
                    "was saved. Lower `static.learning_rate`"
                )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            step += 1
            losses.append(loss.item())
        logger.info(
            "static encoder: epoch %d, loss %.3f, %.0f s",
            epoch + 1,
            float(np.mean(losses)),
            time.perf_counter() - started,
        )
    rows = table.rows.weight.detach().numpy()
    return StaticEncoder(ngrams, rows, name=config.name)


def choose_ngrams(
    texts: Iterable[str], limit: int, *, min_documents: int
) -> tuple[list[str], np.ndarray]:
    """Returns the n-grams of most texts, and each one's inverse document frequency.

    Texts count by their words: an n-gram's document frequency is the sum of those of the words
    that have it, which is close and costs a look at each distinct word instead of at each text.

    Raises:
        InputError: No n-gram stands in as many texts.
    """
    words: Counter[str] = Counter()
    n_texts = 0
    for text in set(texts):
        words.update(set(split_words(text)))
        n_texts += 1
    counts: Counter[str] = Counter()
    for word, count in words.items():
        for gram in set(word_ngrams(word)):
            counts[gram] += count
    common = sorted(
        (gram for gram, count in counts.items() if count >= min_documents),
        key=lambda gram: (-counts[gram], gram),
    )[:limit]
    if not common:
        raise InputError("no n-gram stands in enough texts: give more texts to adapt on")
    idf = np.array([math.log(n_texts / min(n_texts, counts[gram])) + 1 for gram in common])
    return common, idf.astype(np.float32)


def shuffled_batches(
    pairs: Sequence[AdaptationPair], size: int, *, seed: int
) -> list[list[AdaptationPair]]:
    """Returns batches of one view each, in random order; the last of a view may be half full.

    Raises:
        InputError: No view has half a batch of pairs.
    """
    rng = random.Random(seed)
    batches = []
    for view in VIEWS:
        own = [pair for pair in pairs if pair.view == view]
        rng.shuffle(own)
        starts = range(0, max(0, len(own) - size // 2 + 1), size)
        batches += [own[start : start + size] for start in starts if own]
    if not batches:
        raise InputError(
            f"{len(pairs)} pairs to adapt on; expected at least {size // 2} of one view. Import "
            "ROME or ESCO, or lower the batch size"
        )
    rng.shuffle(batches)
    return batches


class _Table:
    """The table while it is fitted: texts to vectors, differentiable in the rows."""

    def __init__(self, ngrams: Sequence[str], idf: np.ndarray, config: StaticConfig) -> None:
        import torch

        self._torch = torch
        generator = torch.Generator().manual_seed(config.seed)
        shape = (len(ngrams), config.dimension)
        start = torch.randn(shape, generator=generator) / math.sqrt(config.dimension)
        # Rows of about a fifth of the idf: with Adam's fixed step lengths, the scale of the rows
        # decides how far one step turns them.
        start *= torch.from_numpy(idf)[:, None] / 5
        self.rows = torch.nn.EmbeddingBag(*shape, mode="sum", sparse=True, _weight=start)
        self._places = {gram: place for place, gram in enumerate(ngrams)}
        self._words: dict[str, np.ndarray] = {}

    def __call__(self, texts: Sequence[str]) -> Any:
        """Returns unit vectors ``(n_texts, dimension)``."""
        torch = self._torch
        weights = [word_weights(text) for text in texts]
        words = sorted({word for row in weights for word in row})
        row_of = {word: row for row, word in enumerate(words)}
        grams = [self._ngram_places(word) for word in words]
        starts = np.cumsum([0, *(len(item) for item in grams)])[:-1]
        flat = np.concatenate(grams) if grams else np.zeros(0, np.int64)
        vectors = self.rows(torch.from_numpy(flat), torch.from_numpy(starts))
        index = torch.tensor([row_of[word] for row in weights for word in row], dtype=torch.long)
        weight = torch.tensor([value for row in weights for value in row.values()])
        offsets = torch.from_numpy(np.cumsum([0, *(len(row) for row in weights)])[:-1])
        summed = torch.nn.functional.embedding_bag(
            index, vectors, offsets, mode="sum", per_sample_weights=weight.to(vectors.dtype)
        )
        return torch.nn.functional.normalize(summed, dim=1)

    def _ngram_places(self, word: str) -> np.ndarray:
        found = self._words.get(word)
        if found is None:
            places = [self._places[gram] for gram in word_ngrams(word) if gram in self._places]
            found = self._words[word] = np.array(places, np.int64)
        return found
