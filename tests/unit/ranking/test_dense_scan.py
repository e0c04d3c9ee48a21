"""The exact scan and the check of vectors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.ranking.dense_scan import DenseScan, unit_rows


def random_units(n_rows: int, seed: int, dim: int = 24) -> Any:
    return unit_rows(np.random.default_rng(seed).standard_normal((n_rows, dim)), name="v")


def test_it_equals_a_full_sort_of_exact_products() -> None:
    docs, queries = random_units(300, 1), random_units(7, 2)
    ids = [f"d{number:03d}" for number in range(300)]
    run = DenseScan(ids, docs).search([f"q{n}" for n in range(7)], queries, top_k=25)
    products = queries.astype(np.float64) @ docs.astype(np.float64).T
    for row, scores in zip(products, run.values(), strict=True):
        expected = [ids[position] for position in np.argsort(-row)[:25]]
        assert list(scores) == expected
        assert list(scores.values()) == pytest.approx(np.sort(row)[::-1][:25], abs=1e-6)


def test_equal_vectors_tie_exactly_wherever_they_stand() -> None:
    docs = random_units(200, 3)
    docs[[17, 63, 199]] = docs[5]
    ids = [f"d{number:03d}" for number in range(200)]
    query = random_units(1, 4)
    scores = DenseScan(ids, docs).search(["q"], query, top_k=200)["q"]
    assert len({scores[name] for name in ("d005", "d017", "d063", "d199")}) == 1


def test_a_batch_scores_bit_by_bit_as_single_queries() -> None:
    scan = DenseScan([f"d{number:03d}" for number in range(500)], random_units(500, 5))
    queries = random_units(33, 6)
    names = [f"q{number}" for number in range(33)]
    single: dict[str, dict[str, float]] = {}
    for name, query in zip(names, queries, strict=True):
        single |= scan.search([name], query[None], top_k=9)
    assert scan.search(names, queries, top_k=9) == single


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([[1.0, 2.0]], "has the length 2; expected 3"),
        ([1.0, 2.0, float("nan")], "1 rows hold NaN or infinity, the first is row 0"),
        ([[1.0, 0, 0], [0, 0, 0]], "row 1 is all zeros"),
        ([["a", "b", "c"]], "expected rows of 3 numbers"),
        ([[1.0], [1.0, 2.0]], "expected rows of 3 numbers"),
        ([], "has the length 0; expected 3"),
    ],
)
def test_vectors_that_cannot_be_compared_are_refused(values: Any, message: str) -> None:
    with pytest.raises(InputError, match=message) as error:
        unit_rows(values, name="cv_embedding", dimension=3)
    assert error.value.field == "cv_embedding"


def test_a_wrong_number_of_rows_is_refused() -> None:
    with pytest.raises(InputError, match="has 1 rows; expected 2"):
        unit_rows([1.0, 0.0], name="titles", n_rows=2)


def test_rows_come_back_with_length_one() -> None:
    assert unit_rows([[3.0, 4.0]], name="v").tolist() == [[pytest.approx(0.6), pytest.approx(0.8)]]
