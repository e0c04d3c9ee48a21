"""The learned ranker by itself, and by name."""

from __future__ import annotations

import pytest

from jobmatch_ml.errors import RankerNotApplicableError
from jobmatch_ml.ranking.ltr_ranker import LtrRanker
from jobmatch_ml.ranking.registry import RankerContext, create_ranker
from jobmatch_ml.types import Document, Query
from tests.toy import ToyEncoder
from tests.unit.ranking.test_cascade import DOCUMENTS, MODEL, QUERY, source


def test_ltr_alone_scores_every_document_of_its_own_catalogue() -> None:
    ranker = LtrRanker(MODEL, source("c1"))
    ranker.index(DOCUMENTS)
    assert list(ranker.rank([QUERY], top_k=2)["c1"]) == ["o1", "o2"]
    with pytest.raises(RankerNotApplicableError, match="c7"):
        ranker.rank([Query("c7", "x", "")], top_k=1)
    with pytest.raises(RankerNotApplicableError, match="no facts"):
        ranker.index([Document("x", "a", "b")])


def test_by_name_ltr_needs_model_and_facts_and_the_cascade_takes_what_there_is() -> None:
    with pytest.raises(RankerNotApplicableError, match="the facts of offers"):
        create_ranker("ltr", RankerContext())
    with pytest.raises(RankerNotApplicableError, match="other direction"):
        create_ranker(
            "ltr", RankerContext(ltr=MODEL, features=source(), direction="offer_to_candidate")
        )
    ranker = create_ranker("cascade", RankerContext(encoder=ToyEncoder()))
    ranker.index(DOCUMENTS)
    assert len(ranker.rank([QUERY], top_k=3)["c1"]) == 3
