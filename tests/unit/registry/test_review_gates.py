"""Each gate by figures at its limit: which side passes, and what the reason says."""

from __future__ import annotations

from typing import Any

import pytest

from jobmatch_ml.registry.review_config import ReviewConfig, ReviewGates
from jobmatch_ml.registry.review_gates import judge
from jobmatch_ml.registry.review_types import (
    CalibrationRow,
    Comparison,
    Cost,
    CounterfactualRow,
    Evidence,
    SliceRow,
)

GATES = ReviewGates()


def comparison(
    difference: float, half: float = 0.01, *, metric: str = "ndcg@10", n_queries: int = 100
) -> Comparison:
    return Comparison(
        metric=metric,
        challenger=0.5 + difference,
        champion=0.5,
        difference=difference,
        low=difference - half,
        high=difference + half,
        p_value=0.5,
        n_queries=n_queries,
    )


def slice_row(difference: float, *, p_value: float = 0.01, n_queries: int = 30) -> SliceRow:
    return SliceRow(
        name="domain=M",
        n_queries=n_queries,
        champion=0.5,
        challenger=0.5 + difference,
        difference=difference,
        low=difference,
        high=difference,
        p_value=p_value,
    )


def cost(median_ms: float = 10.0, n_bytes: int = 1_000_000) -> Cost:
    return Cost(median_ms=median_ms, p95_ms=median_ms, index_seconds=1.0, n_bytes=n_bytes)


def counterfactual(high: float) -> CounterfactualRow:
    return CounterfactualRow(
        challenger=1.0, champion=2.0, difference=-1.0, low=-2.0, high=high, n_requests=9
    )


def failed(**changes: Any) -> dict[str, str]:
    values: dict[str, Any] = {
        "comparisons": (comparison(0.0), comparison(0.0, metric="recall@100")),
        "challenger_cost": cost(),
        "champion_cost": cost(),
    }
    gates = judge(Evidence(**values | changes), GATES)
    return {gate.name: gate.reason for gate in gates if not gate.passed}


def test_an_equal_challenger_passes() -> None:
    assert failed() == {}


@pytest.mark.parametrize(
    ("changes", "name", "text"),
    [
        ({"comparisons": (comparison(0.0, n_queries=49),)}, "support", "49 people"),
        ({"comparisons": (comparison(-0.02, 0.001),)}, "quality ndcg@10", "difference -0.020"),
        ({"comparisons": (comparison(0.0, 0.021),)}, "quality ndcg@10", "must be ruled out"),
        (
            {"comparisons": (comparison(0.0), comparison(-0.1, metric="recall@100"))},
            "quality recall@100",
            "recall@100 0.400 against 0.500",
        ),
        ({"slices": (slice_row(-0.06),)}, "slices", "domain=M lost 0.060 of 0.500 (30 people"),
        ({"counterfactual": counterfactual(-0.11)}, "counterfactual", "1.000 against 2.000"),
        (
            {"calibration": (CalibrationRow(stage="view", challenger=0.031),)},
            "calibration",
            "ECE of view 0.031",
        ),
        ({"challenger_cost": cost(51.0)}, "latency", "51.0 ms a query against 10.0 ms"),
        ({"challenger_cost": cost(n_bytes=3_100_000)}, "size", "3.1 MB against 1.0 MB"),
        ({"leaks": ("it was trained on 3 test people",)}, "leak", "3 test people"),
        ({"lineage_problems": ("no commit",)}, "lineage", "no commit"),
        ({"comparisons": (comparison(0.17),)}, "plausibility", "too good to be true"),
        (
            {"comparisons": (comparison(0.14),), "validation": comparison(0.0)},
            "plausibility",
            "exceeds that on validation people by 0.140 [0.126, 0.154]",
        ),
    ],
)
def test_a_figure_beyond_its_limit_fails_its_gate_alone(
    changes: dict[str, Any], name: str, text: str
) -> None:
    found = failed(**changes)
    assert list(found) == [name]
    assert text in found[name]


@pytest.mark.parametrize(
    "changes",
    [
        {"comparisons": (comparison(0.0, n_queries=50),)},
        {"comparisons": (comparison(0.0, 0.0199),)},
        {"slices": (slice_row(-0.06, p_value=0.06),)},
        {"slices": (slice_row(-0.06, n_queries=14),)},
        {"slices": (slice_row(-0.04),)},
        {"counterfactual": counterfactual(-0.09)},
        {"calibration": (CalibrationRow(stage="hire", challenger=0.5),)},
        {"challenger_cost": cost(49.0)},
        {"champion_cost": cost(100.0), "challenger_cost": cost(199.0)},
        {"champion_cost": cost(0.5, n_bytes=0), "challenger_cost": cost(500.0)},
        {"comparisons": (comparison(0.14),)},
        {"comparisons": (comparison(0.14),), "validation": comparison(0.1, 0.05)},
        {"comparisons": (comparison(0.0),), "validation": comparison(0.3)},
    ],
)
def test_a_figure_within_its_limit_passes(changes: dict[str, Any]) -> None:
    assert failed(**changes) == {}


def test_every_failure_is_told_not_only_the_first() -> None:
    assert set(failed(leaks=("a", "b"), slices=(slice_row(-0.2),))) == {"leak", "slices"}
    assert failed(leaks=("a", "b"))["leak"] == "a; b"


def test_a_limit_of_a_metric_that_is_not_computed_is_refused() -> None:
    with pytest.raises(ValueError, match=r"max_loss names ndgc@10, which is not among the metrics"):
        ReviewConfig(gates=ReviewGates(max_loss={"ndgc@10": 0.02, "recall@100": 0.05}))
