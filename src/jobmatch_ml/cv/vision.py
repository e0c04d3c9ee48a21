"""A model reads pictures of a scanned CV; recognition says what of it can be believed.

What is said of a picture cannot be looked up in it. It is looked up in the text that Tesseract
recognised there, which has mistakes of its own: what stands there but for a letter in four, with
the same numbers, is kept in the model's words and points to the recognised passage. All the rest is
set apart as unverified: the person sees it and may take it over; no profile holds it.
"""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from jobmatch_ml.cv.extract import OpenedFile
from jobmatch_ml.cv.llm_extraction import (
    LanguageModel,
    LlmItem,
    LlmRun,
    Searchable,
    log_run,
    page_at,
    with_own,
)
from jobmatch_ml.cv.messages import WARNINGS, llm_warning
from jobmatch_ml.cv.prompts import load_prompt
from jobmatch_ml.cv.reading import Box, ContentType, CvReading, Evidence, ExtractedLine
from jobmatch_ml.cv.redaction import Identifier, names_of, redact
from jobmatch_ml.cv.text import lay_out
from jobmatch_ml.errors import JobMatchError

PROMPT = "extract_vision.v1"
TOKENS_A_PICTURE = 1_100
"""What servers count for a page of two million pixels, roughly."""
_MOST_ITEMS = 400
_FIELDS = ("position", "entity", "dates", "description")
_OWN_KINDS = (ContentType.PERSONAL_INFO, ContentType.CONTACT, ContentType.SOCIAL_LINK)


class VisionItem(LlmItem):
    """One element, in the CV's own words, and the picture that it was seen on."""

    page: int = Field(1, ge=1, le=30)


class VisionReading(BaseModel):
    """What a model answers."""

    model_config = ConfigDict(extra="forbid")

    items: list[VisionItem] = Field(max_length=_MOST_ITEMS)


def boxes_to_show(opened: OpenedFile, reading: CvReading) -> list[list[Box]]:
    """Returns, for each page, the recognised lines that identify nobody.

    The rest of a page stays white in what is sent: faces, signatures and whatever recognition did
    not read, which nobody can tell to be free of a name.
    """
    _, lines = lay_out(opened.pages)
    found: list[Identifier | Evidence] = list(redact(reading.raw_text, names_of(reading)).found)
    found += [
        line.evidence for line in reading.lines
        if line.evidence and line.content_type in _OWN_KINDS
    ]  # fmt: skip
    pages: list[list[Box]] = [[] for _ in opened.pages]
    for line in lines:
        named = any(each.start < line.end and line.start < each.end for each in found)
        if line.box is not None and not named:
            pages[line.page - 1].append(line.box)
    return pages


def extract_with_vision(
    reading: CvReading, pictures: Sequence[bytes], model: LanguageModel
) -> tuple[CvReading, LlmRun]:
    """Reads a scanned CV's lines by a model that reads pictures.

    Args:
        reading: What the rules read in the recognised text; without text where there was no
            recognition.
        pictures: JPEG of each page, made by
            :func:`jobmatch_ml.cv.child.render_in_child`.
        model: A provider whose model reads pictures.

    Returns:
        The reading with the model's lines in place of the rules' (the person's own data stay the
        rules'), those that recognition did not find set apart; or the rules' reading with a
        warning when the model failed or gave nothing.
    """
    prompt = load_prompt(PROMPT)
    tokens = len(prompt) // 4 + TOKENS_A_PICTURE * len(pictures)
    started = time.perf_counter()
    kept: list[ExtractedLine] = []
    apart: list[ExtractedLine] = []
    dropped, failed = 0, ""
    try:
        answer = model.structured(_messages(prompt, pictures), VisionReading)
        kept, apart, dropped = _compare(answer, reading, len(pictures))
        failed = "" if kept or apart else "nothing_kept"
    except JobMatchError as error:
        failed = error.code
    seconds = round(time.perf_counter() - started, 3)
    run = LlmRun(model.name, seconds, tokens, len(kept), dropped, len(apart), failed)
    log_run(run)
    if failed:
        return replace(reading, warnings=(*reading.warnings, llm_warning(failed))), run
    warnings = reading.warnings
    if apart:
        warnings = (*warnings, WARNINGS["unverified"].format(count=len(apart)))
    return (
        replace(
            reading,
            # Nothing that recognition confirms: its own reading is worth more than none.
            lines=with_own(reading, kept) if kept else reading.lines,
            unverified=tuple(replace(line, order=order) for order, line in enumerate(apart)),
            method="vision" if kept else reading.method,
            warnings=warnings,
        ),
        run,
    )


def _messages(prompt: str, pictures: Sequence[bytes]) -> list[dict[str, Any]]:
    said = {"type": "text", "text": f"Les {len(pictures)} pages du CV, dans l'ordre."}
    shown = [
        {"type": "image_url", "image_url": {
            "url": "data:image/jpeg;base64," + b64encode(picture).decode("ascii")}}
        for picture in pictures
    ]  # fmt: skip
    return [{"role": "system", "content": prompt}, {"role": "user", "content": [said, *shown]}]


def _compare(
    answer: VisionReading, reading: CvReading, pages: int
) -> tuple[list[ExtractedLine], list[ExtractedLine], int]:
    """Parts what recognition confirms from what it does not; counts fields that were dropped."""
    text = Searchable(redact(reading.raw_text, names_of(reading)), reading.raw_text)
    kept: list[ExtractedLine] = []
    apart: list[ExtractedLine] = []
    dropped = 0
    for item in answer.items:
        said = {name: value for name in _FIELDS if (value := getattr(item, name).strip())}
        kind, quote = ContentType(item.type), " ".join(item.quote.split())
        span = text.find_close(quote)
        if span is None:
            # What identifies a person is not taken from a model, confirmed or not.
            clean = {name: _without_identifiers(value) for name, value in said.items()}
            if content := _without_identifiers(quote):
                apart.append(
                    ExtractedLine(
                        kind, content, len(apart), **clean,
                        evidence=Evidence(min(item.page, pages), 0, 0),
                    )
                )  # fmt: skip
            continue
        true = {name: value for name, value in said.items() if text.find_close(value)}
        dropped += len(said) - len(true)
        evidence = Evidence(page_at(reading, span[0]), *span)
        kept.append(ExtractedLine(kind, quote, len(kept), **true, evidence=evidence))
    return kept, apart, dropped


def _without_identifiers(text: str) -> str:
    return "" if redact(text, ()).found else text
