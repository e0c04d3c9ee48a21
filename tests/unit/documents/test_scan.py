"""A scanned PDF: pictures only, the same bytes each time, still readable to the eye."""

from __future__ import annotations

import io

import numpy as np
import pytest

from jobmatch_ml.documents import CvDocument, render, render_pdf, scan_pdf

pdfplumber = pytest.importorskip("pdfplumber")
pypdfium2 = pytest.importorskip("pypdfium2")
pytest.importorskip("typst")

CV = CvDocument("Zoé Lefèvre", "Aide-soignante", contacts=("zoe@example.org",))


def test_a_scan_has_a_picture_of_each_page_and_no_text() -> None:
    long = CvDocument("Zoé Lefèvre", "Aide-soignante", skills=tuple(f"s{n}" for n in range(90)))
    data, suffix = render(long, "scan_classic")
    assert suffix == ".pdf"
    with pdfplumber.open(io.BytesIO(data)) as document:
        assert len(document.pages) == 2
        assert [len(page.images) for page in document.pages] == [1, 1]
        assert not any(page.chars for page in document.pages)
        # A4 in points, as far as whole pixels allow.
        assert (document.pages[0].width, document.pages[0].height) == pytest.approx(
            (595, 842), abs=1
        )


def test_a_scan_is_grainy_and_differs_from_the_next_persons() -> None:
    def levels(data: bytes) -> np.ndarray:
        page = pypdfium2.PdfDocument(data)[0]
        return np.asarray(page.render(scale=1, grayscale=True).to_pil(), dtype=float)

    clean = render_pdf(CV)
    first = levels(scan_pdf(clean))
    other = levels(scan_pdf(render_pdf(CvDocument("Zoé Lefèvre", "Aide soignante"))))
    margin = first[:30, :30]
    assert margin.std() > 0.5
    assert margin.mean() < 255
    assert first.min() < 100  # ink is still dark
    assert not np.array_equal(first, other)


def test_scanning_the_same_file_twice_gives_the_same_bytes() -> None:
    clean = render_pdf(CV)
    assert scan_pdf(clean) == scan_pdf(clean)
