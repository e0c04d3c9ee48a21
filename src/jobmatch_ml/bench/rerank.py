"""What reranking costs, model by model, and what the cheaper models lose."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from jobmatch_ml.bench.harness import measure
from jobmatch_ml.errors import MissingFileError
from jobmatch_ml.evaluation import compare, evaluate
from jobmatch_ml.evaluation.truth import read_true_relevance
from jobmatch_ml.ranking.backends import missing_packages
from jobmatch_ml.ranking.beir import read_corpus, read_run
from jobmatch_ml.ranking.cross_encoder import CrossEncoderRanker
from jobmatch_ml.ranking.decisive_text import decisive_text
from jobmatch_ml.ranking.encoder import Precision
from jobmatch_ml.ranking.pair_int8 import Int8PairScorer
from jobmatch_ml.ranking.pair_scorer import TransformerPairScorer
from jobmatch_ml.ranking.retrieve_rerank import DEPTH, RetrieveRerankRanker
from jobmatch_ml.training.comparison import read_judged
from jobmatch_ml.types import Document, Query, Run

_SAMPLES = 64
# name, folder, arithmetic; the first is what the others are compared with.
_VARIANTS: tuple[tuple[str, str, Literal["fp32", "bf16", "int8"]], ...] = (
    ("all layers, fp32", "model", "fp32"),
    ("all layers, bf16", "model", "bf16"),
    ("student, fp32", "student", "fp32"),
    ("student, bf16", "student", "bf16"),
    ("student, OpenVINO int8", "student", "int8"),
)


def run_rerank_bench(
    *,
    models: str = "",
    dataset: str = "",
    run: str = "",
    world: str = "",
    weight: float = 0.5,
    repeats: int = 5,
    max_length_tokens: int = 128,
) -> list[dict[str, Any]]:
    """Times the reading of 30 pairs by each model, and scores the reranked validation part.

    Args:
        models: Folder with `model/` and `student/`, as `train_cross_encoder` writes it.
        dataset: A prepared data set.
        run: A retriever's TREC run for its validation candidates.
        world: The synthetic world of the data set: its truth judges in place of the log, which is
            noisy and knows only what was shown.
        weight: The cross-encoder's share in the blend.
        repeats: Timed calls a model, after one that does not count.
        max_length_tokens: Window of a pair.

    Returns:
        One row a model: milliseconds for 30 pairs, share of the first row's, nDCG@10 on validation
        and its paired difference to the first row.

    Raises:
        MissingFileError: A model, the data set or the run is not there.
    """
    for option, path in (("models", models), ("dataset", dataset), ("run", run)):
        if not path or not Path(path).exists():
            raise MissingFileError(
                f"{option} is {path!r}, which does not exist; give --option {option}=PATH. "
                "`jobmatch pipeline run rerank` makes all three",
                field=option,
            )
    folder = Path(dataset)
    documents = read_corpus(folder / "corpus.jsonl")
    judged, qrels = read_judged(folder, "validation")
    if world:
        qrels = read_true_relevance(Path(world))
    queries = [query for query in judged if max(qrels.get(query.query_id, {"": 0}).values()) > 0]
    qrels = {query.query_id: qrels[query.query_id] for query in queries}
    retrieved = read_run(Path(run))
    pairs = _pairs(queries[0], documents[:DEPTH])
    # Ranges of int8 come from other pairs than those that are timed or scored.
    samples = _pairs(queries[0], documents[DEPTH : DEPTH + _SAMPLES])
    rows: list[dict[str, Any]] = []
    first = None
    for name, part, precision in _VARIANTS:
        if precision == "int8" and missing_packages("openvino-int8", to_export=True):
            continue
        scorer = _open(Path(models) / part, precision, max_length_tokens, samples)
        timing = measure(lambda scorer=scorer: scorer.score(pairs), repeats=repeats)  # type: ignore[misc]
        ranker = RetrieveRerankRanker(
            GivenRun(retrieved), CrossEncoderRanker(scorer), weight=weight
        )
        ranker.index(documents)
        report = evaluate(qrels, ranker.rank(queries, top_k=10), metrics=("ndcg@10",))
        first = first or report
        rows.append(
            {
                "model": name,
                "judged_by": "truth" if world else "log",
                "ms_30_pairs": round(1000 * timing.median_s, 1),
                "share_of_the_first": 1.0,
                **report.as_row(),
                "difference": None,
                "p_value": None,
            }
        )
        rows[-1]["share_of_the_first"] = round(rows[-1]["ms_30_pairs"] / rows[0]["ms_30_pairs"], 3)
        if report is not first:
            rows[-1] |= compare(report, first, "ndcg@10").as_row()
    return rows


class GivenRun:
    """A retriever that answers from a run on disk: what is timed and scored is the reranking."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def index(self, documents: Sequence[Document]) -> None:
        """Has nothing to prepare."""

    def rank(self, queries: Sequence[Query], *, top_k: int) -> Run:
        """Returns the run's first ``top_k`` documents of each query."""
        return {
            query.query_id: dict(list(self.run[query.query_id].items())[:top_k])
            for query in queries
        }


def _open(
    folder: Path,
    precision: Literal["fp32", "bf16", "int8"],
    max_length_tokens: int,
    samples: list[tuple[str, str]],
) -> TransformerPairScorer:
    plain: Precision = "bf16" if precision == "bf16" else "fp32"
    scorer = TransformerPairScorer(folder, max_length_tokens=max_length_tokens, precision=plain)
    return Int8PairScorer(scorer, samples) if precision == "int8" else scorer


def _pairs(query: Query, documents: list[Document]) -> list[tuple[str, str]]:
    text = decisive_text(query)
    return [(text, decisive_text(document)) for document in documents]
