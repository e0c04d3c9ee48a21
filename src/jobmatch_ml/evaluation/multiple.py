"""Many comparisons at once: p-values corrected so that a family of tests errs rarely as a whole.

Twenty honest tests at 0.05 find about one difference that is none. Holm's step-down procedure
(1979) keeps the chance of any false find in the family at the level that is asked for, whatever the
tests have to do with each other, and never rejects less than Bonferroni's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from jobmatch_ml.errors import InputError
from jobmatch_ml.evaluation.report import EvaluationReport, PairedComparison, compare


def holm(p_values: Sequence[float]) -> list[float]:
    """Returns Holm's adjusted p-values, in the order given.

    The i-th smallest of m becomes ``max over j <= i of min(1, (m - j + 1) p_(j))``: below the level
    where the procedure rejects.

    Raises:
        InputError: A p-value outside [0, 1].

    Example:
        >>> holm([0.01, 0.04, 0.03])
        [0.03, 0.06, 0.06]
    """
    values = np.asarray(p_values, dtype=np.float64)
    if not ((values >= 0) & (values <= 1)).all():
        raise InputError("p-values must lie in [0, 1]", field="p_values")
    order = np.argsort(values, kind="stable")
    factors = len(values) - np.arange(len(values))
    adjusted = np.empty(len(values))
    adjusted[order] = np.minimum(np.maximum.accumulate(factors * values[order]), 1.0)
    return [float(value) for value in adjusted]


@dataclass(frozen=True, slots=True)
class Tested:
    """One comparison of a family.

    Args:
        baseline: What the system was compared with.
        comparison: Difference, interval and raw p-value.
        adjusted_p_value: Holm's, over the whole family.
    """

    baseline: str
    comparison: PairedComparison
    adjusted_p_value: float


def compare_all(
    report: EvaluationReport,
    baselines: Mapping[str, EvaluationReport],
    *,
    n_bootstrap: int = 2000,
    n_permutations: int = 10_000,
    seed: int = 0,
) -> list[Tested]:
    """Compares one system with each baseline in each metric, corrected as one family.

    Args:
        report: The challenger.
        baselines: Reports on the same judgements and metrics, by name.
        n_bootstrap: Resamples behind the intervals.
        n_permutations: Sign flips of each test.
        seed: Seed of both.

    Raises:
        UnknownNameError, InputError: As :func:`.report.compare`.
    """
    pairs = [
        (
            name,
            compare(
                report,
                other,
                metric,
                n_bootstrap=n_bootstrap,
                n_permutations=n_permutations,
                seed=seed,
            ),
        )
        for name, other in baselines.items()
        for metric in report.metrics
    ]
    adjusted = holm([pair.p_value for _, pair in pairs])
    return [Tested(name, pair, p) for (name, pair), p in zip(pairs, adjusted, strict=True)]
