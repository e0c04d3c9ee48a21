"""The three losses of the cross-encoder on one subset, judged by the truth of a synthetic world."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jobmatch_ml.bench.rerank import GivenRun
from jobmatch_ml.errors import MissingFileError
from jobmatch_ml.evaluation import EvaluationReport, compare, evaluate
from jobmatch_ml.evaluation.truth import read_true_relevance
from jobmatch_ml.ranking.beir import read_corpus
from jobmatch_ml.ranking.bundle import Bundle, load_bundle
from jobmatch_ml.ranking.cross_encoder import CrossEncoderRanker
from jobmatch_ml.ranking.pair_scorer import TransformerPairScorer
from jobmatch_ml.ranking.retrieve_rerank import RetrieveRerankRanker
from jobmatch_ml.training.comparison import read_judged
from jobmatch_ml.training.cross_encoder import (
    choose_rerank_weight,
    retrieve,
    train_cross_encoder,
)
from jobmatch_ml.training.cross_encoder_config import CrossEncoderConfig
from jobmatch_ml.training.cross_encoder_losses import LOSSES
from jobmatch_ml.types import Qrels, Query, Run

_METRIC = "ndcg@10"


def run_cross_encoder_bench(
    *,
    dataset: str = "",
    bundle: str = "",
    world: str = "data/world/demo",
    max_lists: int = 300,
    max_length_tokens: int = 128,
    n_people: int = 356,
    seed: int = 0,
) -> list[dict[str, Any]]:
    """Trains the student's teacher with each loss, chooses its weight on validation, then tests.

    Args:
        dataset: A prepared data set of the world.
        bundle: Bundle whose encoder retrieves and is started from.
        world: The world; its truth judges the test, and nothing before.
        max_lists: Lists each loss learns from, the same for all.
        max_length_tokens: Window of a pair.
        n_people: Test candidates, the first by id.
        seed: Seed of draws and of the output layer.

    Returns:
        A row for the retriever alone and one a loss: training time, pairs, the weight chosen,
        nDCG@10 by the truth with its interval and the paired difference to the retriever.

    Raises:
        MissingFileError: The data set, the bundle or the world is not there.
    """
    for option, path in (("dataset", dataset), ("bundle", bundle), ("world", world)):
        if not path or not Path(path).is_dir():
            raise MissingFileError(
                f"{option} is {path!r}, which is no folder; give --option {option}=PATH. "
                "`jobmatch pipeline run train` makes data set and bundle",
                field=option,
            )
    folder, base = Path(dataset), load_bundle(Path(bundle))
    retriever = base.ranker()
    found = retrieve(retriever, folder)
    judged, _ = read_judged(folder, "test")
    people = sorted(judged, key=lambda query: query.query_id)[:n_people]
    found["test"] = retriever.rank(people, top_k=100)
    relevance = read_true_relevance(Path(world))
    truth = {query.query_id: relevance.get(query.query_id, {}) for query in people}
    alone = evaluate(truth, found["test"], metrics=(_METRIC,))
    rows: list[dict[str, Any]] = [{"ranker": "bi_encoder", **_columns(alone, None)}]
    for loss in LOSSES:
        config = CrossEncoderConfig(
            loss=loss,
            max_lists=max_lists,
            max_length_tokens=max_length_tokens,
            student_layers=0,
            seed=seed,
        )
        rows.append(_arm(config, folder, base, found, _Judge(people, truth, alone)))
    return rows


@dataclass(frozen=True)
class _Judge:
    """Who is ranked for, what is true, and what the retriever alone achieves."""

    people: list[Query]
    truth: Qrels
    alone: EvaluationReport


def _arm(
    config: CrossEncoderConfig, dataset: Path, base: Bundle, found: dict[str, Run], judge: _Judge
) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as out:
        report = train_cross_encoder(
            dataset, base.encoder_dir, Path(out) / "made", config, retrieved=found["train"]
        )
        scorer = TransformerPairScorer(report.model_dir, max_length_tokens=config.max_length_tokens)
        weight, _ = choose_rerank_weight(scorer, dataset, found["validation"])
        ranker = RetrieveRerankRanker(
            GivenRun(found["test"]), CrossEncoderRanker(scorer), weight=weight
        )
        ranker.index(read_corpus(dataset / "corpus.jsonl"))
        run = ranker.rank(judge.people, top_k=10)
    reranked = evaluate(judge.truth, run, metrics=(_METRIC,))
    return {
        "ranker": f"retrieve_rerank, {config.loss}",
        **_columns(reranked, judge.alone),
        "n_pairs": report.n_pairs,
        "train_seconds": round(report.seconds, 1),
        "weight": weight,
    }


def _columns(report: EvaluationReport, alone: EvaluationReport | None) -> dict[str, Any]:
    row: dict[str, Any] = {**report.as_row(), "difference": None, "p_value": None}
    if alone is not None:
        row |= compare(report, alone, _METRIC).as_row()
    return {f"true_{key}": value for key, value in row.items()} | {
        "n_people": report.n_queries,
        "n_pairs": 0,
        "train_seconds": 0.0,
        "weight": 0.0,
    }
