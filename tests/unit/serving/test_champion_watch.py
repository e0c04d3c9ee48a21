"""Asking the registry: now and then, off the requests, and a failure is told and survived."""

from __future__ import annotations

from jobmatch_ml.errors import RegistryError
from jobmatch_ml.serving.champion_watch import SourceProbe
from jobmatch_ml.settings import Settings, get_settings


def test_the_registry_is_asked_only_when_its_time_has_come() -> None:
    asked: list[Settings] = []
    probe = SourceProbe(get_settings(), tell=lambda problem: None, ask=asked.append, every_s=3600)
    for _ in range(5):
        probe()
    assert asked == []
    eager = SourceProbe(get_settings(), tell=lambda problem: None, ask=asked.append, every_s=0)
    eager()
    eager()
    assert len(asked) == 2


def test_what_the_registry_fetches_is_seen_in_the_same_look() -> None:
    def fetch(settings: Settings) -> None:
        settings.serving_dir.mkdir(parents=True)
        (settings.serving_dir / "champion.json").write_text("{}")

    lazy = SourceProbe(get_settings(), tell=lambda problem: None, ask=fetch, every_s=3600)
    before = lazy()
    eager = SourceProbe(get_settings(), tell=lambda problem: None, ask=fetch, every_s=0)
    assert eager() != before


def test_a_failure_is_told_until_the_registry_answers_again() -> None:
    failures = iter([RegistryError("MLflow is away"), ValueError("secret"), None])
    told: list[str] = []

    def ask(settings: Settings) -> None:
        if failure := next(failures):
            raise failure

    probe = SourceProbe(get_settings(), tell=told.append, ask=ask, every_s=0)
    for _ in range(3):
        probe()
    assert told == ["MLflow is away", "the registry cannot be asked: ValueError", ""]
