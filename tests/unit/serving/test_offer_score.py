"""A profile's score for one offer is the ranking's own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from jobmatch_ml.serving.offer_score import offer_scorer
from jobmatch_ml.types import Document


class Letters:
    """Counts of a and b: a text's vector."""

    name = "letters"
    dimension = 2

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([[t.count("a"), t.count("b")] for t in texts], dtype=np.float32)


def test_the_views_are_weighted_as_in_the_ranking() -> None:
    score = offer_scorer(Letters(), Document("1", "a", "b"), title_weight=0.25)
    # titles: cos(a, a) = 1; bodies: cos(ab, b) = 1/√2
    assert score("a", "ab") == pytest.approx(0.25 + 0.75 / 2**0.5)
    assert score("b", "a") == 0.0
