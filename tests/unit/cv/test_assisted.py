"""Reading and asking: pictures where they are wanted and can be had, text otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from jobmatch_ml.cv import CvLimits, CvReadError, assisted
from jobmatch_ml.cv.assisted import Prepared, ask_model, prepare_file, read_with_model
from jobmatch_ml.cv.extract import OpenedFile
from jobmatch_ml.cv.llm_extraction import ModelT
from jobmatch_ml.errors import MissingFileError

PAGE: Any = [
    ("COMPÉTENCES", (10.0, 10.0, 90.0, 20.0), None),
    ("Sage, Excel", (10.0, 30.0, 90.0, 40.0), None),
]
NO_TESSERACT = CvReadError("cv_ocr_missing")


class Fake:
    """A model that reads pictures, and finds one skill."""

    name = "fake"
    vision = "masked"
    writes = True

    def __init__(self, quote: str = "Sage") -> None:
        self.quote = quote
        self.asked: Any = None

    def structured(self, messages: Sequence[Any], schema: type[ModelT]) -> ModelT:
        self.asked = messages
        return schema.model_validate({"items": [{"type": "skill_hard", "quote": self.quote}]})


@pytest.fixture
def scan(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Stands in for recognition and rendering; returns what was to be shown."""
    asked: list[Any] = []

    def open_scan(data: bytes, place: str, *, limits: CvLimits) -> OpenedFile:
        return OpenedFile(data, place, "ocr", [PAGE], ())

    def render(data: bytes, **options: Any) -> tuple[bytes, ...]:
        asked.append(options.get("shown"))
        return (b"\xff\xd8",)

    monkeypatch.setattr(assisted, "open_file", open_scan)
    monkeypatch.setattr(assisted, "render_in_child", render)
    return asked


@pytest.mark.parametrize(
    ("vision", "shown"),
    [("off", []), ("masked", [[[line[1] for line in PAGE]]]), ("unmasked", [None])],
)
def test_pictures_hold_what_they_may(scan: list[Any], vision: Any, shown: list[Any]) -> None:
    prepared = prepare_file(b"%PDF-", vision=vision)
    assert scan == shown
    assert bool(prepared.pictures) == (vision != "off")
    assert prepared.reading.method == "ocr"


def test_a_scan_of_too_many_pages_is_read_by_its_text(scan: list[Any]) -> None:
    prepared = prepare_file(b"%PDF-", vision="masked", limits=CvLimits(vision_bytes=1))
    assert prepared.pictures  # the limit is the child's to keep
    many = CvLimits(vision_pages=1)
    assert prepare_file(b"%PDF-", vision="masked", limits=many).pictures
    assisted.open_file = lambda data, place, *, limits: OpenedFile(  # type: ignore[assignment]
        data, place, "ocr", [PAGE, PAGE], ()
    )
    assert prepare_file(b"%PDF-", vision="masked", limits=many).pictures == ()


def test_pages_that_cannot_be_rendered_are_read_by_their_text(
    scan: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any, **options: Any) -> tuple[bytes, ...]:
        raise CvReadError("cv_time")

    monkeypatch.setattr(assisted, "render_in_child", refuse)
    prepared = prepare_file(b"%PDF-", vision="masked")
    assert prepared.pictures == ()
    fake = Fake()
    reading, run = ask_model(prepared, fake)
    assert isinstance(fake.asked[1]["content"], str)
    assert reading.lines[-1].content == "Sage"
    assert run is not None


def test_without_recognition_only_a_model_that_may_see_whole_pages_is_asked(
    scan: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any, **options: Any) -> OpenedFile:
        raise NO_TESSERACT

    monkeypatch.setattr(assisted, "open_file", refuse)
    for vision in ("off", "masked"):
        with pytest.raises(CvReadError, match="tesseract"):
            prepare_file(b"%PDF-", vision=vision)  # type: ignore[arg-type]
    prepared = prepare_file(b"%PDF-", vision="unmasked")
    reading, _ = ask_model(prepared, Fake())
    assert reading.lines == ()
    assert [line.content for line in reading.unverified] == ["Sage"]
    with pytest.raises(CvReadError, match="tesseract"):
        ask_model(prepared, Fake("sophie@example.org"))


def test_a_text_is_never_rendered_and_the_rules_ask_nobody(scan: list[Any]) -> None:
    from jobmatch_ml.assistant.providers import RulesProvider
    from jobmatch_ml.cv.extract import open_file

    assisted.open_file = open_file
    fake = Fake()
    reading, run = read_with_model("COMPÉTENCES\nSage, Excel".encode(), fake)
    assert scan == []
    assert run is not None
    assert reading.lines[-1].content == "Sage"
    prepared = Prepared(reading, (b"\xff\xd8",))
    assert ask_model(prepared, RulesProvider()) == (reading, None)


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(MissingFileError, match=r"nowhere\.pdf"):
        prepare_file("nowhere.pdf")
