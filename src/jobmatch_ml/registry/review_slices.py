"""Whom a ranker serves: cuts of the test people, so that a mean cannot hide who lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jobmatch_ml.evaluation.report import EvaluationReport
from jobmatch_ml.evaluation.resampling import bootstrap_interval, sign_flip_p_value
from jobmatch_ml.training.comparison import read_judged

Slices = dict[str, dict[str, str]]
"""``{slice: {query_id: value}}``; a query may be missing from a slice."""


@dataclass(frozen=True, slots=True)
class SliceDifference:
    """Challenger minus champion on some of the people.

    Args:
        name: Slice and value, ``domain=M``.
        n_queries: People in it.
        champion: Champion's mean.
        challenger: Challenger's mean.
        difference: Mean paired difference.
        low: Lower end of its 95 % interval, not corrected for the number of slices.
        high: Its upper end.
        p_value: Paired randomisation test, Holm-corrected over the slices that are judged; 1 for
            those too small to be judged.
    """

    name: str
    n_queries: int
    champion: float
    challenger: float
    difference: float
    low: float
    high: float
    p_value: float


def query_slices(dataset_dir: Path, *, split: str = "test") -> Slices:
    """Cuts a split's people by what the offers they took say, and by how much they wrote.

    ``domain`` and ``region`` are those of most offers that somebody took; ``offers`` tells whether
    most of these were shown in the training window too; ``profile`` parts profiles by length.
    """
    queries, qrels = read_judged(dataset_dir, split)
    table = pq.read_table(
        dataset_dir / "offers.parquet", columns=["offer_id", "rome_code", "region"]
    )
    offers = {row["offer_id"]: row for row in table.to_pylist()}
    train = pq.read_table(
        dataset_dir / "train" / "interactions.parquet", columns=["offer_external_id"]
    )
    known = set(pc.unique(train["offer_external_id"]).to_pylist())
    taken = {
        person: [offer for offer, grade in judged.items() if grade > 0 and offer in offers]
        for person, judged in qrels.items()
    }
    lengths = {query.query_id: len(query.text.split()) for query in queries}
    middle = float(np.median(list(lengths.values()))) if lengths else 0.0
    slices: Slices = {"domain": {}, "region": {}, "offers": {}, "profile": {}}
    for person, ids in taken.items():
        if not ids:
            continue
        slices["domain"][person] = _most([(offers[offer]["rome_code"] or "")[:1] for offer in ids])
        slices["region"][person] = _most([offers[offer]["region"] or "" for offer in ids])
        slices["offers"][person] = _most(["known" if offer in known else "new" for offer in ids])
        slices["profile"][person] = "short" if lengths.get(person, 0) <= middle else "long"
    return slices


def slice_differences(
    challenger: EvaluationReport,
    champion: EvaluationReport,
    slices: Mapping[str, Mapping[str, str]],
    *,
    metric: str,
    min_queries: int,
    n_bootstrap: int = 2000,
    seed: int = 0,
) -> list[SliceDifference]:
    """Compares two systems within each slice, the greatest loss first.

    Args:
        challenger: Its report.
        champion: Its report on the same judgements.
        slices: Output of :func:`query_slices`.
        metric: Key that both reports hold.
        min_queries: Slices with fewer people are listed but not tested.
        n_bootstrap: Resamples behind each interval.
        seed: Seed of resamples and sign flips.
    """
    ours, theirs = challenger.per_query[metric], champion.per_query[metric]
    rows = []
    for name, values in slices.items():
        for value in sorted(set(values.values())):
            people = sorted(person for person in ours if values.get(person) == value)
            if len(people) < 2:
                continue
            a, b = (np.array([side[person] for person in people]) for side in (ours, theirs))
            low, high = bootstrap_interval(a - b, n_bootstrap=n_bootstrap, seed=seed)
            p_value = 1.0
            if len(people) >= min_queries:
                p_value = sign_flip_p_value(a - b, n_permutations=5000, seed=seed)
            means = float(b.mean()), float(a.mean()), float((a - b).mean())
            rows.append(SliceDifference(f"{name}={value}", len(people), *means, low, high, p_value))
    judged = [row for row in rows if row.n_queries >= min_queries]
    corrected = dict(
        zip([row.name for row in judged], holm([row.p_value for row in judged]), strict=True)
    )
    return sorted(
        (replace(row, p_value=corrected.get(row.name, 1.0)) for row in rows),
        key=lambda row: (row.difference, row.name),
    )


def holm(p_values: Sequence[float]) -> list[float]:
    """Returns p-values corrected for their number by Holm's step-down method (1979).

    Example:
        >>> holm([0.01, 0.04, 0.03])
        [0.03, 0.06, 0.06]
    """
    corrected = [0.0] * len(p_values)
    highest = 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[index]))
        corrected[index] = highest
    return corrected


def _most(values: Sequence[str]) -> str:
    """Returns the most frequent value, the first in order of ties; ``unknown`` for an empty one."""
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], value)) or "unknown"
