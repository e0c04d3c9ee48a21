"""The demo application as a person uses it: headless Chromium, the real page, the real service.

One world for the module: a dozen offers ingested, the packaged encoder promoted as champion, the
service and the application as processes of their own. The page reads a PDF, ranks, changes the
number of offers, and says in plain French what is wrong once the service has gone.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from jobmatch_ml.settings import Settings

playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(
        CHROMIUM is None, reason="chromium is missing: run infra/install-debian-packages.sh"
    ),
]

CHROMIUM_ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_TIMEOUT_S = 180
PAGE_TIMEOUT_MS = 60_000

# Title, what the work is, company, place, contract.
OFFERS = (
    ("Développeur / Développeuse Python (H/F)", "Python, API REST, SQL", "Octets", "69 - LYON 03"),
    ("Boulanger / Boulangère (H/F)", "Pétrissage, cuisson, vente", "Au Bon Pain", "38 - GRENOBLE"),
    ("Aide-soignant / Aide-soignante (H/F)", "Soins, EHPAD, équipe", "Les Tilleuls", "42 - ROANNE"),
    ("Comptable (H/F)", "Saisie, TVA, bilan, paie", "Cabinet Durand", "69 - BRON"),
    ("Cariste CACES 3 (H/F)", "Préparation, entrepôt, CACES", "LogiSud", "69 - CORBAS"),
    ("Serveur / Serveuse (H/F)", "Service en salle, encaissement", "Le Bouchon", "69 - LYON 02"),
    ("Data engineer (H/F)", "Python, Spark, SQL, pipelines de données", "Octets", "75 - PARIS"),
    ("Plombier / Plombière (H/F)", "Chauffage, sanitaire, dépannage", "Thermo", "73 - CHAMBERY"),
    ("Conducteur / Conductrice de bus", "Permis D, voyageurs", "Translignes", "63 - CLERMONT"),
    ("Assistant / Assistante RH (H/F)", "Recrutement, paie", "Octets", "69 - VILLEURBANNE"),
    ("Jardinier / Jardinière (H/F)", "Tonte, taille, plantation", "Vert Pré", "74 - ANNECY"),
    ("<img src=x onerror=document.title='pwned'> (H/F)", "Vente", "<b>Société</b>", "01 - BOURG"),
)


@dataclass(frozen=True)
class Stack:
    """The two processes of the demo, and where they listen."""

    service: subprocess.Popen[bytes]
    app_url: str


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home in which offers were ingested and a bundle was promoted."""
    from jobmatch_ml.offers import ingest_offers
    from jobmatch_ml.ranking.bundle import write_bundle
    from jobmatch_ml.ranking.packaged import packaged_model_dir
    from jobmatch_ml.registry import promote, register_bundle

    home = tmp_path_factory.mktemp("demo")
    settings = Settings(root=home, data_dir=home / "data", mlruns_dir=home / "mlruns")
    raw = home / "offers.json"
    raw.write_bytes(orjson.dumps({"resultats": [_offer(*row) for row in enumerate(OFFERS)]}))
    ingest_offers(
        [raw],
        warehouse_path=settings.warehouse_path,
        catalogue_path=settings.catalogue_path,
        rejects_dir=settings.data / "rejects",
        ingestion_date=date(2026, 11, 20),
    )
    recipe = {"kind": "zero_shot", "encoder_name": "all-MiniLM-L6-v2", "dimension": 384}
    write_bundle(
        home / "bundle", encoder_dir=packaged_model_dir(), ranker=recipe, lineage={}, metrics={}
    )
    version = register_bundle(home / "bundle", settings=settings)
    promote(version, settings=settings, by="test")
    return settings


def _offer(number: int, row: tuple[str, str, str, str]) -> dict[str, Any]:
    title, work, company, place = row
    return {
        "id": f"19{number:04d}T",
        "intitule": title,
        "description": f"Nous recherchons pour {place} : {title}. Vos missions : {work}.",
        "dateCreation": "2026-11-19T08:00:00.000Z",
        "lieuTravail": {"libelle": place},
        "entreprise": {"nom": company},
        "typeContrat": "CDI",
        "typeContratLibelle": "Contrat à durée indéterminée",
        "origineOffre": {"urlOrigine": f"https://example.org/offres/{number}"},
    }


@pytest.fixture(scope="module")
def cv_pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A developer's CV."""
    from jobmatch_ml.documents import CvDocument, CvExperience, render_pdf

    experience = CvExperience(
        title="Développeuse Python",
        employer="Atelier Numérique",
        place="Lyon",
        start=date(2021, 3, 1),
        end=None,
        bullets=("Conception d'une API REST en Python", "Requêtes SQL et tests automatisés"),
    )
    cv = CvDocument(
        full_name="Camille Exemple",
        headline="Développeuse Python",
        contacts=("camille@example.org", "Lyon"),
        experiences=(experience,),
        skills=("Python", "SQL", "API REST"),
    )
    path = tmp_path_factory.mktemp("cv") / "cv.pdf"
    path.write_bytes(render_pdf(cv))
    return path


@pytest.fixture(scope="module")
def stack(settings: Settings, project_root_path: Path, tmp_path_factory: Any) -> Iterator[Stack]:
    """Starts the service, then the application, on free ports."""
    logs = tmp_path_factory.mktemp("logs")
    service_port, app_port = _free_port(), _free_port()
    service_url, app_url = f"http://127.0.0.1:{service_port}", f"http://127.0.0.1:{app_port}"
    environment = {
        **os.environ,
        "JOBMATCH_ROOT": str(project_root_path),
        "JOBMATCH_DATA_DIR": str(settings.data_dir),
        "JOBMATCH_MLRUNS_DIR": str(settings.mlruns_dir),
        "JOBMATCH_SERVICE_URL": service_url,
        "BENTOML_HOME": str(settings.root / "bentoml"),
    }
    serve = ["serve", "--port", str(service_port)]
    app = ["app", "--port", str(app_port)]
    with _process(serve, logs / "service.log", environment) as service:
        _wait_for(f"{service_url}/readyz", service, logs / "service.log")
        with _process(app, logs / "app.log", environment) as application:
            _wait_for(app_url, application, logs / "app.log")
            yield Stack(service, app_url)


@pytest.fixture(scope="module")
def project_root_path() -> Path:
    """The checkout's root."""
    return Path(__file__).resolve().parents[2]


@contextmanager
def _process(
    arguments: list[str], log: Path, environment: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    command = [str(Path(sys.executable).with_name("jobmatch")), *arguments]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, env=environment, start_new_session=True
        )
        try:
            yield process
        finally:
            _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Stops a process politely, and whatever it started with it."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=10)


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            if httpx.get(url, timeout=5, trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            pass  # not listening yet
        time.sleep(0.5)
    tail = log.read_text(errors="replace")[-3000:]
    pytest.fail(f"{url} did not answer with 200 within {START_TIMEOUT_S} s; its log ends:\n{tail}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium."""
    with playwright_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Any, stack: Stack) -> Iterator[Any]:
    """Opens the page in windows of a given size; requests to any other server fail the test."""
    strangers: list[str] = []
    contexts = []

    def note(request: Any) -> None:
        if not request.url.startswith((stack.app_url, "data:", "blob:")):
            strangers.append(request.url)

    def open_window(width: int = 1280, height: int = 900, locale: str = "fr-FR") -> Any:
        window = {"width": width, "height": height}
        context = browser.new_context(viewport=window, locale=locale)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PAGE_TIMEOUT_MS)
        page.on("request", note)
        page.goto(stack.app_url)
        page.wait_for_selector("#find-offers")
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert strangers == []


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
    page.wait_for_selector("#cv-too-large")
    assert "dépasse 10 Mo" in page.locator("#cv-too-large").inner_text()
    fake = tmp_path / "cv.pdf"
    fake.write_bytes(b"%PDF-1.7 but not really")
    page.set_input_files("#cv-file input[type=file]", fake)
    page.wait_for_selector("#cv-notice .jm-error")
    assert "fichier" in page.locator("#cv-notice").inner_text()
    assert page.locator("#cv-too-large").count() == 0
    assert page.locator("#cv-text textarea").input_value() == ""


# Last in the module: the service does not come back.
def test_a_service_that_has_gone_is_a_plain_sentence(open_page: Any, stack: Stack) -> None:
    page = open_page()
    _stop(stack.service)
    page.get_by_label("Poste recherché").fill("Comptable")
    page.get_by_role("button", name="Trouver des offres").click()
    page.wait_for_selector("#offers .jm-error")
    sentence = "Le service de recherche d'offres ne répond pas. Réessayez dans quelques minutes."
    assert sentence in page.locator("#offers").inner_text()
    page.reload()
    page.wait_for_selector("#service-notice .jm-error")
    assert sentence in page.locator("#service-notice").inner_text()
