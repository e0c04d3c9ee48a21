"""Typing a company's values: each kind, each way of writing it, and what cannot be read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest

from jobmatch_ml.errors import FormatError, InputError
from jobmatch_ml.interactions.casting import plan_casting
from jobmatch_ml.interactions.engine import open_engine
from jobmatch_ml.interactions.mapping import TableMapping


def cast(column: Any, kind: str, name: str = "x", **mapping: Any) -> tuple[list[Any], list[Any]]:
    """Types one column; returns its values and the reasons of those that cannot be read."""
    with open_engine() as connection:
        relation = connection.from_arrow(pa.table({name: column}))
        plan = plan_casting(
            relation, TableMapping(**mapping), {name: kind}, required=(), table="table"
        )
        found = relation.project(plan.projection()).to_arrow_table()
    return found[name].to_pylist(), found["unreadable"].to_pylist()


def test_yes_and_no_are_read_in_both_languages_and_as_numbers() -> None:
    texts = ["oui", "NON", "true", "0", "1", " vrai ", "", None]
    assert cast(texts, "yes or no")[0] == [True, False, True, False, True, True, None, None]
    assert cast([1, 0, None], "yes or no")[0] == [True, False, None]
    assert cast([1.0, 0.0], "yes or no")[0] == [True, False]
    assert cast(["peut-être"], "yes or no") == ([None], ["x cannot be read as a yes or no"])


def test_a_whole_number_is_never_rounded_into_being() -> None:
    values, reasons = cast(["3", "3.0", "3.5", "x", "99999999999"], "whole number")
    assert values == [3, 3, None, None, None]
    assert reasons == [None, None, *["x cannot be read as a whole number"] * 3]
    assert cast([2.0, 2.5, None], "whole number")[0] == [2, None, None]
    assert cast(["41.6"], "whole number", "time_spent_seconds")[0] == [42]


def test_numbers_may_have_a_decimal_comma() -> None:
    values, reasons = cast(["0,75", "1e-3", "-2", "nan", "x"], "number")
    assert values == [0.75, 0.001, -2.0, None, None]
    assert [reason is not None for reason in reasons] == [False, False, False, True, True]


@pytest.mark.parametrize(
    "text",
    ["2026-07-01T12:00:00+02:00", "2026-07-01 10:00:00Z", "2026-07-01 12:00:00.000+02"],
)
def test_times_with_an_offset_need_no_zone(text: str) -> None:
    assert cast([text], "time")[0] == [datetime(2026, 7, 1, 10, tzinfo=UTC)]


@pytest.mark.parametrize(
    "text", ["2026-07-01 10:00:00 UTC", "2026-07-01T10:00:00z", "2026-07-01 12:00:00 +0200"]
)
def test_an_offset_that_is_written_otherwise_wins_over_the_declared_zone(text: str) -> None:
    values, reasons = cast([text], "time", time_zone="America/New_York")
    assert (values, reasons) == ([datetime(2026, 7, 1, 10, tzinfo=UTC)], [None])


def test_an_offset_may_be_part_of_the_declared_format() -> None:
    values, reasons = cast(["01/07/2026 12:00 +0200", "x"], "time", time_format="%d/%m/%Y %H:%M %z")
    assert values == [datetime(2026, 7, 1, 10, tzinfo=UTC), None]
    assert reasons == [None, "x cannot be read as a time"]


@pytest.mark.parametrize("time_format", ["%Q", "%Q %z"])
def test_a_format_that_is_none_is_refused(time_format: str) -> None:
    with pytest.raises(InputError, match="time_format is '%Q"):
        cast(["01/07/2026"], "time", time_format=time_format, time_zone="UTC")


def test_times_without_one_take_the_declared_zone_in_winter_and_summer() -> None:
    texts = ["2026-01-01 12:00", "2026-07-01 12:00:00", "2026-07-01"]
    expected = [
        datetime(2026, 1, 1, 11, tzinfo=UTC),
        datetime(2026, 7, 1, 10, tzinfo=UTC),
        datetime(2026, 6, 30, 22, tzinfo=UTC),
    ]
    assert cast(texts, "time", time_zone="Europe/Paris")[0] == expected
    naive = pa.array([datetime(2026, 1, 1, 12)], pa.timestamp("us"))  # noqa: DTZ001 - naive is meant
    assert cast(naive, "time", time_zone="Europe/Paris")[0] == expected[:1]
    with pytest.raises(InputError, match="the times of x say no time zone"):
        cast(texts, "time")
    with pytest.raises(InputError, match="declare `time_zone`"):
        cast(naive, "time")


def test_times_of_another_format_are_declared() -> None:
    french = {"time_format": "%d/%m/%Y %H:%M", "time_zone": "UTC"}
    assert cast(["02/01/2026 08:30"], "time", **french)[0] == [
        datetime(2026, 1, 2, 8, 30, tzinfo=UTC)
    ]
    assert cast(["2026-13-01 00:00"], "time", time_zone="UTC")[1] == ["x cannot be read as a time"]
    assert cast([1767225600], "time")[1] == ["x cannot be read as a time"]


def test_translations_defaults_and_constants_fill_in() -> None:
    assert cast(["a", "b", None], "text", values={"x": {"a": "A"}}, defaults={"x": "none"})[0] == [
        "A",
        "b",
        "none",
    ]
    assert cast([None, 5], "whole number", defaults={"x": 0})[0] == [0, 5]
    assert cast(["a"], "text", constants={"x": "it's"})[0] == ["it's"]
    assert cast([1], "yes or no", constants={"x": True})[0] == [True]


def test_two_unreadable_values_are_two_reasons() -> None:
    with open_engine() as connection:
        relation = connection.from_arrow(pa.table({"a": ["x"], "b": ["z"]}))
        kinds = {"a": "number", "b": "yes or no"}
        plan = plan_casting(relation, TableMapping(), kinds, required=(), table="table")
        (row,) = relation.project(plan.projection()).to_arrow_table().to_pylist()
    assert row["unreadable"] == "a cannot be read as a number; b cannot be read as a yes or no"


def test_columns_that_are_not_there_are_named_together_with_those_that_are() -> None:
    with pytest.raises(FormatError) as caught, open_engine() as connection:
        plan_casting(
            connection.from_arrow(pa.table({"a": [1], "b": [2]})),
            TableMapping(columns={"position": "rank"}),
            {"user": "text", "position": "whole number"},
            required=("user",),
            table="interactions",
        )
    message = str(caught.value)
    assert "`position` is to come from `rank`, which is not there" in message
    assert "`user` is neither a column nor mapped nor a constant" in message
    assert "Its columns: a, b" in message


def test_a_row_in_place_of_a_header_is_not_shown() -> None:
    with pytest.raises(FormatError, match="looks like a row") as caught:
        cast(["c1"], "text", "jean@example.org", columns={"user": "candidat"})
    assert "jean" not in str(caught.value)
    with open_engine() as connection:
        many = connection.from_arrow(pa.table({f"c{number}": [1] for number in range(60)}))
        with pytest.raises(FormatError, match=r"c0, c1, .*c39 and 20 more"):
            plan_casting(many, TableMapping(), {}, required=("user",), table="table")
