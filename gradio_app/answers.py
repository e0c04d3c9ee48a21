"""The service's answers as the pages read them, tolerantly.

Unknown fields are ignored, so that a newer service does not break the pages.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from gradio_app.sentences import READING_FAILED, TASK_FAILED


class Answer(BaseModel):
    """Base of the answers: unknown fields are ignored, nothing changes after reading."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Evidence(Answer):
    """Where a line stands in the CV's text: ``raw_text[start:end]``."""

    start: int = 0
    end: int = 0


class ExtractedLine(Answer):
    """One line read in a CV: a position, a skill, a degree; fields that do not apply are empty."""

    content_type: str = "other"
    content: str = ""
    position: str | None = None
    entity: str | None = None
    dates: str | None = None
    description: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None
    location: str | None = None
    url: str | None = None
    evidence: Evidence | None = None


class Extraction(Answer):
    """A CV as the service read it; ``pasted`` is the text that it was read from, if it was one."""

    raw_text: str = ""
    pasted: str = ""
    extracted_lines: tuple[ExtractedLine, ...] = ()
    pages: int | None = None
    method: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What a field for the CV's text shows: what was pasted, else what was read."""
        return self.pasted or self.raw_text.strip()


class Progress(Answer):
    """How a task is doing: ``pending``, ``processing``, ``completed`` or ``failed``.

    ``error`` is the service's French sentence for a task that failed.
    """

    unexplained: ClassVar[str] = TASK_FAILED  # for a failure that comes without its sentence

    status: str = "pending"
    error: str | None = None


class ReadingStatus(Progress, Extraction):
    """How far a reading is; completed, it has the CV."""

    unexplained: ClassVar[str] = READING_FAILED


class HighlightSpan(Answer):
    """Where a word shared with the CV stands in the offer: ``field[start:end]``."""

    term: str
    field: str
    start: int
    end: int


class FullOffer(Answer):
    """An offer of the catalogue in full, as far as the pages show it."""

    offer_id: str
    title: str = ""
    company: str = ""
    place: str = ""
    description: str = ""


class RankedOffer(Answer):
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


class MatchAnswer(Answer):
    """The ranked offers, best first, and the bundle that ranked them."""

    offers: tuple[RankedOffer, ...] = ()
    profile_title: str = ""
    bundle_version: str = Field("", coerce_numbers_to_str=True)


class Success(Answer):
    """A STAR success, part by part."""

    title: str = ""
    situation: str = ""
    task: str = ""
    action: str = ""
    result: str = ""
    skills_demonstrated: tuple[str, ...] = ()
    is_complete: bool = False


class Pitch(Answer):
    """Both lengths of a pitch."""

    pitch_30s: str = ""
    pitch_3min: str = ""
    key_strengths: tuple[str, ...] = ()
    is_complete: bool = False
    audience: str = "recruteur"
    missing: tuple[str, ...] = ()


class Score(Answer):
    """How good a success reads, of 100, and what would make it better."""

    points: int = 0
    tips: tuple[str, ...] = ()


class StreamEvent(Answer):
    """One event of a coach's stream: a token, or what the service says beside it."""

    token: str = ""
    step: str = ""
    score: Score | None = None
    notice: str = ""
    warning: str = ""
    extracted_data: dict[str, Any] | None = None


class TaskTicket(Answer):
    """A task that was begun."""

    task_id: str


class TaskStatus(Progress):
    """How a task of the assistant is doing; completed, it has the text."""

    task_id: str = ""
    status: str
    content: str = ""
    notice: str = ""


class TailoredSentence(Answer):
    """One sentence of a tailored CV and the candidate's lines that bear it out."""

    text: str
    section: str = ""
    source_line_ids: tuple[str, ...] = ()


class ParseBack(Answer):
    """How much of the exported file is found again when it is read like any CV."""

    recall: float | None = None
    lost: tuple[str, ...] = ()


class TailoredCv(TaskStatus):
    """A finished tailored CV. Scores are similarities in [-1, 1], ``None`` when not computed."""

    sentences: tuple[TailoredSentence, ...] = ()
    sources: dict[str, str] = Field(default_factory=dict)
    missing: tuple[str, ...] = ()
    covered_before: tuple[str, ...] = ()
    covered_after: tuple[str, ...] = ()
    score_before: float | None = None
    score_after: float | None = None
    warnings: tuple[str, ...] = ()
    parse_back: ParseBack | None = None
    level: int = 2


class Letter(TaskStatus):
    """A finished letter."""

    sentences: tuple[TailoredSentence, ...] = ()
