"""Plots that need more than a line of pandas."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def draw_reliability(axes: Axes, bins: pd.DataFrame) -> None:
    """Draws predicted against observed probabilities, a colour a stage, both axes logarithmic.

    Args:
        axes: Where to draw.
        bins: Rows with ``predicted``, ``observed`` and the interval ``low`` to ``high``, the
            stage in the index. Bins without an event have no place on a logarithmic axis.
    """
    some = bins[bins["observed"] > 0]
    for stage, part in some.groupby(level="stage", sort=False):
        below, above = part["observed"] - part["low"], part["high"] - part["observed"]
        axes.errorbar(
            part["predicted"], part["observed"], yerr=[below.clip(0), above.clip(0)],
            fmt="o", ecolor="#cccccc", label=str(stage),
        )  # fmt: skip
    ends = [some["predicted"].min(), 1.0] if len(some) else [1e-4, 1.0]
    axes.plot(ends, ends, color="black", linewidth=1)
    axes.set(xscale="log", yscale="log", xlabel="predicted", ylabel="observed, 95 % (Wilson)")
    if len(some):
        axes.legend()


def image_tag(svg: str) -> str:
    """Returns a drawing as an image in HTML, which JupyterLab shows in any notebook.

    SVG itself it shows only in notebooks that it trusts, so not in executed copies.
    """
    coded = b64encode(svg.encode()).decode("ascii")
    return f'<img src="data:image/svg+xml;base64,{coded}">'
