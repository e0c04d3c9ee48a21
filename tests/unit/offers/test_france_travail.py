"""Fetching: everything is found once, whatever the size, the failures and the changes meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from jobmatch_ml.errors import (
    ConfigError,
    FormatError,
    InputError,
    NotReadyError,
    UpstreamError,
)
from jobmatch_ml.offers import france_travail, france_travail_queries
from jobmatch_ml.offers.bronze import bronze_file
from jobmatch_ml.offers.bronze_store import LocalBronze, locked
from jobmatch_ml.offers.france_travail import FetchReport, fetch_offers
from jobmatch_ml.offers.france_travail_client import FranceTravailClient
from jobmatch_ml.offers.france_travail_run import FetchRequest
from tests.france_travail_server import FranceTravail

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
REQUEST = FetchRequest(("M1805",), since=date(2026, 11, 1))
Fetch = Callable[..., FetchReport]


@pytest.fixture
def fetch(client: FranceTravailClient, tmp_path: Path) -> Fetch:
    def run(request: FetchRequest = REQUEST, **options: Any) -> FetchReport:
        return fetch_offers(
            request,
            client=client,
            store=LocalBronze(tmp_path / "bronze"),
            runs_dir=tmp_path / "runs",
            **{"now": NOW, **options},
        )

    return run


@pytest.fixture
def held(tmp_path: Path) -> Callable[[], list[str]]:
    def ids() -> list[str]:
        path = bronze_file(tmp_path / "bronze", NOW.date())
        return [each["id"] for each in json.loads(path.read_text())["resultats"]]

    return ids


@pytest.fixture
def small_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two pages a query instead of 21: splitting takes hundreds of offers, not thousands."""
    monkeypatch.setattr(france_travail, "MAX_RESULTS", 300)


def make(rome: str, count: int, **changes: Any) -> dict[str, Any]:
    return {"rome": rome, "count": count, **changes}


def numbered(rome: str, count: int) -> list[str]:
    return [f"{rome}-{number:05d}" for number in range(count)]


def runs(tmp_path: Path) -> list[Path]:
    return [each for each in (tmp_path / "runs").iterdir() if each.is_dir()]


def test_several_occupations_are_fetched_page_by_page(
    fetch: Fetch, api: FranceTravail, held: Callable[[], list[str]], tmp_path: Path
) -> None:
    api.set(make=[make("M1805", 301), make("J1501", 2), make("D1106", 5)])
    report = fetch(FetchRequest(("M1805", "J1501", "M1805"), since=date(2026, 11, 1)))
    assert held() == numbered("J1501", 2) + numbered("M1805", 301)
    assert (report.fetched, report.added, report.queries, report.split) == (303, 303, 2, 0)
    assert report.calls == 3 + 1 + 1  # pages of M1805, of J1501, the token
    assert report.bronze == str(bronze_file(tmp_path / "bronze", NOW.date()))
    assert (report.resumed, report.warnings, runs(tmp_path)) == (False, (), [])


def test_a_page_that_is_exactly_full_is_not_followed_by_an_empty_one(
    fetch: Fetch, api: FranceTravail
) -> None:
    api.set(make=[make("M1805", 300)])
    assert fetch().fetched == 300
    assert len(api.seen()["calls"]) == 2


def test_days_bound_the_creation_dates(fetch: Fetch, api: FranceTravail) -> None:
    # One offer an hour: 20 November 12:00, back to 18 November 13:00.
    api.set(make=[make("M1805", 48, step_s=-3600.0)])
    both = FetchRequest(("M1805",), since=date(2026, 11, 19), until=date(2026, 11, 19))
    assert fetch(both).fetched == 24
    assert (
        "minCreationDate=2026-11-19T00:00:00Z&maxCreationDate=2026-11-20T00:00:00Z"
        in (api.seen()["calls"][0])
    )
    assert fetch(FetchRequest(("M1805",))).fetched == 48


def test_a_query_at_the_limit_is_read_to_its_last_page(fetch: Fetch, api: FranceTravail) -> None:
    api.set(make=[make("M1805", 3150)])
    report = fetch()
    assert (report.fetched, report.split) == (3150, 0)
    assert "range=3000-3149" in api.seen()["calls"][-1]


def test_a_query_beyond_the_limit_is_split_by_date_and_loses_nothing(
    fetch: Fetch, api: FranceTravail, held: Callable[[], list[str]]
) -> None:
    api.set(make=[make("M1805", 3151, step_s=-60.0)])
    report = fetch()
    assert held() == numbered("M1805", 3151)
    assert report.split >= 1
    assert report.warnings == ()


@pytest.mark.usefixtures("small_limit")
def test_an_import_in_bulk_is_split_by_department_and_the_rest_is_told(
    fetch: Fetch,
    api: FranceTravail,
    held: Callable[[], list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(france_travail_queries, "DEPARTMENTS", ("13", "69", "75"))
    # All in one second; every tenth has no place, and is found among the first 300 alone.
    api.set(make=[make("M1805", 341, step_s=0.0)])
    report = fetch()
    everything = numbered("M1805", 341)
    missing = [each for number, each in enumerate(everything) if number >= 300 and not number % 10]
    assert held() == [each for each in everything if each not in missing]
    (warning,) = report.warnings
    assert "341 offers, of which the API shows 300" in warning
    assert "were looked for by department" in warning


def test_an_offer_that_slips_between_two_pages_is_found_by_reading_again(
    fetch: Fetch, api: FranceTravail, held: Callable[[], list[str]]
) -> None:
    # After the first page is read, its first offer goes: what stood 151st is now on page one.
    api.set(make=[make("M1805", 301)], changes={"1": {"withdraw": ["M1805-00000"]}})
    report = fetch()
    assert held() == numbered("M1805", 301)
    assert (report.warnings, len(api.seen()["calls"])) == ((), 3 - 1 + 2)


def test_an_offer_that_moves_to_the_top_is_kept_once_and_hides_none(
    fetch: Fetch, api: FranceTravail, held: Callable[[], list[str]]
) -> None:
    api.set(make=[make("M1805", 310)], changes={"1": {"touch": ["M1805-00305"]}})
    fetch()
    assert held() == numbered("M1805", 310)


def test_an_offer_that_comes_meanwhile_is_fetched_too(
    fetch: Fetch, api: FranceTravail, held: Callable[[], list[str]]
) -> None:
    new = {"id": "NEW", "romeCode": "M1805", "dateCreation": "2026-11-22T17:59:00.000Z"}
    api.set(make=[make("M1805", 200)], changes={"1": {"add": [new]}})
    fetch()
    assert held() == [*numbered("M1805", 200), "NEW"]


def test_a_list_that_never_holds_still_is_told(
    fetch: Fetch, api: FranceTravail, held: Callable[[], list[str]]
) -> None:
    changes = {str(call): {"withdraw": [f"M1805-{call:05d}"]} for call in range(20)}
    api.set(make=[make("M1805", 200)], changes=changes)
    (warning,) = fetch().warnings
    assert "200 offers read where the API counts 193; 4 readings found no more" in warning
    assert held() == numbered("M1805", 200)


def test_a_list_shorter_than_it_is_counted_is_told_after_two_readings(
    fetch: Fetch, api: FranceTravail
) -> None:
    faults = {str(number): "short" for number in range(1, 20)}
    api.set(make=[make("M1805", 10)], faults=faults)
    (warning,) = fetch().warnings
    assert "9 offers read where the API counts 10; 2 readings found no more" in warning


def test_failures_that_pass_change_nothing(
    fetch: Fetch, api: FranceTravail, held: Callable[[], list[str]]
) -> None:
    faults = {
        "1": "500", "2": "truncated", "4": "401", "6": "429 1", "7": "invalid_json", "9": "close",
    }  # fmt: skip
    api.set(make=[make("M1805", 700)], faults=faults, token_faults={"2": "503"})
    assert fetch().fetched == 700
    assert held() == numbered("M1805", 700)


def test_a_failure_keeps_what_was_fetched_and_the_same_request_goes_on(
    fetch: Fetch, api: FranceTravail, held: Callable[[], list[str]], tmp_path: Path
) -> None:
    request = FetchRequest(("M1805", "J1501", "D1106"), since=date(2026, 11, 1))
    down = {str(number): "503" for number in range(3, 99)}
    api.set(make=[make("M1805", 160), make("J1501", 30), make("D1106", 3)], faults=down)
    with pytest.raises(UpstreamError) as caught:
        fetch(request)
    (folder,) = runs(tmp_path)
    assert str(caught.value).endswith(
        f"Fetched so far: 160 offers, 1 of 3 queries, kept in {folder}. The same command goes on "
        "at J1501 from 2026-11-01T00:00:00Z to 2026-11-23T18:00:00Z."
    )
    assert not bronze_file(tmp_path / "bronze", NOW.date()).exists()
    api.set(faults={}, calls=[])
    # The next day: the run keeps its own.
    report = fetch(request, now=datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    assert ["M1805" in each for each in api.seen()["calls"]] == [False, False]
    assert held() == numbered("D1106", 3) + numbered("J1501", 30) + numbered("M1805", 160)
    assert (report.resumed, report.day, report.fetched) == (True, NOW.date(), 193)
    assert report.calls == 2 + 4 + 2 + 1  # pages; tries; J1501 and D1106; one token
    assert runs(tmp_path) == []


@pytest.mark.usefixtures("small_limit")
def test_a_failure_while_splitting_goes_on_with_the_halves(
    fetch: Fetch, api: FranceTravail, held: Callable[[], list[str]]
) -> None:
    down = {str(number): "503" for number in range(12, 99)}
    api.set(make=[make("M1805", 900, step_s=-600.0)], faults=down)
    with pytest.raises(UpstreamError):
        fetch()
    api.set(faults={})
    assert fetch().resumed
    assert held() == numbered("M1805", 900)


def test_restarting_forgets_the_unfinished_run_even_a_broken_one(
    fetch: Fetch, api: FranceTravail, tmp_path: Path
) -> None:
    api.set(make=[make("M1805", 3)], faults={str(number): "503" for number in range(1, 5)})
    with pytest.raises(UpstreamError):
        fetch()
    (runs(tmp_path)[0] / "cursor.json").write_text("{")
    with pytest.raises(FormatError, match="--restart"):
        fetch()
    assert not fetch(restart=True).resumed


def test_fetching_again_gives_the_same_bytes_and_other_occupations_are_added(
    fetch: Fetch, api: FranceTravail, held: Callable[[], list[str]], tmp_path: Path
) -> None:
    api.set(make=[make("M1805", 200), make("J1501", 3)])
    fetch()
    path = bronze_file(tmp_path / "bronze", NOW.date())
    before = path.read_bytes()
    again = fetch()
    assert (path.read_bytes(), again.added, again.updated) == (before, 0, 0)
    other = fetch(FetchRequest(("J1501",)))
    assert (other.fetched, other.held) == (3, 203)
    assert held() == numbered("J1501", 3) + numbered("M1805", 200)


def test_departments_are_asked_one_by_one(fetch: Fetch, api: FranceTravail) -> None:
    api.set(make=[make("M1805", 30)])
    report = fetch(FetchRequest(("M1805",), ("69", "75"), date(2026, 11, 1)))
    assert report.queries == 2
    assert report.fetched == 18  # of 27 with a place, a third each is in 69, 75 and 13
    assert ["departement=69" in each for each in api.seen()["calls"]] == [True, False]


def test_a_code_that_the_api_refuses_stops_no_other(
    fetch: Fetch, api: FranceTravail, tmp_path: Path
) -> None:
    api.set(make=[make("M1805", 3)])
    report = fetch(FetchRequest(("M1999", "M1805")))
    assert report.fetched == 3
    assert "refuses the query M1999" in report.warnings[0]
    with pytest.raises(InputError, match="refuses the query M1999"):
        fetch(FetchRequest(("M1999",)))
    assert runs(tmp_path) == []


def test_nothing_online_writes_nothing(fetch: Fetch, tmp_path: Path) -> None:
    report = fetch()
    assert (report.bronze, report.fetched, report.calls) == (None, 0, 2)
    assert report.to_dict()["day"] == "2026-11-22"
    assert not bronze_file(tmp_path / "bronze", NOW.date()).exists()


@pytest.mark.parametrize(
    ("request_", "text"),
    [
        (FetchRequest(()), "name ROME codes, such as M1805"),
        (FetchRequest(("M1805",), since=date(2026, 12, 1)), "no offer can be that new: 2026-12-01"),
        (
            FetchRequest(("M1805",), since=date(2026, 11, 9), until=date(2026, 11, 8)),
            "2026-11-09 to 2026-11-08",
        ),
    ],
)
def test_a_request_for_nothing_is_refused_before_any_call(
    fetch: Fetch, api: FranceTravail, request_: FetchRequest, text: str
) -> None:
    with pytest.raises(InputError, match=text):
        fetch(request_)
    assert api.seen() == {"tokens": [], "calls": []}


def test_one_process_at_a_time_fetches_a_request(fetch: Fetch, tmp_path: Path) -> None:
    taken = tmp_path / "runs" / f"{REQUEST.key}.lock"
    with locked(taken), pytest.raises(NotReadyError, match="being fetched by another process"):
        fetch()


def test_a_full_disk_at_the_end_leaves_the_run_to_go_on_with(
    fetch: Fetch, api: FranceTravail, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.set(make=[make("M1805", 3)])
    with monkeypatch.context() as patched:
        patched.setattr(LocalBronze, "replace", _full)
        with pytest.raises(OSError, match="No space left"):
            fetch()
    api.set(calls=[])
    report = fetch()
    assert (report.resumed, report.fetched, api.seen()["calls"]) == (True, 3, [])


def _full(*_: object, **__: object) -> bool:
    raise OSError(28, "No space left on device")


def test_refused_credentials_keep_their_class_and_say_how_to_go_on(
    fetch: Fetch, api: FranceTravail
) -> None:
    api.set(token_faults={"1": "401"})
    with pytest.raises(ConfigError, match=r"refuses the credentials .* The same command goes on"):
        fetch()
