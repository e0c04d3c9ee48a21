"""A PDF as it comes out of an office scanner: pictures of pages, a little askew and grainy."""

from __future__ import annotations

import io
import zlib
from typing import Any

import numpy as np

from jobmatch_ml.errors import missing_extra

_DPI = 150  # what office scanners are set to for mail
_PAPER = 247  # grey of the paper, of 255
_NOISE = 7.0  # standard deviation of the grain, grey levels
_MOST_DEGREES = 1.2  # a sheet fed a little askew
_JPEG_QUALITY = 62


def scan_pdf(data: bytes) -> bytes:
    """Returns a PDF of pictures of another PDF's pages; the same bytes give the same bytes.

    How far a page is askew and its grain follow from the bytes given.

    Raises:
        MissingExtraError: The package ``pypdfium2`` or ``pillow`` is not installed.
    """
    try:
        import pypdfium2
        from PIL import Image
    except ImportError as error:
        raise missing_extra("pypdfium2", "documents") from error
    rng = np.random.default_rng(zlib.crc32(data))
    document = pypdfium2.PdfDocument(data)
    pages = []
    try:
        for page in document:
            clean = page.render(scale=_DPI / 72, grayscale=True).to_pil()
            pages.append(_photocopy(clean, rng, Image))
    finally:
        document.close()
    return _picture_pdf(pages)


def _photocopy(page: Any, rng: np.random.Generator, image: Any) -> Any:
    """Turns, shades and grains one page (a PIL picture of grey levels)."""
    angle = float(rng.uniform(-_MOST_DEGREES, _MOST_DEGREES))
    turned = page.rotate(angle, resample=image.Resampling.BICUBIC, fillcolor=255)
    grey = np.asarray(turned, dtype=np.float32) * (_PAPER / 255)  # (height, width)
    shade = np.linspace(0, float(rng.uniform(-10, 10)), grey.shape[1], dtype=np.float32)
    grain = rng.standard_normal(grey.shape, dtype=np.float32) * _NOISE
    levels = np.clip(grey + shade + grain, 0, 255).astype(np.uint8)
    return image.fromarray(levels)


def _picture_pdf(pages: list[Any]) -> bytes:
    """Writes one JPEG a page. By hand: libraries put the time of writing into their PDFs."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{3 + 3 * index} 0 R" for index in range(len(pages)))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode())
    for index, page in enumerate(pages):
        first = 3 + 3 * index
        width, height = page.width * 72 / _DPI, page.height * 72 / _DPI
        picture = io.BytesIO()
        page.save(picture, format="JPEG", quality=_JPEG_QUALITY)
        drawing = f"q {width:.2f} 0 0 {height:.2f} 0 0 cm /P Do Q".encode()
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width:.2f} {height:.2f}] "
            f"/Resources << /XObject << /P {first + 2} 0 R >> >> "
            f"/Contents {first + 1} 0 R >>".encode()
        )
        objects.append(_stream("", drawing))
        form = (
            f"/Type /XObject /Subtype /Image /Width {page.width} /Height {page.height} "
            "/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode "
        )
        objects.append(_stream(form, picture.getvalue()))
    return _assemble(objects)


def _stream(entries: str, content: bytes) -> bytes:
    head = f"<< {entries}/Length {len(content)} >>\nstream\n".encode()
    return head + content + b"\nendstream"


def _assemble(objects: list[bytes]) -> bytes:
    """Numbers the objects from 1 and adds the table that says where each one begins."""
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    count = len(objects) + 1
    trailer = f"trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    out += f"xref\n0 {count}\n0000000000 65535 f \n{table}{trailer}".encode()
    return bytes(out)
