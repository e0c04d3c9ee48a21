"""Drift between two windows: a distance that must be large, and larger than chance makes it.

A test alone alarms on any difference once there are many rows; a distance alone alarms on noise
when there are few. Here both must speak: the distance passes the check's threshold, and fewer than
5 % of random exchanges of rows between the windows (Holm-corrected over the checks) reach it.
Evidently's page shows the same columns with the same distances and limits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError
from jobmatch_ml.evaluation.multiple import holm
from jobmatch_ml.evaluation.resampling import BLOCK_CELLS

Kind = Literal["category", "number", "vector"]
ALPHA = 0.05
MOST_ROWS = 2000
"""Rows of a window that are compared; more only make chance smaller than it need be."""
LEAST_ROWS = 10


@dataclass(frozen=True, slots=True)
class Check:
    """What is watched.

    Args:
        table: ``offers``, ``candidates``, ``scores`` or ``embeddings``.
        feature: Column of that table.
        kind: How distance is measured: ``category`` by the Jensen–Shannon distance (natural
            logarithm, 0 to 0.833), ``number`` by the Wasserstein distance in standard deviations of
            the reference, ``vector`` by the distance of the means in root-mean-square distances of
            the reference's vectors from their mean.
        threshold: Smaller distances never alarm.
    """

    table: str
    feature: str
    kind: Kind
    threshold: float

    @property
    def name(self) -> str:
        """``table.feature``."""
        return f"{self.table}.{self.feature}"


CHECKS = (
    Check("offers", "domain", "category", 0.15),
    Check("offers", "contract_type", "category", 0.15),
    Check("offers", "experience_required", "category", 0.15),
    Check("offers", "region", "category", 0.2),
    Check("offers", "words", "number", 0.25),
    Check("offers", "has_salary", "category", 0.15),
    Check("candidates", "words", "number", 0.25),
    Check("candidates", "language", "category", 0.15),
    Check("candidates", "max_distance_km", "number", 0.25),
    Check("scores", "match_score", "number", 0.2),
    Check("scores", "viewed", "category", 0.1),
    Check("embeddings", "offer_title", "vector", 0.15),
)
"""What `jobmatch monitor report` watches."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found.

    Args:
        check: ``table.feature``.
        distance: Between the windows, see :class:`Check`.
        threshold: Of the check.
        chance: Distance that 5 % of random exchanges of rows exceed.
        p_value: Share of exchanges that reach the distance, Holm-corrected.
        n_reference: Rows of the reference that were compared.
        n_current: Rows of the current window.
        alarm: Whether both conditions hold.
        note: Why nothing was compared, if so.
    """

    check: str
    distance: float
    threshold: float
    chance: float
    p_value: float
    n_reference: int
    n_current: int
    alarm: bool
    note: str = ""


@dataclass(frozen=True)
class DriftReport:
    """All findings, in the order of the checks."""

    findings: tuple[Finding, ...]

    @property
    def alarms(self) -> tuple[str, ...]:
        """Names of the checks that alarm."""
        return tuple(finding.check for finding in self.findings if finding.alarm)

    def rows(self) -> list[dict[str, Any]]:
        """Returns one row a check, for tables and records."""
        return [asdict(finding) for finding in self.findings]


Tables = Mapping[str, Mapping[str, Sequence[Any]]]
"""``{table: {feature: values}}``; vectors are an array ``(n_rows, dimension)``."""


def detect_drift(
    reference: Tables,
    current: Tables,
    *,
    checks: Sequence[Check] = CHECKS,
    n_permutations: int = 500,
    seed: int = 0,
) -> DriftReport:
    """Compares two windows.

    Args:
        reference: What the model was trained and reviewed on.
        current: What arrives now.
        checks: What is watched.
        n_permutations: Random exchanges of rows behind the p-values; must allow Holm's correction
            to reach 5 % over the checks (20 a check at least).
        seed: Of samples and exchanges.

    Raises:
        InputError: A table or feature of a check is missing, or too few exchanges.
    """
    if n_permutations < 20 * len(checks):
        raise InputError(
            f"{n_permutations} exchanges for {len(checks)} checks; expected at least "
            f"{20 * len(checks)}: with fewer no check could alarm",
            field="n_permutations",
        )
    found = []
    for number, check in enumerate(checks):
        rng = np.random.default_rng([seed, number])
        sides = [_values(tables, check, rng) for tables in (reference, current)]
        found.append(_finding(check, sides[0], sides[1], n_permutations, rng))
    corrected = holm([finding.p_value for finding in found])
    return DriftReport(
        tuple(_decided(finding, p) for finding, p in zip(found, corrected, strict=True))
    )


def distance(check: Check, reference: NDArray[Any], current: NDArray[Any]) -> float:
    """Returns the distance of two samples by the check's measure.

    Example:
        >>> check = Check("offers", "contract_type", "category", 0.1)
        >>> round(distance(check, np.array(["CDI", "CDI"]), np.array(["CDD", "CDD"])), 3)
        0.833
    """
    pooled = np.concatenate([reference, current])
    is_current = np.arange(len(pooled)) >= len(reference)
    return float(_distances(check, pooled, is_current[None, :], len(reference))[0])


def _values(tables: Tables, check: Check, rng: np.random.Generator) -> NDArray[Any]:
    if check.feature not in tables.get(check.table, {}):
        raise InputError(
            f"the window has no {check.name}; it holds "
            f"{sorted(f'{t}.{f}' for t, columns in tables.items() for f in columns)}"
        )
    values = np.asarray(tables[check.table][check.feature])
    if check.kind == "category":
        values = values.astype(str)
    elif check.kind == "number":
        values = values.astype(np.float64)
        values = values[np.isfinite(values)]
    elif len(values):  # one NaN would make every distance NaN, which no threshold is below
        values = values[np.isfinite(values).all(axis=1)]
    if len(values) > MOST_ROWS:
        values = values[np.sort(rng.choice(len(values), MOST_ROWS, replace=False))]
    return values


def _finding(
    check: Check,
    reference: NDArray[Any],
    current: NDArray[Any],
    n_permutations: int,
    rng: np.random.Generator,
) -> Finding:
    sizes = len(reference), len(current)
    if min(sizes) < LEAST_ROWS:
        note = f"{min(sizes)} rows; at least {LEAST_ROWS} are needed to tell anything"
        return Finding(check.name, 0.0, check.threshold, 0.0, 1.0, *sizes, alarm=False, note=note)
    pooled = np.concatenate([reference, current])
    observed = np.arange(len(pooled)) >= sizes[0]
    masks = np.vstack([observed, [rng.permutation(observed) for _ in range(n_permutations)]])
    distances = _distances(check, pooled, masks, sizes[0])
    # Sums in another order differ in their last digits: those are ties.
    p_value = float((distances[1:] >= distances[0] - 1e-9).sum() + 1) / (n_permutations + 1)
    chance = float(np.quantile(distances[1:], 1 - ALPHA))
    return Finding(
        check.name, float(distances[0]), check.threshold, chance, p_value, *sizes, alarm=False
    )


def _distances(
    check: Check, pooled: NDArray[Any], masks: NDArray[np.bool_], n_reference: int
) -> NDArray[np.float64]:
    """Returns one distance a mask; a mask says which pooled rows are the current window's."""
    measure = {"category": _jensen_shannon, "number": _wasserstein, "vector": _mean_shift}
    block = max(1, BLOCK_CELLS // max(1, masks.shape[1]))
    parts = [
        measure[check.kind](pooled, masks[start : start + block], n_reference)
        for start in range(0, len(masks), block)
    ]
    return np.concatenate(parts)


def _jensen_shannon(
    pooled: NDArray[Any], masks: NDArray[np.bool_], n_reference: int
) -> NDArray[np.float64]:
    codes = np.unique(pooled, return_inverse=True)[1]
    one_hot = np.eye(int(codes.max()) + 1)[codes]  # (n_rows, n_values)
    current = masks @ one_hot
    shares = [current / masks.sum(axis=1, keepdims=True)]
    shares.append((one_hot.sum(axis=0) - current) / n_reference)
    middle = (shares[0] + shares[1]) / 2
    divergence = np.zeros(len(masks))
    for share in shares:
        ratio = np.divide(share, middle, out=np.ones_like(share), where=share > 0)
        divergence += 0.5 * (share * np.log(ratio)).sum(axis=1)
    return np.sqrt(np.maximum(divergence, 0))


def _wasserstein(
    pooled: NDArray[Any], masks: NDArray[np.bool_], n_reference: int
) -> NDArray[np.float64]:
    """Integral of the difference of both distribution functions over the pooled values."""
    order = np.argsort(pooled, kind="stable")
    ordered, sorted_masks = pooled[order], masks[:, order]
    current = np.cumsum(sorted_masks, axis=1) / masks.sum(axis=1, keepdims=True)
    reference = np.cumsum(~sorted_masks, axis=1) / n_reference
    area = np.abs(current - reference)[:, :-1] @ np.diff(ordered)
    # The observed reference stands first in `pooled`; its spread is the unit of all exchanges.
    spread = float(pooled[:n_reference].std()) or float(pooled.std()) or 1.0
    return np.asarray(area / spread)


def _mean_shift(
    pooled: NDArray[Any], masks: NDArray[np.bool_], n_reference: int
) -> NDArray[np.float64]:
    vectors = pooled.astype(np.float64)
    total = vectors.sum(axis=0)
    current = masks.astype(np.float64) @ vectors
    n_current = masks.sum(axis=1, keepdims=True)
    shift = current / n_current - (total - current) / n_reference
    reference = vectors[:n_reference]
    spread = float(np.sqrt(((reference - reference.mean(axis=0)) ** 2).sum(axis=1).mean())) or 1.0
    return np.asarray(np.linalg.norm(shift, axis=1) / spread)


def _decided(finding: Finding, p_value: float) -> Finding:
    alarm = finding.distance >= finding.threshold and p_value < ALPHA
    return replace(finding, p_value=p_value, alarm=alarm)
