"""The reliability plot: a colour a stage, and nothing that a logarithmic axis cannot hold."""

from __future__ import annotations

import base64

import pandas as pd
import pytest
from matplotlib.figure import Figure

from jobmatch_ml.notebook.plots import draw_reliability, image_tag


def bins(*rows: tuple[str, float, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["stage", "predicted", "observed"])
    frame["low"], frame["high"] = frame["observed"] * 0.8, frame["observed"] * 1.2
    return frame.set_index("stage")


def test_each_stage_has_its_name_and_bins_without_events_are_left_out() -> None:
    axes = Figure().subplots()
    draw_reliability(axes, bins(("view", 0.1, 0.12), ("view", 0.2, 0.2), ("hire", 0.001, 0.0)))
    assert [each.get_text() for each in axes.get_legend().get_texts()] == ["view"]
    points = axes.containers[0].lines[0]
    assert points.get_xdata().tolist() == pytest.approx([0.1, 0.2])
    assert points.get_ydata().tolist() == pytest.approx([0.12, 0.2])
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")


def test_nothing_observed_draws_the_diagonal_alone() -> None:
    axes = Figure().subplots()
    draw_reliability(axes, bins(("hire", 0.001, 0.0)))
    assert len(axes.lines) == 1


def test_a_drawing_is_whole_within_its_image() -> None:
    svg = "<svg xmlns='http://www.w3.org/2000/svg'><text>écart</text></svg>"
    tag = image_tag(svg)
    assert tag.startswith('<img src="data:image/svg+xml;base64,')
    assert base64.b64decode(tag.split(",")[1].removesuffix('">')).decode() == svg
