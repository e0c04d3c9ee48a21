"""The cascade: order of stages, what is left out and said, budgets, profiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError
from jobmatch_ml.ranking.cascade import (
    DIRECTION,
    LATE_FEATURES,
    LATE_READING,
    NO_FACTS,
    NO_MODEL,
    NO_PERSON,
    CascadeLimits,
    CascadeRanker,
    above_rest,
    merge_profiles,
)
from jobmatch_ml.ranking.cross_encoder import CrossEncoderRanker
from jobmatch_ml.ranking.features import FeatureBuilder, FeatureSource, TextIndex
from jobmatch_ml.ranking.ltr import LtrModel
from jobmatch_ml.types import Document, Query, Run
from tests.feature_market import MOMENT, OFFERS, offer_facts, space
from tests.toy import ToyEncoder
from tests.unit.ranking.test_matrix import baker

DOCUMENTS = [Document(each["offer_id"], each["title"], each["description"]) for each in OFFERS]
QUERY = Query("c1", "Boulanger", "pain")


@dataclass
class Given:
    """A retriever with a fixed order: o3, o2, o1."""

    name: str = "given"

    def index(self, documents: Sequence[Document]) -> None:
        self.ids = {item.doc_id for item in documents}

    def rank(self, queries: Sequence[Query], *, top_k: int) -> Run:
        order = {"o3": 3.0, "o2": 2.0, "o1": 1.0, "x": 0.5}
        kept = {name: score for name, score in order.items() if name in self.ids}
        return {query.query_id: dict(list(kept.items())[:top_k]) for query in queries}


class NearFirst:
    """Stands for trees: the fewer mobility steps, the better; an unknown occupation is last."""

    def predict(self, matrix: NDArray[np.float32], **_: object) -> NDArray[np.float64]:
        return -np.nan_to_num(matrix[:, 0].astype(np.float64), nan=9.0)


MODEL = LtrModel(NearFirst(), ("mobility_steps",))


@dataclass
class Reader:
    """Reads pairs: offers that say "intérim" are best."""

    name: str = "reader"
    read: list[int] = field(default_factory=list)

    def score(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        self.read.append(len(pairs))
        return np.array([float("intérim" in offer) for _, offer in pairs], dtype=np.float32)


def source(*people: str) -> FeatureSource:
    texts = TextIndex(ToyEncoder(), None)
    texts.index(DOCUMENTS)
    facts = {name: baker() for name in people}
    return FeatureSource(FeatureBuilder(space(), offer_facts()), texts, facts, {}, MOMENT)


def cascade(**parts: object) -> CascadeRanker:
    given = {"ltr": MODEL, "features": source("c1"), **parts}
    ranker = CascadeRanker(Given(), **given)  # type: ignore[arg-type]
    ranker.index(DOCUMENTS)
    return ranker


def test_features_reorder_what_was_retrieved_and_the_reader_comes_last() -> None:
    two = cascade().answer([QUERY], top_k=3)
    assert list(two.run["c1"]) == ["o1", "o2", "o3"]
    assert (two.stages["c1"], two.degraded) == (("retrieve", "ltr"), {})
    reader = CrossEncoderRanker(Reader())
    limits = CascadeLimits(reader_weight=1.0)
    three = cascade(reader=reader, limits=limits).answer([QUERY], top_k=3)
    assert next(iter(three.run["c1"])) == "o2"
    assert three.stages["c1"] == ("retrieve", "ltr", "cross_encoder")
    assert set(three.seconds) == {"retrieve", "ltr", "cross_encoder"}


def test_only_the_first_retrieved_are_reordered_and_the_rest_follows() -> None:
    run = cascade(limits=CascadeLimits(retrieved=2)).rank([QUERY], top_k=3)["c1"]
    assert list(run) == ["o2", "o3", "o1"]
    assert list(run.values()) == sorted(run.values(), reverse=True)


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"ltr": None}, NO_MODEL),
        ({"features": None}, NO_FACTS),
        ({"features": source("c9")}, NO_PERSON),
        ({"is_known_direction": False}, DIRECTION),
    ],
)
def test_a_stage_that_is_left_out_is_said_with_its_reason(
    parts: dict[str, object], reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    ranker = cascade(**parts)
    answer = ranker.answer([QUERY], top_k=3)
    assert list(answer.run["c1"]) == ["o3", "o2", "o1"]
    assert answer.reasons() == {reason: 1}
    ranker.rank([QUERY], top_k=3)
    assert reason in caplog.text
    assert ranker.left_out_ == {reason: 1}


def test_on_a_foreign_corpus_the_text_stages_rank_alone() -> None:
    reader = CrossEncoderRanker(Reader())
    ranker = CascadeRanker(
        Given(), ltr=MODEL, features=source("c1"), reader=reader,
        limits=CascadeLimits(reader_weight=1.0),
    )  # fmt: skip
    ranker.index([*DOCUMENTS, Document("x", "Boulanger", "")])
    answer = ranker.answer([QUERY], top_k=4)
    assert answer.degraded == {"c1": (NO_FACTS,)}
    assert answer.stages["c1"] == ("retrieve", "cross_encoder")
    assert next(iter(answer.run["c1"])) == "o2"


class Clock:
    """Each look at it costs a second."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


def test_a_stage_that_comes_too_late_is_left_out_and_said() -> None:
    reader = Reader()
    ranker = cascade(
        reader=CrossEncoderRanker(reader), limits=CascadeLimits(budget_s=0.5), clock=Clock()
    )
    answer = ranker.answer([QUERY], top_k=3)
    assert answer.degraded["c1"] == (LATE_FEATURES, LATE_READING)
    assert answer.stages["c1"] == ("retrieve",)
    assert (list(answer.run["c1"]), reader.read) == (["o3", "o2", "o1"], [])


def test_enough_time_changes_nothing() -> None:
    plain = cascade(reader=CrossEncoderRanker(Reader()))
    timed = cascade(reader=CrossEncoderRanker(Reader()), limits=CascadeLimits(budget_s=1e9))
    assert plain.rank([QUERY], top_k=3) == timed.rank([QUERY], top_k=3)


@pytest.mark.parametrize(
    "values", [{"retrieved": 0}, {"read": 0}, {"reader_weight": 1.5}, {"budget_s": 0.0}]
)
def test_limits_out_of_range_are_refused(values: dict[str, float]) -> None:
    with pytest.raises(InputError):
        CascadeLimits(**values)  # type: ignore[arg-type]


def test_profiles_of_one_person_are_merged_by_the_best_score() -> None:
    run = {"p#1": {"a": 1.0, "b": 0.9}, "p#2": {"b": 2.0, "c": 0.5}, "q": {"a": 0.1}}
    merged = merge_profiles(run, {"p#1": "p", "p#2": "p", "q": "q"}, top_k=2)
    assert merged == {"p": {"b": 2.0, "a": 1.0}, "q": {"a": 0.1}}
    assert list(merged["p"]) == ["b", "a"]


def test_the_rest_keeps_its_steps_below_the_head() -> None:
    assert above_rest({"a": 5.0}, {"a": 9.0, "b": 7.0, "c": 6.0}) == {"a": 5.0, "b": 3.0, "c": 2.0}
