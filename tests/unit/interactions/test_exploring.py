"""The tables of a log, by hand; and in bounded memory from a folder of files."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from jobmatch_ml.errors import MissingFileError
from jobmatch_ml.interactions import explore_log
from tests.log_factory import day, make_log

VIEWED = {"viewed": True, "viewed_at": day(0.5)}
LOG = make_log(
    {"user": "a", "request_id": "r1", "position": 1, **VIEWED},
    {"user": "a", "request_id": "r1", "position": 2, "offer_external_id": "o2"},
    {
        "user": "a",
        "request_id": "r2",
        "shown_at": day(1),
        "position": 1,
        "policy": "explore",
        "viewed": True,
        "viewed_at": day(1),
        "applied": True,
        "applied_at": day(3),
    },
    {
        "user": "b",
        "request_id": "r3",
        "shown_at": day(1),
        "position": 1,
        "applied": True,
        "applied_at": day(5),
        "got_interview": False,
        "got_hired": False,
        "closed_at": day(9),
    },
)


@pytest.fixture
def tables(tmp_path: Path) -> dict[str, list[dict[str, object]]]:
    (tmp_path / "log").mkdir()
    pq.write_table(LOG.slice(0, 2), tmp_path / "log" / "1.parquet")
    pq.write_table(LOG.slice(2), tmp_path / "log" / "2.parquet")
    return {name: table.to_pylist() for name, table in explore_log(tmp_path / "log").items()}


def test_the_overview_counts_each_thing_once(tables: dict[str, list[dict[str, object]]]) -> None:
    (row,) = tables["overview"]
    assert (row["impressions"], row["requests"], row["users"], row["offers"]) == (4, 3, 2, 2)
    assert (row["first_shown"], row["last_shown"]) == (day(0), day(1))


def test_rates_are_by_policy_and_by_position(tables: dict[str, list[dict[str, object]]]) -> None:
    policies = {row["policy"]: row for row in tables["by_policy"]}
    assert policies["bm25"]["impressions"] == 3
    assert policies["bm25"]["view_rate"] == pytest.approx(1 / 3)
    assert policies["explore"]["apply_rate"] == 1
    first, second = tables["by_position"]
    assert (first["position"], first["view_rate"]) == (1, pytest.approx(2 / 3))
    assert (second["position"], second["view_rate"]) == (2, 0)


def test_the_funnel_says_what_is_not_known_yet(tables: dict[str, list[dict[str, object]]]) -> None:
    funnel = {row["stage"]: (row["reached"], row["not_known_yet"]) for row in tables["funnel"]}
    assert funnel == {
        "shown": (4, 0),
        "viewed": (2, 0),
        "saved": (0, 0),
        "applied": (2, 0),
        "interview": (0, 1),
        "hired": (0, 1),
    }


def test_delays_run_from_the_impression(tables: dict[str, list[dict[str, object]]]) -> None:
    delays = {row["stage"]: row for row in tables["delays"]}
    # Applications after 2 and 4 days, the refusal 8 days after the impression.
    assert (delays["applied"]["events"], delays["applied"]["days_50"]) == (2, 3.0)
    assert delays["closed"]["days_50"] == 8.0
    assert "hired" not in delays


def test_people_and_popularity_are_counted(tables: dict[str, list[dict[str, object]]]) -> None:
    assert tables["users"] == [
        {"active_days": 1, "users": 1},
        {"active_days": 2, "users": 1},
    ]
    days = [(row["users"], row["new_users"], row["positives"]) for row in tables["by_day"]]
    assert days == [(1, 1, 0), (2, 1, 2)]
    assert sum(float(str(row["share"])) for row in tables["popularity"]) == pytest.approx(1)
    assert tables["popularity"][0]["views"] == 2


def test_a_missing_log_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="does not exist"):
        explore_log(tmp_path / "none.parquet")
