"""What all counterfactual estimators share: checks of the arrays, diagnostics, wider intervals."""

from __future__ import annotations

import numpy as np
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.evaluation.counterfactual import clipped_ips, dr, ips, snips
from jobmatch_ml.evaluation.counterfactual_rows import LoggedRows, number_requests

CLICKS = [1, 0, 0, 1]
PROPENSITIES = [0.8, 0.25, 0.5, 0.05]
WEIGHTS = [0.5, 1.0, 0.5, 1.0]
REQUESTS = ["a", "a", "b", "b"]
DATA = (CLICKS, PROPENSITIES, WEIGHTS)


def test_diagnostics_by_hand() -> None:
    """Weights of the clicks 0.625 and 20: (20.625)^2 / (0.39 + 400) = 1.06 clicks' worth."""
    estimate = ips(*DATA, requests=REQUESTS)
    assert estimate.effective_sample_size == pytest.approx(20.625**2 / (0.625**2 + 400))
    assert estimate.max_weight == pytest.approx(20)
    assert estimate.overlap == pytest.approx(2 / 3)
    assert (estimate.n_requests, estimate.n_clicks) == (2, 2)
    # Clipping changes what a click counts for, not what could be seen.
    for clipping in (clipped_ips, snips):
        assert clipping(*DATA, requests=REQUESTS, clip=0.2).overlap == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"propensities": [0.8, 0, 0.5, 0.05]}, "1 rows have propensity 0"),
        ({"propensities": [0.8, 2, 0.5, 0.05]}, r"propensities: 1 values lie outside \[0, 1\]"),
        ({"rewards": [1, 0, np.nan, 1]}, "rewards.*nan in row 2"),
        ({"weights": [1, 0, -1, 1]}, "weights"),
        ({"weights": [1, 0]}, r"weights has shape \(2,\); expected \(4,\)"),
        ({"requests": ["a"] * 4}, "1 request in the log"),
        ({"exposures": [1, 1, 1, 2]}, "exposures"),
        ({"predictions": [1, 1, 1, 2]}, "predictions"),
        ({"predictions": None}, "predicted attraction"),
        ({"clip": 0}, "clip is 0"),
    ],
)
def test_bad_input_is_named(change: dict[str, object], message: str) -> None:
    arguments = {
        "rewards": CLICKS,
        "propensities": PROPENSITIES,
        "weights": WEIGHTS,
        "requests": REQUESTS,
        "predictions": [0.5] * 4,
    }
    with pytest.raises(InputError, match=message):
        dr(**{**arguments, **change})


def test_rows_of_a_request_may_lie_apart() -> None:
    rows = LoggedRows.of([1, 1, 0], [1, 1, 1], [1, 1, 1], ["b", "a", "b"], None)
    assert rows.by_request(np.array([1.0, 2.0, 4.0])).tolist() == [2, 5]
    assert (rows.exposure == rows.propensity).all()


@pytest.mark.parametrize(
    "requests", [[7, 3, 7, 9], ["b", "a", "b", "c"], [7_000_000, 3, 7_000_000, 8_000_000]]
)
def test_requests_are_numbered_in_their_order(requests: list[object]) -> None:
    numbers, count = number_requests(requests)
    assert numbers.tolist() == [1, 0, 1, 2]
    assert count == 3


def test_another_source_of_variance_widens() -> None:
    estimate = ips(*DATA, requests=REQUESTS)
    wider = estimate.widened(estimate.standard_error**2)
    assert wider.half_width == pytest.approx(estimate.half_width * np.sqrt(2))
    assert wider.value == estimate.value
    assert wider.as_row()["estimator"] == "ips"
