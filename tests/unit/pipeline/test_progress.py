"""A stage's events carry its place and the time since it was looked at."""

from __future__ import annotations

from jobmatch_ml.pipeline.progress import StageEvent, stage_teller


def test_events_name_the_stage_its_place_and_growing_times() -> None:
    events: list[StageEvent] = []
    tell = stage_teller(events.append, "train", 2, 4)
    tell("started")
    tell("done")
    assert [(event.stage, event.status, event.position, event.total) for event in events] == [
        ("train", "started", 2, 4),
        ("train", "done", 2, 4),
    ]
    assert 0 <= events[0].seconds <= events[1].seconds
