"""Calibrators judged stage by stage on rows of a log, for both meanings of their probability.

``shown at its position``: the calibrators' probability times the propensity of the row's position,
against what happened to all shown rows. Everything in it is in a log, so anyone can check it.
``shown and looked at``: the probability itself, against rows that were truly looked at, which only
a simulated world knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike

from jobmatch_ml.evaluation.calibration import CalibrationReport, judge_calibration
from jobmatch_ml.interactions.censoring import DelayModel
from jobmatch_ml.interactions.outcomes import STAGES, stage_outcomes
from jobmatch_ml.interactions.propensity import PropensityModel
from jobmatch_ml.ranking.calibration import Calibrators

AT_POSITION = "shown at its position"
LOOKED_AT = "shown and looked at"


@dataclass(frozen=True)
class StageJudgement:
    """One stage's report.

    Args:
        stage: Its name.
        given: :data:`AT_POSITION` or :data:`LOOKED_AT`.
        coverage: Share of rows whose score is supported; the others are not judged.
        report: ECE, Brier score, reliability.
    """

    stage: str
    given: str
    coverage: float
    report: CalibrationReport

    def as_row(self) -> dict[str, Any]:
        """Returns all but the bins as one flat row."""
        head = {"stage": self.stage, "given": self.given}
        return {**head, **self.report.as_row(), "coverage": self.coverage}


def judge_stages(
    calibrators: Calibrators,
    table: pa.Table,
    scores: ArrayLike,
    propensities: PropensityModel,
    *,
    delays: DelayModel | None = None,
    examined: ArrayLike | None = None,
    n_bins: int = 10,
    n_bootstrap: int = 1000,
) -> list[StageJudgement]:
    """Judges each stage on the rows whose scores are supported.

    Args:
        calibrators: What is judged.
        table: Shown rows in the log's schema, of people and days that nothing was fitted on.
        scores: The ranker's score of each row.
        propensities: How likely each position is looked at.
        delays: Where outcomes are still on their way: probabilities are multiplied by the share
            of events that are known by now. ``None``: all are known.
        examined: Whether each row was looked at (worlds alone), for :data:`LOOKED_AT`.
        n_bins: Bins of equal size.
        n_bootstrap: Resamples of people behind the intervals.

    Returns:
        Stages without an event in the rows are left out: nothing can be judged.

    Raises:
        InputError: As :meth:`.Calibrators.probabilities` and the propensities.
    """
    values, people = np.asarray(scores, dtype=np.float64), np.array(table["user"].to_pylist())
    position = propensities.propensities_of(table)
    meanings: list[tuple[str, Any]] = [(AT_POSITION, np.ones(len(table), dtype=bool))]
    if examined is not None:
        meanings.append((LOOKED_AT, np.asarray(examined, dtype=bool)))
    found = []
    for stage in (name for name in STAGES if name in calibrators.stages):
        outcomes = stage_outcomes(table, stage, delays=delays)
        chance, supported = calibrators.probabilities(stage, values)
        for given, among in meanings:
            share = outcomes.known * (position if given == AT_POSITION else 1.0)
            kept = supported & among
            # Of a stage that nobody or everybody reached, nothing can be said.
            if not outcomes.events[kept].any() or outcomes.events[kept].all():
                continue
            report = judge_calibration(
                (chance * share)[kept],
                outcomes.events[kept],
                people=people[kept],
                examination=position[kept] if given == AT_POSITION else None,
                n_bins=n_bins,
                n_bootstrap=n_bootstrap,
            )
            coverage = float(supported[among].mean())
            found.append(StageJudgement(stage, given, coverage, report))
    return found
