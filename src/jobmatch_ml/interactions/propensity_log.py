"""The log as arrays, the way the propensity estimators read it: what was shown, and clicked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError
from jobmatch_ml.interactions.propensity import PropensityCurve
from jobmatch_ml.types import Surface

SWAP_SUFFIX = "_swap"
"""A policy of this ending shows another policy's slate with two positions exchanged at random."""

N_BLOCKS = 200
"""Requests are dealt into this many blocks; resampling blocks keeps a slate's rows together."""

MIN_CLICKS = 20
"""Clicks that a position needs: below, an estimate's error is over a fifth of its value."""


@dataclass(frozen=True)
class ShownLog:
    """Rows that were shown, as arrays ``(n_rows,)``; codes count from 0 into their names."""

    surfaces: tuple[str, ...]
    surface: NDArray[np.int64]
    policies: tuple[str, ...]
    policy: NDArray[np.int64]
    request: NDArray[np.int64]
    position: NDArray[np.int64]
    slate_size: NDArray[np.int64]
    score: NDArray[np.float64]
    click: NDArray[np.bool_]

    @property
    def base_policy(self) -> NDArray[np.str_]:
        """Name of each row's policy without the mark of a swap."""
        names = np.array([name.removesuffix(SWAP_SUFFIX) for name in self.policies])
        return names[self.policy]

    @property
    def swapped(self) -> NDArray[np.bool_]:
        """Whether each row's slate was shown with two positions exchanged."""
        return np.array([name.endswith(SWAP_SUFFIX) for name in self.policies])[self.policy]

    @property
    def block(self) -> NDArray[np.int64]:
        """The resampling block of each row's request."""
        return self.request % min(N_BLOCKS, int(self.request.max()) + 1)


def shown_rows(table: pa.Table) -> pa.Table:
    """Returns the rows that were shown at a position: imports are kept out."""
    shown = pc.and_(
        pc.not_equal(table["surface"], Surface.IMPORT.value), pc.is_valid(table["position"])
    )
    return table.filter(shown)


def read_shown(table: pa.Table, *, click: str = "viewed") -> ShownLog:
    """Lays out a log for estimation; imports are left out.

    Args:
        table: Rows in the log's schema.
        click: The boolean column that counts as a click.

    Raises:
        InputError: Nothing was shown, or positions below 1.
    """
    table = shown_rows(table)
    if len(table) == 0:
        raise InputError(
            "the log holds no impression (imports have no position); expected rows with a position"
        )
    position = _integers(table["position"])
    if position.min() < 1:
        raise InputError(
            f"{int((position < 1).sum())} rows have a position below 1; positions count from 1",
            field="position",
        )
    surfaces, surface = name_codes(table["surface"])
    policies, policy = name_codes(table["policy"])
    request = name_codes(table["request_id"])[1]
    return ShownLog(
        surfaces=surfaces,
        surface=surface,
        policies=policies,
        policy=policy,
        request=request,
        position=position,
        slate_size=_slate_sizes(table["slate_size"], position, request),
        score=np.asarray(
            pc.fill_null(table["match_score"].cast(pa.float64()), np.nan), dtype=np.float64
        ),
        click=np.asarray(table[click].to_numpy(), dtype=np.bool_),
    )


def home_position(log: ShownLog) -> NDArray[np.int64]:
    """Returns the position that the ranking gave each row, before any exchange, ``(n_rows,)``.

    In a swapped slate the scores fall but for two rows: the first that is below a later one and the
    last that is above an earlier one were exchanged. Two offers of one score leave no trace, and
    are alike. In every other slate an offer's home is where it was shown.

    Raises:
        InputError: Rows of swapped slates without a score, or slates whose scores do not fall even
            when the two are put back.
    """
    home = log.position.copy()
    rows = np.flatnonzero(log.swapped)
    if len(rows) == 0:
        return home
    unscored = int(np.isnan(log.score[rows]).sum())
    if unscored:
        raise InputError(
            f"{unscored} rows of swapped slates have no match_score, so nobody can tell which two "
            "positions were exchanged; log the score that each offer was ranked by",
            field="match_score",
        )
    slates, slate = np.unique(log.request[rows], return_inverse=True)
    column = log.position[rows] - 1
    scores = np.full((len(slates), int(column.max()) + 1), np.nan)
    scores[slate, column] = log.score[rows]
    first, last = _exchanged(scores)
    found = np.flatnonzero(first >= 0)
    i, j = first[found], last[found]
    scores[found, i], scores[found, j] = scores[found, j].copy(), scores[found, i].copy()
    unsorted = int((np.nan_to_num(np.diff(scores, axis=1), nan=-1) > 0).any(axis=1).sum())
    if unsorted:
        raise InputError(
            f"{unsorted} of {len(slates)} swapped slates are not in order of match_score even when "
            "two positions are exchanged back; expected the score that the ranking went by, and "
            "one exchange a slate",
            field="match_score",
        )
    homes = np.tile(np.arange(scores.shape[1]), (len(slates), 1))
    homes[found, i], homes[found, j] = j, i
    home[rows] = homes[slate, column] + 1
    return home


def _exchanged(scores: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Returns the two exchanged columns of each slate, -1 and -1 where none is seen."""
    if scores.shape[1] < 2:
        none = np.full(len(scores), -1)
        return none, none
    filled = np.where(np.isnan(scores), -np.inf, scores)
    ceiling = np.maximum.accumulate(filled[:, ::-1], axis=1)[:, ::-1]
    below = ~np.isnan(scores[:, :-1]) & (filled[:, :-1] < ceiling[:, 1:])
    floor = np.minimum.accumulate(np.where(np.isnan(scores), np.inf, scores), axis=1)
    above = ~np.isnan(scores[:, 1:]) & (filled[:, 1:] > floor[:, :-1])
    seen = below.any(axis=1)
    first = np.where(seen, below.argmax(axis=1), -1)
    last = np.where(seen, scores.shape[1] - 1 - above[:, ::-1].argmax(axis=1), -1)
    return first, last


def curve_from(
    log_propensities: NDArray[np.float64],
    covariance: NDArray[np.float64],
    *,
    n_impressions: int,
    n_clicks: int,
) -> PropensityCurve:
    """Builds a curve with normal intervals on the logarithm, which keeps them above 0.

    Values above 1 are cut to 1: chance takes them there when two positions are looked at alike.
    """
    half = 1.959964 * np.sqrt(np.maximum(np.diag(covariance), 0))
    return PropensityCurve(
        propensities=_floats(np.minimum(np.exp(log_propensities), 1)),
        low=_floats(np.minimum(np.exp(log_propensities - half), 1)),
        high=_floats(np.exp(log_propensities + half)),
        log_covariance=tuple(_floats(row) for row in covariance),
        n_impressions=n_impressions,
        n_clicks=n_clicks,
    )


def refuse_thin(
    surface: str, shown: NDArray[np.int64], clicks: NDArray[np.int64], *, min_clicks: int
) -> None:
    """Raises when a position has too few clicks to say anything.

    Args:
        surface: Named in the message.
        shown: Usable impressions by position, ``(n_positions,)``.
        clicks: Clicks by position.
        min_clicks: How many each position needs.

    Raises:
        InputError: Names every such position with its counts.
    """
    thin = np.flatnonzero(clicks < min_clicks)
    if len(thin) == 0:
        return
    listed = ", ".join(f"{k + 1} ({clicks[k]} of {shown[k]})" for k in thin[:10])
    raise InputError(
        f"surface '{surface}': too few clicks to estimate propensities at positions {listed}; "
        f"expected at least {min_clicks} each (clicks of usable impressions are in brackets). Use "
        "a longer log, fewer positions, or an estimator that uses more of it",
        field="position",
    )


def name_codes(column: pa.ChunkedArray) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Returns names in alphabetical order and each row's place in them, ``(n_rows,)``."""
    encoded = column.combine_chunks().dictionary_encode()
    names = np.array(encoded.dictionary.to_pylist(), dtype=object)
    order = np.argsort(names)
    rank = np.empty(len(names), dtype=np.int64)
    rank[order] = np.arange(len(names))
    return tuple(names[order]), rank[np.asarray(encoded.indices.to_numpy(), dtype=np.int64)]


def _slate_sizes(
    logged: pa.ChunkedArray, position: NDArray[np.int64], request: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Returns each row's slate size; where it was not logged, the last position of its request."""
    longest = np.zeros(int(request.max()) + 1, dtype=np.int64)
    np.maximum.at(longest, request, position)
    return np.where(logged.is_null(), longest[request], _integers(pc.fill_null(logged, 0)))


def _integers(column: pa.ChunkedArray) -> NDArray[np.int64]:
    return np.asarray(column.to_numpy(), dtype=np.int64)


def _floats(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
