"""The one order: score descending, id ascending."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from jobmatch_ml.ranking.order import top_documents


@given(
    scores=st.lists(st.sampled_from([0.0, 0.25, 0.5, -1.0]), min_size=1, max_size=30),
    top_k=st.integers(1, 35),
)
def test_it_equals_sorting_by_score_then_id(scores: list[float], top_k: int) -> None:
    ids = [f"d{number:02d}" for number in range(len(scores))]
    expected = sorted(zip(ids, scores, strict=True), key=lambda row: (-row[1], row[0]))[:top_k]
    assert list(top_documents(np.array(scores), ids, top_k).items()) == expected
