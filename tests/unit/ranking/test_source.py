"""One place for all that features are made of."""

from __future__ import annotations

import numpy as np
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.ranking.features import FeatureBuilder, FeatureSource, TextIndex
from jobmatch_ml.types import Document, Query
from tests.feature_market import MOMENT, OFFERS, offer_facts, space
from tests.toy import ToyEncoder
from tests.unit.ranking.test_matrix import baker


def source(*ids: str) -> FeatureSource:
    texts = TextIndex(ToyEncoder(), None)
    titles = {offer["offer_id"]: offer["title"] for offer in OFFERS}
    texts.index([Document(each, titles.get(each, "x"), "") for each in ids])
    query = Query("c1", "Boulanger", "pain")
    builder = FeatureBuilder(space(), offer_facts())
    return FeatureSource(builder, texts, {"c1": baker()}, {"c1": query}, MOMENT)


def test_a_query_alone_has_the_features_that_it_has_in_a_batch() -> None:
    made, query = source("o1", "o2", "o3"), Query("c1", "Boulanger", "pain")
    rows = np.array([2, 0])
    batch = made.texts.embed([Query("c0", "Autre", ""), query])
    np.testing.assert_array_equal(
        made.matrix(query, rows), made.matrix(query, rows, embedded=(batch, 1))
    )
    assert made.rows == {"o1": 0, "o2": 1, "o3": 2}


def test_texts_of_other_offers_are_refused() -> None:
    with pytest.raises(InputError, match="same offers"):
        source("o1", "o2", "o9")
