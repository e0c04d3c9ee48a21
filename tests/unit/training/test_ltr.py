"""LambdaRank on small logs with a known truth: corrections, refusals, determinism."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.ranking.features import NAMES
from jobmatch_ml.ranking.ltr import BOOSTER, LtrModel
from jobmatch_ml.training.ltr import GAINS, grouped_ndcg, row_weights, train_ltr
from jobmatch_ml.training.ltr_rows import LtrRows, in_groups
from tests.ltr_rows import OLD, QUICK, TRUE, make_rows, propensities, truth_of

IPS = QUICK.model_copy(update={"correction": "ips"})
POSITION = QUICK.model_copy(update={"correction": "position"})


def test_what_was_opened_at_a_position_seen_by_half_counts_twice() -> None:
    rows = replace(
        make_rows(groups=40),
        labels=np.tile([1, 0], len(make_rows(groups=40)) // 2).astype(np.int32),
    )
    weights = row_weights(rows, IPS, propensities())
    expected = np.where(rows.labels > 0, np.minimum(rows.positions, 10), 1)
    np.testing.assert_allclose(weights, expected)
    assert row_weights(rows, QUICK, None).tolist() == rows.weights.tolist()


def test_weights_are_capped_and_multiply_the_delay_models() -> None:
    rows = replace(make_rows(groups=40), weights=np.full(len(make_rows(groups=40)), 3.0))
    weights = row_weights(rows, IPS.model_copy(update={"most_weight": 2.0}), propensities())
    assert set(weights.tolist()) <= {3.0, 6.0}
    assert (weights[rows.labels > 0] <= 6.0).all()


def test_debiasing_finds_the_truth_where_the_naive_model_learns_the_old_ranker() -> None:
    train, held_out = make_rows(groups=600), make_rows(groups=200, seed=1)
    naive = train_ltr(train, held_out, QUICK, propensities=propensities())
    debiased = train_ltr(train, held_out, IPS, propensities=propensities())
    assert truth_of(debiased.model.score) > truth_of(naive.model.score) + 0.03
    assert naive.model.gains()[NAMES[OLD]] > 0.2


def test_lightgbms_own_factors_take_weight_from_the_old_rankers_column() -> None:
    train, held_out = make_rows(groups=600), make_rows(groups=200, seed=1)
    naive = train_ltr(train, held_out, QUICK).model.gains()[NAMES[OLD]]
    assert train_ltr(train, held_out, POSITION).model.gains()[NAMES[OLD]] < naive


def test_without_position_bias_the_correction_changes_nothing() -> None:
    flat = np.ones(10)
    train, held_out = make_rows(groups=300, curve=flat), make_rows(seed=1, curve=flat)
    known = propensities(flat)
    naive = train_ltr(train, held_out, QUICK, propensities=known).model
    debiased = train_ltr(train, held_out, IPS, propensities=known).model
    matrix = held_out.matrix[:50]
    np.testing.assert_allclose(naive.score(matrix), debiased.score(matrix))


def test_the_same_rows_and_seed_give_the_same_bytes(tmp_path: Path) -> None:
    train, held_out = make_rows(), make_rows(seed=1)
    drawn = QUICK.model_copy(update={"bagging_fraction": 0.5, "feature_fraction": 0.5})
    texts = []
    for run in range(2):
        train_ltr(train, held_out, drawn).model.save(tmp_path / str(run))
        texts.append((tmp_path / str(run) / BOOSTER).read_bytes())
    assert texts[0] == texts[1]


def test_constraints_make_the_score_monotone() -> None:
    train, held_out = make_rows(), make_rows(seed=1)
    model = train_ltr(train, held_out, QUICK).model
    matrix = np.full((50, len(NAMES)), np.nan, dtype=np.float32)
    matrix[:, TRUE], matrix[:, OLD] = np.linspace(0, 1, 50), 0.5
    scores = model.score(matrix)
    assert (np.diff(scores) >= -1e-12).all()
    assert scores[-1] > scores[0], "a constraint turned round would leave it flat"


def test_training_stops_when_validation_days_stop_gaining() -> None:
    train = make_rows()
    patient = QUICK.model_copy(update={"rounds": 200, "patience": 10})
    report = train_ltr(train, make_rows(seed=1), patient)
    assert len(report.curve) < 200
    assert report.model.booster.num_trees() == report.model.facts["trees"] <= len(report.curve)


def test_features_that_never_vary_are_left_out_and_named() -> None:
    rows = make_rows()
    rows.matrix[:, NAMES.index("bm25")] = 1.0
    report = train_ltr(rows, make_rows(seed=1), QUICK)
    assert "bm25" in report.constant
    assert "dense_title" in report.constant  # all missing
    assert report.model.names == (NAMES[TRUE], NAMES[OLD])


def test_ndcg_of_groups_is_the_definition() -> None:
    gains = np.array([0.0, 1.0, 2.0, 0.0, 0.0])
    groups = np.array([0, 0, 0, 1, 1])
    # Group 0 in the order 1, 2, 0; group 1 has no gain and does not count.
    scores = np.array([0.1, 0.9, 0.5, 1.0, 2.0])
    expected = (1 + 2 / np.log2(3)) / (2 + 1 / np.log2(3))
    assert grouped_ndcg(scores, gains, groups) == pytest.approx(expected)
    assert grouped_ndcg(scores, gains, groups, at=1) == pytest.approx(0.5)


def test_broken_rows_are_refused_by_name() -> None:
    rows, held_out = make_rows(), make_rows(seed=1)
    one_class = replace(rows, labels=np.ones(len(rows), dtype=np.int32))
    contract = rows.matrix.copy()
    contract[0, NAMES.index("contract")] = 9
    infinite = rows.matrix.copy()
    infinite[0, TRUE] = np.inf
    blank = np.full_like(rows.matrix, np.nan)
    for broken, message in (
        (one_class, "all .* labels are 1"),
        (replace(rows, labels=rows.labels * 7), "expected 0 to 5"),
        (replace(rows, matrix=contract), "category outside"),
        (replace(rows, matrix=infinite), "infinite"),
        (replace(rows, matrix=blank), "constant or missing"),
        (replace(rows, weights=-rows.weights), "weights"),
    ):
        with pytest.raises(InputError, match=message):
            train_ltr(broken, held_out, QUICK)
    with pytest.raises(InputError, match="needs propensities"):
        train_ltr(rows, held_out, IPS)
    with pytest.raises(InputError, match="static_title"):
        train_ltr(rows, held_out, QUICK.model_copy(update={"without": ("static_titel",)}))


def test_rows_without_a_positive_anywhere_are_refused_with_the_counts() -> None:
    rows = make_rows()
    empty = in_groups(replace(rows, labels=np.zeros(len(rows), dtype=np.int32)))
    assert len(empty) == 0
    with pytest.raises(InputError, match="group without a positive"):
        train_ltr(empty, make_rows(seed=1), QUICK)


def test_gains_grow_with_the_funnel() -> None:
    assert list(GAINS) == sorted(set(GAINS))
    assert GAINS[0] == 0


def test_a_model_reads_back_what_it_wrote(tmp_path: Path) -> None:
    rows: LtrRows = make_rows()
    model = train_ltr(rows, make_rows(seed=1), QUICK).model
    model.save(tmp_path / "ltr")
    np.testing.assert_array_equal(
        LtrModel.load(tmp_path / "ltr").score(rows.matrix), model.score(rows.matrix)
    )
