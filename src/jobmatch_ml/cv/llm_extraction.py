"""A language model reads the lines of a CV; what it gives is checked against the text.

The rules need no model and stay the default. A model, where one is set, sees the text without
direct identifiers and answers a strict JSON form. Each field is looked up in the text: what does
not stand there is dropped, so a model that invents, or obeys an order in the CV, adds nothing. The
person's own data come from the rules alone. When the model fails, the rules' reading stands.
"""

from __future__ import annotations

import logging
import re
import time
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from rapidfuzz import fuzz

from jobmatch_ml.cv.messages import llm_warning
from jobmatch_ml.cv.prompts import load_prompt
from jobmatch_ml.cv.reading import ContentType, CvReading, Evidence, ExtractedLine
from jobmatch_ml.cv.redaction import MASKS, Redacted, names_of, redact
from jobmatch_ml.errors import JobMatchError

logger = logging.getLogger(__name__)

ModelT = TypeVar("ModelT", bound=BaseModel)
PROMPT = "extract.v1"
LONGEST_SENT = 60_000
"""Characters of a CV that are sent; of a longer one the rules' reading stands."""
_MOST_ITEMS = 400
_CLOSE = 85.0
"""Likeness of a quotation and a recognised passage, of 100."""
_CLOSE_WORD = 75.0
_SHORTEST_CLOSE = 5  # letters; anything is near to a shorter one
_OWN = (ContentType.PERSONAL_INFO, ContentType.CONTACT, ContentType.SOCIAL_LINK)
_SIGNS_A_TOKEN = 4  # of French and English text, roughly


class LanguageModel(Protocol):
    """What is asked of a provider; the assistant's providers are such."""

    name: str

    @property
    def writes(self) -> bool:
        """Whether there is a model at all."""

    def structured(self, messages: Sequence[Any], schema: type[ModelT]) -> ModelT:
        """Returns an answer as an object of the schema, or raises a :class:`JobMatchError`."""


class LlmItem(BaseModel):
    """One element, in the CV's own words."""

    model_config = ConfigDict(extra="forbid")

    type: Literal[
        "summary", "experience", "education", "certification", "skill_hard", "skill_soft",
        "language", "interest",
    ]  # fmt: skip
    quote: str = Field(min_length=1, max_length=4_000)
    position: str = Field("", max_length=400)
    entity: str = Field("", max_length=400)
    dates: str = Field("", max_length=100)
    description: str = Field("", max_length=8_000)


class LlmReading(BaseModel):
    """What a model answers."""

    model_config = ConfigDict(extra="forbid")

    items: list[LlmItem] = Field(max_length=_MOST_ITEMS)


@dataclass(frozen=True, slots=True)
class LlmRun:
    """What one extraction cost and gave; no text of the CV.

    Args:
        provider: The provider's name.
        seconds: On the clock.
        sent_tokens: Estimated from the characters sent.
        kept: Elements whose words stand in the CV.
        dropped: Elements, and fields of kept ones, that do not.
        unverified: Elements read in a picture that recognition did not find.
        failed: Code of the failure, ``too_long`` or ``nothing_kept``; empty when it worked.
    """

    provider: str
    seconds: float
    sent_tokens: int
    kept: int = 0
    dropped: int = 0
    unverified: int = 0
    failed: str = ""


def extract_with_llm(reading: CvReading, model: LanguageModel) -> tuple[CvReading, LlmRun | None]:
    """Reads a CV's lines by a language model.

    Args:
        reading: What the rules read; its text is what the model sees, redacted.
        model: A provider; one that does not write gives the rules' reading back.

    Returns:
        The reading with the model's lines in place of the rules' (the person's own data stay the
        rules'), or the rules' reading with a warning when the model failed or gave nothing that
        stands in the CV; and what it cost, ``None`` where nothing was asked.
    """
    if not model.writes:
        return reading, None
    hidden_names = names_of(reading)
    redacted = redact(reading.raw_text, hidden_names)
    prompt = load_prompt(PROMPT)
    tokens = (len(prompt) + len(redacted.text)) // _SIGNS_A_TOKEN
    started = time.perf_counter()
    lines: list[ExtractedLine] = []
    dropped, failed = 0, ""
    if len(redacted.text) > LONGEST_SENT:
        failed, tokens = "too_long", 0
    else:
        try:
            answer = model.structured(_messages(prompt, redacted.text), LlmReading)
            lines, dropped = _verify(answer, reading, redacted)
        except JobMatchError as error:
            failed = error.code
    failed = failed or ("" if lines else "nothing_kept")
    seconds = round(time.perf_counter() - started, 3)
    run = LlmRun(model.name, seconds, tokens, len(lines), dropped, failed=failed)
    log_run(run)
    if not lines:
        return replace(reading, warnings=(*reading.warnings, llm_warning(failed))), run
    return replace(reading, lines=with_own(reading, lines)), run


def log_run(run: LlmRun) -> None:
    """Writes what a run cost and gave into the log: counts alone."""
    logger.info(
        "cv read by %s: %.1f s, about %d tokens sent, %d elements kept, %d dropped, "
        "%d unverified %s",
        run.provider, run.seconds, run.sent_tokens, run.kept, run.dropped, run.unverified,
        run.failed,
    )  # fmt: skip


def with_own(reading: CvReading, lines: Sequence[ExtractedLine]) -> tuple[ExtractedLine, ...]:
    """Returns the person's own data as the rules read them, and a model's lines after them."""
    own = [line for line in reading.lines if line.content_type in _OWN]
    return tuple(replace(line, order=order) for order, line in enumerate([*own, *lines]))


def _messages(prompt: str, text: str) -> list[dict[str, str]]:
    # A CV that closes the quotation itself would speak outside of it.
    safe = re.sub(r"</?\s*cv\s*>", " ", text, flags=re.IGNORECASE)
    return [
        {"role": "system", "content": prompt},
        {"role": "user", "content": f"<cv>\n{safe}\n</cv>"},
    ]


def _verify(
    answer: LlmReading, reading: CvReading, redacted: Redacted
) -> tuple[list[ExtractedLine], int]:
    """Keeps what stands in the text; counts what does not."""
    text = Searchable(redacted, reading.raw_text)
    lines: list[ExtractedLine] = []
    dropped = 0
    for item in answer.items:
        span = text.find(item.quote)
        if span is None:
            dropped += 1
            continue
        fields: dict[str, Any] = {}
        for name in ("position", "entity", "dates", "description"):
            said = getattr(item, name).strip()
            place = text.find(said) if said else None
            dropped += bool(said) and place is None
            fields[name] = reading.raw_text[slice(*place)] if place else None
        start, end = span
        lines.append(
            ExtractedLine(
                ContentType(item.type),
                reading.raw_text[start:end],
                len(lines),
                evidence=Evidence(page_at(reading, start), start, end),
                **fields,
            )
        )
    return lines, dropped


def page_at(reading: CvReading, start: int) -> int:
    """Returns the page of a place in the text, by the line of the rules before it."""
    pages = [(line.evidence.start, line.evidence.page) for line in reading.lines if line.evidence]
    return max((pair for pair in pages if pair[0] <= start), default=(0, 1))[1]


class Searchable:
    """A redacted text in which words are found whatever their spaces, case and signs of lists."""

    def __init__(self, redacted: Redacted, original: str) -> None:
        self._words: list[str] = []
        self._starts: list[int] = []
        self._spans: list[tuple[int, int]] = []
        position = shift = 0
        masked: list[tuple[int, int]] = []
        for item in redacted.found:
            at = item.start + shift
            mask = len(MASKS[item.kind])
            masked.append((at, at + mask))
            shift += mask - (item.end - item.start)
        starts = [start for start, _ in masked]
        for match in re.finditer(r"\w+", redacted.text):
            before = bisect_right(starts, match.start())
            inside = before and match.start() < masked[before - 1][1]
            # A mask is a word that no quotation can match.
            self._words.append("\0" if inside else match.group(0).casefold())
            back = sum(
                (item.end - item.start) - len(MASKS[item.kind]) for item in redacted.found[:before]
            )
            self._spans.append((match.start() + back, match.end() + back))
        for word in self._words:
            self._starts.append(position)
            position += len(word) + 1
        self._joined = f" {' '.join(self._words)} "
        self._original = original

    def find(self, quote: str) -> tuple[int, int] | None:
        """Returns where a quotation stands in the original text."""
        words = re.findall(r"\w+", quote.casefold())
        if not words:
            return None
        at = self._joined.find(f" {' '.join(words)} ")
        if at < 0:
            return None
        first = bisect_right(self._starts, at) - 1
        return self._place(first, first + len(words) - 1)

    def find_close(self, quote: str) -> tuple[int, int] | None:
        """Returns where a quotation stands in a text that was recognised with mistakes.

        The passage is the nearest one. Each of its words must be a word of the quotation, but for
        a letter in four, and each number must be the same: "senior" is not "junior", 2019 not
        2018.
        """
        if place := self.find(quote):
            return place
        words = re.findall(r"\w+", quote.casefold())
        wanted = " ".join(words)
        if len(wanted) < _SHORTEST_CLOSE:
            return None
        found = fuzz.partial_ratio_alignment(wanted, self._joined, score_cutoff=_CLOSE)
        if found is None or found.src_end - found.src_start < len(wanted):
            return None
        first = max(0, bisect_right(self._starts, max(0, found.dest_start - 1)) - 1)
        last = max(first, bisect_right(self._starts, max(0, found.dest_end - 2)) - 1)
        # The nearest passage may begin or end within a word that is not of the quotation.
        while first < last and not any(_same_word(word, self._words[first]) for word in words):
            first += 1
        while first < last and not any(_same_word(word, self._words[last]) for word in words):
            last -= 1
        passage = self._words[first : last + 1]
        known = all(any(_same_word(word, other) for other in passage) for word in words)
        return self._place(first, last) if known and "\0" not in passage else None

    def _place(self, first: int, last: int) -> tuple[int, int]:
        start, end = self._spans[first][0], self._spans[last][1]
        while end < len(self._original) and self._original[end] in "+#":
            end += 1  # C++, C#
        return start, end


def _same_word(word: str, other: str) -> bool:
    if any(character.isdigit() for character in word):
        return word == other
    return fuzz.ratio(word, other) >= _CLOSE_WORD
