"""The only door to the service: HTTP requests with time-outs, tolerant reading of its answers.

Every failure becomes a :class:`ServiceFailure` whose message is a plain French sentence. Answers
are read tolerantly (unknown fields are ignored), so that a newer service does not break the page.
"""

from __future__ import annotations

import logging
from typing import Any, Literal, Protocol, TypeVar

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gradio_app.sentences import (
    BAD_ANSWER,
    SERVICE_DOWN,
    SERVICE_SLOW,
    ServiceFailure,
    explain_refusal,
)

logger = logging.getLogger(__name__)

Readiness = Literal["ready", "loading", "down"]
ModelT = TypeVar("ModelT", bound=BaseModel)

# The service answers within 10 s by its own limits; a scanned CV may take 45 s, and wait its turn.
REQUEST_TIMEOUT = httpx.Timeout(20.0, connect=3.0)
READING_TIMEOUT = httpx.Timeout(60.0, connect=3.0)
READINESS_TIMEOUT = httpx.Timeout(3.0)


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class ExtractedLine(_Answer):
    """One line read in a CV: a position, a skill, a degree."""

    content_type: str = "other"
    content: str = ""
    position: str | None = None


class Extraction(_Answer):
    """A CV as the service read it."""

    raw_text: str = ""
    extracted_lines: tuple[ExtractedLine, ...] = ()
    pages: int | None = None
    method: str = ""
    warnings: tuple[str, ...] = ()


class HighlightSpan(_Answer):
    """Where a word shared with the CV stands in the offer: ``field[start:end]``."""

    term: str
    field: str
    start: int
    end: int


class RankedOffer(_Answer):
    """An offer of the answer, as a card shows it. ``score`` is a mean of cosines in [-1, 1]."""

    rank: int
    offer_id: str
    title: str
    score: float
    company: str | None = None
    place: str | None = None
    contract_label: str | None = None
    ingestion_date: str | None = None
    source_url: str | None = None
    excerpt: str = ""
    highlights: tuple[str, ...] = ()
    highlight_spans: tuple[HighlightSpan, ...] = ()


class MatchAnswer(_Answer):
    """The ranked offers, best first, and the bundle that ranked them."""

    offers: tuple[RankedOffer, ...] = ()
    profile_title: str = ""
    bundle_version: str = Field("", coerce_numbers_to_str=True)


class ServiceClient(Protocol):
    """What the pages need of the service; tests give a fake one."""

    def extract(self, file_name: str, content: bytes) -> Extraction:
        """Reads a CV file. Raises :class:`ServiceFailure`."""
        ...

    def match_text(self, title: str, text: str, *, top_k: int) -> MatchAnswer:
        """Ranks the offers for a title and a CV text. Raises :class:`ServiceFailure`."""
        ...

    def readiness(self) -> Readiness:
        """Says whether the service can answer now; never raises."""
        ...


class HttpServiceClient:
    """Speaks to the JobMatch service over HTTP.

    Args:
        base_url: Where the service listens, such as ``http://127.0.0.1:3000``.
        transport: How requests travel; tests answer them without a server.
    """

    def __init__(self, base_url: str, *, transport: httpx.BaseTransport | None = None) -> None:
        # The operator's own service is meant: no proxy of the environment stands in between,
        # and it never sends us elsewhere.
        self._http = httpx.Client(
            base_url=base_url,
            timeout=REQUEST_TIMEOUT,
            trust_env=False,
            follow_redirects=False,
            transport=transport,
        )

    def extract(self, file_name: str, content: bytes) -> Extraction:
        """Reads a CV file. Raises :class:`ServiceFailure`."""
        media_type = (
            "application/pdf"
            if file_name.lower().endswith(".pdf")
            else "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        )
        # The person's file name may hold their name: only its extension travels.
        neutral_name = "cv.pdf" if media_type == "application/pdf" else "cv.docx"
        files = {"file": (neutral_name, content, media_type)}
        return self._post("/extract", Extraction, files=files, timeout=READING_TIMEOUT)

    def match_text(self, title: str, text: str, *, top_k: int) -> MatchAnswer:
        """Ranks the offers for a title and a CV text. Raises :class:`ServiceFailure`."""
        body = {"title": title, "text": text, "top_k": top_k}
        return self._post("/api/match/text", MatchAnswer, json=body)

    def readiness(self) -> Readiness:
        """Says whether the service can answer now; never raises."""
        try:
            response = self._http.get("/readyz", timeout=READINESS_TIMEOUT)
        except httpx.HTTPError:
            return "down"
        return "ready" if response.status_code == httpx.codes.OK else "loading"

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def _post(self, path: str, answer: type[ModelT], **request: Any) -> ModelT:
        try:
            response = self._http.post(path, **request)
        except httpx.ConnectTimeout as error:
            raise ServiceFailure(SERVICE_DOWN) from error
        except httpx.TimeoutException as error:
            logger.warning("%s: no answer in time", path)
            raise ServiceFailure(SERVICE_SLOW) from error
        except httpx.HTTPError as error:
            logger.warning("%s: %s", path, type(error).__name__)
            raise ServiceFailure(SERVICE_DOWN) from error
        if response.status_code != httpx.codes.OK:
            raise self._refusal(path, response)
        try:
            return answer.model_validate_json(response.content)
        except ValidationError as error:
            # The error's own text would quote the answer, which holds a CV: count only, no cause.
            logger.warning("%s: %d unreadable fields", path, error.error_count())
            raise ServiceFailure(BAD_ANSWER) from None

    @staticmethod
    def _refusal(path: str, response: httpx.Response) -> ServiceFailure:
        try:
            body = response.json()
        except ValueError:
            body = {}
        details = body if isinstance(body, dict) else {}
        code, field = str(details.get("code") or ""), str(details.get("field") or "")
        logger.warning("%s: status %d, code %s", path, response.status_code, code[:40])
        return ServiceFailure(
            explain_refusal(
                path,
                response.status_code,
                code=code,
                field=field,
                retry_after=response.headers.get("Retry-After", ""),
            )
        )
