"""EM on the whole log: known curves come back, merit is not taken for position, bad logs fail."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.interactions import propensity_em
from jobmatch_ml.interactions.propensity_em import estimate_by_em, fit_position_based_model
from tests.click_logs import replace_column, simulate_clicks, true_curve

LOG = simulate_clicks(8_000, seed=2, explore=0.2, swap=0.2)


def worst_error(table: pa.Table) -> float:
    model = estimate_by_em(table)
    errors = [
        np.abs(np.array(curve.propensities) / true_curve(surface) - 1)
        for surface, curve in model.curves.items()
    ]
    return float(np.max(errors))


def test_the_known_curves_are_found_within_the_standard_errors() -> None:
    model = estimate_by_em(LOG.table)
    for surface, curve in model.curves.items():
        error = np.log(np.array(curve.propensities) / true_curve(surface))[1:]
        deviation = error / np.sqrt(np.diag(curve.log_covariance))[1:]
        assert np.abs(deviation).max() < 3.5
        assert curve.propensities[0] == 1


def test_the_score_is_what_keeps_merit_from_passing_for_position() -> None:
    """On a ranker's slates alone, without its score, the top looks better than it is."""
    log = simulate_clicks(6_000, seed=4, explore=0, swap=0)
    blind = replace_column(log.table, "match_score", [None] * len(log.table))
    assert worst_error(blind) > 0.3
    assert worst_error(log.table) < 0.5 * worst_error(blind)


def test_attraction_is_told_from_position() -> None:
    fit = fit_position_based_model(LOG.table)
    assert fit.attraction.shape == LOG.attraction.shape
    assert fit.attraction.mean() == pytest.approx(LOG.attraction.mean(), rel=0.05)
    assert np.corrcoef(fit.attraction, LOG.attraction)[0, 1] > 0.6


def test_em_climbs_and_the_last_steps_reach_where_it_would_go() -> None:
    """More EM steps end at the same optimum, so that scoring does not end elsewhere."""
    few = estimate_by_em(LOG.table, em_iterations=5).curves["search"].propensities
    many = estimate_by_em(LOG.table, em_iterations=300).curves["search"].propensities
    assert few == pytest.approx(many, rel=1e-4)


def test_no_em_step_lowers_the_likelihood() -> None:
    log = propensity_em.read_shown(LOG.table)
    cells = propensity_em.build_cells(log, propensity_em.feature_codes(LOG.table, log))
    fit = propensity_em._start(cells)
    values = []
    for _ in range(30):
        values.append(propensity_em._objective(cells, fit))
        fit = propensity_em._em_step(cells, fit)
    assert (np.diff(values) > -1e-6).all()


@pytest.mark.parametrize(
    ("clicked", "message"), [(True, "every impression of the log has `viewed`"), (False, "too few")]
)
def test_one_class_of_clicks_is_refused(clicked: bool, message: str) -> None:
    table = replace_column(LOG.table, "viewed", [clicked] * len(LOG.table))
    with pytest.raises(InputError, match=message):
        estimate_by_em(table, min_clicks=0)


def test_an_empty_log_is_refused() -> None:
    with pytest.raises(InputError, match="no impression"):
        estimate_by_em(LOG.table.slice(0, 0))
