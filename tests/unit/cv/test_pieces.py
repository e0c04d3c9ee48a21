"""Words with their places."""

from __future__ import annotations

from jobmatch_ml.cv.pieces import Piece


def test_the_height_is_that_of_the_box() -> None:
    assert Piece("a", 0.0, 10.0, 5.0, 22.0).height == 12.0
