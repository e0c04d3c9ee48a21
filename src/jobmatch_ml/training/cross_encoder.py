"""Trains a cross-encoder on what people took, distils a small one, chooses how much it counts.

It starts as the bi-encoder whose weights it takes (:mod:`jobmatch_ml.ranking.pair_model`). Lists
come from :mod:`.cross_encoder_lists`, what is learned of them from :mod:`.cross_encoder_losses`.
The blend with the retriever's score is chosen on the validation part.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError
from jobmatch_ml.evaluation import evaluate
from jobmatch_ml.files import staged_folder
from jobmatch_ml.ranking.beir import read_corpus, read_queries
from jobmatch_ml.ranking.cross_encoder import CrossEncoderRanker
from jobmatch_ml.ranking.encoder import resolve_precision
from jobmatch_ml.ranking.pair_scorer import TransformerPairScorer, load_pair_model, save_pair_model
from jobmatch_ml.ranking.retrieve_rerank import DEPTH, standardised
from jobmatch_ml.training.comparison import read_judged
from jobmatch_ml.training.cross_encoder_config import CrossEncoderConfig
from jobmatch_ml.training.cross_encoder_fitting import ListBatch, ListFitOptions, fit_lists
from jobmatch_ml.training.cross_encoder_lists import draw_lists, lay_out_lists, read_sources
from jobmatch_ml.training.cross_encoder_losses import LOSSES, TARGETS, distillation_loss
from jobmatch_ml.types import PairScorer, Ranker, Run

_DECIDING = "ndcg@10"
_STUDENT_RATE = 2.0  # a small model that starts from a fitted one learns faster
WEIGHTS_TRIED = tuple(round(0.1 * step, 1) for step in range(11))


@dataclass(frozen=True)
class CrossEncoderReport:
    """What a training run did.

    Args:
        model_dir: The fitted model, all layers.
        student_dir: The small model; ``None`` without one.
        losses: Loss of each step of the model.
        student_losses: Loss of each step of the student.
        n_pairs: Pairs read in training the model.
        seconds: Wall time of both fits.
        precision: Arithmetic used (`fp32`, `bf16`).
        counts: What the lists were drawn from, and what was left out.
    """

    model_dir: Path
    student_dir: Path | None
    losses: tuple[float, ...]
    student_losses: tuple[float, ...]
    n_pairs: int
    seconds: float
    precision: str
    counts: Mapping[str, int]


def retrieve(retriever: Ranker, dataset_dir: Path, *, top_k: int = 1000) -> dict[str, Run]:
    """Indexes the corpus and ranks it for the training and the validation candidates."""
    retriever.index(read_corpus(dataset_dir / "corpus.jsonl"))
    return {
        split: retriever.rank(read_queries(dataset_dir / split / "queries.jsonl"), top_k=top_k)
        for split in ("train", "validation")
    }


def train_cross_encoder(
    dataset_dir: Path,
    base: str | Path,
    out_dir: Path,
    config: CrossEncoderConfig | None = None,
    *,
    retrieved: Run,
) -> CrossEncoderReport:
    """Fits the model and its student, and writes both whole or not at all.

    Args:
        dataset_dir: A prepared data set; its training part alone is read.
        base: Encoder whose weights it starts from: a folder, or ``packaged``.
        out_dir: Folder to create, with `model/` and `student/`.
        config: How.
        retrieved: A retriever's answer for the training candidates: where negatives are mined.

    Raises:
        InputError: Nobody took anything, or the corpus is too small for the lists.
        JobMatchError: A loss was not finite; the message names its batch, nothing is written.
    """
    import torch

    config = config or CrossEncoderConfig()
    sources = read_sources(dataset_dir, retrieved)
    batches = [
        batch
        for epoch in range(config.epochs)
        for batch in lay_out_lists(draw_lists(sources, config, epoch=epoch), dataset_dir, config)
    ]
    started = time.perf_counter()
    with torch.random.fork_rng():
        torch.manual_seed(config.seed)
        model, tokenizer = load_pair_model(base)
    options = ListFitOptions(
        learning_rate=config.learning_rate,
        max_length_tokens=config.max_length_tokens,
        frozen_layers=config.frozen_layers,
        precision=resolve_precision(config.precision),
    )
    _centre(model, tokenizer, batches[0], options)
    losses = fit_lists(model, tokenizer, batches, LOSSES[config.loss], options)
    with staged_folder(out_dir) as work:
        save_pair_model(model, tokenizer, work / "model")
        student_losses: list[float] = []
        if config.student_layers:
            student, student_losses = distil(model, tokenizer, batches, config, options)
            save_pair_model(student, tokenizer, work / "student")
    return CrossEncoderReport(
        out_dir / "model",
        out_dir / "student" if config.student_layers else None,
        tuple(losses),
        tuple(student_losses),
        sum(len(batch.pairs) for batch in batches),
        time.perf_counter() - started,
        options.precision,
        sources.counts,
    )


def distil(
    teacher: Any,
    tokenizer: Any,
    batches: Sequence[ListBatch],
    config: CrossEncoderConfig,
    options: ListFitOptions,
) -> tuple[Any, list[float]]:
    """Fits a model of fewer layers to a teacher's scores of the same lists.

    It starts from the teacher's own layers, evenly spaced and ending with the last.

    Raises:
        InputError: The teacher has no more layers than the student would.
    """
    student = keep_layers(teacher, config.student_layers)
    marked = [_with_scores_of(teacher, tokenizer, batch, options) for batch in batches]
    losses = fit_lists(
        student,
        tokenizer,
        marked * config.student_epochs,
        distillation_loss,
        replace(options, learning_rate=_STUDENT_RATE * config.learning_rate, frozen_layers=0),
    )
    return student, losses


def keep_layers(model: Any, n_layers: int) -> Any:
    """Returns a copy of a cross-encoder with some of its layers, evenly spaced, the last included.

    Raises:
        InputError: It has not more layers than that, or none that are known.
    """
    import torch

    layers = getattr(getattr(model.backbone, "encoder", None), "layer", ())
    if not 1 <= n_layers < len(layers):
        raise InputError(
            f"a student of {n_layers} layers cannot be made of a model of {len(layers)}",
            field="layers",
        )
    kept = [round((number + 1) * len(layers) / n_layers) - 1 for number in range(n_layers)]
    student = copy.deepcopy(model)
    student.backbone.encoder.layer = torch.nn.ModuleList(
        [student.backbone.encoder.layer[place] for place in kept]
    )
    student.backbone.config.num_hidden_layers = n_layers
    student.requires_grad_(requires_grad=True)
    return student


def choose_rerank_weight(
    scorer: PairScorer,
    dataset_dir: Path,
    retrieved: Run,
    *,
    depth: int = DEPTH,
    preferred: float = 0.5,
) -> tuple[float, list[dict[str, float]]]:
    """Picks the cross-encoder's share in the blend by nDCG@10 on the validation part.

    Only the offers that a person was shown are put in order (condensed lists: Sakai 2007). Ranking
    the corpus would count each offer that the log never showed as wrong, and so reward whoever
    ranks as the old system did; finding what it did not show is what reranking is for.

    Of the weights whose paired difference to the best is within one standard error, the nearest to
    ``preferred`` is taken: with few people the best of many weights is mostly luck.

    Args:
        scorer: The cross-encoder.
        dataset_dir: A prepared data set; its validation part and corpus are read.
        retrieved: A retriever's answer for the validation candidates, as deep as can be: offers
            shown that it does not hold are left out.
        depth: How many documents will be reranked.
        preferred: The weight that stands unless another is clearly better.

    Returns:
        The weight, and the table of weight and nDCG@10.
    """
    judged, qrels = read_judged(dataset_dir, "validation")
    shown = {
        query.query_id: [offer for offer in qrels[query.query_id] if offer in found]
        for query in judged
        for found in [retrieved[query.query_id]]
    }
    queries = [
        query
        for query in judged
        if max((qrels[query.query_id][offer] for offer in shown[query.query_id]), default=0) > 0
    ]
    tops = {query.query_id: list(retrieved[query.query_id])[:depth] for query in queries}
    reader = CrossEncoderRanker(scorer)
    reader.index(read_corpus(dataset_dir / "corpus.jsonl"))
    wanted = {user: list(dict.fromkeys([*top, *shown[user]])) for user, top in tops.items()}
    read = {
        user: dict(zip(wanted[user], values.tolist(), strict=True))
        for user, values in reader.score(queries, wanted).items()
    }
    sides = {
        user: tuple(
            standardised([scores[offer] for offer in shown[user]], like=[scores[o] for o in top])
            for scores in (read[user], retrieved[user])
        )
        for user, top in tops.items()
    }
    values = {}
    for weight in WEIGHTS_TRIED:
        run = {
            user: dict(zip(shown[user], (weight * own + (1 - weight) * old).tolist(), strict=True))
            for user, (own, old) in sides.items()
        }
        report = evaluate(qrels, run, metrics=(_DECIDING,), n_bootstrap=100)
        found = report.per_query[_DECIDING]
        values[weight] = np.array([found[query_id] for query_id in sorted(found)])
    best = max(values.values(), key=lambda column: float(column.mean()))
    good = [weight for weight, column in values.items() if _is_as_good(column, best)]
    table = [{"weight": weight, _DECIDING: float(c.mean())} for weight, c in values.items()]
    return min(good, key=lambda weight: (abs(weight - preferred), weight)), table


def _is_as_good(values: Any, best: Any) -> bool:
    behind = best - values
    error = behind.std(ddof=1) / np.sqrt(len(behind)) if len(behind) > 1 else 0.0
    return bool(behind.mean() <= error)


def _centre(model: Any, tokenizer: Any, batch: ListBatch, options: ListFitOptions) -> None:
    """Sets the bias so that the first batch's mean score is the log-odds of its mean target.

    Cosines of jobs are far above zero, and a bias learns too slowly to make up for it: the
    pointwise loss would spend its steps on the level. The other losses do not see it.
    """
    import torch

    target = float(np.mean([TARGETS[int(grade)] for grade in batch.labels.flat]))
    scores = _scores_of(model, tokenizer, batch, options)
    with torch.no_grad():
        model.out.bias += float(np.log(target / (1 - target))) - float(scores.mean())


def _scores_of(
    model: Any, tokenizer: Any, batch: ListBatch, options: ListFitOptions
) -> NDArray[np.float32]:
    scorer = TransformerPairScorer.of_model(
        model, tokenizer, max_length_tokens=options.max_length_tokens
    )
    return scorer.score(batch.pairs)


def _with_scores_of(
    teacher: Any, tokenizer: Any, batch: ListBatch, options: ListFitOptions
) -> ListBatch:
    scores = _scores_of(teacher, tokenizer, batch, options)
    return replace(batch, labels=scores.reshape(batch.labels.shape))
