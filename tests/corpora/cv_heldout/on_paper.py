"""Sheets as PDF files with text, and as scans of their pages."""

from __future__ import annotations

import io
import json
import time
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FIXED_DAY = datetime(2026, 11, 1, tzinfo=UTC)
SCAN_DPI = 200
SCAN_DEGREES = 0.7  # a page laid on the glass by hand
SCAN_NOISE = 9.0  # standard deviation, in grey levels of 255


def font_folders() -> list[Path]:
    """Fonts with a free licence that every set-up has: the project's own and Matplotlib's."""
    import matplotlib as mpl

    import jobmatch_ml

    package = Path(jobmatch_ml.__file__).parent
    return [package / "documents" / "fonts", Path(mpl.get_data_path()) / "fonts" / "ttf"]


def render_pdf(sheet: dict[str, Any], layout: str) -> bytes:
    """The sheet in one of the layouts of ``layouts/``; the same bytes each time."""
    import typst

    folder = HERE / "layouts"
    content: bytes = typst.compile(
        str(folder / f"{layout}.typ"),
        root=str(folder),
        font_paths=[str(path) for path in font_folders()],
        ignore_system_fonts=True,
        sys_inputs={"cv": json.dumps(sheet)},
        timestamp=int(FIXED_DAY.timestamp()),
    )
    return content


def scanned(pdf: bytes, seed: str) -> bytes:
    """The pages as a flat-bed scanner gives them: grey, 200 dpi, a little askew, noisy, no text."""
    import numpy as np
    import pypdfium2
    from PIL import Image, ImageFilter

    rng = np.random.default_rng(zlib.crc32(seed.encode()))
    document = pypdfium2.PdfDocument(pdf)
    pages = []
    try:
        for page in document:
            image = page.render(scale=SCAN_DPI / 72).to_pil().convert("L")
            angle = float(rng.uniform(-SCAN_DEGREES, SCAN_DEGREES))
            image = image.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=250)
            image = image.filter(ImageFilter.GaussianBlur(0.6))
            grey = np.asarray(image, dtype=np.float64)
            grey = 12 + grey * 0.93 + rng.normal(0.0, SCAN_NOISE, grey.shape)
            pages.append(Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8)))
    finally:
        document.close()
    buffer = io.BytesIO()
    day = time.gmtime(FIXED_DAY.timestamp())
    pages[0].save(
        buffer,
        format="PDF",
        save_all=True,
        append_images=pages[1:],
        resolution=SCAN_DPI,
        quality=70,
        creationDate=day,
        modDate=day,
    )
    return buffer.getvalue()
