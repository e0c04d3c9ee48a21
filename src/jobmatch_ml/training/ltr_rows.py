"""From a graded log to rows that LambdaRank can learn from; what cannot be learnt from is counted.

A label is the furthest stage known: 0 nothing, 1 opened, 2 saved, 3 applied, 4 interview, 5 hired.
"Not known yet" is no label 0: the row keeps what is known and the weight of the delay model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError
from jobmatch_ml.interactions.propensity import PropensityModel
from jobmatch_ml.ranking.features import NAMES, FeatureSource
from jobmatch_ml.ranking.features.activity import refuse_disorder, seconds_of
from jobmatch_ml.training.ltr_config import Grouping

if TYPE_CHECKING:
    import pyarrow as pa

MOST_LABEL = 5
NO_POSITION = "was never shown (an import)"
NO_FACTS = "candidate or offer is not in the data"
NO_POSITIVE = "group without a positive"
ONE_DOCUMENT = "group of one document"


@dataclass(frozen=True)
class LtrRows:
    """Rows of a log, groups side by side.

    Args:
        matrix: ``(n, n_features)``.
        labels: Furthest stage known, 0 to 5, ``(n,)``.
        weights: What a row counts for by the delay model, ``(n,)``.
        groups: Number of the row's group, ascending, ``(n,)``.
        positions: 1-based position, ``(n,)``.
        surfaces: Where it was shown, ``(n,)``.
        dropped: Rows left out, by reason.
    """

    matrix: NDArray[np.float32]
    labels: NDArray[np.int32]
    weights: NDArray[np.float64]
    groups: NDArray[np.int64]
    positions: NDArray[np.int64]
    surfaces: NDArray[np.str_]
    dropped: Mapping[str, int]

    def __len__(self) -> int:
        """Returns the number of rows."""
        return len(self.labels)

    @property
    def group_sizes(self) -> NDArray[np.int64]:
        """Rows of each group, in order."""
        return np.unique(self.groups, return_counts=True)[1]

    def propensities(self, model: PropensityModel) -> NDArray[np.float64]:
        """Returns how likely each row's position was looked at, ``(n,)``."""
        values = np.empty(len(self))
        for surface in np.unique(self.surfaces):
            at = self.surfaces == surface
            most = int(self.positions[at].max())
            curve = np.array([model.of(str(surface), p) for p in range(1, most + 1)])
            values[at] = curve[self.positions[at] - 1]
        return values


def make_rows(
    log: pa.Table, source: FeatureSource, *, as_of: datetime | None, grouping: Grouping = "person"
) -> LtrRows:
    """Computes labels and features of a graded log (`interactions.label_interactions`).

    Args:
        log: Rows in the log's schema with ``grade`` and ``weight``.
        source: What features are made of.
        as_of: Openings at or after this moment are not known; ``None``: all are.
        grouping: What is ranked against each other.

    Raises:
        InputError: No labels, clocks out of order, or nothing left.
    """
    if "grade" not in log.column_names or "weight" not in log.column_names:
        raise InputError(
            "the log has no labels; `label_interactions` adds `grade` and `weight`", field="grade"
        )
    refuse_disorder(log)
    n_all = len(log)
    log = log.filter(log["position"].is_valid())
    dropped = {NO_POSITION: n_all - len(log)}
    users = np.array(log["user"].to_pylist(), dtype=object)
    numbers = {name: row for row, name in enumerate(source.builder.offers.offer_ids)}
    offers = np.array([numbers.get(x, -1) for x in log["offer_external_id"].to_pylist()])
    known = (offers >= 0) & np.isin(users, np.array(list(source.candidates), dtype=object))
    dropped[NO_FACTS] = int((~known).sum())
    if not known.any():
        raise InputError("no row of the log is of a known candidate and offer", field="log")
    log, users, offers = log.filter(known), users[known], offers[known].astype(np.int64)
    keys = users if grouping == "person" else np.array(log["request_id"].to_pylist(), dtype=object)
    groups = np.unique(keys, return_inverse=True)[1].astype(np.int64)
    rows = LtrRows(
        matrix=_features(source, users, offers, seconds_of(log, "shown_at")),
        labels=_labels(log, as_of),
        weights=np.array(log["weight"].to_numpy(), dtype=np.float64),
        groups=groups,
        positions=np.array(log["position"].to_numpy(), dtype=np.int64),
        surfaces=np.array(log["surface"].to_pylist()),
        dropped=dropped,
    )
    return in_groups(rows)


def in_groups(rows: LtrRows) -> LtrRows:
    """Puts groups side by side and leaves out, counted, those that teach nothing.

    Those are groups of one document and groups without a positive: every order of them is right.
    """
    sizes = np.bincount(rows.groups)
    positives = np.bincount(rows.groups, weights=rows.labels > 0)
    single = sizes[rows.groups] == 1
    empty = ~single & (positives[rows.groups] == 0)
    order = np.argsort(rows.groups, kind="stable")
    order = order[~(single | empty)[order]]
    dropped = {**rows.dropped, ONE_DOCUMENT: int(single.sum()), NO_POSITIVE: int(empty.sum())}
    return replace(take(rows, order), dropped=dropped)


def take(rows: LtrRows, chosen: NDArray[np.integer]) -> LtrRows:
    """Returns some rows, in the order given."""
    return LtrRows(
        rows.matrix[chosen],
        rows.labels[chosen],
        rows.weights[chosen],
        rows.groups[chosen],
        rows.positions[chosen],
        rows.surfaces[chosen],
        rows.dropped,
    )


def _labels(log: pa.Table, as_of: datetime | None) -> NDArray[np.int32]:
    grades = np.array(log["grade"].to_numpy(), dtype=np.int32)
    opened = np.array(log["viewed"].to_pylist(), dtype=np.bool_)
    if as_of is not None:
        with np.errstate(invalid="ignore"):
            opened &= seconds_of(log, "viewed_at") < as_of.timestamp()
    return np.where(grades > 0, grades + 1, opened).astype(np.int32)


def _features(
    source: FeatureSource,
    users: NDArray[np.object_],
    offers: NDArray[np.int64],
    shown_s: NDArray[np.float64],
) -> NDArray[np.float32]:
    """Computes the matrix person by person, each row as of the moment it was shown."""
    from tqdm import tqdm

    people: Sequence[str] = sorted(set(users.tolist()))
    queries = [source.queries[person] for person in people]
    vectors = source.texts.embed(queries)
    order = np.argsort(users.astype(str), kind="stable")
    bounds = np.searchsorted(users[order].astype(str), [*people, "\U0010ffff"])
    matrix = np.empty((len(users), len(NAMES)), dtype=np.float32)
    progress = tqdm(people, desc="features", unit="person", delay=2, leave=False)
    for place, person in enumerate(progress):
        mine = order[bounds[place] : bounds[place + 1]]
        texts = source.texts.compare(queries[place], vectors, place, offers[mine])
        matrix[mine] = source.builder.matrix(
            source.candidates[person], offers[mine], shown_s[mine], texts
        )
    return matrix
