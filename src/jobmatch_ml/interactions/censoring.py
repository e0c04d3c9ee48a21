"""Outcomes that are still on their way: how likely a label is final, and what it should weigh.

A row that was shown yesterday and has no application yet is not a row without one. Leaving fresh
rows out wastes them, taking them at face value teaches that new offers are bad. Here the delays of
the events that did come say how much of what will come is there by now.

*Delays.* Of events one sees only those that came in time: a delay :math:`x` is seen only if it is
at most the row's age :math:`t` (right truncation). Their distribution is estimated by the
product-limit estimator in reversed time (Lynden-Bell 1971; Lagakos, Barraj and De Gruttola 1988):

    F(x) = prod over x_j > x of (1 - d_j / n_j),    n_j = #{i: x_i <= x_j <= t_i}

with :math:`d_j` the events with delay :math:`x_j`. It is the distribution up to the longest delay
seen: an event slower than anything in the log cannot be known from the log.

*Rates.* The share of rows of a stage that go on is `events / sum F(age)`: each row counts by the
chance that its event would have shown by now.

*Final or not* (Chapelle 2014, "Modeling delayed feedback in display advertising"). A row that is
still open at age `u` of its stage goes no further with probability

    p_final = 1 - y (1 - F_yes(u)) / (1 - y F_yes(u) - n F_no(u))

with `y` and `n` the rates of going on and of being closed. Closed rows and hires are final.

*Weight.* `p_final / F(age)`, F being the delay from the impression to the stage reached. Summed
over rows of a grade it estimates how many rows will end there, so a learner that weighs rows by it
sees, in expectation, the log as it will be once everything is known. It stays too low for stages
that take about as long as the log: no weight is above 1 / :data:`MIN_KNOWN`, so rows too young for
any such event have nobody to speak for them.

Differs from Chapelle's paper in: no model of features (delays do not depend on the row), delays
without a parametric form, several stages. It assumes that delays do not change over the log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError
from jobmatch_ml.interactions.checks import EVENT_TIMES
from jobmatch_ml.interactions.engine import literal, open_engine
from jobmatch_ml.interactions.labels import GradeConfig, grade_expression, reached_expressions

STEP_S = 3600
"""Width of a bucket of delays, seconds."""
_MAX_BUCKET = 24 * 730
MIN_KNOWN = 0.05
"""Least share of known outcomes that a weight divides by: no row weighs more than 20."""

# The funnel in its order; a row's state is the furthest of them that is known.
_TIMES = {
    "dwell": "viewed_at",
    "saved": "saved_at",
    "applied": "applied_at",
    "interview": "interview_at",
    "hired": "hired_at",
}
_CLOSABLE = ("applied", "interview")


@dataclass(frozen=True)
class DelayCurve:
    """The distribution of a delay, in buckets of :data:`STEP_S`.

    Args:
        cdf: Share of the delays that end within each bucket or before; the last is 1. Empty: there
            were no events, and nothing is waited for.
        n_events: Events it was estimated from.
    """

    cdf: tuple[float, ...]
    n_events: int

    def known_by(self, ages_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Returns the share of events that have come by each age, seconds."""
        buckets = np.minimum(ages_s // STEP_S, len(self.cdf)).astype(np.int64)
        return np.asarray(self.by_bucket())[buckets]

    def by_bucket(self) -> list[float]:
        """Returns the share known at the middle of each bucket, then 1 for all later ages."""
        cdf = np.array((0.0, *self.cdf))
        return [*((cdf[:-1] + cdf[1:]) / 2).tolist(), 1.0]


def fit_delay_curve(delays: NDArray[np.int64], ages: NDArray[np.int64]) -> DelayCurve:
    """Estimates the distribution of delays of which only those within the row's age are seen.

    Args:
        delays: Number of events by bucket of their delay, from bucket 0.
        ages: Number of the same events by bucket of their row's age.

    Returns:
        The curve; of no events, one that is 1 everywhere.

    Raises:
        InputError: The counts do not belong together.
    """
    total = int(delays.sum())
    if total != int(ages.sum()):
        raise InputError(
            f"{total} delays and {int(ages.sum())} ages; expected those of the same events"
        )
    if not total:
        return DelayCurve((), 0)
    last = int(np.flatnonzero(delays)[-1]) + 1
    seen = np.cumsum(delays[:last])
    # Rows younger than the bucket could not have shown a delay in it.
    by_age = np.zeros(last, dtype=np.int64)
    by_age[: len(ages)] = ages[:last]
    too_young = np.cumsum(by_age) - by_age
    at_risk = np.maximum(seen - too_young, 1)
    stays = 1.0 - delays[:last] / at_risk
    # F(x) multiplies over the buckets after x; the first bucket's own factor is never used.
    cdf = np.append(np.cumprod(stays[:0:-1])[::-1], 1.0)
    return DelayCurve(tuple(cdf.tolist()), total)


@dataclass(frozen=True)
class Transition:
    """How rows leave a stage: by going on (`yes`), or by being closed (`no`).

    Args:
        yes_rate: Share of the rows of the stage that will go on, in [0, 1].
        no_rate: Share that will be closed by an event; the rest just never goes on.
        yes: Delay of going on, from the stage's time.
        no: Delay of being closed.
    """

    yes_rate: float
    no_rate: float
    yes: DelayCurve
    no: DelayCurve


@dataclass(frozen=True)
class DelayModel:
    """The delays of a log as known at a moment; made by :func:`fit_delays`.

    Args:
        grades: The grades it was made for; stages of grade 0 are no stage.
        as_of: Nothing at or after this moment is known; ``None``: everything in the log is.
        moment: When ages are taken: `as_of`, or the latest time in the log.
        transitions: By stage left, `shown` first.
        reached: By stage, the delay from the impression to it.
    """

    grades: GradeConfig
    as_of: datetime | None
    moment: datetime
    transitions: Mapping[str, Transition]
    reached: Mapping[str, DelayCurve]


def fit_delays(
    table: pa.Table, grades: GradeConfig | None = None, *, as_of: datetime | None = None
) -> DelayModel:
    """Estimates the delays of a log in memory; see the module's docstring.

    Raises:
        InputError: There is no row before `as_of`.
    """
    with open_engine() as connection:
        connection.from_arrow(table).create_view("rows")
        return fit_delays_of(connection, "rows", grades or GradeConfig(), as_of=as_of)


def label_interactions(
    table: pa.Table,
    grades: GradeConfig | None = None,
    *,
    as_of: datetime | None = None,
    model: DelayModel | None = None,
) -> pa.Table:
    """Adds the labels and what they are worth to rows of a log in memory.

    Args:
        table: Rows in the log's schema, shown before `as_of`.
        grades: Grades of the stages; those of the model, if one is given.
        as_of: What happened at or after this moment is not known.
        model: Delays, when they were estimated on other rows; it brings its own `as_of`.

    Returns:
        The rows with `grade`, `grade_known_stage` (the furthest stage whose outcome is known, yes
        or no), `p_final` (chance that the grade will not rise any more) and `weight`.

    Raises:
        InputError: There is no row before `as_of`.
    """
    with open_engine() as connection:
        connection.from_arrow(table).create_view("rows")
        model = model or fit_delays_of(connection, "rows", grades or GradeConfig(), as_of=as_of)
        labels = connection.table("rows").project(label_columns(connection, model))
        added = labels.to_arrow_table()
    for name in added.schema.names:
        table = table.append_column(name, added[name])
    return table


def fit_delays_of(
    connection: Any, view: str, grades: GradeConfig, *, as_of: datetime | None
) -> DelayModel:
    """Estimates the delays of the rows of a view; :func:`fit_delays` for a table."""
    rows = connection.table(view)
    if as_of is not None:
        rows = rows.filter(f"shown_at < {literal(as_of)}")
    moment = as_of or _latest(rows)
    if not rows.aggregate("count(*)").fetchone()[0]:
        raise InputError(f"no row was shown before {moment}: there are no delays to learn from")
    active = _active(grades)
    names = [f"at_{stage}" for stage in ("shown", *active)]
    times = ", ".join(
        f"{expression} AS at_{stage}" for stage, expression in _stage_times(grades, as_of).items()
    )
    funnel = rows.project(f"shown_at AS at_shown, {times}, {_closed(as_of)} AS at_closed")
    ages = _histogram(funnel, "at_shown", literal(moment))
    happened = " OR ".join(f"{name} IS NOT NULL" for name in names[1:]) or "false"
    connection.execute("DROP TABLE IF EXISTS funnel_events")
    funnel.filter(happened).create("funnel_events")
    events = connection.table("funnel_events")
    transitions = {
        stage: _fit_transition(events, stage, active, moment, ages if stage == "shown" else None)
        for stage in ("shown", *active[:-1])
    }
    reached = {
        stage: _fit_curve(events, "at_shown", f"at_{stage}", "true", moment) for stage in active
    }
    return DelayModel(grades, as_of, moment, transitions, reached)


def label_columns(connection: Any, model: DelayModel) -> str:
    """Returns the SQL of the label columns; the model's curves become variables of the engine."""
    moment = literal(model.moment)
    state = _state(model)
    settled = _settled(model)
    final, reached = ["WHEN 'hired' THEN 1.0"], []
    times = {"shown": "shown_at", **_stage_times(model.grades, model.as_of)}
    for stage, move in model.transitions.items():
        went_on = _lookup(connection, f"yes_{stage}", move.yes, times[stage], moment)
        was_closed = _lookup(connection, f"no_{stage}", move.no, times[stage], moment)
        rest = f"greatest(1e-9, 1 - {move.yes_rate} * {went_on} - {move.no_rate} * {was_closed})"
        final.append(
            f"WHEN '{stage}' THEN least(1.0, greatest(0.0, 1 - {move.yes_rate} * (1 - {went_on}) "
            f"/ {rest}))"
        )
    for stage, curve in model.reached.items():
        share = _lookup(connection, f"reached_{stage}", curve, "shown_at", moment)
        reached.append(f"WHEN '{stage}' THEN greatest({MIN_KNOWN}, {share})")
    reached.append("WHEN 'shown' THEN 1.0")
    p_final = f"CASE WHEN {settled} THEN 1.0 ELSE CASE {state} {' '.join(final)} ELSE 1.0 END END"
    return ", ".join(
        (
            f"{grade_expression(model.grades, model.as_of)} AS grade",
            f"{_known_stage(model, settled)} AS grade_known_stage",
            f"({p_final})::DOUBLE AS p_final",
            f"({p_final} / CASE {state} {' '.join(reached)} END)::DOUBLE AS weight",
        )
    )


def _active(grades: GradeConfig) -> list[str]:
    return [stage for stage in _TIMES if getattr(grades, stage) > 0]


def _stage_times(grades: GradeConfig, as_of: datetime | None) -> dict[str, str]:
    """Returns the SQL of each stage's time, null where it is not known to have been reached."""
    reached = reached_expressions(grades, as_of)
    return {
        stage: f"CASE WHEN {reached[stage]} THEN {_TIMES[stage]} END" for stage in _active(grades)
    }


def _closed(as_of: datetime | None) -> str:
    return (
        "closed_at"
        if as_of is None
        else f"CASE WHEN closed_at < {literal(as_of)} THEN closed_at END"
    )


def _settled(model: DelayModel) -> str:
    """Returns the SQL of "no later stage can come": closed, or known as no at the log's end."""
    closed = f"({_closed(model.as_of)}) IS NOT NULL"
    return closed if model.as_of is not None else f"({closed} OR NOT coalesce(got_hired, true))"


def _state(model: DelayModel) -> str:
    times = _stage_times(model.grades, model.as_of)
    cases = [f"WHEN ({times[stage]}) IS NOT NULL THEN '{stage}'" for stage in reversed(times)]
    return f"CASE {' '.join(cases)} ELSE 'shown' END"


def _known_stage(model: DelayModel, settled: str) -> str:
    reached = reached_expressions(model.grades, model.as_of)
    seen = "viewed" if model.as_of is None else f"viewed AND viewed_at < {literal(model.as_of)}"
    cases = [f"WHEN {settled} OR ({reached['hired']}) THEN 'hired'"]
    cases += [
        f"WHEN {reached[stage]} THEN '{stage}'" for stage in ("interview", "applied", "saved")
    ]
    return f"CASE {' '.join(cases)} WHEN {seen} THEN 'viewed' ELSE 'shown' END"


def _latest(rows: Any) -> datetime:
    times = ", ".join(("shown_at", *EVENT_TIMES))
    found = rows.aggregate(f"epoch_us(max(greatest({times})))").fetchone()[0]
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=found or 0)


def _fit_transition(
    events: Any,
    stage: str,
    active: Sequence[str],
    moment: datetime,
    ages: NDArray[np.int64] | None,
) -> Transition:
    later = active if stage == "shown" else active[active.index(stage) + 1 :]
    start = f"at_{stage}"
    following = f"least({', '.join(f'at_{name}' for name in later)})"
    if ages is None:
        ages = _histogram(events.filter(f"{start} IS NOT NULL"), start, literal(moment))
    yes = _fit_curve(events, start, following, "true", moment)
    no = DelayCurve((), 0)
    if stage in _CLOSABLE:
        no = _fit_curve(events, start, "at_closed", f"{following} IS NULL", moment)
    yes_rate, no_rate = _rate(yes, ages), _rate(no, ages)
    # Both are estimates; together they may not exceed everything.
    excess = max(1.0, yes_rate + no_rate)
    return Transition(yes_rate / excess, no_rate / excess, yes, no)


def _rate(curve: DelayCurve, ages: NDArray[np.int64]) -> float:
    middles = (np.arange(len(ages), dtype=np.float64) + 0.5) * STEP_S
    known = curve.known_by(middles)
    shown = float((known * ages).sum())
    return min(1.0, curve.n_events / shown) if shown > 0 else 0.0


def _fit_curve(events: Any, start: str, end: str, condition: str, moment: datetime) -> DelayCurve:
    happened = events.filter(f"{start} IS NOT NULL AND {end} IS NOT NULL AND {condition}")
    delays = _histogram(happened, start, end)
    ages = _histogram(happened, start, literal(moment))
    return fit_delay_curve(delays, ages)


def _histogram(rows: Any, start: str, end: str) -> NDArray[np.int64]:
    """Counts rows by bucket of the time between two moments."""
    found = rows.project(f"{_bucket(start, end)} AS bucket").aggregate(
        "bucket, count(*) AS n", "bucket"
    )
    cells = found.fetchnumpy()
    counts = np.zeros(int(cells["bucket"].max()) + 1 if len(cells["bucket"]) else 0, np.int64)
    counts[np.asarray(cells["bucket"], dtype=np.int64)] = cells["n"]
    return counts


def _bucket(start: str, end: str) -> str:
    seconds = f"(epoch_ms({end}) - epoch_ms({start})) // {STEP_S * 1000}"
    return f"least({_MAX_BUCKET}, greatest(0, {seconds}))"


def _lookup(connection: Any, name: str, curve: DelayCurve, start: str, moment: str) -> str:
    """Returns the SQL of the share known at a row's age."""
    shares = curve.by_bucket()
    connection.execute(f"SET VARIABLE delays_{name} = $1", [shares])
    place = f"least({len(shares)}, 1 + {_bucket(start, moment)})"
    return f"coalesce(list_extract(getvariable('delays_{name}'), {place}), 1.0)"
