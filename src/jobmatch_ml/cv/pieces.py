"""Words with their places: what layout analysis works on."""

from __future__ import annotations

from dataclasses import dataclass

from jobmatch_ml.cv.reading import Style


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stand together: text, box in points, and type where it is one."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    style: Style | None = None

    @property
    def height(self) -> float:
        """Height of the box."""
        return self.bottom - self.top
