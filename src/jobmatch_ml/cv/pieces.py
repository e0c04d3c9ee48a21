"""Words with their places: what layout analysis works on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jobmatch_ml.cv.reading import Style

JOINT = " | "
"""Stands between parts of a line that are set far apart."""


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


Row = list[Piece]


def join(pieces: Sequence[Piece], sign: str = JOINT) -> Piece:
    """Returns pieces as one, in their order."""
    return Piece(
        _joined([piece.text for piece in pieces], sign),
        min(piece.x0 for piece in pieces),
        min(piece.top for piece in pieces),
        max(piece.x1 for piece in pieces),
        max(piece.bottom for piece in pieces),
        _style_of(pieces),
    )


def _style_of(pieces: Sequence[Piece]) -> Style | None:
    """Returns the type of pieces if it is one; signs and icons before words do not count."""
    told = [piece for piece in pieces if any(map(str.isalnum, piece.text))] or pieces
    return told[0].style if len({_shape(piece.style) for piece in told}) == 1 else None


def _shape(style: Style | None) -> tuple[float, bool] | None:
    """Returns what lines of two colours share: headings often begin in another colour."""
    return style[:2] if style else None


def _joined(texts: Sequence[str], sign: str) -> str:
    """Joins texts; behind a colon no other sign is needed: "Tél. : 06 39 98 01 02"."""
    if sign != JOINT or not any(text.endswith(":") for text in texts[:-1]):
        return sign.join(texts)
    parts = [text + (" " if text.endswith(":") else sign) for text in texts[:-1]]
    return "".join([*parts, *texts[-1:]])
