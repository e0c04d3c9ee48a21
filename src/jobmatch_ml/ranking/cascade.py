"""The cascade: retrieve hundreds by text, reorder them by learned features, read the first tens.

Each stage after retrieval is optional, and each may be missing, not applicable to a query, or too
late for its time budget. What was left out, and why, is part of the answer: a ranking that silently
lost a stage looks like a worse model.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError
from jobmatch_ml.ranking.cross_encoder import CrossEncoderRanker
from jobmatch_ml.ranking.features import FeatureSource
from jobmatch_ml.ranking.full_scan import check_request
from jobmatch_ml.ranking.ltr import LtrModel
from jobmatch_ml.ranking.order import top_documents
from jobmatch_ml.ranking.registry import RankerContext, create_ranker
from jobmatch_ml.ranking.retrieve_rerank import standardised
from jobmatch_ml.types import Document, Query, Ranker, Run

logger = logging.getLogger(__name__)
Vectors = dict[tuple[str, str], NDArray[np.float32]]

RETRIEVED = 800
"""Documents that features are computed for: among 3,000 offers of the demo world, 96 % of the
relevant ones."""
READ_AT_ONCE = 10
"""Pairs that are read between two looks at the clock."""
NO_MODEL = "ltr: no trained model was given"
NO_FACTS = "ltr: offers' facts are not known here (a foreign corpus)"
NO_PERSON = "ltr: nothing is known of this candidate beside the text"
DIRECTION = "ltr: it ranks offers for a candidate, not candidates for an offer"
LATE_FEATURES = "ltr: the time budget was spent"
LATE_READING = "cross_encoder: the time budget was spent"


@dataclass(frozen=True)
class CascadeLimits:
    """How much each stage does.

    Args:
        retrieved: Documents that are reordered by features, >= 1.
        read: Documents that are read, >= 1.
        reader_weight: The reader's share in the blend with the order before it, in [0, 1].
        budget_s: Seconds a query may take from the beginning of retrieval; ``None``: any time. A
            stage that would begin later is left out, and reading stops there.

    Raises:
        InputError: A value is out of range.
    """

    retrieved: int = RETRIEVED
    read: int = 30
    reader_weight: float = 0.3
    budget_s: float | None = None

    def __post_init__(self) -> None:
        if self.retrieved < 1 or self.read < 1 or not 0 <= self.reader_weight <= 1:
            raise InputError(
                f"retrieved is {self.retrieved}, read {self.read}, reader_weight "
                f"{self.reader_weight}; expected numbers >= 1 and a share in [0, 1]"
            )
        if self.budget_s is not None and not self.budget_s > 0:
            raise InputError(f"budget_s is {self.budget_s}; expected seconds > 0", field="budget_s")


@dataclass(frozen=True)
class CascadeAnswer:
    """A ranking, and how it came about.

    Args:
        run: The ranking.
        stages: Stages that ordered each query's answer, in their order.
        degraded: Why stages were left out, by query; no entry: none was.
        seconds: Time of each stage over all queries.
    """

    run: Run
    stages: Mapping[str, tuple[str, ...]]
    degraded: Mapping[str, tuple[str, ...]]
    seconds: Mapping[str, float] = field(default_factory=dict)

    def reasons(self) -> dict[str, int]:
        """Returns how many queries each reason concerns, the most frequent first."""
        return dict(
            Counter(reason for each in self.degraded.values() for reason in each).most_common()
        )


@dataclass(frozen=True)
class _Turn:
    """One query, with what was made for the whole batch."""

    query: Query
    found: dict[str, float] | None
    vectors: Vectors
    place: int

    @property
    def embedded(self) -> tuple[Vectors, int] | None:
        """Vectors of the batch and the query's row in them, where there are some."""
        return (self.vectors, self.place) if self.vectors else None


class CascadeRanker:
    """Retrieve, reorder by features, read; see the module.

    Args:
        retriever: Finds the documents.
        ltr: The learned ranker; ``None`` leaves its stage out.
        features: What its features are made of; ``None`` likewise.
        reader: Reads pairs; ``None`` leaves its stage out.
        limits: How much each stage does, and in which time.
        is_known_direction: Whether queries are candidates, as the features' sides demand.
        clock: Seconds that pass; tests give their own.
    """

    name = "cascade"

    def __init__(
        self,
        retriever: Ranker,
        *,
        ltr: LtrModel | None = None,
        features: FeatureSource | None = None,
        reader: CrossEncoderRanker | None = None,
        limits: CascadeLimits | None = None,
        is_known_direction: bool = True,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.retriever = retriever
        self.ltr = ltr
        self.features = features
        self.reader = reader
        self.limits = limits or CascadeLimits()
        self.is_known_direction = is_known_direction
        self.clock = clock
        self.rows_: dict[str, int] = {}
        self.n_documents_ = 0
        self.is_foreign_ = False
        self.left_out_: dict[str, int] = {}

    @classmethod
    def from_context(cls, context: RankerContext) -> CascadeRanker:
        """Builds the cascade from whatever stages there are; with none, hybrid retrieval alone."""
        reader = None
        if context.cross_encoder is not None:
            reader = CrossEncoderRanker(context.cross_encoder, direction=context.direction)
        return cls(
            create_ranker("bi_encoder" if context.encoder else "hybrid", context),
            ltr=context.ltr,
            features=context.features,
            reader=reader,
            limits=CascadeLimits(
                read=context.rerank_depth,
                reader_weight=context.rerank_weight,
                budget_s=context.budget_s,
            ),
            is_known_direction=context.direction == "candidate_to_offer",
        )

    def index(self, documents: Sequence[Document]) -> None:
        """Prepares the corpus for all stages; replaces what was indexed before.

        Raises:
            InputError: The corpus is empty, or two documents share an id.
        """
        self.retriever.index(documents)
        if self.reader is not None:
            self.reader.index(documents)
        known = self.features.rows if self.features else {}
        ids = [item.doc_id for item in documents]
        self.n_documents_ = len(ids)
        self.rows_ = {doc_id: known[doc_id] for doc_id in ids if doc_id in known}
        # A corpus that holds a single unknown offer is another catalogue: scores of features and
        # of text do not mix.
        self.is_foreign_ = len(self.rows_) < len(ids)

    def rank(self, queries: Sequence[Query], *, top_k: int) -> Run:
        """Returns the ``top_k`` best documents for each query; left-out stages are logged.

        Raises:
            InputError: ``top_k`` < 1, duplicate query ids, or nothing was indexed.
        """
        answer = self.answer(queries, top_k=top_k)
        self.left_out_ = answer.reasons()
        for reason, count in self.left_out_.items():
            logger.warning("cascade, %d of %d queries: %s", count, len(queries), reason)
        return answer.run

    def answer(self, queries: Sequence[Query], *, top_k: int) -> CascadeAnswer:
        """Ranks, and says which stages had a part in it.

        Raises:
            InputError: As :meth:`rank`.
        """
        check_request(queries, top_k=top_k, n_docs=self.n_documents_)
        depth = max(top_k, self.limits.retrieved)
        started = self.clock()
        found: Run = {}
        vectors: Vectors = {}
        if self.limits.budget_s is None:  # nobody waits for one query: batches are faster
            found = self.retriever.rank(queries, top_k=depth) if queries else {}
        timed = {"retrieve": self.clock() - started, "ltr": 0.0, "cross_encoder": 0.0}
        if self.limits.budget_s is None and self.ltr and self.features and queries:
            vectors = self.features.texts.embed(queries)
        timed["ltr"] = self.clock() - started - timed["retrieve"]
        run: Run = {}
        stages: dict[str, tuple[str, ...]] = {}
        degraded: dict[str, tuple[str, ...]] = {}
        for place, query in enumerate(queries):
            turn = _Turn(query, found.get(query.query_id), vectors, place)
            scores, stages[query.query_id], why = self._one(turn, depth, timed)
            run[query.query_id] = dict(list(scores.items())[:top_k])
            if why:
                degraded[query.query_id] = why
        return CascadeAnswer(run, stages, degraded, timed)

    def _one(
        self, turn: _Turn, depth: int, timed: dict[str, float]
    ) -> tuple[dict[str, float], tuple[str, ...], tuple[str, ...]]:
        query, started = turn.query, self.clock()
        scores = turn.found
        if scores is None:
            scores = self.retriever.rank([query], top_k=depth)[query.query_id]
        retrieved = self.clock()
        done, why = ["retrieve"], []
        reason = self._no_features(query) or (LATE_FEATURES if self._is_late(started) else "")
        if reason:
            why.append(reason)
        else:
            scores = self._by_features(turn, scores)
            done.append("ltr")
        reordered = self.clock()
        if self.reader is not None:
            scores, n_read, is_cut = self._by_reading(query, scores, started)
            done += ["cross_encoder"] if n_read else []
            why += [LATE_READING] if is_cut else []
        timed["retrieve"] += retrieved - started
        timed["ltr"] += reordered - retrieved
        timed["cross_encoder"] += self.clock() - reordered
        return scores, tuple(done), tuple(why)

    def _no_features(self, query: Query) -> str:
        if not self.is_known_direction:
            return DIRECTION
        if self.ltr is None:
            return NO_MODEL
        if self.features is None or self.is_foreign_:
            return NO_FACTS
        return "" if query.query_id in self.features.candidates else NO_PERSON

    def _is_late(self, started: float) -> bool:
        budget = self.limits.budget_s
        return budget is not None and self.clock() - started >= budget

    def _by_features(self, turn: _Turn, scores: Mapping[str, float]) -> dict[str, float]:
        if self.features is None or self.ltr is None:  # _no_features said so before
            raise InputError(NO_MODEL)
        head = sorted(list(scores)[: self.limits.retrieved])
        rows = np.array([self.rows_[doc_id] for doc_id in head], dtype=np.int64)
        learned = self.ltr.score(self.features.matrix(turn.query, rows, embedded=turn.embedded))
        return above_rest(top_documents(learned, head, len(head)), scores)

    def _by_reading(
        self, query: Query, scores: Mapping[str, float], started: float
    ) -> tuple[dict[str, float], int, bool]:
        """Returns the scores, how many were read, and whether time ended the reading."""
        if self.reader is None:  # the caller asked before
            return dict(scores), 0, False
        head = list(scores)[: self.limits.read]
        values: list[float] = []
        for start in range(0, len(head), READ_AT_ONCE):
            if self._is_late(started):
                break
            part = head[start : start + READ_AT_ONCE]
            values += self.reader.score([query], {query.query_id: part})[query.query_id].tolist()
        head = head[: len(values)]
        if len(head) < 2:
            return dict(scores), len(head), len(head) < min(self.limits.read, len(scores))
        before = np.array([scores[doc_id] for doc_id in head])
        weight = self.limits.reader_weight
        blend = weight * standardised(values) + (1 - weight) * standardised(before)
        # Back on the scale before it, so that profiles of one person can be compared.
        blended = dict(zip(head, (before.mean() + before.std() * blend).tolist(), strict=True))
        ordered = dict(sorted(blended.items(), key=lambda item: (-item[1], item[0])))
        return (
            above_rest(ordered, scores),
            len(head),
            len(head) < min(self.limits.read, len(scores)),
        )


def above_rest(head: Mapping[str, float], scores: Mapping[str, float]) -> dict[str, float]:
    """Puts reordered documents before the rest, which keeps its order and its steps.

    Args:
        head: Reordered documents, best first: as many as the first of ``scores``.
        scores: The order before.

    Example:
        >>> above_rest({"b": 2.0, "a": 1.0}, {"a": 9.0, "b": 8.0, "c": 7.0})
        {'b': 2.0, 'a': 1.0, 'c': 0.0}
    """
    result = dict(head)
    lowest = min(result.values(), default=0.0)
    for (_, above), (doc_id, value) in list(pairwise(scores.items()))[max(0, len(head) - 1) :]:
        lowest -= above - value
        result[doc_id] = lowest
    return result


def merge_profiles(run: Run, person_of: Mapping[str, str], *, top_k: int) -> Run:
    """Merges the answers of one person's profiles: each document by its best score.

    Args:
        run: One answer a profile, on one scale.
        person_of: Whose each profile is.
        top_k: Documents kept a person.

    Example:
        >>> merge_profiles({"p#1": {"a": 1.0}, "p#2": {"a": 0.5, "b": 2.0}},
        ...                {"p#1": "p", "p#2": "p"}, top_k=2)
        {'p': {'b': 2.0, 'a': 1.0}}
    """
    best: dict[str, dict[str, float]] = {}
    for profile, scores in run.items():
        merged = best.setdefault(person_of[profile], {})
        for doc_id, score in scores.items():
            merged[doc_id] = max(score, merged.get(doc_id, score))
    return {
        person: dict(sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:top_k])
        for person, scores in best.items()
    }
