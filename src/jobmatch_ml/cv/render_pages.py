"""PDF → pictures of its pages, for a model that reads pictures. Runs in a confined child only."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Sequence
from typing import Any

import pypdfium2
from PIL import Image

from jobmatch_ml.cv.limits import CvLimits, RefusedError

_DPI = 150  # models scale pictures down to about two million pixels anyway
_QUALITY = 80
_WHITE = 255
_MARGIN = 2.0  # points around a box: recognition cuts letters close


def render_pages(
    data: bytes, limits: CvLimits, shown: Sequence[Sequence[Sequence[float]]] | None
) -> dict[str, Any]:
    """Renders each page as a grey JPEG.

    Args:
        data: The file.
        limits: Of pages, pixels and bytes.
        shown: Boxes of each page in points; all the rest is white. ``None`` shows everything.

    Returns:
        ``{"pictures": [base64, …]}``.

    Raises:
        RefusedError: Too many pages or bytes.
    """
    document = pypdfium2.PdfDocument(data)
    if len(document) > limits.vision_pages:
        raise RefusedError("cv_too_many_pages", f"{len(document)} pages")
    pictures: list[str] = []
    left = limits.vision_bytes
    for number, page in enumerate(document):
        width, height = page.get_size()
        scale = min(_DPI / 72, (limits.vision_pixels / max(width * height, 1.0)) ** 0.5)
        picture = page.render(scale=scale, grayscale=True).to_pil()
        if shown is not None:
            boxes = shown[number] if number < len(shown) else ()
            picture = _keep(picture, boxes, scale)
        file = io.BytesIO()
        picture.save(file, format="JPEG", quality=_QUALITY)
        left -= file.tell()
        if left < 0:
            raise RefusedError("cv_too_large", "pictures of the pages")
        pictures.append(b64encode(file.getvalue()).decode("ascii"))
    return {"pictures": pictures}


def _keep(picture: Image.Image, boxes: Sequence[Sequence[float]], scale: float) -> Image.Image:
    kept = Image.new("L", picture.size, _WHITE)
    for x0, top, x1, bottom in boxes:
        left, upper = max(0, int((x0 - _MARGIN) * scale)), max(0, int((top - _MARGIN) * scale))
        area = (left, upper, int((x1 + _MARGIN) * scale), int((bottom + _MARGIN) * scale))
        kept.paste(picture.crop(area), (left, upper))
    return kept
