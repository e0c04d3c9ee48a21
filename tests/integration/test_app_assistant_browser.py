"""The assistant's pages as a person uses them: from an uploaded CV to a success, a pitch and a CV.

Headless Chromium over the real application and the real service: the coach is seen to speak token
by token, what was told survives a reload, the files that are downloaded are real files.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
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

STORY = (
    "Oui",
    "En 2023, l'API de commandes de l'Atelier Numérique à Lyon tombait en panne chaque semaine, "
    "les 40 magasins ne pouvaient plus commander et les clients attendaient leurs livraisons.",
    "Je devais rendre l'API fiable avant la fin de l'année, avec 2 collègues, sans arrêter le "
    "service pendant les heures d'ouverture des magasins.",
    "J'ai mesuré les pannes pendant 2 semaines. J'ai écrit 120 tests automatisés, j'ai réparé les "
    "requêtes SQL les plus lentes et j'ai mis en place une alerte qui prévenait l'équipe.",
    "Les pannes sont passées de 4 par mois à 0 en 3 mois, et le temps de réponse a baissé de 40 %.",
)
OFFER = (
    "Nous recherchons un développeur Python pour Lyon. Compétences attendues : Python, API REST, "
    "SQL, Kubernetes. <img src=x onerror=document.title='pwned'>"
)
# Notes every length that the last message of a coach has had.
WATCH = """() => {
    window.lengths = [];
    new MutationObserver(() => {
        const said = [...document.querySelectorAll(".jm-chat .jm-coach:last-child p")].at(-1);
        const length = said?.textContent.length;
        if (length && window.lengths.at(-1) !== length) window.lengths.push(length);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


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


def open_tab(page: Any, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def tell_story(page: Any) -> None:
    """Leads the STAR conversation to its end."""
    page.click("#star-start")
    spoken(page, "#star-log", 1)
    for number, answer in enumerate(STORY, start=2):
        page.fill("#star-message textarea", answer)
        page.click("#star-send")
        spoken(page, "#star-log", number)


def spoken(page: Any, log: str, messages: int) -> None:
    """Waits until the coach has said so many messages, to the end of the last."""
    page.wait_for_function(
        """([log, count]) => document.querySelectorAll(`${log} .jm-coach`).length >= count
            && document.querySelector(`${log} .jm-chat`)?.getAttribute("aria-busy") === "false\"""",
        arg=[log, messages],
    )


def download(page: Any, name: str) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).click()
    return Path(waiting.value.path()).read_bytes()


def test_from_an_uploaded_cv_to_a_success_a_pitch_and_a_tailored_cv(
    open_page: Any, cv_pdf: Path, tmp_path: Path
) -> None:
    page = open_page()
    page.set_input_files("#cv-file input[type=file]", cv_pdf)
    page.wait_for_selector("#cv-notice .jm-success")

    tell_a_success(page)
    page.screenshot(path=tmp_path / "star.png", full_page=True)
    prepare_a_pitch(page)
    page.screenshot(path=tmp_path / "pitch.png", full_page=True)
    tailor_a_cv(page)
    page.screenshot(path=tmp_path / "tailored.png", full_page=True)
    assert page.title() == "JobMatch"
    page.reload()
    page.wait_for_selector("#find-offers")
    change_and_delete_the_success(page)


def tell_a_success(page: Any) -> None:
    """The CV of the first page is known, and the coach speaks token by token."""
    open_tab(page, "Mes succès")
    page.wait_for_selector("#star-cv .jm-success")
    page.evaluate(WATCH)
    tell_story(page)
    # Five answers, token by token: the text was seen to grow many times, by little each time.
    lengths = page.evaluate("window.lengths")
    grown = [after - before for before, after in pairwise(lengths) if after > before]
    assert len(grown) > 40
    assert sorted(grown)[len(grown) // 2] < 30
    card = page.locator("#star-saved .jm-card")
    card.wait_for()
    assert "120 tests automatisés" in card.inner_text()
    assert page.locator("#star-steps [aria-current=step]").inner_text() == "Succès"
    assert "[STAR_COMPLETE]" not in page.locator("#star-log").inner_text()
    assert json.loads(download(page, "Télécharger en JSON"))[0]["result"].startswith("Les pannes")


def prepare_a_pitch(page: Any) -> None:
    """Both lengths are right."""
    open_tab(page, "Mon pitch")
    page.locator("#pitch-audience").get_by_text("Futur manager").click()
    page.click("#pitch-start")
    spoken(page, "#pitch-log", 1)
    page.wait_for_function("document.querySelectorAll('#pitch-counts .jm-fits').length === 2")
    short = page.locator("#pitch-short textarea").input_value()
    long = page.locator("#pitch-long textarea").input_value()
    assert 75 <= count_words(short) <= 80
    assert 400 <= count_words(long) <= 450
    page.click("#pitch-keep")
    page.wait_for_selector("#pitch-saved .jm-card")


def tailor_a_cv(page: Any) -> None:
    """Every sentence has its source, nothing was added, the files are real."""
    open_tab(page, "CV et lettre")
    page.get_by_label("Intitulé de l'offre").fill("Développeur Python (H/F)")
    page.get_by_label("Texte de l'offre").fill(OFFER)
    page.click("#tailor-make")
    page.wait_for_selector("#tailor-result .jm-diff")
    assert "Kubernetes" in page.locator("#tailor-result .jm-missing").inner_text()
    assert "Kubernetes" not in page.locator("#tailor-result .jm-diff").inner_text()
    sentences = page.locator("#tailor-result .jm-diff li")
    assert sentences.count() == page.locator("#tailor-result .jm-diff li:has(.jm-from)").count() > 8
    assert "avant" in page.locator("#tailor-result .jm-scores").inner_text()
    assert download(page, "Télécharger en DOCX").startswith(b"PK")
    assert download(page, "Télécharger en PDF").startswith(b"%PDF")
    assert b"Camille" in download(page, "Télécharger en JSON Resume")
    page.click("#tailor-letter-make")
    page.wait_for_selector("#tailor-letter textarea")
    assert "Madame, Monsieur" in page.locator("#tailor-letter textarea").input_value()
    assert download(page, "la lettre en PDF").startswith(b"%PDF")


def change_and_delete_the_success(page: Any) -> None:
    """What was told has outlived a reload."""
    open_tab(page, "Mes succès")
    page.locator("#star-saved .jm-card").wait_for()
    page.get_by_role("button", name="Modifier ou supprimer").click()
    page.get_by_label("Titre", exact=True).fill("Zéro panne en 3 mois")
    page.get_by_role("button", name="Enregistrer les modifications").click()
    page.get_by_role("heading", name="Zéro panne en 3 mois").wait_for()
    page.get_by_role("button", name="Supprimer ce succès").click()
    page.locator("#star-saved .jm-waiting").wait_for()


def test_each_page_fits_a_phone_and_works_by_keyboard(open_page: Any, tmp_path: Path) -> None:
    page = open_page(width=390, height=844)
    for name in ("Mon pitch", "CV et lettre", "Mes succès"):
        open_tab(page, name)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("#star-start").press("Enter")
    spoken(page, "#star-log", 1)
    page.locator("#star-message textarea").fill("Mon poste de vendeuse chez Octets à Lyon")
    page.locator("#star-message textarea").press("Enter")
    spoken(page, "#star-log", 2)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.screenshot(path=tmp_path / "star-phone.png", full_page=True)


def test_a_phone_shows_a_pitch_and_a_tailored_cv_whole(
    open_page: Any, cv_pdf: Path, tmp_path: Path
) -> None:
    page = open_page(width=390, height=844)
    page.set_input_files("#cv-file input[type=file]", cv_pdf)
    page.wait_for_selector("#cv-notice .jm-success")
    open_tab(page, "Mon pitch")
    page.click("#pitch-start")
    spoken(page, "#pitch-log", 1)
    page.wait_for_selector("#pitch-counts .jm-fits")
    fits_the_window(page)
    open_tab(page, "CV et lettre")
    page.click("#tailor-make")
    page.wait_for_selector("#tailor-result .jm-error")
    assert "Il manque l'offre" in page.locator("#tailor-result .jm-error").inner_text()
    page.get_by_label("Texte de l'offre").fill(OFFER)
    page.locator("#tailor-level").get_by_text("4 · Audacieux").click()
    page.click("#tailor-make")
    page.wait_for_selector("#tailor-result .jm-diff")
    page.click("#tailor-letter-make")
    page.wait_for_selector("#tailor-letter textarea")
    fits_the_window(page)
    page.screenshot(path=tmp_path / "tailored-phone.png", full_page=True)


def fits_the_window(page: Any) -> None:
    """Nothing that is shown ends beyond the right edge."""
    beyond = page.evaluate(
        """() => [...document.querySelectorAll("body *")].filter((element) => {
            const box = element.getBoundingClientRect();
            return box.width > 0 && box.right > innerWidth + 1;
        }).map((element) => element.outerHTML.slice(0, 80))"""
    )
    assert beyond == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_what_was_typed_is_never_markup(open_page: Any) -> None:
    page = open_page()
    open_tab(page, "Mes succès")
    page.click("#star-start")
    spoken(page, "#star-log", 1)
    page.fill("#star-message textarea", "<img src=x onerror=document.title='pwned'> mon poste")
    page.click("#star-send")
    spoken(page, "#star-log", 2)
    assert page.locator("#star-log img").count() == 0
    assert page.title() == "JobMatch"


# Last in the module: the service does not come back.
def test_a_service_that_has_gone_gives_the_message_back(open_page: Any, stack: Stack) -> None:
    page = open_page()
    open_tab(page, "Mes succès")
    page.click("#star-start")
    spoken(page, "#star-log", 1)
    stop(stack.service)
    page.fill("#star-message textarea", "Mon poste de vendeuse")
    page.click("#star-send")
    page.wait_for_selector("#star-log .jm-error")
    assert "ne répond pas" in page.locator("#star-log .jm-error").inner_text()
    assert page.locator("#star-message textarea").input_value() == "Mon poste de vendeuse"


def count_words(text: str) -> int:
    return sum(any(map(str.isalnum, part)) for part in text.split())
