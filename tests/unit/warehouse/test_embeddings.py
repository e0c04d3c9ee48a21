"""Vectors become rows of the embedding tables; vectors without a direction are refused."""

from __future__ import annotations

import numpy as np
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.types.derived_tables import CANDIDATE_TITLES, OFFER_TITLES
from jobmatch_ml.warehouse import arrow_schema
from jobmatch_ml.warehouse.embeddings import embedding_rows


def test_rows_have_the_tables_schema_and_the_vectors_as_given() -> None:
    vectors = np.array([[0.6, 0.8], [1.0, 0.0]], dtype=np.float32)
    rows = embedding_rows(CANDIDATE_TITLES, ["b", "a"], vectors, model="m")
    assert rows.schema == arrow_schema(CANDIDATE_TITLES)
    assert rows.column("candidate_id").to_pylist() == ["b", "a"]
    assert np.array_equal(np.array(rows.column("embedding").to_pylist(), np.float32), vectors)
    assert rows.column("embedding_dimension").to_pylist() == [2, 2]
    assert set(rows.column("embedding_model").to_pylist()) == {"m"}


@pytest.mark.parametrize(
    ("ids", "vectors", "text"),
    [
        (["a"], [[1.0], [1.0]], r"one vector for each of 1 distinct ids.*shape \(2, 1\)"),
        (["a", "a"], [[1.0], [1.0]], "found 1 distinct ids"),
        (["a", "b"], [[0.0], [1.0]], "1 of 2 vectors are zero or not finite"),
        (["a", "b"], [[np.nan], [np.inf]], "2 of 2 vectors are zero or not finite"),
    ],
)
def test_what_has_no_direction_is_refused(
    ids: list[str], vectors: list[list[float]], text: str
) -> None:
    with pytest.raises(InputError, match=text):
        embedding_rows(OFFER_TITLES, ids, np.array(vectors, np.float32), model="m")
