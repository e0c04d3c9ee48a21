"""The background loader: it tries again, picks up changes, and survives failures."""

from __future__ import annotations

import threading

from jobmatch_ml.errors import NotReadyError
from jobmatch_ml.serving.match_service import MatchService
from jobmatch_ml.serving.state import Report, ServingState
from jobmatch_ml.serving.watch import keep_loaded
from tests.toy_bundle import toy_state


def test_a_promotion_is_picked_up_and_a_failure_does_not_end_the_watch() -> None:
    stop = threading.Event()
    turns: list[str] = []

    def loader(report: Report) -> ServingState:
        turns.append("load")
        if len(turns) == 1:
            raise NotReadyError("no champion yet")
        if len(turns) == 2:
            raise RuntimeError("a library fell over")
        return toy_state(version="3")

    service = MatchService(loader)
    seen = iter([("a",), ("a",), ("b",), ("toy", "3"), ("toy", "3")])

    def probe() -> tuple[str, ...]:
        try:
            return next(seen)
        except StopIteration:
            stop.set()
            return ("toy", "3")

    keep_loaded(service, probe, stop=stop, interval_s=0.001)
    assert turns == ["load", "load", "load"]  # nothing is loaded twice for one change
    assert service.is_ready
    assert service.source == ("toy", "3")


def test_a_probe_that_fails_does_not_end_the_watch() -> None:
    stop = threading.Event()
    service = MatchService(lambda report: toy_state(version="3"))
    turns = iter(["fails", "fails", "looks", "stops"])

    def probe() -> tuple[str, ...]:
        turn = next(turns)
        if turn == "fails":
            raise OSError("the disk is away")
        if turn == "stops":
            stop.set()
        return ("toy", "3")

    keep_loaded(service, probe, stop=stop, interval_s=0.001)
    assert service.is_ready
