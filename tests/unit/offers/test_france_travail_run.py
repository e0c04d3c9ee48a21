"""A run on disk: whole after every step, found again by its request, gone when it is done."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from jobmatch_ml.errors import FormatError
from jobmatch_ml.offers.france_travail_queries import OfferQuery
from jobmatch_ml.offers.france_travail_run import FetchRequest, FetchRun, discard_run, load_run

NOW = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
QUERIES = [OfferQuery(rome, datetime(2026, 11, 1, tzinfo=UTC), NOW) for rome in ("M1805", "J1501")]


@pytest.fixture
def run(tmp_path: Path) -> FetchRun:
    run = FetchRun(tmp_path / "run", NOW, list(QUERIES))
    run.save()
    return run


def test_a_run_is_read_back_after_every_step(run: FetchRun) -> None:
    assert load_run(run.folder) == run
    run.split_next(QUERIES[0].split())
    assert load_run(run.folder) == run
    run.finish_next([{"id": "é"}, {"id": "2"}], "a warning")
    run.skip_next("refused")
    back = load_run(run.folder)
    assert back == run
    assert back is not None
    assert (back.pending, back.parts, back.split) == ([QUERIES[1]], [2], 1)
    assert back.warnings == ["a warning", "refused"]
    assert back.day == date(2026, 11, 22)
    (part,) = back.part_files()
    assert [json.loads(line) for line in part.read_text().splitlines()] == [
        {"id": "é"},
        {"id": "2"},
    ]


def test_a_run_cut_off_between_part_and_cursor_writes_the_part_again(run: FetchRun) -> None:
    cut_off = load_run(run.folder)
    run.finish_next([{"id": "1"}])
    assert cut_off is not None
    cut_off.finish_next([{"id": "1"}, {"id": "2"}])
    assert len(cut_off.part_files()) == 1
    assert len(cut_off.part_files()[0].read_text().splitlines()) == 2


def test_a_removed_run_is_no_run(run: FetchRun) -> None:
    run.finish_next([{"id": "1"}])
    run.remove()
    assert load_run(run.folder) is None
    assert not run.folder.exists()
    discard_run(run.folder)


@pytest.mark.parametrize(
    "text", ["", "[]", "null", '{"version": 2}', '{"version": 1}', '{"version": 1, "pending": 3}']
)
def test_a_cursor_that_cannot_be_read_says_how_to_begin_anew(run: FetchRun, text: str) -> None:
    (run.folder / "cursor.json").write_text(text)
    with pytest.raises(FormatError, match=r"cursor\.json is no cursor .* --restart"):
        load_run(run.folder)


def test_a_lost_part_is_noticed(run: FetchRun) -> None:
    run.finish_next([{"id": "1"}])
    run.part_files()[0].unlink()
    with pytest.raises(FormatError, match=r"lacks 000000.jsonl \(1 missing\)"):
        load_run(run.folder)


def test_the_same_request_is_the_same_run_whatever_the_order() -> None:
    request = FetchRequest(("M1805", "J1501"), ("69",), date(2026, 11, 1), None, "/bronze")
    assert request.key == FetchRequest(("J1501", "M1805"), *_rest(request)).key
    others = [
        FetchRequest(("M1805",), *_rest(request)),
        FetchRequest(request.romes, (), request.since, None, "/bronze"),
        FetchRequest(request.romes, ("69",), None, None, "/bronze"),
        FetchRequest(request.romes, ("69",), request.since, date(2026, 11, 9), "/bronze"),
        FetchRequest(request.romes, ("69",), request.since, None, "gs://b/p"),
    ]
    assert len({request.key, *(other.key for other in others)}) == 6


def _rest(
    request: FetchRequest,
) -> tuple[tuple[str, ...], date | None, date | None, str]:
    return request.departments, request.since, request.until, request.target
