"""Reading a log for estimation: imports kept out, and where an offer stood before an exchange."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.interactions.propensity_log import (
    curve_from,
    home_position,
    read_shown,
    refuse_thin,
    shown_rows,
)
from tests.click_logs import replace_column, simulate_clicks

LOG = simulate_clicks(40, seed=3).table


def slate(scores: list[float | None], *, policy: str = "platform_swap") -> pa.Table:
    size = len(scores)
    return pa.table(
        {
            "request_id": ["r1"] * size,
            "surface": ["search"] * size,
            "policy": [policy] * size,
            "position": pa.array(range(1, size + 1), pa.int32()),
            "slate_size": pa.array([size] * size, pa.int32()),
            "match_score": pa.array(scores, pa.float64()),
            "viewed": [False] * size,
        }
    )


def homes(scores: list[float | None], *, policy: str = "platform_swap") -> list[int]:
    return home_position(read_shown(slate(scores, policy=policy))).tolist()


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([9, 7, 5, 3], [1, 2, 3, 4]),  # two of one score were exchanged: no trace
        ([7, 9, 5, 3], [2, 1, 3, 4]),
        ([3, 7, 5, 9], [4, 2, 3, 1]),
        ([9, 3, 5, 7], [1, 4, 3, 2]),
        ([5, 1, 3, 3], [1, 4, 3, 2]),  # equal scores stay where they were
        ([3, 3, 5], [3, 2, 1]),
        ([5, 5, 3], [1, 2, 3]),
        ([3, 5, 5], [3, 2, 1]),
        ([4], [1]),
    ],
)
def test_the_exchanged_pair_is_found_by_its_scores(
    scores: list[float | None], expected: list[int]
) -> None:
    assert homes(scores) == expected


def test_other_policies_show_every_offer_at_home() -> None:
    assert homes([3, None, 9], policy="explore") == [1, 2, 3]


def test_a_swapped_slate_without_scores_is_refused() -> None:
    with pytest.raises(InputError, match="1 rows of swapped slates have no match_score"):
        homes([3, None, 1])


def test_scores_that_no_single_exchange_explains_are_refused() -> None:
    with pytest.raises(InputError, match="1 of 1 swapped slates are not in order"):
        homes([1, 2, 3, 4])


def test_every_simulated_exchange_is_found() -> None:
    log = read_shown(LOG)
    home = home_position(log)
    assert (home[~log.swapped] == log.position[~log.swapped]).all()
    order = np.lexsort((home, log.request))
    falls = np.diff(log.score[order]) <= 0
    same_slate = np.diff(log.request[order]) == 0
    scored = ~np.isnan(log.score[order][1:])
    assert falls[same_slate & scored].all()
    moved = np.bincount(log.request[log.swapped], weights=(home != log.position)[log.swapped])
    assert set(moved[np.unique(log.request[log.swapped])]) == {2}


def test_imports_are_kept_out() -> None:
    surfaces = ["import", *LOG["surface"].to_pylist()[1:]]
    positions = [1, None, *LOG["position"].to_pylist()[2:]]
    table = replace_column(replace_column(LOG, "surface", surfaces), "position", positions)
    assert len(shown_rows(table)) == len(LOG) - 2
    assert "import" not in read_shown(table).surfaces


def test_a_log_of_imports_alone_and_positions_below_1_are_refused() -> None:
    imports = replace_column(LOG, "surface", ["import"] * len(LOG))
    with pytest.raises(InputError, match="no impression"):
        read_shown(imports)
    with pytest.raises(InputError, match="1 rows have a position below 1"):
        read_shown(replace_column(LOG, "position", [0, *LOG["position"].to_pylist()[1:]]))


def test_the_order_of_rows_changes_nothing_but_their_order() -> None:
    order = np.random.default_rng(0).permutation(len(LOG))
    log, mixed = read_shown(LOG), read_shown(LOG.take(pa.array(order)))
    assert (home_position(mixed) == home_position(log)[order]).all()
    assert mixed.policies == log.policies


def test_thin_positions_are_all_named_with_their_counts() -> None:
    with pytest.raises(InputError, match=r"positions 2 \(3 of 50\), 3 \(0 of 40\)"):
        refuse_thin("api", np.array([60, 50, 40]), np.array([30, 3, 0]), min_clicks=20)
    refuse_thin("api", np.array([60, 50]), np.array([30, 20]), min_clicks=20)


def test_a_curve_has_intervals_on_the_logarithm_and_stays_below_1() -> None:
    covariance = np.diag([0.0, 0.01, 0.01])  # standard error 0.1 of the logarithm
    curve = curve_from(np.log([1, 0.5, 1.05]), covariance, n_impressions=9, n_clicks=3)
    assert curve.propensities == pytest.approx((1, 0.5, 1))
    assert curve.low[1] == pytest.approx(0.5 * np.exp(-0.1959964))
    assert curve.high[1] == pytest.approx(0.5 * np.exp(0.1959964))
    assert (curve.low[0], curve.high[0]) == (1, 1)
