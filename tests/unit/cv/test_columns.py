"""Finding the gutter of two-column pages, and leaving single columns alone."""

from __future__ import annotations

import pytest

from jobmatch_ml.cv import build_profile, extract_file
from jobmatch_ml.cv.columns import Word, find_gutter


def lines(x0: float, x1: float, tops: list[float]) -> list[Word]:
    """Lines of three words each between ``x0`` and ``x1``."""
    third = (x1 - x0) / 3
    return [
        Word(x0 + n * third, x0 + (n + 1) * third - 2, top, top + 10)
        for top in tops
        for n in range(3)
    ]


LEFT = [120.0 + 14 * n for n in range(20)]
RIGHT = [125.0 + 17 * n for n in range(25)]


def test_a_header_over_two_columns_is_kept_apart() -> None:
    words = [*lines(40, 560, [30, 50]), *lines(40, 180, LEFT), *lines(220, 560, RIGHT)]
    gutter = find_gutter(words, width=600, height=840)
    assert gutter is not None
    assert 180 < gutter.x < 220
    assert gutter.top == 60


def test_one_column_has_no_gutter() -> None:
    assert find_gutter(lines(40, 560, RIGHT), width=600, height=840) is None


def test_dates_at_the_right_margin_are_not_a_column() -> None:
    words = [*lines(40, 380, RIGHT), *lines(450, 560, RIGHT[::2])]
    assert find_gutter(words, width=600, height=840) is None


def test_an_empty_page_has_no_gutter() -> None:
    assert find_gutter([], width=600, height=840) is None


@pytest.mark.parametrize("template", ["classic", "two_columns"])
def test_our_own_pdfs_read_as_the_text_that_they_were_made_from(template: str) -> None:
    pytest.importorskip("typst")
    from datetime import date

    from jobmatch_ml.cv import extract_text
    from jobmatch_ml.documents import (
        CvDocument,
        CvEducation,
        CvExperience,
        CvLanguage,
        render_pdf,
        render_text,
    )

    cv = CvDocument(
        full_name="Amélie Le Goff",
        headline="Comptable confirmée",
        contacts=("amelie.legoff@example.org", "06 12 34 56 78", "69003 Lyon"),
        summary="Comptable depuis huit ans, à l'aise avec les clôtures.",
        experiences=(
            CvExperience(
                "Comptable", "Cabinet Durand", "Lyon", date(2020, 1, 1), None, ("Clôtures", "Paie")
            ),
            CvExperience(
                "Aide-comptable", "SARL Petit", "Vienne", date(2016, 2, 1), date(2019, 12, 1)
            ),
        ),
        education=(CvEducation("BTS Comptabilité", "Lycée Ampère", 2015),),
        skills=("Excel", "Sage", "Rigueur"),
        languages=(CvLanguage("Anglais", "B1"),),
        interests=("lecture", "voile"),
    )
    from_pdf = extract_file(render_pdf(cv, template=template), "cv.pdf")  # type: ignore[arg-type]
    from_text = extract_text(render_text(cv))
    assert _facts(from_pdf) == _facts(from_text)
    assert build_profile(from_pdf).title == "Comptable confirmée"
    assert "Goff" not in build_profile(from_pdf).text


def _facts(reading: object) -> set[tuple[str, str | None, str | None, str | None]]:
    """Contents of the lines; of experiences, title, employer and dates (layouts order them)."""
    return {
        (line.content_type.value, line.position, (line.entity or "").split(",")[0], line.dates)
        if line.content_type in ("experience", "education")
        else (line.content_type.value, line.content, None, None)
        for line in reading.lines  # type: ignore[attr-defined]
    }


def test_of_dates_and_a_column_at_the_right_the_column_is_parted() -> None:
    dates = [Word(400 + n % 3 * 9, 440, top, top + 10) for n, top in enumerate(LEFT[::2])]
    words = [*lines(40, 560, [30]), *lines(40, 360, LEFT), *dates, *lines(470, 560, RIGHT)]
    gutter = find_gutter(words, width=600, height=840)
    assert gutter is not None
    assert 440 < gutter.x < 470


def test_words_of_one_baseline_are_one_line_whatever_their_fonts() -> None:
    from jobmatch_ml.cv.read_pdf import _level

    def char(text: str, y0: float, matrix: tuple[float, ...]) -> dict[str, object]:
        box = {"top": 90.0 - y0, "bottom": 100.0 - y0, "doctop": 90.0 - y0}
        return {"text": text, "y0": y0, "size": 10.0, "matrix": matrix, **box}

    upright = (1.0, 0.0, 0.0, 1.0, 40.0, 50.0)
    chars = [char("a", 50.0, upright), char("b", 47.0, upright), char("(cid:72)", 50.0, upright)]
    chars.append(char("c", 50.0, (0.0, 1.0, -1.0, 0.0, 40.0, 50.0)))
    assert [(item["text"], item["bottom"]) for item in _level(chars)] == [
        ("a", pytest.approx(52.2)),
        ("b", pytest.approx(52.2)),
        ("c", 50.0),
    ]


def test_headings_centred_on_the_page_are_no_column() -> None:
    left, right = lines(40, 280, LEFT), lines(320, 560, RIGHT[2:])
    assert find_gutter([*left, *right], width=600, height=840) is not None
    centred = [Word(300 - half, 300 + half, top, top + 10) for half, top in ((8, 449), (9, 466))]
    assert find_gutter([*left, *right, *centred], width=600, height=840) is None
