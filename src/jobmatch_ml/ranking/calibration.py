"""Calibrators: from a ranker's score to a probability of something, or to "we do not know".

A stage's probability is that of reaching it **given that the offer is shown and looked at**. The
position is left out on purpose: where an offer stands is the ranker's own doing, and a probability
that rose with the rank would praise the ranker for it. Where the position is known, its propensity
gives the probability as shown there, ``examination * p``.

Two shapes: ``isotonic`` (a rising broken line) and ``platt`` (a logistic curve). Scores that hardly
occurred when the calibrator was fitted are marked: there the number is a guess, and who shows it
should say so or show none. Fitting: :mod:`jobmatch_ml.training.calibration`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import numpy as np
import orjson
from numpy.typing import ArrayLike, NDArray
from pydantic import Field, FiniteFloat, ValidationError, model_validator

from jobmatch_ml.config import StrictModel
from jobmatch_ml.errors import (
    FormatError,
    InputError,
    MissingFileError,
    UnknownNameError,
    suggest,
)
from jobmatch_ml.files import write_bytes
from jobmatch_ml.interactions.outcomes import STAGES, Stage

CALIBRATORS_FILE = "calibrators.json"
_MAX_BYTES = 4_000_000
_STEEPEST = 35.0  # e**-35 is nothing beside 1; more would overflow

FloatArray = NDArray[np.float64]


class StageCalibrator(StrictModel):
    """One stage's curve, and where it rests on something."""

    method: Literal["isotonic", "platt"] = Field(description="Shape of the curve.")
    scores: tuple[FiniteFloat, ...] = Field((), description="isotonic: knots, ascending.")
    probabilities: tuple[FiniteFloat, ...] = Field((), description="isotonic: at the knots.")
    slope: FiniteFloat = Field(0.0, ge=0, description="platt: of the log odds.")
    intercept: FiniteFloat = Field(0.0, description="platt: log odds at score 0.")
    support: tuple[tuple[FiniteFloat, FiniteFloat], ...] = Field(
        description="Ranges of scores with enough data, ascending."
    )
    base_rate: FiniteFloat = Field(ge=0, le=1, description="Over all rows it was fitted on.")
    n_rows: int = Field(ge=0, description="Rows it was fitted on.")
    n_events: int = Field(ge=0, description="How many of them reached the stage.")

    @model_validator(mode="after")
    def _is_a_curve(self) -> StageCalibrator:
        if any(low > high for low, high in self.support):
            raise ValueError("a range of support ends before it begins")
        if self.method == "platt":
            return self
        if not self.scores or len(self.scores) != len(self.probabilities):
            raise ValueError("isotonic needs as many probabilities as scores, at least one")
        rising = np.diff(self.scores) > 0
        if not rising.all() or (np.diff(self.probabilities) < 0).any():
            raise ValueError("isotonic: scores must rise, and probabilities must not fall")
        if not all(0 <= value <= 1 for value in self.probabilities):
            raise ValueError("isotonic: probabilities must lie in [0, 1]")
        return self

    def curve(self, scores: FloatArray) -> FloatArray:
        """Returns the probability at each score, ``(n,)``."""
        if self.method == "isotonic":
            return np.interp(scores, self.scores, self.probabilities)
        odds = np.clip(self.slope * scores + self.intercept, -_STEEPEST, _STEEPEST)
        return np.asarray(1 / (1 + np.exp(-odds)))

    def supports(self, scores: FloatArray) -> NDArray[np.bool_]:
        """Returns whether each score lies where the curve rests on data, ``(n,)``."""
        found = np.zeros(len(scores), dtype=bool)
        for low, high in self.support:
            found |= (scores >= low) & (scores <= high)
        return found


class Calibrators(StrictModel):
    """The calibrators of one score; what ``calibrators.json`` of a bundle holds."""

    format: Literal["jobmatch-calibrators-1"] = "jobmatch-calibrators-1"
    score: str = Field(min_length=1, max_length=200, description="Whose score: ranker, version.")
    given: Literal["shown and looked at"] = "shown and looked at"
    as_of: datetime | None = Field(None, description="What was known when they were fitted.")
    stages: dict[Stage, StageCalibrator] = Field(min_length=1, description="By stage.")
    left_out: dict[Stage, str] = Field(default_factory=dict, description="Stages without, and why.")

    def probability(
        self, stage: str, score: float, *, examination: float = 1.0
    ) -> tuple[float, bool]:
        """Returns the probability that one offer reaches a stage, and whether data supports it.

        Args:
            stage: ``view``, ``apply``, ``interview`` or ``hire``.
            score: The ranker's score of the pair.
            examination: Chance that the offer is looked at; 1: it is.

        Raises:
            UnknownNameError, InputError: As :meth:`probabilities`.
        """
        chance, supported = self.probabilities(stage, [score], examination=[examination])
        return float(chance[0]), bool(supported[0])

    def probabilities(
        self, stage: str, scores: ArrayLike, *, examination: ArrayLike | None = None
    ) -> tuple[FloatArray, NDArray[np.bool_]]:
        """Returns the probabilities of many offers, and which of them data supports.

        A later stage is never likelier than an earlier one, whatever the curves say on their own.

        Args:
            stage: ``view``, ``apply``, ``interview`` or ``hire``.
            scores: The ranker's scores, ``(n,)``.
            examination: Chance that each is looked at, in [0, 1], ``(n,)``; ``None``: they are.

        Raises:
            UnknownNameError: There is no such stage, or none was fitted for it.
            InputError: A score that is not a finite number; an examination outside [0, 1].
        """
        if stage not in self.stages:
            why = self.left_out.get(stage, "")  # type: ignore[call-overload]  # any text may be asked
            message = suggest(stage, self.stages, kind="calibrated stage")
            raise UnknownNameError(f"{message} ({why})" if why else message, field="stage")
        values = np.asarray(scores, dtype=np.float64)
        if values.ndim != 1 or not np.isfinite(values).all():
            raise InputError(
                "scores to calibrate must be finite numbers, one an offer", field="scores"
            )
        earlier = STAGES[: 1 + STAGES.index(stage)]
        curves = [self.stages[name].curve(values) for name in earlier if name in self.stages]
        chance = np.minimum.reduce(curves)
        if examination is not None:
            share = np.asarray(examination, dtype=np.float64)
            if share.shape != values.shape or not ((share >= 0) & (share <= 1)).all():
                raise InputError(
                    "examination must be one number in [0, 1] a score", field="examination"
                )
            chance = chance * share
        return chance, self.stages[stage].supports(values)

    def save(self, path: Path) -> None:
        """Writes the calibrators as JSON, whole or not at all."""
        body = self.model_dump(mode="json")
        write_bytes(path, [orjson.dumps(body, option=orjson.OPT_INDENT_2), b"\n"])

    @classmethod
    def load(cls, path: Path) -> Calibrators:
        """Reads what :meth:`save` wrote.

        Raises:
            MissingFileError: The file is not there.
            FormatError: It is not such a file; says what is wrong.
        """
        if not path.is_file():
            raise MissingFileError(f"calibrators {path} do not exist; fit them first")
        if path.stat().st_size > _MAX_BYTES:
            raise FormatError(f"{path}: larger than {_MAX_BYTES:,} bytes; these are no calibrators")
        try:
            body: Mapping[str, Any] = orjson.loads(path.read_bytes())
            return cls.model_validate(body)
        except orjson.JSONDecodeError as error:
            raise FormatError(f"{path}: not valid JSON; fit the calibrators again") from error
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise FormatError(
                f"{path}: {where}: {first['msg']}; fit the calibrators again"
            ) from error
