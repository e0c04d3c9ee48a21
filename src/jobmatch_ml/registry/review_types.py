"""What a review found, as it is kept beside the version: plain values that JSON holds."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from jobmatch_ml.config import StrictModel


class Comparison(StrictModel):
    """One metric of both sides on the same people, challenger minus champion."""

    metric: str = Field(description="Metric key.")
    challenger: float = Field(description="Its mean.")
    champion: float = Field(description="The champion's mean.")
    difference: float = Field(description="Mean paired difference.")
    low: float = Field(description="Lower end of its 95 % interval.")
    high: float = Field(description="Upper end.")
    p_value: float = Field(description="Two-sided paired randomisation test.")
    n_queries: int = Field(description="People compared.")


class SliceRow(StrictModel):
    """Challenger minus champion on some of the people."""

    name: str = Field(description="Slice and value.")
    n_queries: int = Field(description="People in it.")
    champion: float = Field(description="Champion's mean.")
    challenger: float = Field(description="Challenger's mean.")
    difference: float = Field(description="Mean paired difference.")
    low: float = Field(description="Lower end of its 95 % interval.")
    high: float = Field(description="Upper end.")
    p_value: float = Field(description="After Holm's correction; 1 for slices too small.")


class CounterfactualRow(StrictModel):
    """Estimated value of both orders of the logged slates, position bias corrected."""

    challenger: float = Field(description="Clipped IPS estimate, expected DCG@10 of attraction.")
    champion: float = Field(description="The champion's.")
    difference: float = Field(description="Challenger minus champion, request by request.")
    low: float = Field(description="Lower end of its 95 % interval.")
    high: float = Field(description="Upper end.")
    n_requests: int = Field(description="Logged requests.")


class Cost(StrictModel):
    """What one side costs to serve."""

    median_ms: float = Field(description="One query, median.")
    p95_ms: float = Field(description="One query, 95th percentile.")
    index_seconds: float = Field(description="Preparing the corpus.")
    n_bytes: int = Field(description="Bytes of the bundle; 0 for a baseline without one.")


class CalibrationRow(StrictModel):
    """Expected calibration error of one funnel stage on test days."""

    stage: str = Field(description="view, apply …")
    challenger: float = Field(description="Its ECE.")
    champion: float | None = Field(None, description="The champion's; None without calibrators.")


class Evidence(StrictModel):
    """All that the gates read."""

    comparisons: tuple[Comparison, ...] = Field(description="On test people, deciding one first.")
    validation: Comparison | None = Field(None, description="Deciding metric, validation people.")
    slices: tuple[SliceRow, ...] = Field((), description="Greatest loss first.")
    counterfactual: CounterfactualRow | None = Field(None, description="None: see `notes`.")
    calibration: tuple[CalibrationRow, ...] = Field((), description="Empty: see `notes`.")
    challenger_cost: Cost = Field(description="Of the challenger.")
    champion_cost: Cost = Field(description="Of the champion.")
    leaks: tuple[str, ...] = Field((), description="Signs that test data was trained on.")
    lineage_problems: tuple[str, ...] = Field((), description="What is unknown or disagrees.")
    notes: tuple[str, ...] = Field((), description="What could not be computed, and why.")


class Gate(StrictModel):
    """One condition, whether it holds, and by which figures."""

    name: str = Field(description="Short name.")
    passed: bool = Field(description="Whether it holds.")
    reason: str = Field(description="The figures.")


class Review(StrictModel):
    """A review of one version against the champion of that moment."""

    model_name: str = Field(description="Registered model.")
    version: str = Field(description="The challenger's version.")
    bundle_sha256: str = Field(description="The challenger's identity.")
    against: str = Field(description="Champion's version; empty: there was none.")
    opponent: str = Field(description="What it was compared with, in words.")
    ranker: str = Field("served", description="What was reviewed: what is served, or by name.")
    data_hash: str = Field(description="Data set of the test.")
    config_hash: str = Field(description="Of the gates.")
    reviewed_at: datetime = Field(description="UTC.")
    reviewed_by: str = Field(description="Who asked for it.")
    seconds: float = Field(description="How long it took.")
    verdict: Literal["pass", "fail"] = Field(description="`pass` when all gates passed.")
    gates: tuple[Gate, ...] = Field(description="All of them.")
    evidence: Evidence = Field(description="What they read.")
    lineage: dict[str, Any] = Field(description="The challenger's, from its manifest.")

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it failed; empty when it passed."""
        return tuple(f"{gate.name}: {gate.reason}" for gate in self.gates if not gate.passed)
