"""The calibration error of a bundle's calibrators on test rows, by hand."""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import orjson
import pyarrow.parquet as pq
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.interactions.propensity import known_propensities
from jobmatch_ml.ranking.calibration import Calibrators, StageCalibrator
from jobmatch_ml.registry.review import subject_of
from jobmatch_ml.registry.review_calibration import calibration_errors
from jobmatch_ml.types import Run
from tests.log_factory import day, make_log

MODEL = known_propensities({"top_offers": np.array([1.0, 0.5])})
# The same chance of 0.25 whatever the score, where the score is between 0 and 1.
QUARTER = StageCalibrator(
    method="platt",
    intercept=math.log(0.25 / 0.75),
    support=((0.0, 1.0),),
    base_rate=0.25,
    n_rows=100,
    n_events=25,
)
CALIBRATORS = Calibrators(score="toy", stages={"view": QUARTER})


def dataset(folder: Path, *, position: int, viewed: int, n_rows: int = 40) -> Path:
    rows = [
        {
            "request_id": f"r{number}",
            "user": f"c{number}",
            "shown_at": day(1),
            "position": position,
            "viewed": number < viewed,
            "viewed_at": day(1.01) if number < viewed else None,
        }
        for number in range(n_rows)
    ]
    (folder / "test").mkdir()
    pq.write_table(make_log(*rows), folder / "test" / "interactions.parquet")
    cutoffs = [day(number).isoformat() for number in (0, 1, 9)]
    summary = {"data_hash": "d", "counts": {}, "dropped": {}, "cutoffs": cutoffs}
    (folder / "dataset.json").write_bytes(orjson.dumps(summary))
    return folder


def shown(score: float = 0.5, *, n_people: int = 40) -> Run:
    return {f"c{number}": {"o1": score} for number in range(n_people)}


@pytest.mark.parametrize(
    ("position", "viewed", "error"),
    [(1, 10, 0.0), (1, 20, 0.25), (2, 5, 0.0), (2, 15, 0.25)],
)
def test_the_error_is_that_of_looked_at_offers(
    tmp_path: Path, position: int, viewed: int, error: float
) -> None:
    # At position 2 half of the people look: 0.125 is predicted, and 5 of 40 is exactly that.
    folder = dataset(tmp_path, position=position, viewed=viewed)
    found = calibration_errors(CALIBRATORS, shown(), folder, MODEL)
    assert found == {"view": pytest.approx(error)}


def test_scores_without_support_are_not_judged(tmp_path: Path) -> None:
    folder = dataset(tmp_path, position=1, viewed=20)
    assert calibration_errors(CALIBRATORS, shown(2.0), folder, MODEL) == {}


def test_pairs_without_a_score_are_refused(tmp_path: Path) -> None:
    folder = dataset(tmp_path, position=1, viewed=20)
    with pytest.raises(InputError, match="3 shown pairs have no score"):
        calibration_errors(CALIBRATORS, shown(n_people=37), folder, MODEL)


@pytest.mark.parametrize(
    ("score", "ranker", "judged"),
    [("served-1", "served", True), ("cascade-1", "served", False), ("cascade-1", "cascade", True)],
)
def test_curves_are_judged_on_the_score_that_they_are_of(
    tmp_path: Path, score: str, ranker: str, *, judged: bool
) -> None:
    """Red when a cascade's curves are held against the scores of the encoder that is served."""
    path = tmp_path / "calibrators.json"
    CALIBRATORS.model_copy(update={"score": score}).save(path)
    bundle: Any = SimpleNamespace(
        calibrators_path=path, n_bytes=1, ltr_dir=None,
        ranker=lambda: "served", ranker_named=lambda name, **_: name,
    )  # fmt: skip
    data: Any = SimpleNamespace(world_dir=None, dataset_dir=None)
    subject = subject_of(bundle, "it", ranker, data)
    assert subject.ranker == ranker  # type: ignore[comparison-overlap]
    assert (subject.calibration is not None) == judged
