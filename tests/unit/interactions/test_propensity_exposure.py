"""The logger's own propensities: means by hand, and the mean over many draws of positions."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.interactions.propensity import known_propensities
from jobmatch_ml.interactions.propensity_exposure import expected_propensities
from tests.click_logs import replace_column, simulate_clicks, true_curve

MODEL = known_propensities({"search": np.array([1, 0.5, 0.3])})


def log(*slates: tuple[str, list[float | None]]) -> pa.Table:
    rows = [
        (f"r{number}", policy, position, len(scores), score)
        for number, (policy, scores) in enumerate(slates)
        for position, score in enumerate(scores, start=1)
    ]
    request, policy, position, size, score = zip(*rows, strict=True)
    return pa.table(
        {
            "request_id": list(request),
            "surface": ["search"] * len(rows),
            "policy": list(policy),
            "position": pa.array(position, pa.int32()),
            "slate_size": pa.array(size, pa.int32()),
            "match_score": pa.array(score, pa.float64()),
            "viewed": [False] * len(rows),
        }
    )


def test_random_slates_have_the_mean_of_their_positions() -> None:
    """(1 + 0.5 + 0.3) / 3 = 0.6; two positions: 0.75."""
    table = log(("explore", [None] * 3), ("explore", [None] * 2))
    assert expected_propensities(table, MODEL) == pytest.approx([0.6] * 3 + [0.75] * 2)


def test_swapped_policies_weigh_home_and_elsewhere() -> None:
    """Half of the slates swapped: a row of three moves with 0.5 * 2 / 3 = 1/3, 1/6 to each place.

    Home 1: 2/3 + (0.5 + 0.3) / 6 = 0.8; home 2: 1/3 + 1.3 / 6 = 0.55; home 3: 0.2 + 1.5 / 6 = 0.45.
    """
    table = log(("platform", [9, 8, 7]), ("platform_swap", [7, 8, 9]))
    expected = [0.8, 0.55, 0.45, 0.45, 0.55, 0.8]
    assert expected_propensities(table, MODEL) == pytest.approx(expected)


def test_a_slate_whose_size_was_not_logged_ends_at_its_last_position() -> None:
    table = log(("explore", [None] * 3), ("platform", [9, 8, 7]), ("platform_swap", [7, 8, 9]))
    unknown = replace_column(table, "slate_size", pa.nulls(len(table), pa.int32()))
    assert expected_propensities(unknown, MODEL).tolist() == (
        expected_propensities(table, MODEL).tolist()
    )
    partly = replace_column(table, "slate_size", pa.array([3, None, None, *[3] * 6], pa.int32()))
    assert expected_propensities(partly, MODEL)[:3] == pytest.approx([0.6] * 3)


def test_a_policy_without_chance_has_the_propensity_of_the_position() -> None:
    table = log(("popularity", [9, 8, 8]), ("platform_swap", [1]), ("platform", [1]))
    assert expected_propensities(table, MODEL) == pytest.approx([1, 0.5, 0.3, 1, 1])


def test_rows_that_were_never_shown_are_refused() -> None:
    table = replace_column(log(("popularity", [9, 8])), "surface", ["search", "import"])
    with pytest.raises(InputError, match="1 rows were never shown"):
        expected_propensities(table, MODEL)


def test_a_slate_longer_than_the_curve_is_refused() -> None:
    with pytest.raises(InputError, match="position 4"):
        expected_propensities(log(("explore", [None] * 4)), MODEL)


def test_exposures_average_to_the_expected_propensity() -> None:
    log = simulate_clicks(4_000, seed=7, explore=0.3, swap=0.5)
    model = known_propensities({name: true_curve(name) for name in ("search", "top_offers")})
    ratio = model.propensities_of(log.table) / expected_propensities(log.table, model)
    error = ratio.reshape(-1, 10).mean(1).std() / np.sqrt(4_000)
    assert ratio.mean() == pytest.approx(1, abs=3.5 * error + 1e-3)
