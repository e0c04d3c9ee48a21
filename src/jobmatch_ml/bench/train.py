"""What our way of training is worth against the library's trainer as it comes.

Two questions, one run. *Parts*: pairs/s of the stock way, and of ours put together step by step.
The variants take turns, a few steps each, so that a busy machine slows all of them alike.
*To the same quality*: both ways learn the same pairs with the same loss; after each part of the
data they rank the validation people, and the time until the stock way's final nDCG@10 (less 0.005)
is compared. Evaluation is not counted.

Wall time says little where others use the same processor, so the processor time of this process is
reported beside it; take the ratio of that one on a shared machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from jobmatch_ml.errors import InputError
from jobmatch_ml.evaluation import evaluate
from jobmatch_ml.ranking.beir import read_corpus
from jobmatch_ml.ranking.dual_view import DualViewRanker
from jobmatch_ml.ranking.encoder import resolve_precision
from jobmatch_ml.settings import get_settings
from jobmatch_ml.training.bi_encoder import TrainingPlan, fit_options, plan_training
from jobmatch_ml.training.comparison import read_judged
from jobmatch_ml.training.config import BiEncoderConfig
from jobmatch_ml.training.fitting import fit_contrastive
from jobmatch_ml.training.text_batches import TrainingPair

TOLERANCE = 0.005
STOCK_LENGTH_TOKENS = 128


@dataclass(frozen=True)
class _Data:
    """What both ways learn and are judged by."""

    dataset_dir: Path
    config: BiEncoderConfig
    n_documents: int


def run_train_bench(
    *,
    dataset: str = "",
    n_pairs: int = 640,
    n_documents: int = 400,
    rounds: int = 3,
    parts: bool = True,
    quality: bool = True,
    epochs: int = 1,
) -> list[dict[str, Any]]:
    """Measures the parts of our training, and the time to the stock way's quality.

    Args:
        dataset: A prepared data set; empty: the newest of ``data/runs/train/prepare_data``.
        n_pairs: Positive pairs to learn from.
        n_documents: Offers that are ranked for the validation people: those judged right, and
            others.
        rounds: Timed turns of each part, after one that does not count.
        parts: Whether the parts are measured.
        quality: Whether the time to the same quality is measured.
        epochs: Passes of our way; the stock way makes one.

    Raises:
        InputError: No data set was given and none was ever prepared.
    """
    config = BiEncoderConfig(max_pairs=n_pairs, learning_rate=1.5e-4, epochs=epochs)
    data = _Data(_dataset(dataset), config, n_documents)
    rows: list[dict[str, Any]] = []
    if parts:
        rows += _measure_parts(data, rounds)
    if quality:
        rows += _measure_quality(data)
    return rows


def _dataset(name: str) -> Path:
    if name:
        return Path(name)
    folder = get_settings().data / "runs" / "train" / "prepare_data"
    found = sorted(folder.glob("*/dataset/dataset.json"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise InputError(
            "no prepared data set: name one with --option dataset=DIR, or run "
            "`jobmatch pipeline run train --to prepare_data` first"
        )
    return found[-1].parent


# name, made with the library's trainer, changes to our options or to the trainer's arguments
_PARTS: tuple[tuple[str, bool, dict[str, Any]], ...] = (
    ("stock trainer, fp32, 128 tokens", True, {}),
    ("stock trainer, bf16", True, {"bf16": True}),
    ("ours: bf16, one shape a view", False, {"dropout": None}),
    ("+ dropout 0", False, {}),
    ("+ crops of 64 tokens", False, {"body": 64}),
    ("+ 2 lower layers frozen", False, {"body": 64, "frozen_layers": 2}),
)


def _measure_parts(data: _Data, rounds: int) -> list[dict[str, Any]]:
    """Lets the variants take turns of one batch of titles and one of bodies."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name, _, _ in _PARTS}
    turns = {name: _turn(data, stock, changes) for name, stock, changes in _PARTS}
    for _ in range(1 + rounds):
        for name, turn in turns.items():
            clock = Clock()
            turn()
            times[name].append(clock.read())
    rows = []
    size = data.config.batch_size
    for name, measured in times.items():
        wall, cpu = np.median(measured[1:], axis=0)
        rows.append(
            {
                "what": name,
                "pairs_per_s": round(size / wall, 2),
                "pairs_per_cpu_s": round(size / cpu, 2),
            }
        )
    for row in rows:
        row["wall_ratio"] = round(row["pairs_per_s"] / rows[0]["pairs_per_s"], 2)
        row["cpu_ratio"] = round(row["pairs_per_cpu_s"] / rows[0]["pairs_per_cpu_s"], 2)
    return rows


def _turn(data: _Data, stock: bool, changes: dict[str, Any]) -> Callable[[], Any]:
    body = changes.get("body", STOCK_LENGTH_TOKENS)
    plan = plan_training(
        data.dataset_dir, data.config.model_copy(update={"body_length_tokens": body})
    )
    if stock:
        pairs = plan.pairs[: data.config.batch_size]
        rows = {view: full_rows(plan, pairs, view) for view in (0, 1)}
        return lambda: fit_stock(plan.model, rows, data.config, bf16=bool(changes.get("bf16")))
    options = fit_options(data.config, resolve_precision("auto"))
    windows = {"title": data.config.title_length_tokens, "body": body}
    kept = {name: value for name, value in changes.items() if name != "body"}
    options = replace(options, windows=windows, **kept)
    return lambda: fit_contrastive(plan.model, plan.batches[:2], options)


def _measure_quality(data: _Data) -> list[dict[str, Any]]:
    """Trains both ways and says when each had the stock way's final quality."""
    curves: dict[str, list[tuple[float, float, float]]] = {}
    for name, stock in (("stock", True), ("ours", False)):
        plan = plan_training(data.dataset_dir, data.config)
        judge = Judge(data.dataset_dir, data.n_documents)
        n_steps = 2 * (len(plan.pairs) // plan.batch_size) if stock else len(plan.batches)
        watch = _Watch(plan.model, judge, n_steps)
        if stock:
            rows = {view: full_rows(plan, plan.pairs, view) for view in (0, 1)}
            fit_stock(plan.model, rows, data.config, on_step=watch)
        else:
            options = fit_options(data.config, resolve_precision("auto"))
            fit_contrastive(plan.model, plan.batches, options, on_step=watch)
        curves[name] = watch.curve
    target = curves["stock"][-1][2] - TOLERANCE
    reached = {
        name: next((point for point in curve if point[2] >= target), None)
        for name, curve in curves.items()
    }
    stock_point = reached["stock"]
    rows_out: list[dict[str, Any]] = []
    for name, curve in curves.items():
        point = reached[name]
        row: dict[str, Any] = {
            "what": f"{name}: to nDCG@10 {target:.3f}",
            "ndcg@10": round(curve[-1][2], 4),
            "curve": " ".join(f"{cpu:.1f}s:{value:.3f}" for _, cpu, value in curve),
        }
        for place, unit in enumerate(("wall", "cpu")):
            seconds = point[place] if point else None
            row[f"{unit}_s"] = round(seconds, 1) if seconds else None
            row[f"{unit}_ratio"] = (
                round(stock_point[place] / seconds, 2) if seconds and stock_point else None
            )
        rows_out.append(row)
    return rows_out


class Clock:
    """Wall time and processor time of this process since it was made, pauses left out."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def read(self) -> tuple[float, float]:
        """Returns wall seconds and processor seconds."""
        return time.perf_counter() - self._wall, time.process_time() - self._cpu

    def skip(self, since: tuple[float, float]) -> None:
        """Leaves out what passed since a reading."""
        wall, cpu = self.read()
        self._wall += wall - since[0]
        self._cpu += cpu - since[1]


class Judge:
    """Scores a model by the validation people: nDCG@10 over a fixed part of the corpus."""

    def __init__(self, dataset_dir: Path, n_documents: int) -> None:
        queries, self._qrels = read_judged(dataset_dir, "validation")
        right = {
            doc for judged in self._qrels.values() for doc, grade in judged.items() if grade > 0
        }
        self._queries = [
            query for query in queries if max(self._qrels[query.query_id].values()) > 0
        ]
        documents = read_corpus(dataset_dir / "corpus.jsonl")
        order = np.random.default_rng(0).permutation(len(documents)).tolist()
        order.sort(key=lambda place: documents[place].doc_id not in right)
        self._documents = [documents[place] for place in order[: max(n_documents, len(right))]]

    def __call__(self, model: Any) -> float:
        """Returns the mean nDCG@10 of the two-view ranking."""
        ranker = DualViewRanker(_InMemory(model))
        ranker.index(self._documents)
        run = ranker.rank(self._queries, top_k=10)
        report = evaluate(self._qrels, run, metrics=("ndcg@10",), n_bootstrap=100)
        return report.mean("ndcg@10")


class _InMemory:
    """A model that is being trained, as an encoder."""

    name = "in training"

    def __init__(self, model: Any) -> None:
        self._model = model

    @property
    def dimension(self) -> int:
        return int(self._model.get_embedding_dimension())

    def encode(self, texts: Sequence[str]) -> Any:
        import torch

        self._model.max_seq_length = STOCK_LENGTH_TOKENS
        bf16 = resolve_precision("auto") == "bf16"
        device = next(self._model.parameters()).device.type
        with torch.autocast(device, dtype=torch.bfloat16, enabled=bf16):
            return self._model.encode(list(texts), show_progress_bar=False).astype(np.float32)


class _Watch:
    """Judges a model four times on the way, and stops the clock meanwhile."""

    def __init__(self, model: Any, judge: Judge, n_steps: int, *, n_points: int = 4) -> None:
        self._model, self._judge = model, judge
        self._stops = {round(n_steps * point / n_points) for point in range(1, n_points + 1)}
        self._clock = Clock()
        self.curve: list[tuple[float, float, float]] = []

    def __call__(self, step: int) -> None:
        if step not in self._stops:
            return
        now = self._clock.read()
        self._model.eval()
        self.curve.append((*now, self._judge(self._model)))
        self._model.train()
        self._clock.skip(now)


def full_rows(plan: TrainingPlan, pairs: Sequence[TrainingPair], view: int) -> dict[str, list[str]]:
    """Returns whole texts of one view (0: titles, 1: bodies), as the stock way reads them."""

    def shown(side: str, item: str) -> str:
        views = plan.texts[side][item]
        return views[view] or views[1 - view]

    return {
        "anchor": [shown("candidate", pair.candidate_id) for pair in pairs],
        "positive": [shown("offer", pair.offer_id) for pair in pairs],
    }


def fit_stock(
    model: Any,
    rows: dict[int, dict[str, list[str]]],
    config: BiEncoderConfig,
    *,
    bf16: bool = False,
    on_step: Callable[[int], None] | None = None,
) -> None:
    """Fits a model the way the library's examples do: shuffled batches, its own padding.

    The pairs, the two views, the loss, the batch size and the schedule are ours.
    """
    import tempfile

    from datasets import Dataset
    from sentence_transformers import (
        SentenceTransformerTrainer,
        SentenceTransformerTrainingArguments,
    )
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
    from torch import cuda
    from transformers import PrinterCallback, TrainerCallback

    class AfterStep(TrainerCallback):  # type: ignore[misc]
        def on_step_end(self, _: Any, state: Any, control: Any, **__: Any) -> Any:
            if on_step is not None:
                on_step(state.global_step)
            return control

    model.max_seq_length = STOCK_LENGTH_TOKENS
    loss = MultipleNegativesRankingLoss(
        model, scale=config.scale, directions=("query_to_doc", "doc_to_query")
    )
    n_steps = sum(len(view["anchor"]) // config.batch_size for view in rows.values())
    with tempfile.TemporaryDirectory() as scratch:
        arguments = SentenceTransformerTrainingArguments(
            output_dir=scratch,
            num_train_epochs=1,
            per_device_train_batch_size=config.batch_size,
            learning_rate=config.learning_rate,
            warmup_steps=round(config.warmup_share * n_steps),
            bf16=bf16,
            use_cpu=not cuda.is_available(),
            dataloader_drop_last=True,
            save_strategy="no",
            logging_strategy="no",
            report_to=[],
            disable_tqdm=True,
            seed=config.seed,
            dataloader_pin_memory=cuda.is_available(),
        )
        trainer = SentenceTransformerTrainer(
            model=model,
            args=arguments,
            train_dataset={
                f"view{view}": Dataset.from_dict(columns) for view, columns in rows.items()
            },
            loss=loss,
            callbacks=[AfterStep()],
        )
        trainer.remove_callback(PrinterCallback)  # standard output is the benchmark's
        trainer.train()
