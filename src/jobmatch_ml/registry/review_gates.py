"""From evidence to a verdict: each gate reads figures, and says which."""

from __future__ import annotations

from jobmatch_ml.registry.review_config import ReviewGates
from jobmatch_ml.registry.review_types import Comparison, Evidence, Gate, SliceRow


def judge(evidence: Evidence, gates: ReviewGates) -> tuple[Gate, ...]:
    """Applies every gate; none is skipped because another failed.

    A gate whose evidence is missing passes and says so, but for lineage and support: what is not
    known there cannot be excused.
    """
    return (
        _support(evidence, gates),
        *_quality(evidence, gates),
        _slices(evidence.slices, gates),
        _counterfactual(evidence, gates),
        _calibration(evidence, gates),
        _latency(evidence, gates),
        _size(evidence, gates),
        _listed("lineage", evidence.lineage_problems, "data, code and people are known"),
        _listed("leak", evidence.leaks, "nothing of the test was trained on"),
        _plausible(evidence, gates),
    )


def _support(evidence: Evidence, gates: ReviewGates) -> Gate:
    n_queries = evidence.comparisons[0].n_queries
    return Gate(
        name="support",
        passed=n_queries >= gates.min_queries,
        reason=f"{n_queries} people with a positive judgement; at least {gates.min_queries} needed",
    )


def _quality(evidence: Evidence, gates: ReviewGates) -> list[Gate]:
    found = []
    for row in evidence.comparisons:
        limit = gates.max_loss.get(row.metric)
        if limit is None:
            continue
        found.append(
            Gate(
                name=f"quality {row.metric}",
                passed=row.low >= -limit,
                reason=f"{_difference(row)}; a loss above {limit:g} must be ruled out",
            )
        )
    return found


def _slices(rows: tuple[SliceRow, ...], gates: ReviewGates) -> Gate:
    broken = [
        row
        for row in rows
        if row.n_queries >= gates.min_slice_queries
        and row.p_value < gates.slice_alpha
        and row.difference < -gates.max_slice_loss
    ]
    n_judged = sum(row.n_queries >= gates.min_slice_queries for row in rows)
    reason = f"none of {n_judged} slices lost more than {gates.max_slice_loss:g} significantly"
    if broken:
        reason = "; ".join(
            f"{row.name} lost {-row.difference:.3f} of {row.champion:.3f} "
            f"({row.n_queries} people, p = {row.p_value:.3f})"
            for row in broken[:5]
        )
    return Gate(name="slices", passed=not broken, reason=reason)


def _counterfactual(evidence: Evidence, gates: ReviewGates) -> Gate:
    row = evidence.counterfactual
    if row is None:
        return Gate(name="counterfactual", passed=True, reason="not estimated, see the notes")
    limit = gates.max_counterfactual_loss * row.champion
    return Gate(
        name="counterfactual",
        passed=row.high >= -limit,
        reason=f"estimated value {row.challenger:.3f} against {row.champion:.3f}, difference "
        f"{row.difference:+.3f} [{row.low:+.3f}, {row.high:+.3f}] over {row.n_requests:,} requests",
    )


def _calibration(evidence: Evidence, gates: ReviewGates) -> Gate:
    rows = [row for row in evidence.calibration if row.stage in ("view", "apply")]
    if not rows:
        return Gate(name="calibration", passed=True, reason="not judged, see the notes")
    return Gate(
        name="calibration",
        passed=all(row.challenger <= gates.max_calibration_error for row in rows),
        reason=", ".join(f"ECE of {row.stage} {row.challenger:.3f}" for row in rows)
        + f"; at most {gates.max_calibration_error:g}",
    )


def _latency(evidence: Evidence, gates: ReviewGates) -> Gate:
    ours, theirs = evidence.challenger_cost.median_ms, evidence.champion_cost.median_ms
    if evidence.champion_cost.n_bytes == 0:
        # A baseline in memory is not what anybody serves; a first version is not held against it.
        reason = f"{ours:.1f} ms a query; no served bundle to compare with"
        return Gate(name="latency", passed=True, reason=reason)
    limit = max(gates.latency_floor_ms, gates.max_latency_ratio * theirs)
    return Gate(
        name="latency",
        passed=ours <= limit,
        reason=f"{ours:.1f} ms a query against {theirs:.1f} ms; at most {limit:.1f} ms",
    )


def _size(evidence: Evidence, gates: ReviewGates) -> Gate:
    ours, theirs = evidence.challenger_cost.n_bytes / 1e6, evidence.champion_cost.n_bytes / 1e6
    if theirs == 0:
        return Gate(name="size", passed=True, reason=f"{ours:.1f} MB; nothing to compare with")
    limit = gates.max_size_ratio * theirs
    return Gate(
        name="size",
        passed=ours <= limit,
        reason=f"{ours:.1f} MB against {theirs:.1f} MB; at most {limit:.1f} MB",
    )


def _listed(name: str, problems: tuple[str, ...], fine: str) -> Gate:
    return Gate(name=name, passed=not problems, reason="; ".join(problems) or fine)


def _plausible(evidence: Evidence, gates: ReviewGates) -> Gate:
    """A gain that no honest model makes is a leak that nobody has found yet."""
    row = evidence.comparisons[0]
    problems = []
    if row.low > gates.max_gain:
        problems.append(
            f"{_difference(row)} is too good to be true (limit {gates.max_gain:g}): look for test "
            "data in the training"
        )
    validation = evidence.validation
    if validation is not None:
        excess = row.difference - validation.difference
        # Two groups of people, so the variances add; an interval's half-width is 1.96 errors.
        half = (
            ((row.high - row.low) / 2) ** 2 + ((validation.high - validation.low) / 2) ** 2
        ) ** 0.5
        if excess - half > gates.max_gain_over_validation:
            problems.append(
                f"the gain on test people exceeds that on validation people by {excess:.3f} "
                f"[{excess - half:.3f}, {excess + half:.3f}] (limit "
                f"{gates.max_gain_over_validation:g}): was it trained on the test people?"
            )
    return _listed("plausibility", tuple(problems), "the gain is one that training can make")


def _difference(row: Comparison) -> str:
    return (
        f"{row.metric} {row.challenger:.3f} against {row.champion:.3f}, difference "
        f"{row.difference:+.3f} [{row.low:+.3f}, {row.high:+.3f}]"
    )
