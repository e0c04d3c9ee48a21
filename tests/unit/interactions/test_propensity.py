"""The propensity model: look-up by row, bounds, and a JSON file that gives it back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from jobmatch_ml.errors import FormatError, InputError, MissingFileError
from jobmatch_ml.interactions.propensity import (
    PropensityCurve,
    PropensityModel,
    known_propensities,
    load_propensities,
)

MODEL = known_propensities({"search": np.array([1, 0.5, 0.25]), "top_offers": np.array([1, 0.8])})


def rows(*pairs: tuple[str, int | None]) -> pa.Table:
    surfaces, positions = zip(*pairs, strict=True)
    return pa.table({"surface": list(surfaces), "position": pa.array(positions, pa.int32())})


def test_each_row_gets_the_propensity_of_its_surface_and_position() -> None:
    table = rows(("search", 3), ("top_offers", 2), ("search", 1), ("top_offers", 1))
    assert MODEL.propensities_of(table).tolist() == [0.25, 0.8, 1, 1]


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        (("search", 4), "position 4 of surface 'search'.*covers positions 1 to 3"),
        (("search", 0), "position 0"),
        (("serch", 1), "Did you mean 'search'"),
        (("search", None), "1 rows have no position"),
    ],
)
def test_a_row_that_the_model_does_not_cover_is_named(
    pair: tuple[str, int | None], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        MODEL.propensities_of(rows(("search", 1), pair))


def test_a_saved_model_comes_back_as_it_was(tmp_path: Path) -> None:
    curve = PropensityCurve((1, 0.5), (1, 0.4), (1, 0.6), ((0, 0), (0, 0.01)), 100, 20)
    model = PropensityModel("em", {"api": curve})
    model.save(tmp_path / "p.json")
    assert load_propensities(tmp_path / "p.json") == model


def test_a_row_per_position_is_given_for_tables() -> None:
    assert MODEL.rows()[1] == {
        "method": "known",
        "surface": "search",
        "position": 2,
        "propensity": 0.5,
        "low": 0.5,
        "high": 0.5,
    }
    assert len(MODEL.rows()) == 5


@pytest.mark.parametrize("text", ["[]", "{}", "no", '{"format": "x"}'])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "p.json"
    path.write_text(text)
    with pytest.raises(FormatError, match=r"p\.json"):
        load_propensities(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="does not exist"):
        load_propensities(tmp_path / "p.json")


@pytest.mark.parametrize("values", [(), (0.5, 0.4), (1, 0), (1, 1.2), (1, float("nan"))])
def test_a_curve_starts_with_1_and_stays_in_bounds(values: tuple[float, ...]) -> None:
    with pytest.raises(InputError):
        known_propensities({"search": np.array(values)})


def test_intervals_and_covariance_have_the_curves_length() -> None:
    with pytest.raises(InputError, match="covariance of 2 x 2"):
        PropensityCurve((1, 0.5), (1, 0.4), (1, 0.6), ((0, 0),))
