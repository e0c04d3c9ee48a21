"""Calibrators: the curves by hand, where they abstain, and files that are not theirs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import orjson
import pytest

from jobmatch_ml.errors import FormatError, InputError, MissingFileError, UnknownNameError
from jobmatch_ml.ranking.calibration import Calibrators, StageCalibrator

VIEW = StageCalibrator(
    method="isotonic",
    scores=(0.0, 1.0),
    probabilities=(0.1, 0.5),
    support=((0.0, 0.4), (0.6, 1.0)),
    base_rate=0.2,
    n_rows=100,
    n_events=20,
)
APPLY = StageCalibrator(
    method="platt",
    slope=2.0,
    intercept=-1.0,
    support=((0.0, 1.0),),
    base_rate=0.1,
    n_rows=100,
    n_events=10,
)


def calibrators() -> Calibrators:
    return Calibrators(
        score="bi_encoder",
        stages={"view": VIEW, "apply": APPLY},
        left_out={"hire": "3 events; at least 20 are needed"},
    )


def test_the_broken_line_and_its_ends() -> None:
    found = [calibrators().probability("view", score)[0] for score in (-1.0, 0.5, 2.0)]
    assert found == pytest.approx([0.1, 0.3, 0.5])


def test_the_logistic_curve_by_hand() -> None:
    assert APPLY.curve(np.array([0.5, 1.0])) == pytest.approx([0.5, 1 / (1 + np.exp(-1))])


def test_a_later_stage_is_never_likelier_than_an_earlier_one() -> None:
    scores = np.linspace(0, 1, 21)
    view, _ = calibrators().probabilities("view", scores)
    apply, _ = calibrators().probabilities("apply", scores)
    assert (apply <= view).all()
    assert apply[-1] == pytest.approx(0.5)  # the curve alone says 0.73


def test_scores_without_data_are_marked() -> None:
    supported = [calibrators().probability("view", s)[1] for s in (0.2, 0.5, 0.7, 1.1)]
    assert supported == [True, False, True, False]


def test_examination_scales_the_probability() -> None:
    assert calibrators().probability("view", 1.0, examination=0.5)[0] == pytest.approx(0.25)


def test_saved_calibrators_come_back(tmp_path: Path) -> None:
    path = tmp_path / "calibrators.json"
    calibrators().save(path)
    assert Calibrators.load(path) == calibrators()


def test_a_stage_that_was_left_out_says_why() -> None:
    with pytest.raises(UnknownNameError, match="3 events"):
        calibrators().probability("hire", 0.5)
    with pytest.raises(UnknownNameError, match="calibrated stage"):
        calibrators().probability("open", 0.5)


def test_scores_and_chances_that_are_none_are_refused() -> None:
    with pytest.raises(InputError, match="finite"):
        calibrators().probability("view", float("nan"))
    with pytest.raises(InputError, match="examination"):
        calibrators().probability("view", 0.5, examination=1.5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"probabilities": [0.5, 0.1]}, "must not fall"),
        ({"scores": [1.0, 0.0]}, "must rise"),
        ({"probabilities": [0.1, 1.5]}, r"in \[0, 1\]"),
        ({"probabilities": [0.1]}, "as many"),
        ({"method": "spline"}, "method"),
        ({"support": [[1.0, 0.0]]}, "before it begins"),
    ],
)
def test_a_curve_that_is_none_is_refused(
    tmp_path: Path, change: dict[str, object], message: str
) -> None:
    path = tmp_path / "calibrators.json"
    body = calibrators().model_dump(mode="json")
    body["stages"]["view"] |= change
    path.write_bytes(orjson.dumps(body))
    with pytest.raises(FormatError, match=message):
        Calibrators.load(path)


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError):
        Calibrators.load(tmp_path / "none.json")
    path = tmp_path / "calibrators.json"
    path.write_text("{")
    with pytest.raises(FormatError, match="not valid JSON"):
        Calibrators.load(path)
    path.write_text('{"format": "jobmatch-calibrators-9", "score": "x", "stages": {}}')
    with pytest.raises(FormatError, match="format"):
        Calibrators.load(path)
