"""Plots of a review as SVG: small, sharp, and no file beside the page."""

from __future__ import annotations

import io
from collections.abc import Sequence

from jobmatch_ml.registry.review_types import Comparison, SliceRow

_MOST_SLICES = 25


def difference_plot(rows: Sequence[Comparison]) -> str:
    """Returns the paired differences with their intervals as an SVG element."""
    return _intervals(
        [(row.metric, row.difference, row.low, row.high) for row in rows],
        "This version minus opponent, 95 % intervals",
    )


def slice_plot(rows: Sequence[SliceRow]) -> str:
    """Returns the slices' differences, the greatest losses first, as an SVG element."""
    shown = [
        (f"{row.name} ({row.n_queries})", row.difference, row.low, row.high)
        for row in rows[:_MOST_SLICES]
    ]
    return _intervals(shown, "The same by slice (people)")


def _intervals(rows: Sequence[tuple[str, float, float, float]], title: str) -> str:
    if not rows:
        return ""
    # Without pyplot: no global state, so that notebooks and services can call it at any time.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 0.9 + 0.28 * len(rows)), layout="constrained")
    axes = figure.subplots()
    for place, (_, middle, low, high) in enumerate(reversed(rows)):
        colour = "#a03030" if high < 0 else "#307030" if low > 0 else "#606060"
        axes.plot([low, high], [place, place], color=colour)
        axes.plot([middle], [place], "o", color=colour)
    axes.axvline(0, color="#999999", linewidth=0.8)
    axes.set_yticks(range(len(rows)), [name for name, *_ in reversed(rows)])
    axes.set_title(title)
    stream = io.StringIO()
    # No date, and ids from a fixed salt: equal figures give equal bytes.
    from matplotlib import rc_context

    with rc_context({"svg.hashsalt": "jobmatch"}):
        figure.savefig(stream, format="svg", metadata={"Date": None})
    text = stream.getvalue()
    return text[text.index("<svg") :]
