"""Merged rows: counts are kept, designs are one-hot, each row knows its cell."""

from __future__ import annotations

import numpy as np

from jobmatch_ml.interactions.propensity_cells import build_cells
from jobmatch_ml.interactions.propensity_log import read_shown
from tests.click_logs import simulate_clicks

LOG = read_shown(simulate_clicks(300, seed=6, slate_size=4).table)


def test_rows_are_counted_once_and_found_again() -> None:
    feature = LOG.request % 3
    cells = build_cells(LOG, [feature])
    assert cells.shown.sum() == len(LOG.click)
    assert cells.clicks.sum() == LOG.click.sum()
    assert len(cells.shown) == 2 * 4 * 3
    assert cells.design.shape == (24, 3)
    assert (cells.design[cells.row_cell][:, 1:] == (feature[:, None] == [1, 2])).all()
    length = np.diff(cells.slots)[LOG.surface]
    assert (length == 4).all()
    assert (cells.slot[cells.row_cell] == cells.slots[LOG.surface] + LOG.position - 1).all()


def test_the_first_position_of_each_surface_is_fixed() -> None:
    cells = build_cells(LOG, [])
    assert np.flatnonzero(cells.fixed).tolist() == [0, 4]
