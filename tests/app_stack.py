"""The demo as processes of its own: a home with offers, the real service, the application.

Browser tests open the application's page over it; each module that does has a stack to itself,
because one of them stops the service.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from jobmatch_ml.settings import Settings

CHROMIUM = shutil.which("chromium")
NO_CHROMIUM = "chromium is missing: run infra/install-debian-packages.sh"
PROJECT_ROOT = Path(__file__).resolve().parents[1]

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


def build_home(home: Path) -> Settings:
    """Returns the settings of a home in which offers were ingested and a bundle was promoted."""
    from jobmatch_ml.offers import ingest_offers
    from jobmatch_ml.ranking.bundle import write_bundle
    from jobmatch_ml.ranking.packaged import packaged_model_dir
    from jobmatch_ml.registry import promote, register_bundle

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
    promote(version, settings=settings, by="test", override="a test")
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


def write_cv(path: Path) -> Path:
    """Writes a developer's CV as a PDF."""
    from jobmatch_ml.documents import CvDocument, CvEducation, CvExperience, CvLanguage, render_pdf

    python = CvExperience(
        title="Développeuse Python",
        employer="Atelier Numérique",
        place="Lyon",
        start=date(2021, 3, 1),
        end=None,
        bullets=(
            "Conception d'une API REST en Python pour les commandes de 40 magasins",
            "Rédaction de requêtes SQL et de 300 tests automatisés",
            "Accompagnement de 2 développeurs juniors et revue de leur code",
            "Mise en place d'une intégration continue avec GitLab",
        ),
    )
    support = CvExperience(
        title="Technicienne support",
        employer="Réseaux du Rhône",
        place="Villeurbanne",
        start=date(2018, 9, 1),
        end=date(2021, 2, 1),
        bullets=(
            "Traitement de 25 demandes par jour au téléphone et par courriel",
            "Installation de postes de travail dans 12 agences",
            "Écriture de scripts Python pour préparer les postes",
            "Formation des nouveaux arrivants aux outils internes",
        ),
    )
    cv = CvDocument(
        full_name="Camille Exemple",
        headline="Développeuse Python",
        contacts=("camille@example.org", "06 12 34 56 78", "Lyon"),
        experiences=(python, support),
        education=(
            CvEducation("BTS Services informatiques aux organisations", "Lycée Ampère", 2018),
        ),
        skills=("Python", "SQL", "API REST", "GitLab", "Tests automatisés"),
        languages=(CvLanguage("Anglais", "courant"),),
    )
    path.write_bytes(render_pdf(cv))
    return path


@contextmanager
def running_stack(settings: Settings, logs: Path) -> Iterator[Stack]:
    """Starts the service, then the application, on free ports."""
    service_port, app_port = _free_port(), _free_port()
    service_url, app_url = f"http://127.0.0.1:{service_port}", f"http://127.0.0.1:{app_port}"
    environment = {
        **os.environ,
        "JOBMATCH_ROOT": str(PROJECT_ROOT),
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
            stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
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


@contextmanager
def running_browser() -> Iterator[Any]:
    """Starts Debian's Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


@contextmanager
def windows(browser: Any, app_url: str) -> Iterator[Callable[..., Any]]:
    """Opens the page in windows of a given size; requests to any other server fail the test."""
    strangers: list[str] = []
    contexts = []

    def note(request: Any) -> None:
        if not request.url.startswith((app_url, "data:", "blob:")):
            strangers.append(request.url)

    def open_window(width: int = 1280, height: int = 900, locale: str = "fr-FR") -> Any:
        window = {"width": width, "height": height}
        context = browser.new_context(viewport=window, locale=locale)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PAGE_TIMEOUT_MS)
        page.on("request", note)
        page.goto(app_url)
        page.wait_for_selector("#find-offers")
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert strangers == []
