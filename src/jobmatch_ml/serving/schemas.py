"""What clients send and get: the matching API's bodies, strict on the way in.

A body that does not fit is refused before any model sees it. Numbers must be JSON numbers (no
strings, no NaN, no infinity) and unknown fields are refused, because a misspelt ``top_k`` that is
silently ignored is worse than an error.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

MAX_TOP_K = 200
MAX_TEXT_CHARACTERS = 200_000
MAX_TITLE_CHARACTERS = 20_000
_MAX_DIMENSION = 4096  # longer than any encoder's; the exact length is the champion's

Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Vector = Annotated[list[Number], Field(min_length=1, max_length=_MAX_DIMENSION)]
TopK = Annotated[int, Field(strict=True, ge=1, le=MAX_TOP_K)]


class Request(BaseModel):
    """Base of the request bodies: immutable, unknown fields refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Answer(BaseModel):
    """Base of the answers."""

    model_config = ConfigDict(frozen=True)


class MatchRequest(Request):
    """``POST /api/match``: two vectors of the champion's encoder."""

    title_embedding: Vector = Field(description="Embedding of the profile's title.")
    cv_embedding: Vector = Field(description="Embedding of the profile's lines.")
    top_k: TopK = Field(20, description="How many offers at most.")
    embedding_model: str | None = Field(
        None, max_length=200, description="The model that made the vectors; checked when given."
    )


class MatchTextRequest(Request):
    """``POST /api/match/text``: a CV's text; a title, when given, wins over the CV's headline."""

    title: str = Field("", max_length=MAX_TITLE_CHARACTERS, description="Occupation looked for.")
    text: str = Field("", max_length=MAX_TEXT_CHARACTERS, description="The CV as text.")
    top_k: TopK = Field(20, description="How many offers at most.")


class EmbedRequest(Request):
    """``POST /api/embed``: the texts to embed, read as ``/api/match/text`` reads them."""

    title: str = Field("", max_length=MAX_TITLE_CHARACTERS)
    text: str = Field("", max_length=MAX_TEXT_CHARACTERS)


class Match(Answer):
    """One offer of ``/api/match``."""

    offer_id: str
    score: float = Field(description="w·cos(titles) + (1−w)·cos(bodies), in [−1, 1].")
    ingestion_date: date | None = None


class MatchResponse(Answer):
    """Answer of ``/api/match``, by decreasing score."""

    matches: list[Match]


class HighlightSpan(Answer):
    """Where a highlighted word stands in the offer: ``field[start:end]``."""

    term: str
    field: str = Field(description="`title` or `description`.")
    start: int
    end: int


class SharedWords(Answer):
    """Words that the CV and the offer share: they say something to a reader, not to the ranker."""

    kind: Literal["shared_words"] = "shared_words"
    words: list[str]


class Similarity(Answer):
    """A part of the score: w times the titles' cosine and 1 - w times the bodies' make it."""

    kind: Literal["title_similarity", "body_similarity"]
    value: float = Field(description="Cosine in [-1, 1].")


class RankedOffer(Answer):
    """One offer, with what a page shows of it.

    ``highlights`` are words that the CV and the offer share: a reading aid, not the reason for the
    rank, which comes from the encoder; ``reasons`` gives both, each by its name.
    """

    rank: int
    offer_id: str
    title: str
    company: str
    place: str
    contract: str = Field(description="Type of contract, as France Travail codes it.")
    contract_label: str
    score: float
    ingestion_date: date | None = None
    source_url: str = ""
    excerpt: str = Field("", description="The beginning of the description.")
    highlights: list[str] = Field(default_factory=list)
    highlight_spans: list[HighlightSpan] = Field(default_factory=list)
    reasons: list[SharedWords | Similarity] = Field(default_factory=list)


class MatchAnswer(Answer):
    """Answer of ``/api/match/text``."""

    request_id: str
    bundle_version: str
    bundle_sha256: str
    embedding_model: str
    profile_title: str = Field(description="The title that was ranked with.")
    offers: list[RankedOffer]


class EmbedAnswer(Answer):
    """Answer of ``/api/embed``: what ``/api/match`` takes."""

    title_embedding: list[float]
    cv_embedding: list[float]
    embedding_model: str
    dimension: int
    bundle_version: str
    bundle_sha256: str
    request_id: str


class LlmReport(Answer):
    """What a language model's reading of a CV cost and gave; ``failed`` is empty or a code."""

    provider: str
    seconds: float
    sent_tokens: int
    kept: int
    dropped: int
    unverified: int
    failed: str


class ExtractAnswer(Answer):
    """Answer of ``/extract``: what was read of the CV."""

    success: bool
    extracted_lines: list[dict[str, Any]]
    raw_text: str
    language: str
    pages: int
    method: str
    warnings: list[str]
    hidden_text: list[dict[str, Any]]
    unverified_lines: list[dict[str, Any]] = Field(
        default_factory=list, description="What a model alone read in a picture."
    )
    llm: LlmReport | None = Field(None, description="What a language model did, if one was asked.")


REQUEST_BODIES: dict[str, type[Request]] = {
    "/api/match": MatchRequest,
    "/api/match/text": MatchTextRequest,
    "/api/embed": EmbedRequest,
}
"""The JSON routes and what their bodies must be."""
