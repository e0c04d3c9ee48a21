"""The demo application without a browser: each state gives its sentence, nothing is markup.

The callbacks run over a fake client; the HTTP client runs over a transport that answers as the
service would, or fails as networks do.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

pytest.importorskip("gradio", reason="the extra 'app' is not installed")

from gradio_app import sentences
from gradio_app.app import build_app, launch_app
from gradio_app.callbacks.matching import check_service, find_offers, read_cv, update_offers
from gradio_app.cards import format_score, mark_spans, notice_html, offer_html, offers_html
from gradio_app.client import (
    Extraction,
    HighlightSpan,
    HttpServiceClient,
    MatchAnswer,
    RankedOffer,
    Readiness,
)
from gradio_app.sentences import ServiceFailure

from jobmatch_ml.cli import app as cli_app
from jobmatch_ml.cv.messages import REFUSALS
from jobmatch_ml.errors import MissingExtraError, MissingFileError
from jobmatch_ml.settings import get_settings

OFFER = RankedOffer(
    rank=1,
    offer_id="191XYZ",
    title="Développeur / Développeuse Python",
    score=0.6249,
    company="Atelier Numérique",
    place="69 - LYON 03",
    contract_label="CDI",
    ingestion_date="2026-11-20",
    source_url="https://example.org/offre/1",
    highlights=("python", "sql"),
)


class FakeClient:
    """Answers what it was told to, and remembers what it was asked."""

    def __init__(
        self,
        *,
        offers: tuple[RankedOffer, ...] = (OFFER,),
        extraction: Extraction | None = None,
        failure: str = "",
        state: Readiness = "ready",
    ) -> None:
        self.answer = MatchAnswer(offers=offers, bundle_version="7")
        self.extraction = extraction or Extraction(raw_text="Mon CV")
        self.failure = failure
        self.state: Readiness = state
        self.asked: list[tuple[Any, ...]] = []

    def extract(self, file_name: str, content: bytes) -> Extraction:
        self.asked.append(("extract", file_name, content))
        if self.failure:
            raise ServiceFailure(self.failure)
        return self.extraction

    def match_text(self, title: str, text: str, *, top_k: int) -> MatchAnswer:
        self.asked.append(("match", title, text, top_k))
        if self.failure:
            raise ServiceFailure(self.failure)
        return self.answer

    def readiness(self) -> Readiness:
        return self.state


def spoken(sentence: str) -> str:
    """A sentence as a message box writes it: typographic spaces, code marked up."""
    return notice_html(sentence).split("<p>")[1].split("</p>")[0]


# --- ranking ---------------------------------------------------------------------------------


def test_a_match_shows_each_fact_of_the_offer_and_the_bundle_version() -> None:
    html = find_offers(FakeClient(), "Développeuse", "Python, SQL", 10)
    for text in ("Développeur / Développeuse Python", "Atelier Numérique", "69 - LYON 03", "CDI"):
        assert text in html
    assert "20/11/2026" in html
    assert "<strong>0,62</strong>" in html
    assert "<mark>python</mark> <mark>sql</mark>" in html
    assert 'href="https://example.org/offre/1"' in html
    assert "version <code>7</code>" in html


def test_the_score_and_the_machine_are_explained_in_plain_words() -> None:
    html = find_offers(FakeClient(), "Développeuse", "", 10)
    assert "un score de similarité, pas une probabilité d&#x27;être recruté" in html
    assert "système d&#x27;intelligence artificielle" in html


@pytest.mark.parametrize(("title", "text"), [("", ""), ("  ", "\n\t"), (None, None)])
def test_an_empty_form_asks_for_something_and_sends_nothing(title: Any, text: Any) -> None:
    client = FakeClient()
    html = find_offers(client, title, text, 10)
    assert spoken(sentences.EMPTY_INPUT) in html
    assert 'role="alert"' in html
    assert client.asked == []


def test_a_title_alone_is_enough() -> None:
    client = FakeClient()
    assert "jm-card" in find_offers(client, " Boulanger ", "", 10)
    assert client.asked == [("match", "Boulanger", "", 10)]


@pytest.mark.parametrize(("asked", "sent"), [(0, 1), (1, 1), (7.0, 7), (50, 50), (5000, 50)])
def test_the_number_of_offers_stays_within_the_slider(asked: float, sent: int) -> None:
    client = FakeClient()
    find_offers(client, "Boulanger", "", asked)
    assert client.asked == [("match", "Boulanger", "", sent)]


def test_an_empty_catalogue_is_said() -> None:
    assert spoken(sentences.NO_OFFER) in find_offers(FakeClient(offers=()), "Boulanger", "", 10)


@pytest.mark.parametrize(
    "sentence", [sentences.SERVICE_DOWN, sentences.SERVICE_LOADING, sentences.SERVICE_ERROR]
)
def test_a_failure_of_the_service_is_its_sentence_and_no_card(sentence: str) -> None:
    html = find_offers(FakeClient(failure=sentence), "Boulanger", "", 10)
    assert spoken(sentence) in html
    assert "jm-card" not in html


def test_another_number_of_offers_ranks_again_only_once_offers_were_asked_for() -> None:
    client = FakeClient()
    assert update_offers(client, "Boulanger", "", 20, shown=False) is None
    assert client.asked == []
    assert "jm-card" in (update_offers(client, "Boulanger", "", 20, shown=True) or "")
    assert client.asked == [("match", "Boulanger", "", 20)]


# --- what strangers write is never markup ----------------------------------------------------

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


def test_every_text_of_an_offer_is_escaped() -> None:
    offer = RankedOffer(
        rank=1,
        offer_id=HOSTILE,
        title=HOSTILE,
        score=0.1,
        company=HOSTILE,
        place=HOSTILE,
        contract_label=HOSTILE,
        ingestion_date=HOSTILE,
        source_url="https://example.org/" + HOSTILE,
        excerpt=HOSTILE + " python",
        highlights=(HOSTILE,),
        highlight_spans=(
            HighlightSpan(term=HOSTILE, field="title", start=0, end=len(HOSTILE)),
            HighlightSpan(term=HOSTILE, field="description", start=0, end=len(HOSTILE)),
        ),
    )
    answer = MatchAnswer(offers=(offer,), bundle_version=HOSTILE, profile_title=HOSTILE)
    html = offers_html(answer)
    assert "<script" not in html
    assert "<img" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 9


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "//example.org", "ftp://example.org", "x", ""],
)
def test_only_web_addresses_become_links(address: str) -> None:
    assert "<a " not in offer_html(OFFER.model_copy(update={"source_url": address}))


def test_shared_words_are_marked_where_they_stand() -> None:
    spans = [
        HighlightSpan(term="SQL", field="description", start=11, end=14),
        HighlightSpan(term="Python", field="description", start=0, end=6),
        HighlightSpan(term="Python", field="title", start=0, end=6),
        HighlightSpan(term="thon &", field="description", start=2, end=8),  # overlaps
        HighlightSpan(term="elsewhere", field="description", start=900, end=909),
        HighlightSpan(term="&", field="description", start=-4, end=-3),
    ]
    marked = mark_spans("Python & / SQL", spans, field="description")
    assert marked == "<mark>Python</mark> &amp; / <mark>SQL</mark>"


def test_facts_that_an_offer_does_not_state_are_said_to_be_missing() -> None:
    bare = RankedOffer(rank=3, offer_id="x", title="", score=-0.2)
    html = offer_html(bare)
    assert "Offre sans intitulé" in html
    assert html.count("Non précisé") == 3
    assert "width:0%" in html
    assert "<mark>" not in html


@pytest.mark.parametrize(
    ("score", "text"), [(0.6249, "0,62"), (-0.05, "−0,05"), (-0.001, "0,00"), (1.0, "1,00")]
)
def test_scores_are_written_the_french_way(score: float, text: str) -> None:
    assert format_score(score) == text


# --- reading a CV ----------------------------------------------------------------------------


@pytest.fixture
def upload(tmp_path: Path) -> Path:
    path = tmp_path / "camille.pdf"
    path.write_bytes(b"%PDF-1.7 ...")
    return path


def test_a_cv_fills_the_text_and_an_empty_title_and_is_deleted(upload: Path) -> None:
    extraction = Extraction.model_validate(
        {
            "raw_text": "Camille\nDéveloppeuse\n",
            "pages": 2,
            "warnings": ["Ce CV est une image."],
            "extracted_lines": [
                {"content_type": "skill_hard", "content": "Python"},
                {"content_type": "experience", "content": "…", "position": "Développeuse Python"},
                {"content_type": "experience", "content": "…", "position": "Stagiaire"},
            ],
        }
    )
    client = FakeClient(extraction=extraction)
    title, text, notice = read_cv(client, str(upload), "")
    assert (title, text) == ("Développeuse Python", "Camille\nDéveloppeuse")
    assert "CV lu (2 pages). Ce CV est une image." in notice
    assert client.asked == [("extract", "camille.pdf", b"%PDF-1.7 ...")]
    assert not upload.exists()


def test_the_headline_of_a_cv_is_preferred_to_its_latest_position(upload: Path) -> None:
    lines = [
        {"content_type": "experience", "content": "…", "position": "Serveuse"},
        {"content_type": "summary", "content": "Comptable", "position": "Comptable"},
    ]
    extraction = Extraction.model_validate({"raw_text": "CV", "extracted_lines": lines})
    assert read_cv(FakeClient(extraction=extraction), str(upload), "").title == "Comptable"


def test_a_title_that_was_written_is_kept(upload: Path) -> None:
    assert read_cv(FakeClient(), str(upload), "Boulangère").title is None


def test_a_cv_without_text_is_said_and_changes_nothing(upload: Path) -> None:
    read = read_cv(FakeClient(extraction=Extraction(raw_text=" \n")), str(upload), "")
    assert (read.title, read.text) == (None, None)
    assert spoken(sentences.NO_TEXT_IN_FILE) in read.notice


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("cv.txt", b"texte", sentences.WRONG_FILE_TYPE),
        ("cv.pdf", b"", sentences.EMPTY_FILE),
        ("cv.docx", b"x" * (10 * 1024 * 1024 + 1), sentences.FILE_TOO_LARGE),
    ],
)
def test_a_file_that_cannot_do_is_refused_here_and_deleted(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    client = FakeClient()
    assert spoken(sentence) in read_cv(client, str(path), "").notice
    assert client.asked == []
    assert not path.exists()


def test_a_file_that_the_service_refuses_is_deleted_too(upload: Path) -> None:
    client = FakeClient(failure=sentences.UNREADABLE_FILE)
    assert spoken(sentences.UNREADABLE_FILE) in read_cv(client, str(upload), "").notice
    assert not upload.exists()


def test_a_file_that_vanished_is_a_sentence(tmp_path: Path) -> None:
    notice = read_cv(FakeClient(), str(tmp_path / "gone.pdf"), "").notice
    assert spoken(sentences.UNREADABLE_FILE) in notice


def test_emptying_the_drop_zone_changes_nothing() -> None:
    assert read_cv(FakeClient(), None, "") == (None, None, "")


# --- the state of the service ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "sentence"),
    [("down", sentences.SERVICE_DOWN), ("loading", sentences.SERVICE_LOADING)],
)
def test_opening_the_page_says_when_the_service_cannot_answer(
    state: Readiness, sentence: str
) -> None:
    assert spoken(sentence) in check_service(FakeClient(state=state))


def test_opening_the_page_says_nothing_when_all_is_well() -> None:
    assert check_service(FakeClient()) == ""


# --- the HTTP client -------------------------------------------------------------------------

Handler = Callable[[httpx.Request], httpx.Response]


def client_of(handler: Handler) -> HttpServiceClient:
    return HttpServiceClient("http://service", transport=httpx.MockTransport(handler))


def refusing(status: int, body: Any = None, **headers: str) -> HttpServiceClient:
    return client_of(lambda request: httpx.Response(status, json=body, headers=headers))


def failing(error: type[httpx.HTTPError]) -> HttpServiceClient:
    def handler(request: httpx.Request) -> httpx.Response:
        raise error("boom")  # type: ignore[call-arg]

    return client_of(handler)


def test_a_match_request_and_its_answer_are_those_of_the_contract() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        assert request.method == "POST"
        assert request.url.path == "/api/match/text"
        assert request.content == b'{"title":"Boulanger","text":"CAP","top_k":3}'
        offer = {"rank": 1, "offer_id": "a", "title": "Boulanger", "score": 0.5, "new_field": 1}
        return httpx.Response(200, json={"offers": [offer], "bundle_version": 4, "request_id": "r"})

    answer = client_of(handler).match_text("Boulanger", "CAP", top_k=3)
    assert answer.bundle_version == "4"
    assert [offer.title for offer in answer.offers] == ["Boulanger"]


def test_a_file_travels_without_its_name() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/extract"
        assert b'name="file"; filename="cv.pdf"' in request.content
        assert b"camille" not in request.content
        return httpx.Response(200, json={"success": True, "raw_text": "Mon CV", "pages": 1})

    assert client_of(handler).extract("camille.pdf", b"%PDF").raw_text == "Mon CV"


@pytest.mark.parametrize(
    ("client", "sentence"),
    [
        (failing(httpx.ConnectError), sentences.SERVICE_DOWN),
        (failing(httpx.ConnectTimeout), sentences.SERVICE_DOWN),
        (failing(httpx.RemoteProtocolError), sentences.SERVICE_DOWN),
        (failing(httpx.ReadTimeout), sentences.SERVICE_SLOW),
        (refusing(503, {"code": "not_ready", "message": "x"}), sentences.SERVICE_LOADING),
        (refusing(504), sentences.SERVICE_SLOW),
        (refusing(500, {"code": "integrity", "message": "x"}), sentences.SERVICE_ERROR),
        (refusing(409, {"code": "model_mismatch", "message": "x"}), sentences.MODEL_CHANGED),
        (refusing(404, "not here"), sentences.WRONG_ADDRESS),
        (refusing(302), sentences.WRONG_ADDRESS),
        (refusing(413, {"code": "limit_exceeded"}), sentences.TEXT_TOO_LONG),
        (refusing(422, {"code": "invalid_input", "field": "text"}), sentences.TEXT_REFUSED),
        (refusing(422, {"code": "invalid_input", "field": "top_k"}), sentences.TOP_K_REFUSED),
        (refusing(200, {"offers": [{"rank": "premier"}]}), sentences.BAD_ANSWER),
        (client_of(lambda request: httpx.Response(200, text="<html>")), sentences.BAD_ANSWER),
        (client_of(lambda request: httpx.Response(500, text="oops")), sentences.SERVICE_ERROR),
    ],
)
def test_every_failed_match_is_its_sentence(client: HttpServiceClient, sentence: str) -> None:
    with pytest.raises(ServiceFailure) as failure:
        client.match_text("Boulanger", "CAP", top_k=3)
    assert str(failure.value) == sentence


@pytest.mark.parametrize(
    ("client", "sentence"),
    [
        (refusing(413, {"code": "limit_exceeded"}), sentences.FILE_TOO_LARGE),
        (refusing(422, {"code": "invalid_format"}), sentences.UNREADABLE_FILE),
        (refusing(422, {"code": "cv_encrypted"}), REFUSALS["cv_encrypted"].user_message),
        (refusing(413, {"code": "cv_too_many_pages"}), REFUSALS["cv_too_many_pages"].user_message),
        (refusing(503, {"code": "not_ready"}), sentences.SERVICE_LOADING),
        (failing(httpx.ConnectError), sentences.SERVICE_DOWN),
    ],
)
def test_every_failed_reading_is_its_sentence(client: HttpServiceClient, sentence: str) -> None:
    with pytest.raises(ServiceFailure) as failure:
        client.extract("cv.pdf", b"%PDF")
    assert str(failure.value) == sentence


def test_a_busy_service_says_when_to_come_back() -> None:
    with pytest.raises(ServiceFailure, match="Réessayez dans 12 s"):
        refusing(429, {"code": "busy"}, **{"Retry-After": "12"}).match_text("a", "b", top_k=1)


@pytest.mark.parametrize(
    ("client", "state"),
    [
        (refusing(200, {}), "ready"),
        (refusing(503, {}), "loading"),
        (failing(httpx.ConnectError), "down"),
        (failing(httpx.ReadTimeout), "down"),
    ],
)
def test_readiness_never_raises(client: HttpServiceClient, state: Readiness) -> None:
    assert client.readiness() == state


def test_no_personal_text_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    echo = {"code": "invalid_input", "message": "camille@example.org", "field": "text"}
    for client in (refusing(422, echo), refusing(200, {"offers": ["camille@example.org"]})):
        with pytest.raises(ServiceFailure):
            client.match_text("Camille", "camille@example.org", top_k=3)
    assert "invalid_input" in caplog.text
    assert "camille" not in caplog.text.lower()


# --- the application as a whole --------------------------------------------------------------


def test_no_callback_is_offered_to_other_programs() -> None:
    app = build_app(FakeClient())
    assert app.fns
    assert {fn.api_visibility for fn in app.fns.values()} == {"private"}
    assert app.api_open is False
    assert app.analytics_enabled is False
    assert app.delete_cache is not None


def test_no_file_field_fetches_an_address() -> None:
    import gradio as gr

    files = [
        block for block in build_app(FakeClient()).blocks.values() if isinstance(block, gr.File)
    ]
    assert files
    for field in files:
        for address in ("http://example.org/cv.pdf", "https://example.org", "FTP://example.org"):
            with pytest.raises(gr.Error, match="pas une adresse"):
                asyncio.run(field.async_move_resource_to_block_cache(address))


def test_the_application_is_launched_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    import gradio as gr

    options: dict[str, Any] = {}
    monkeypatch.setattr(gr.Blocks, "launch", lambda self, **given: options.update(given))
    launch_app(FakeClient(), host="127.0.0.1", port=7999)
    closed = ("share", "enable_monitoring", "run_history", "mcp_server", "show_error", "pwa")
    assert [options[name] for name in closed] == [False] * len(closed)
    assert options["allowed_paths"] == []
    assert options["max_file_size"] == "10mb"
    assert (options["server_name"], options["server_port"]) == ("127.0.0.1", 7999)


def test_jobmatch_app_becomes_the_application_at_the_root(
    monkeypatch: pytest.MonkeyPatch, project_root: Path
) -> None:
    called: list[Any] = []
    monkeypatch.setattr(cli_app.os, "chdir", lambda path: called.append(Path(path)))
    monkeypatch.setattr(cli_app.os, "execve", lambda *given: called.append(given))
    result = CliRunner().invoke(cli_app.app, ["--port", "7999", "--service-url", "http://x:1"])
    assert result.exit_code == 0, result.output
    root, (_, arguments, environment) = called
    assert root == project_root
    assert arguments[1:] == [
        *("-m", "gradio_app", "--host", "127.0.0.1", "--port", "7999"),
        *("--service-url", "http://x:1"),
    ]
    assert environment["JOBMATCH_ROOT"] == str(project_root)


def test_jobmatch_app_outside_the_project_says_where_to_run_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("JOBMATCH_ROOT", str(tmp_path))
    get_settings.cache_clear()
    result = CliRunner().invoke(cli_app.app, [])
    assert isinstance(result.exception, MissingFileError)
    assert "gradio_app/" in str(result.exception)
    assert "JOBMATCH_ROOT" in str(result.exception)


def test_jobmatch_app_without_gradio_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_app, "find_spec", lambda name: None)
    result = CliRunner().invoke(cli_app.app, [])
    assert isinstance(result.exception, MissingExtraError)
    assert ".[app]" in str(result.exception)


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_jobmatch_app_refuses_an_impossible_port(port: str) -> None:
    assert CliRunner().invoke(cli_app.app, ["--port", port]).exit_code == 2
