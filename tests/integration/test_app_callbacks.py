"""The matching page's behaviour over a fake client: each state gives its sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("gradio", reason="the extra 'app' is not installed")

from gradio_app import sentences
from gradio_app.answers import Extraction, MatchAnswer, RankedOffer
from gradio_app.callbacks.matching import ReadCv, check_service, find_offers, read_cv, update_offers
from gradio_app.cards import notice_html
from gradio_app.client import Readiness
from gradio_app.sentences import ServiceFailure
from jobmatch_ml.cv.limits import CvLimits

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


def test_a_match_shows_each_fact_of_the_offer_and_the_bundle_version() -> None:
    html = find_offers(FakeClient(), "Développeuse", "Python, SQL", 10).html
    for text in ("Développeur / Développeuse Python", "Atelier Numérique", "69 - LYON 03", "CDI"):
        assert text in html
    assert "20/11/2026" in html
    assert "<strong>0,62</strong>" in html
    assert "<mark>python</mark> <mark>sql</mark>" in html
    assert 'href="https://example.org/offre/1"' in html
    assert "version <code>7</code>" in html


def test_the_score_and_the_machine_are_explained_in_plain_words() -> None:
    html = find_offers(FakeClient(), "Développeuse", "", 10).html
    assert "un score de similarité, pas une probabilité d&#x27;être recruté" in html
    assert "système d&#x27;intelligence artificielle" in html


@pytest.mark.parametrize(("title", "text"), [("", ""), ("  ", "\n\t"), (None, None)])
def test_an_empty_form_asks_for_something_and_sends_nothing(title: Any, text: Any) -> None:
    client = FakeClient()
    html = find_offers(client, title, text, 10).html
    assert spoken(sentences.EMPTY_INPUT) in html
    assert 'role="alert"' in html
    assert client.asked == []


@pytest.mark.parametrize(("title", "text"), [("a" * 20_001, ""), ("", "a" * 200_001)])
def test_a_text_that_is_too_long_is_said_and_not_sent(title: str, text: str) -> None:
    client = FakeClient()
    assert spoken(sentences.TEXT_TOO_LONG) in find_offers(client, title, text, 10).html
    assert client.asked == []


def test_the_longest_texts_are_sent() -> None:
    client = FakeClient()
    assert "jm-card" in find_offers(client, "a" * 20_000, "b" * 200_000, 10).html


def test_a_title_alone_is_enough() -> None:
    client = FakeClient()
    assert "jm-card" in find_offers(client, " Boulanger ", "", 10).html
    assert client.asked == [("match", "Boulanger", "", 10)]


@pytest.mark.parametrize(("asked", "sent"), [(0, 1), (1, 1), (7.0, 7), (50, 50), (5000, 50)])
def test_the_number_of_offers_stays_within_the_slider(asked: float, sent: int) -> None:
    client = FakeClient()
    find_offers(client, "Boulanger", "", asked)
    assert client.asked == [("match", "Boulanger", "", sent)]


def test_an_empty_catalogue_is_said() -> None:
    html = find_offers(FakeClient(offers=()), "Boulanger", "", 10).html
    assert spoken(sentences.NO_OFFER) in html


@pytest.mark.parametrize(
    "sentence", [sentences.SERVICE_DOWN, sentences.SERVICE_LOADING, sentences.SERVICE_ERROR]
)
def test_a_failure_of_the_service_is_its_sentence_and_no_card(sentence: str) -> None:
    html = find_offers(FakeClient(failure=sentence), "Boulanger", "", 10).html
    assert spoken(sentence) in html
    assert "jm-card" not in html


def test_another_number_of_offers_ranks_again_only_once_offers_were_asked_for() -> None:
    client = FakeClient()
    assert update_offers(client, "Boulanger", "", 20, shown=False) is None
    assert client.asked == []
    found = update_offers(client, "Boulanger", "", 20, shown=True)
    assert found is not None
    assert "jm-card" in found.html
    assert client.asked == [("match", "Boulanger", "", 20)]


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
            "method": "pdf_text",
            "warnings": ["Ce CV est une image."],
            "extracted_lines": [
                {"content_type": "skill_hard", "content": "Python"},
                {"content_type": "experience", "content": "…", "position": "Développeuse Python"},
                {"content_type": "experience", "content": "…", "position": "Stagiaire"},
            ],
        }
    )
    client = FakeClient(extraction=extraction)
    read = read_cv(client, str(upload), "")
    title, text, notice = read[:3]
    assert (read.cv, read.is_read) == (extraction, True)
    assert (title, text) == ("Développeuse Python", "Camille\nDéveloppeuse")
    assert "CV lu (2 pages). Ce CV est une image." in notice
    assert client.asked == [("extract", "camille.pdf", b"%PDF-1.7 ...")]
    assert not upload.exists()


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("docx", "CV lu."),
        ("text", "CV lu."),
        ("pdf_text", "CV lu (1 page)."),
        ("ocr", "CV lu (1 p"),
    ],
)
def test_pages_are_told_only_of_files_that_have_some(upload: Path, method: str, said: str) -> None:
    extraction = Extraction(raw_text="Mon CV", pages=1, method=method)
    assert said in read_cv(FakeClient(extraction=extraction), str(upload), "").notice


def test_the_largest_file_that_the_service_takes_is_sent(tmp_path: Path) -> None:
    path = tmp_path / "cv.pdf"
    path.write_bytes(b"x" * CvLimits().file_bytes)
    client = FakeClient()
    assert "CV lu" in read_cv(client, str(path), "").notice
    assert len(client.asked) == 1


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
        ("cv.docx", b"x" * 10_000_001, sentences.FILE_TOO_LARGE),
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
    assert read_cv(FakeClient(), None, "") == ReadCv(None, None, "")


@pytest.mark.parametrize(
    ("state", "sentence"),
    [("down", sentences.SERVICE_DOWN), ("loading", sentences.SERVICE_LOADING)],
)
def test_opening_the_page_says_when_the_service_cannot_answer(
    state: Readiness, sentence: str
) -> None:
    assert spoken(sentence) in check_service(FakeClient(state=state))


@pytest.mark.parametrize(
    "sentence",
    [
        sentences.SERVICE_DOWN,
        sentences.SERVICE_LOADING,
        sentences.SERVICE_ERROR,
        sentences.BAD_ANSWER,
        sentences.WRONG_ADDRESS,
    ],
)
def test_commands_are_told_to_operators_after_what_the_person_can_do(sentence: str) -> None:
    for_person, _, for_operator = sentence.partition("Si vous gérez cette installation : ")
    assert "éessayez" in for_person
    assert "`" not in for_person
    assert "matching" not in sentence
    assert for_operator


def test_opening_the_page_says_nothing_when_all_is_well() -> None:
    assert check_service(FakeClient()) == ""
