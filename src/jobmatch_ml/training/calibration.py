r"""Fitting calibrators: which probability a score stands for, learnt on people nobody trained on.

A row of the log reaches a stage, and is known to have, with probability

    P(known event) = exposure * g(score),    exposure = P(looked at) * F(age)

with the propensity of the row's position and ``F`` the share of such events that come within the
row's age (:mod:`jobmatch_ml.interactions.censoring`). ``g`` is what is fitted: the chance given
that the offer is looked at and everything is known. A row that stood low on the page, or is young,
weighs little instead of counting as a "no".

The curves, and what supports them: :mod:`.calibration_curves`. Which one: the lower log loss on
held-out days, blocks of days in turn; the logistic curve with its two numbers, unless the broken
line is better by more than one standard error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import ArrayLike, NDArray
from pydantic import Field

from jobmatch_ml.config import StrictModel
from jobmatch_ml.errors import InputError
from jobmatch_ml.interactions.censoring import fit_delays
from jobmatch_ml.interactions.outcomes import STAGES, Stage, stage_outcomes
from jobmatch_ml.interactions.propensity import PropensityModel
from jobmatch_ml.ranking.calibration import Calibrators, StageCalibrator
from jobmatch_ml.training.calibration_curves import CURVES, StageRows, support_of

FloatArray = NDArray[np.float64]
_DAY_US = 86_400_000_000


class CalibrationConfig(StrictModel):
    """How calibrators are fitted."""

    methods: tuple[str, ...] = Field(
        ("platt", "isotonic"), min_length=1, description="Curves to choose from, simplest first."
    )
    folds: int = Field(5, ge=2, le=20, description="Blocks of days, each held out once.")
    min_events: int = Field(20, ge=2, description="A stage with fewer is left out.")
    events_a_group: int = Field(5, ge=1, description="isotonic: events that a group should have.")


@dataclass(frozen=True)
class StageFit:
    """How one stage's curve was chosen.

    Args:
        stage: Its name.
        method: The curve that was kept.
        log_loss: Mean over the held-out rows, by method.
        n_rows: Rows.
        n_events: Known events.
        exposure: What the rows count for: rows looked at, with everything known.
    """

    stage: Stage
    method: str
    log_loss: Mapping[str, float]
    n_rows: int
    n_events: int
    exposure: float

    def as_row(self) -> dict[str, Any]:
        """Returns the fields as one row of a table."""
        losses = {f"log_loss_{name}": value for name, value in self.log_loss.items()}
        fields = ("stage", "method", "n_rows", "n_events", "exposure")
        return {**{name: getattr(self, name) for name in fields}, **losses}


def calibration_people(log: pa.Table, *, trained: ArrayLike, tested: ArrayLike) -> pa.Array:
    """Returns whom to calibrate on: people of the log who neither trained the ranker nor test it.

    Raises:
        InputError: There is nobody.
    """
    taken = pa.array(sorted({*np.asarray(trained).tolist(), *np.asarray(tested).tolist()}))
    people = pc.unique(log["user"])
    left = people.filter(pc.invert(pc.is_in(people, value_set=taken.cast(people.type))))
    if not len(left):
        raise InputError(
            "everyone in the log trained the ranker or tests it; expected people of a validation "
            "split to calibrate on"
        )
    return left


def fit_calibrators(
    table: pa.Table,
    scores: ArrayLike,
    propensities: PropensityModel,
    *,
    score_name: str,
    as_of: datetime,
    config: CalibrationConfig | None = None,
) -> tuple[Calibrators, list[StageFit]]:
    """Fits one curve a stage.

    Args:
        table: Shown rows in the log's schema, of people and days that the ranker did not train on.
        scores: The ranker's score of each row, ``(n_rows,)``.
        propensities: How likely each position is looked at.
        score_name: Whose scores they are.
        as_of: What was known: events at or after this moment are not used.
        config: Methods and folds.

    Returns:
        The calibrators, and how each stage was fitted. A stage with too few events is left out;
        the calibrators say so.

    Raises:
        InputError: Scores that are not one finite number a row, rows at or after `as_of`, fewer
            days than folds, an unknown method, or no stage with enough events.
    """
    config = config or CalibrationConfig()
    values = np.asarray(scores, dtype=np.float64)
    if values.shape != (len(table),) or not np.isfinite(values).all():
        raise InputError(
            f"{values.shape} scores for {len(table)} rows; expected one finite number a row: the "
            "ranker must score every offer that was shown",
            field="scores",
        )
    unknown = sorted(set(config.methods) - set(CURVES))
    if unknown:
        raise InputError(f"methods {unknown}; expected some of {sorted(CURVES)}", field="methods")
    folds = _fold_by_day(table, config.folds)
    delays = fit_delays(table, as_of=as_of)
    looked_at = propensities.propensities_of(table)
    stages: dict[Stage, StageCalibrator] = {}
    left_out: dict[Stage, str] = {}
    fits: list[StageFit] = []
    for stage in STAGES:
        outcomes = stage_outcomes(table, stage, as_of=as_of, delays=delays)
        rows = StageRows(values, outcomes.events.astype(np.float64), looked_at * outcomes.known)
        n_events = int(rows.events.sum())
        if n_events < config.min_events:
            left_out[stage] = f"{n_events} events; at least {config.min_events} are needed"
            continue
        losses = {name: _held_out_losses(rows, folds, name, config) for name in config.methods}
        method = _choose(losses)
        stages[stage] = _fit_stage(rows, method, config)
        means = {name: float(loss.mean()) for name, loss in losses.items()}
        exposure = float(rows.exposure.sum())
        fits.append(StageFit(stage, method, means, len(table), n_events, exposure))
    if not stages:
        raise InputError(f"no stage can be calibrated: {left_out}; expected a longer log")
    calibrators = Calibrators(score=score_name, as_of=as_of, stages=stages, left_out=left_out)
    return calibrators, fits


def _fold_by_day(table: pa.Table, folds: int) -> NDArray[np.int64]:
    """Returns each row's fold: blocks of days that follow each other."""
    micros = table["shown_at"].cast(pa.timestamp("us", "UTC")).cast(pa.int64()).to_numpy()
    days, row_day = np.unique(np.asarray(micros) // _DAY_US, return_inverse=True)
    if len(days) < folds:
        raise InputError(
            f"{len(days)} days in the log for {folds} folds; expected at least one a fold",
            field="folds",
        )
    return np.asarray(row_day * folds // len(days), dtype=np.int64)


def _held_out_losses(
    rows: StageRows, folds: NDArray[np.int64], method: str, config: CalibrationConfig
) -> FloatArray:
    """Returns the mean log loss of each fold under the curve of the other folds."""
    losses = []
    for fold in range(int(folds.max()) + 1):
        inside = folds == fold
        rest, held = rows.part(~inside), rows.part(inside)
        curve = CURVES[method](rest, events_a_group=config.events_a_group)
        chance = np.clip(held.exposure * curve.curve(held.scores), 1e-9, 1 - 1e-9)
        losses.append(
            float(-np.mean(held.events * np.log(chance) + (1 - held.events) * np.log1p(-chance)))
        )
    return np.array(losses)


def _choose(losses: Mapping[str, FloatArray]) -> str:
    """Returns the first method, unless a later one is better by more than a standard error."""
    chosen, *others = losses
    for name in others:
        gain = losses[chosen] - losses[name]
        if gain.mean() > gain.std(ddof=1) / np.sqrt(len(gain)):
            chosen = name
    return chosen


def _fit_stage(rows: StageRows, method: str, config: CalibrationConfig) -> StageCalibrator:
    curve = CURVES[method](rows, events_a_group=config.events_a_group)
    return curve.model_copy(update={"support": support_of(rows, curve)})
