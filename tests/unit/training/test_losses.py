"""The contrastive loss: by hand, against the library's, and by what each part must do."""

from __future__ import annotations

import math
from typing import Any

import pytest

from jobmatch_ml.training.losses import contrastive_loss

torch = pytest.importorskip("torch")


def unit(*rows: tuple[float, ...]) -> Any:
    return torch.nn.functional.normalize(torch.tensor(rows, dtype=torch.float64), dim=1)


def random_unit(n_rows: int, seed: int) -> Any:
    generator = torch.Generator().manual_seed(seed)
    vectors = torch.randn(n_rows, 5, dtype=torch.float64, generator=generator)
    return torch.nn.functional.normalize(vectors, dim=1)


def test_two_rows_by_hand() -> None:
    # q0 = d0, q1 = d1, all others at right angles: forward row (2, 0), backward row (2, 0).
    axes = unit((1, 0), (0, 1))
    expected = math.log(2 * math.exp(2) + 2) - 2
    assert float(contrastive_loss(axes, axes, scale=2.0)) == pytest.approx(expected, abs=1e-12)


def test_a_hard_negative_by_hand() -> None:
    axes = unit((1, 0), (0, 1))
    negative = unit((1, 0))  # cosine 1 with row 0, 0 with row 1
    rows = [math.log(3 * math.exp(2) + 2) - 2, math.log(2 * math.exp(2) + 3) - 2]
    found = contrastive_loss(axes, axes, scale=2.0, negatives=negative)
    assert float(found) == pytest.approx(sum(rows) / 2, abs=1e-12)


def test_a_refused_negative_counts_for_nobody_who_refuses_it() -> None:
    axes = unit((1, 0), (0, 1))
    refused = torch.tensor([[True], [False]])
    found = contrastive_loss(axes, axes, scale=2.0, negatives=unit((1, 0)), refused=refused)
    rows = [math.log(2 * math.exp(2) + 2) - 2, math.log(2 * math.exp(2) + 3) - 2]
    assert float(found) == pytest.approx(sum(rows) / 2, abs=1e-12)


def test_rows_that_refuse_each_other_are_left_out_of_both_sums() -> None:
    # Three rows on one direction; the first two are each other's right answers. Without the mask
    # each sum has six equal terms, with it the first two have four.
    same = unit((1, 0), (1, 0), (1, 0))
    refused = torch.tensor([[False, True, False], [True, False, False], [False, False, False]])
    found = contrastive_loss(same, same, scale=3.0, refused_rows=refused)
    expected = (2 * math.log(4) + math.log(6)) / 3
    assert float(found) == pytest.approx(expected, abs=1e-12)
    none = torch.zeros(3, 3, dtype=torch.bool)
    assert float(contrastive_loss(same, same, scale=3.0, refused_rows=none)) == pytest.approx(
        math.log(6), abs=1e-12
    )


def test_it_is_the_librarys_loss_in_both_directions() -> None:
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

    queries, documents, negatives = (random_unit(6, seed) for seed in (1, 2, 3))
    theirs = MultipleNegativesRankingLoss(
        torch.nn.Identity(), scale=7.0, directions=("query_to_doc", "doc_to_query")
    )
    for columns, hard in (
        ([queries, documents], None),
        ([queries, documents, negatives], negatives),
    ):
        expected = float(theirs.compute_loss_from_embeddings(columns, None))
        found = float(contrastive_loss(queries, documents, scale=7.0, negatives=hard))
        assert found == pytest.approx(expected, rel=1e-9)


def test_the_gradient_is_the_slope() -> None:
    queries, documents, negatives = (random_unit(4, seed) for seed in (4, 5, 6))
    refused = torch.zeros(4, 4, dtype=torch.bool)
    refused[0, 1] = True

    def loss(one: Any, other: Any, hard: Any) -> Any:
        return contrastive_loss(one, other, scale=3.0, negatives=hard, refused=refused)

    leaves = [item.requires_grad_() for item in (queries, documents, negatives)]
    assert torch.autograd.gradcheck(loss, leaves)


def test_the_order_of_the_rows_does_not_matter() -> None:
    queries, documents = random_unit(6, 7), random_unit(6, 8)
    order = [3, 1, 5, 0, 2, 4]
    one = contrastive_loss(queries, documents, scale=9.0)
    assert float(one) == pytest.approx(
        float(contrastive_loss(queries[order], documents[order], scale=9.0)), abs=1e-12
    )


def test_right_pairs_cost_less_than_wrong_ones() -> None:
    documents = random_unit(6, 9)
    right = contrastive_loss(documents, documents, scale=20.0)
    wrong = contrastive_loss(documents.roll(1, 0), documents, scale=20.0)
    assert float(right) < float(wrong)
