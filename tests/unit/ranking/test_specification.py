"""The list of features is complete, unique and documented."""

from __future__ import annotations

import numpy as np

from jobmatch_ml.ranking.features import FEATURES, NAMES, FeatureBuilder, specification
from jobmatch_ml.ranking.features.specification import TEXT_NAMES, feature_rows
from jobmatch_ml.ranking.features.texts import DENSE_VIEWS, LEXICAL_VIEWS
from tests.feature_market import MOMENT, offer_facts, space
from tests.unit.ranking.test_matrix import baker


def test_names_are_unique_and_each_feature_says_where_it_comes_from() -> None:
    assert len(set(NAMES)) == len(NAMES) == len(feature_rows())
    assert all(each.formula and each.unit and each.source for each in FEATURES)
    assert set(TEXT_NAMES) == {*DENSE_VIEWS, *LEXICAL_VIEWS}


def test_features_that_are_never_missing_never_are() -> None:
    texts = {name: np.zeros(3, np.float32) for name in TEXT_NAMES}
    matrix = FeatureBuilder(space(), offer_facts()).matrix(baker(), np.arange(3), MOMENT, texts)
    for place, feature in enumerate(FEATURES):
        if not feature.missing:
            assert not np.isnan(matrix[:, place]).any(), feature.name


def test_the_hash_tells_definitions_apart() -> None:
    assert specification()["sha256"] != specification(NAMES[1:])["sha256"]
    assert specification(NAMES)["sha256"] == specification()["sha256"]
