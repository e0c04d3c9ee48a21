"""What a model says of a picture is kept where recognition read the same, else set apart."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from jobmatch_ml.assistant.errors import ProviderGarbageError
from jobmatch_ml.cv import extract_text
from jobmatch_ml.cv.extract import OpenedFile, read_opened
from jobmatch_ml.cv.llm_extraction import ModelT, Searchable
from jobmatch_ml.cv.redaction import redact
from jobmatch_ml.cv.vision import VisionReading, boxes_to_show, extract_with_vision

# As recognition would have it: "Cornptable", "Durard".
SCAN = """Sophie MARTIN
sophie.martin@example.org
EXPÉRIENCE
Cornptable confirmée chez Cabinet Durard, de 2019 à 2022
COMPÉTENCES
Sage, comptable junior
"""
READING = extract_text(SCAN)


class Fake:
    """Answers with what it was given, or fails."""

    name = "fake"
    writes = True

    def __init__(self, items: Sequence[dict[str, Any]] | None) -> None:
        self.items = items
        self.asked: Any = None

    def structured(self, messages: Sequence[Any], schema: type[ModelT]) -> ModelT:
        self.asked = messages
        if self.items is None:
            raise ProviderGarbageError("nothing that can be read")
        return schema.model_validate({"items": self.items})


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Comptable confirmée chez Cabinet Durand", "Cornptable confirmée chez Cabinet Durard"),
        ("sage", "Sage"),
        ("Sago", None),  # too short to be near anything
        ("comptable senior", None),  # near by its letters, another word
        ("confirmée chez Cabinet Durand, de 2018", None),  # another number
        ("Kubernetes", None),
        ("Sophie MARTIN", None),  # what identifies the person is masked
        ("", None),
    ],
)
def test_a_quotation_is_found_but_for_mistakes_of_recognition(said: str, found: str | None) -> None:
    text = Searchable(redact(SCAN, ["Sophie MARTIN"]), SCAN)
    place = text.find_close(said)
    assert (SCAN[slice(*place)] if place else None) == found


def test_confirmed_lines_replace_the_rules_and_others_are_set_apart() -> None:
    fake = Fake([
        {"type": "experience", "quote": "Comptable confirmée chez Cabinet Durand",
         "position": "Comptable confirmée", "entity": "Google", "dates": "2019 à 2022"},
        {"type": "skill_hard", "quote": "Kubernetes", "page": 7},
        {"type": "summary", "quote": "écrire à canari@example.org"},
    ])  # fmt: skip
    reading, run = extract_with_vision(READING, [b"\xff\xd8one"], fake)
    assert reading.method == "vision"
    job = reading.lines[-1]
    assert job.content == "Comptable confirmée chez Cabinet Durand"
    assert (job.position, job.entity, job.dates) == ("Comptable confirmée", None, "2019 à 2022")
    assert job.evidence is not None
    assert "Durard" in reading.raw_text[job.evidence.start : job.evidence.end]
    assert [(x.content, x.evidence and x.evidence.page) for x in reading.unverified] == [
        ("Kubernetes", 1)
    ]
    assert (run.kept, run.unverified, run.dropped, run.failed) == (1, 1, 1, "")
    assert "(1)" in reading.warnings[-1]
    assert "Sophie" in reading.lines[0].content
    assert "Kubernetes" not in json.dumps([line.content for line in reading.lines])


def test_a_model_that_confirms_nothing_leaves_the_rules_lines() -> None:
    reading, run = extract_with_vision(
        READING, [b""], Fake([{"type": "skill_hard", "quote": "Kubernetes"}])
    )
    assert reading.lines == READING.lines
    assert reading.method == READING.method
    assert run.unverified == 1


@pytest.mark.parametrize("items", [None, []])
def test_a_model_that_fails_or_says_nothing_leaves_a_warning(items: Any) -> None:
    reading, run = extract_with_vision(READING, [b""], Fake(items))
    assert reading.lines == READING.lines
    assert run.failed in ("llm_garbage", "nothing_kept")
    assert "lu par les règles" in reading.warnings[-1]


def test_pictures_are_sent_as_the_protocol_has_them() -> None:
    fake = Fake([])
    extract_with_vision(READING, [b"\xff\xd8a", b"\xff\xd8b"], fake)
    content = fake.asked[1]["content"]
    assert [part["type"] for part in content] == ["text", "image_url", "image_url"]
    assert content[1]["image_url"]["url"] == "data:image/jpeg;base64,/9hh"


def test_lines_that_identify_somebody_are_not_shown() -> None:
    lines = [line for line in SCAN.splitlines() if line]
    page: Any = [
        (text, (10.0, 20.0 * n, 200.0, 20.0 * n + 9), None) for n, text in enumerate(lines)
    ]
    opened = OpenedFile(b"", "", "ocr", [page], ())
    [boxes] = boxes_to_show(opened, read_opened(opened))
    shown = [lines[int(box[1] // 20)] for box in boxes]
    assert shown == lines[2:]


def test_the_form_is_strict() -> None:
    assert VisionReading.model_json_schema()["additionalProperties"] is False
