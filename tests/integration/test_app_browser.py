"""The demo application as a person uses it: headless Chromium, the real page, the real service.

One world for the module: a dozen offers ingested, the packaged encoder promoted as champion, the
service and the application as processes of their own. The page reads a PDF, ranks, changes the
number of offers, and says in plain French what is wrong once the service has gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.app_stack import (
    CHROMIUM,
    NO_CHROMIUM,
    Stack,
    build_home,
    running_browser,
    running_stack,
    stop,
    windows,
    write_cv,
)

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM),
]


@pytest.fixture(scope="module")
def cv_pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A developer's CV."""
    return write_cv(tmp_path_factory.mktemp("cv") / "cv.pdf")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The service and the application."""
    settings = build_home(tmp_path_factory.mktemp("demo"))
    with running_stack(settings, tmp_path_factory.mktemp("logs")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium."""
    with running_browser() as chromium:
        yield chromium


@pytest.fixture
def open_page(browser: Any, stack: Stack) -> Iterator[Any]:
    """Opens the page in windows of a given size."""
    with windows(browser, stack.app_url) as open_window:
        yield open_window


def test_a_pdf_becomes_an_editable_text_then_ranked_offers(
    open_page: Any, cv_pdf: Path, tmp_path: Path
) -> None:
    page = open_page()
    assert page.locator("#service-notice .jm-notice").count() == 0
    page.set_input_files("#cv-file input[type=file]", cv_pdf)
    page.wait_for_selector("#cv-notice .jm-success")
    assert "API REST" in page.locator("#cv-text textarea").input_value()
    assert page.locator("#cv-title input, #cv-title textarea").input_value() == (
        "Développeuse Python"
    )
    page.get_by_role("button", name="Trouver des offres").click()
    first = page.locator(".jm-card").first
    first.wait_for()
    assert "Développeur / Développeuse Python (H/F)" in first.inner_text()
    assert "Octets" in first.inner_text()
    assert "69 - LYON 03" in first.inner_text()
    assert "Python" in first.locator("mark").all_inner_texts()
    assert page.locator(".jm-card").count() == 10
    scores = [
        float(text.replace(",", ".").replace("−", "-"))
        for text in page.locator(".jm-score strong").all_inner_texts()
    ]
    assert scores == sorted(scores, reverse=True)
    assert all(-1 <= score <= 1 for score in scores)
    page.screenshot(path=tmp_path / "matching.png")


def test_the_number_of_offers_follows_the_keyboard_and_hostile_offers_stay_text(
    open_page: Any, tmp_path: Path
) -> None:
    page = open_page()
    page.get_by_label("Texte de votre CV").fill("Vente, encaissement, service en salle")
    page.get_by_role("button", name="Trouver des offres").press("Enter")
    page.wait_for_selector(".jm-card")
    slider = page.locator("#top-k input[type=range]")
    slider.focus()
    for _ in range(2):
        slider.press("ArrowRight")
    page.wait_for_function("document.querySelectorAll('.jm-card').length === 12")
    page.locator("#top-k input[type=number]").fill("3")
    page.locator("#top-k input[type=number]").press("Tab")
    page.wait_for_function("document.querySelectorAll('.jm-card').length === 3")
    slider.press("End")
    page.wait_for_function("document.querySelectorAll('.jm-card').length === 12")
    assert page.title() == "JobMatch"
    assert page.locator(".jm-card img, .jm-card b").count() == 0


def test_the_page_fits_a_phone(open_page: Any, tmp_path: Path) -> None:
    page = open_page(width=390, height=844)
    page.get_by_label("Poste recherché").fill("Comptable")
    page.get_by_label("Poste recherché").press("Enter")
    page.wait_for_selector(".jm-card")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    # The offers were brought into view, below the form.
    page.wait_for_function("document.getElementById('offers').getBoundingClientRect().top < 200")
    page.screenshot(path=tmp_path / "phone.png", full_page=True)


def test_the_page_is_in_french_in_an_english_browser_too(open_page: Any) -> None:
    zone = open_page(locale="en-US").locator("#cv-file")
    zone.get_by_text("Déposez").first.wait_for()
    assert "Drop" not in zone.inner_text()


def test_the_drop_zone_is_read_aloud_as_it_is_seen(open_page: Any, tmp_path: Path) -> None:
    page = open_page()
    zone = page.locator("#cv-file")
    zone.get_by_text("Déposez").first.wait_for()
    zone.screenshot(path=tmp_path / "drop_zone.png")
    # What a screen reader gets: the words of the page itself, not those that a style draws.
    spoken = zone.aria_snapshot()
    assert 'button "Déposez votre CV ici - ou - cliquez pour le choisir"' in spoken
    assert "télécharger" not in spoken
    assert "upload" not in spoken
    names = page.locator("#top-k").aria_snapshot()
    assert '"Nombre d\'offres, en chiffres"' in names
    assert '"Nombre d\'offres, au curseur"' in names
    sizes = "all => all.map(each => parseFloat(getComputedStyle(each).fontSize))"
    seen = zone.locator("[data-testid=upload-text], [data-testid=upload-text] .or")
    assert min(seen.evaluate_all(sizes)) >= 14


def test_an_empty_form_and_a_file_that_is_no_cv_get_a_sentence(
    open_page: Any, tmp_path: Path
) -> None:
    page = open_page()
    page.get_by_role("button", name="Trouver des offres").click()
    page.wait_for_selector("#offers .jm-error")
    assert "Indiquez au moins le poste recherché" in page.locator("#offers").inner_text()
    large = tmp_path / "large.pdf"
    large.write_bytes(b"%PDF-1.7" + bytes(10_000_000))
    page.set_input_files("#cv-file input[type=file]", large)
    page.wait_for_selector(".jm-too-large")
    assert "dépasse 10 Mo" in page.locator(".jm-too-large").inner_text()
    fake = tmp_path / "cv.pdf"
    fake.write_bytes(b"%PDF-1.7 but not really")
    page.set_input_files("#cv-file input[type=file]", fake)
    page.wait_for_selector("#cv-notice .jm-error")
    assert "fichier" in page.locator("#cv-notice").inner_text()
    assert page.locator(".jm-too-large").count() == 0
    assert page.locator("#cv-text textarea").input_value() == ""


# Last in the module: the service does not come back.
def test_a_service_that_has_gone_is_a_plain_sentence(open_page: Any, stack: Stack) -> None:
    page = open_page()
    stop(stack.service)
    page.get_by_label("Poste recherché").fill("Comptable")
    page.get_by_role("button", name="Trouver des offres").click()
    page.wait_for_selector("#offers .jm-error")
    sentence = "Le service de recherche d'offres ne répond pas. Réessayez dans quelques minutes."
    assert sentence in page.locator("#offers").inner_text()
    page.reload()
    page.wait_for_selector("#service-notice .jm-error")
    assert sentence in page.locator("#service-notice").inner_text()
