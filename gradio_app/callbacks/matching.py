"""The matching page's behaviour: read a CV file, rank the offers, say how the service is doing."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import NamedTuple

from gradio_app import sentences
from gradio_app.answers import Extraction, RankedOffer
from gradio_app.cards import notice_html, offers_html
from gradio_app.client import MatchingClient
from gradio_app.profile import title_of
from gradio_app.sentences import ServiceFailure
from jobmatch_ml.cv.limits import CvLimits

logger = logging.getLogger(__name__)

CV_SUFFIXES = (".pdf", ".docx")
TOP_K_RANGE = (1, 50)
# The service's own limits, checked first so that the sentence can say what is too long.
MAX_FILE_BYTES, MAX_TEXT_CHARACTERS = CvLimits().file_bytes, CvLimits().text_characters
MAX_TITLE_CHARACTERS = 20_000


class ReadCv(NamedTuple):
    """What the page shows after a file was given; ``None`` leaves a field as it is."""

    title: str | None
    text: str | None
    notice: str
    cv: Extraction | None = None
    is_read: bool = False


class FoundOffers(NamedTuple):
    """What the page shows after a search, and the offers that other pages may start from."""

    html: str
    offers: tuple[RankedOffer, ...] = ()


def read_cv(client: MatchingClient, path: str | None, current_title: str) -> ReadCv:
    """Sends an uploaded CV to the service and deletes it, whatever happens.

    The text that was read fills the editable field; the wished title is filled from the CV only
    when the person has not written one.
    """
    if path is None:
        return ReadCv(None, None, "")
    try:
        extraction = _extract(client, Path(path))
    except ServiceFailure as failure:
        return ReadCv(None, None, notice_html(str(failure), tone="error"))
    finally:
        _delete_upload(Path(path))
    if not extraction.raw_text.strip():
        return ReadCv(None, None, notice_html(sentences.NO_TEXT_IN_FILE, tone="error"))
    title = None if (current_title or "").strip() else title_of(extraction)
    notice = notice_html(_describe(extraction), tone="success")
    return ReadCv(title, extraction.raw_text.strip(), notice, extraction, is_read=True)


def read_pasted(client: MatchingClient, text: str, known: Extraction | None) -> ReadCv:
    """Has the service read a CV's text, unless it is the one that is known already."""
    text = (text or "").strip()
    if not text:
        return ReadCv(None, None, notice_html(sentences.CV_NEEDED, tone="error"), known)
    if len(text) > MAX_TEXT_CHARACTERS:
        return ReadCv(None, None, notice_html(sentences.TEXT_TOO_LONG, tone="error"), known)
    if known is not None and known.text == text:
        notice = notice_html(_describe(known), tone="success")
        return ReadCv(None, None, notice, known, is_read=True)
    try:
        extraction = client.extract("cv.txt", text.encode())
    except ServiceFailure as failure:
        return ReadCv(None, None, notice_html(str(failure), tone="error"), known)
    # What was pasted stays what the field shows: reading tidies spaces.
    extraction = extraction.model_copy(update={"pasted": text})
    notice = notice_html(_describe(extraction), tone="success")
    return ReadCv(None, text, notice, extraction, is_read=True)


def find_offers(client: MatchingClient, title: str, text: str, top_k: float) -> FoundOffers:
    """Returns the ranked offers as cards, or the sentence that says why there are none."""
    title, text = (title or "").strip(), (text or "").strip()
    if not title and not text:
        return FoundOffers(notice_html(sentences.EMPTY_INPUT, tone="error"))
    if len(title) > MAX_TITLE_CHARACTERS or len(text) > MAX_TEXT_CHARACTERS:
        return FoundOffers(notice_html(sentences.TEXT_TOO_LONG, tone="error"))
    low, high = TOP_K_RANGE
    try:
        answer = client.match_text(title, text, top_k=min(max(int(top_k), low), high))
    except ServiceFailure as failure:
        return FoundOffers(notice_html(str(failure), tone="error"))
    if not answer.offers:
        return FoundOffers(notice_html(sentences.NO_OFFER))
    return FoundOffers(offers_html(answer), answer.offers)


def update_offers(
    client: MatchingClient, title: str, text: str, top_k: float, *, shown: bool
) -> FoundOffers | None:
    """Ranks again for another number of offers, once there is a ranking to change."""
    return find_offers(client, title, text, top_k) if shown else None


def check_service(client: MatchingClient) -> str:
    """Returns a message when the service cannot answer now, nothing when it can."""
    state = client.readiness()
    if state == "ready":
        return ""
    message = sentences.SERVICE_DOWN if state == "down" else sentences.SERVICE_LOADING
    return notice_html(message, tone="error" if state == "down" else "info")


def _extract(client: MatchingClient, path: Path) -> Extraction:
    if path.suffix.lower() not in CV_SUFFIXES:
        raise ServiceFailure(sentences.WRONG_FILE_TYPE)
    try:
        size = path.stat().st_size
        if size == 0:
            raise ServiceFailure(sentences.EMPTY_FILE)
        if size > MAX_FILE_BYTES:
            raise ServiceFailure(sentences.FILE_TOO_LARGE)
        content = path.read_bytes()
    except OSError as error:
        logger.warning("an uploaded file could not be read: %s", type(error).__name__)
        raise ServiceFailure(sentences.UNREADABLE_FILE) from None
    return client.extract(path.name, content)


def _delete_upload(path: Path) -> None:
    """Removes the copy that the web server kept, so that a CV does not stay on its disk."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        # Its cache folder is emptied by age and at the end anyway.
        logger.warning("an uploaded file could not be deleted: %s", type(error).__name__)


def _describe(extraction: Extraction) -> str:
    # Only a PDF says how many pages it has.
    count = extraction.pages if extraction.method in ("pdf_text", "ocr") else None
    pages = f" ({count} page{'s' if count > 1 else ''})" if count else ""
    sentences_shown = (
        f"CV lu{pages}.",
        *extraction.warnings,
        "Vérifiez le texte ci-dessous et corrigez-le si besoin.",
    )
    return " ".join(sentences_shown)
