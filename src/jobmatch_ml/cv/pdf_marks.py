"""What of a PDF page's text is shown: colours, sizes, places, and what is painted over it.

pdfplumber tells where characters stand, not whether they can be seen. Here the page is interpreted
once, each painted thing keeping the order, the render mode and the opacity that it was painted
with; from these each character gets the reason for which nobody sees it, or none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from pdfminer.layout import LTChar, LTContainer, LTCurve, LTImage, LTItem, LTRect
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdftypes import dict_value, resolve1
from pdfminer.psparser import literal_name
from pdfplumber.page import PDFPageAggregatorWithMarkedContent

from jobmatch_ml.cv.hidden import HiddenReason

Rgb = tuple[float, float, float]
_Point = tuple[float, float]
_WHITE: Rgb = (1.0, 1.0, 1.0)
_LEAST_CONTRAST = 1.12  # of WCAG's ratio: light grey on white (#eeeeee) has 1.16
_TINY = 2.5  # points; small print begins at 5
_OPAQUE = 0.9
_SEEN = 0.08  # of opacity: less is no ink
_UNPAINTED = (3, 7)  # text render modes: neither filled nor stroked, and clipping alone
_CELL = 60.0  # points: shapes are looked up by the squares that they touch
_MOST_SHAPES = 4_000
_MOST_CELLS = 2_000
_MOST_SIDES = 24  # of an outline; what has more is taken for its box, or a page takes too long
_STEPS = 8  # points along a curve
_KNOWN_SPACES = {"DeviceGray", "CalGray", "DeviceRGB", "CalRGB", "DeviceCMYK", "ICCBased"}


class _Interpreter(PDFPageInterpreter):
    """Follows the opacity, which pdfminer leaves out, through ``gs``, ``q``, ``Q`` and forms."""

    device: Any

    def do_gs(self, name: Any) -> None:
        states = dict_value(self.resources.get("ExtGState", {}))
        opacity = resolve1(dict_value(states.get(literal_name(name), {})).get("ca"))
        if isinstance(opacity, int | float):
            self.device.opacity = float(opacity)

    def do_q(self) -> None:
        super().do_q()
        self.device.opacities.append(self.device.opacity)

    def do_Q(self) -> None:  # noqa: N802 - pdfminer's name for the operator
        super().do_Q()
        if self.device.opacities:
            self.device.opacity = self.device.opacities.pop()

    def do_Do(self, xobjid_arg: Any) -> None:  # noqa: N802 - as above
        opacity, opacities = self.device.opacity, self.device.opacities
        self.device.opacities = []
        super().do_Do(xobjid_arg)
        self.device.opacity, self.device.opacities = opacity, opacities


class _Device(PDFPageAggregatorWithMarkedContent):  # type: ignore[misc] # it is untyped
    """Writes on each painted thing how it was painted."""

    opacity = 1.0
    render_mode = 0
    space = "DeviceGray"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.opacities: list[float] = []

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        self.render_mode = textstate.render
        super().render_string(textstate, seq, ncs, graphicstate)

    def paint_path(self, gstate: Any, *args: Any, **kwargs: Any) -> None:
        self.space = gstate.ncs.name
        super().paint_path(gstate, *args, **kwargs)

    def tag_cur_item(self) -> None:
        super().tag_cur_item()
        if self.cur_item._objs:
            item: Any = self.cur_item._objs[-1]
            item.opacity, item.render_mode, item.space = self.opacity, self.render_mode, self.space


@dataclass(frozen=True, slots=True)
class _Shape:
    """A filled area: its box, its place in the order of painting, its colour where it is known.

    Where it is no rectangle its outline tells what lies in it: two sides of a frame, painted as
    one area, have the whole heading in their box.
    """

    box: tuple[float, float, float, float]
    order: int
    color: Rgb | None
    opacity: float
    covers: bool
    outline: tuple[_Point, ...] = ()

    def holds(self, x: float, y: float) -> bool:
        left, low, right, high = self.box
        inside = left <= x <= right and low <= y <= high
        return inside and (not self.outline or _winds_around(self.outline, x, y))


def interpret(page: Any) -> None:
    """Interprets a pdfplumber page so that :func:`find_reasons` can be asked about it."""
    device = _Device(page.pdf.rsrcmgr, pageno=page.page_number, laparams=page.pdf.laparams)
    _Interpreter(page.pdf.rsrcmgr, device).process_page(page.page_obj)
    page._layout = device.get_result()


def find_reasons(page: Any) -> list[HiddenReason | None]:
    """Returns why each character of ``page.chars`` is not seen; ``None`` for those that are."""
    chars: list[tuple[int, LTChar]] = []
    shapes: list[_Shape] = []
    for order, item in enumerate(_flatten(page.layout._objs)):
        if isinstance(item, LTChar):
            chars.append((order, item))
        elif shape := _shape(order, item):
            shapes.append(shape)
    index = _Index(shapes)
    left, low, right, high = _visible_box(page)
    reasons: list[HiddenReason | None] = []
    for order, char in chars:
        x, y = (char.x0 + char.x1) / 2, (char.y0 + char.y1) / 2
        if not (left <= x <= right and low <= y <= high):
            reasons.append("off_page")
        else:
            reasons.append(_reason(char, order, index.at(x, y)))
    return reasons


def _reason(char: Any, order: int, under_and_over: Sequence[_Shape]) -> HiddenReason | None:
    if char.render_mode in _UNPAINTED or char.opacity < _SEEN:
        return "invisible"
    if char.size < _TINY:
        return "tiny"
    if any(shape.order > order and shape.covers for shape in under_and_over):
        return "covered"
    if char.render_mode in (1, 5):  # its outline alone: the fill's colour says nothing
        return None
    ink = _rgb(char.graphicstate.ncolor, char.ncs.name)
    ground: Rgb | None = _WHITE
    for shape in under_and_over:
        if shape.order < order:
            ground = _blend(shape, ground)
    if ink is None or ground is None or _contrast(ink, ground) >= _LEAST_CONTRAST:
        return None
    return "same_color"


def _flatten(items: Sequence[LTItem]) -> Iterator[LTItem]:
    """Yields painted things in their order: that of ``page.chars`` too."""
    for item in items:
        if isinstance(item, LTContainer):
            yield from _flatten(item._objs)
        else:
            yield item


def _shape(order: int, item: Any) -> _Shape | None:
    opacity = getattr(item, "opacity", 1.0)
    if isinstance(item, LTImage):
        # A picture with a mask may show what is below it; its colours are not known.
        covers = not item.imagemask and item.stream.get("SMask") is None and opacity >= _OPAQUE
        covers = covers and item.stream.get("Mask") is None
        return _Shape(item.bbox, order, None, opacity, covers)
    if not isinstance(item, LTCurve) or not item.fill or opacity < _SEEN:
        return None
    color = _rgb(item.non_stroking_color, item.space)  # type: ignore[attr-defined]
    if isinstance(item, LTRect):
        return _Shape(item.bbox, order, color, opacity, opacity >= _OPAQUE)
    outline = _outline(item)
    if not outline:
        return _Shape(item.bbox, order, color, opacity, covers=False)
    across, down = zip(*outline, strict=True)
    box = (min(across), min(down), max(across), max(down))
    return _Shape(box, order, color, opacity, covers=False, outline=outline)


def _outline(curve: LTCurve) -> tuple[_Point, ...]:
    """Returns the corners of an area, and points along its curves; nothing where it has too many.

    Not the points that curves bend towards: ink reaches beyond them where a side bends inwards.
    """
    path: Any = curve.original_path or ()  # its points are pairs, not numbers as it is typed
    if len(path) > _MOST_SIDES:
        return ()
    found: list[_Point] = []
    for operator, *points in path:
        if not found or len(points) < 2:
            found += points
            continue
        # Of the three points of a curve, "v" leaves out the first one and "y" the second.
        bends = {"v": [found[-1], *points], "y": [*points, points[-1]]}.get(operator, points)
        found += _along(found[-1], *bends)
    return tuple(found) if all(isfinite(x + y) for x, y in found) else ()


def _along(start: _Point, first: _Point, second: _Point, end: _Point) -> list[_Point]:
    """Returns points along a Bézier curve, its end among them."""
    found = []
    for step in range(1, _STEPS + 1):
        t = step / _STEPS
        parts = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
        bends = list(zip(parts, (start, first, second, end), strict=True))
        x, y = (sum(part * point[axis] for part, point in bends) for axis in (0, 1))
        found.append((x, y))
    return found


def _winds_around(outline: Sequence[_Point], x: float, y: float) -> bool:
    """Tells whether a closed line goes around a point (its winding number is not zero)."""
    winds = 0
    for (x0, y0), (x1, y1) in zip(outline, (*outline[1:], outline[0]), strict=True):
        if (y0 <= y) != (y1 <= y) and (x < x0 + (y - y0) * (x1 - x0) / (y1 - y0)):
            winds += 1 if y0 <= y else -1
    return winds != 0


class _Index:
    """The shapes at a point, in the order of painting."""

    def __init__(self, shapes: Sequence[_Shape]) -> None:
        largest = sorted(shapes, key=_area, reverse=True)[:_MOST_SHAPES]
        self._everywhere: list[_Shape] = []
        self._cells: dict[tuple[int, int], list[_Shape]] = defaultdict(list)
        for shape in largest:
            columns, rows = _cells(shape.box[0], shape.box[2]), _cells(shape.box[1], shape.box[3])
            if len(columns) * len(rows) > _MOST_CELLS:
                self._everywhere.append(shape)
                continue
            for column in columns:
                for row in rows:
                    self._cells[column, row].append(shape)

    def at(self, x: float, y: float) -> list[_Shape]:
        near = self._cells.get((int(x // _CELL), int(y // _CELL)), [])
        found = [shape for shape in (*self._everywhere, *near) if shape.holds(x, y)]
        return sorted(found, key=lambda shape: shape.order)


def _cells(start: float, end: float) -> range:
    return range(int(start // _CELL), int(end // _CELL) + 1)


def _area(shape: _Shape) -> float:
    return (shape.box[2] - shape.box[0]) * (shape.box[3] - shape.box[1])


def _visible_box(page: Any) -> tuple[float, float, float, float]:
    """Returns the crop box in the layout's coordinates, whose origin is the media box's corner."""
    left, top, right, bottom = (float(side) for side in page.mediabox)
    crop_left, crop_top, crop_right, crop_bottom = (float(side) for side in page.cropbox)
    height = bottom - top
    return (
        max(left, crop_left) - left,
        height - (min(bottom, crop_bottom) - top),
        min(right, crop_right) - left,
        height - (max(top, crop_top) - top),
    )


def _rgb(color: Any, space: str) -> Rgb | None:
    """Returns a colour's red, green and blue; ``None`` for patterns, spot colours and the like."""
    values = color if isinstance(color, tuple | list) else (color,)
    known = space in _KNOWN_SPACES and all(isinstance(value, int | float) for value in values)
    if not known:
        return None
    parts = [min(max(float(value), 0.0), 1.0) for value in values]
    if len(parts) == 1:
        return (parts[0], parts[0], parts[0])
    if len(parts) == 3:
        return (parts[0], parts[1], parts[2])
    if len(parts) == 4:
        red, green, blue = ((1 - part) * (1 - parts[3]) for part in parts[:3])
        return (red, green, blue)
    return None


def _blend(shape: _Shape, ground: Rgb | None) -> Rgb | None:
    if shape.opacity >= _OPAQUE or shape.color is None or ground is None:
        return shape.color
    share = shape.opacity
    red, green, blue = (
        share * over + (1 - share) * under for over, under in zip(shape.color, ground, strict=True)
    )
    return (red, green, blue)


def _contrast(one: Rgb, other: Rgb) -> float:
    """Returns WCAG's contrast ratio, from 1 (the same) to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: Rgb) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
