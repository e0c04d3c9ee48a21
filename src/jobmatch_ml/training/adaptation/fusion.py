"""Learns how much each component of the hybrid counts, on tasks kept from training.

Coordinate ascent on mean nDCG@10, from equal weights and from the best part alone: one weight is
multiplied or dropped at a time, and the change is kept when it helps. What was learned is then
averaged with equal weights as far as that costs no task more than a hair against its best part:
validation texts are written by rules, and a component that they favour by little should not rule
on real ones.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.ranking.hybrid import COMPONENTS, REGIMES, FusionWeights, HybridRanker
from jobmatch_ml.training.adaptation.validation import RetrievalTask
from jobmatch_ml.types import TextEncoder

logger = logging.getLogger(__name__)

_FACTORS = (0.0, 0.5, 0.8, 1.25, 2.0)
_ROUNDS = 4
_LEAST_GAIN = 1e-4
_DEPTH = 10
_SHRINKAGES = (0.5, 0.35, 0.2, 0.1, 0.0)  # shares of equal weights in the result, tried in turn
_MOST_LOST = 0.005  # nDCG@10 against the best part of any task
# Parts that can differ: where there are no bodies, views that show the same text are one part.
_PARTS: dict[str, tuple[str, ...]] = {
    "bodies": COMPONENTS,
    "titles": (
        "static_title",
        "static_title_to_all",
        "dense_title",
        "dense_title_to_body",
        "bm25",
        "tfidf_char",
    ),
    "labels": ("static_title", "dense_title", "bm25", "tfidf_char"),
}


@dataclass(frozen=True)
class FusionReport:
    """What was learned, and what it is worth on the tasks that taught it.

    Args:
        weights: The weights.
        ndcg: nDCG@10 by task: of each component alone, of equal weights, and of the weights.
    """

    weights: FusionWeights
    ndcg: dict[str, dict[str, float]]


@dataclass(frozen=True)
class _Scored:
    regime: str
    scores: list[dict[str, NDArray[np.float64]]]  # a query: component -> scores of all documents
    gains: list[NDArray[np.float64]]  # a query: grade of each document
    ideals: list[float]


def learn_fusion(
    tasks: Sequence[RetrievalTask], static: TextEncoder, dense: TextEncoder
) -> FusionReport:
    """Learns one set of weights a regime; a regime without tasks gets equal weights."""
    equal: dict[str, dict[str, float]] = {
        regime: {name: 1 / len(_PARTS[regime]) for name in _PARTS[regime]} for regime in REGIMES
    }
    ranker = HybridRanker(static, dense, FusionWeights(equal))
    scored = {task.name: _score(ranker, task) for task in tasks}
    learned = dict(equal)
    for regime in REGIMES:
        own = [item for item in scored.values() if item.regime == regime]
        if own:
            learned[regime] = _learn(own, equal[regime])
    ndcg = {
        name: {
            **{part: _mean_ndcg(item, {part: 1.0}) for part in _PARTS[item.regime]},
            "equal weights": _mean_ndcg(item, equal[item.regime]),
            "fusion": _mean_ndcg(item, learned[item.regime]),
        }
        for name, item in scored.items()
    }
    return FusionReport(FusionWeights(learned), ndcg)


def _learn(tasks: Sequence[_Scored], equal: dict[str, float]) -> dict[str, float]:
    """Returns one regime's weights, which add to 1."""
    singles = {name: _objective(tasks, {name: 1.0}) for name in equal}
    best_single = max(singles, key=singles.__getitem__)
    # From the best part alone the others start small: from zero, nothing could be multiplied.
    starts = [dict(equal), {name: 1.0 if name == best_single else 0.02 for name in equal}]
    found = max(
        (_ascend(tasks, start) for start in starts), key=lambda item: _objective(tasks, item)
    )
    total = sum(found.values())
    least = [max(_mean_ndcg(task, {name: 1.0}) for name in equal) - _MOST_LOST for task in tasks]
    for share in _SHRINKAGES:
        weights = {
            name: round(share * equal[name] + (1 - share) * found[name] / total, 4)
            for name in equal
        }
        values = [_mean_ndcg(task, weights) for task in tasks]
        if all(value >= floor for value, floor in zip(values, least, strict=True)):
            break
    return weights


def _score(ranker: HybridRanker, task: RetrievalTask) -> _Scored:
    ranker.index(task.documents)
    scores = ranker.component_scores(task.queries)
    gains, ideals = [], []
    discount = 1 / np.log2(np.arange(2, _DEPTH + 2))
    for query in task.queries:
        grades = task.qrels[query.query_id]
        gains.append(np.array([float(grades.get(name, 0)) for name in ranker.doc_ids_]))
        best = np.sort(gains[-1])[::-1][:_DEPTH]
        ideals.append(float((best * discount[: len(best)]).sum()))
    logger.info("fusion: scored '%s'", task.name)
    return _Scored(task.regime, scores, gains, ideals)


def _ascend(tasks: Sequence[_Scored], weights: dict[str, float]) -> dict[str, float]:
    best = _objective(tasks, weights)
    for _ in range(_ROUNDS):
        before = best
        for name in list(weights):
            for factor in _FACTORS:
                trial = {**weights, name: weights[name] * factor}
                if not any(trial.values()):
                    continue
                value = _objective(tasks, trial)
                if value > best + _LEAST_GAIN:
                    best, weights = value, trial
        if best - before < _LEAST_GAIN:
            break
    return weights


def _objective(tasks: Sequence[_Scored], weights: Mapping[str, float]) -> float:
    # Each task counts once, however many queries it has.
    return float(np.mean([_mean_ndcg(task, weights) for task in tasks]))


def _mean_ndcg(task: _Scored, weights: Mapping[str, float]) -> float:
    values = []
    for scores, gains, ideal in zip(task.scores, task.gains, task.ideals, strict=True):
        fused = np.zeros(len(gains))
        for name, weight in weights.items():
            if weight:
                fused += weight * scores[name]
        top = np.argpartition(-fused, min(_DEPTH, len(fused) - 1))[:_DEPTH]
        top = top[np.argsort(-fused[top], kind="stable")]
        discount = 1 / np.log2(np.arange(2, len(top) + 2))
        values.append(float((gains[top] * discount).sum()) / ideal)
    return float(np.mean(values))
