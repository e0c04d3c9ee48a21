"""Reading a log: what is right passes unchanged, what cannot be true is named with its count."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jobmatch_ml.errors import FormatError, MissingFileError
from jobmatch_ml.interactions import INTERACTION_SCHEMA, read_interactions
from jobmatch_ml.interactions.engine import open_engine
from jobmatch_ml.interactions.log import open_log
from jobmatch_ml.types import Interaction
from tests.log_factory import START, day, make_log


def test_the_schema_is_the_interaction_type_field_by_field() -> None:
    assert INTERACTION_SCHEMA.names == list(Interaction.__dataclass_fields__)


def test_a_sound_log_comes_back_row_by_row(tmp_path: Path) -> None:
    log = make_log({"position": 1}, {"position": 2, "saved": True, "saved_at": day(1)})
    pq.write_table(log, tmp_path / "log.parquet")
    assert read_interactions(tmp_path / "log.parquet").to_pylist() == log.to_pylist()


def test_an_import_without_position_is_sound(tmp_path: Path) -> None:
    log = make_log({"surface": "import", "position": None, "slate_size": None})
    pq.write_table(log, tmp_path / "log.parquet")
    assert len(read_interactions(tmp_path / "log.parquet")) == 1


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([{"impression_id": "i1"}, {"impression_id": "i1"}], "1 rows: impression_id is not unique"),
        ([{"position": 0}], "1 rows: position below 1"),
        ([{"position": 11}], "1 rows: position beyond slate_size"),
        (
            [{"viewed": True, "viewed_at": START - timedelta(seconds=1)}],
            "1 rows: viewed_at before shown_at",
        ),
        ([{"saved": True}], "1 rows: saved without saved_at"),
        ([{"got_hired": True}], "1 rows: got_hired without hired_at"),
    ],
)
def test_impossible_rows_are_named_with_their_count(
    tmp_path: Path, rows: list[dict[str, object]], problem: str
) -> None:
    pq.write_table(make_log(*rows), tmp_path / "log.parquet")
    with pytest.raises(FormatError, match=problem):
        read_interactions(tmp_path / "log.parquet")


def test_all_problems_are_reported_together(tmp_path: Path) -> None:
    log = make_log({"position": 0}, {"applied_at": START - timedelta(days=1)})
    pq.write_table(log, tmp_path / "log.parquet")
    with pytest.raises(FormatError) as caught:
        read_interactions(tmp_path / "log.parquet")
    assert "position below 1" in str(caught.value)
    assert "applied_at before shown_at" in str(caught.value)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    pq.write_table(make_log({}).drop_columns(["policy"]), tmp_path / "log.parquet")
    with pytest.raises(FormatError, match="columns missing: policy"):
        read_interactions(tmp_path / "log.parquet")


def test_a_file_that_is_not_parquet_is_refused(tmp_path: Path) -> None:
    (tmp_path / "log.parquet").write_text("position\n1\n")
    with pytest.raises(FormatError, match="not a Parquet file"):
        read_interactions(tmp_path / "log.parquet")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="does not exist"):
        read_interactions(tmp_path / "none.parquet")


@pytest.mark.parametrize("name", ["shown_at", "closed_at"])
def test_times_without_a_zone_are_never_taken_for_utc(tmp_path: Path, name: str) -> None:
    naive = pa.array([START.replace(tzinfo=None)], pa.timestamp("us"))
    log = make_log({})
    log = log.set_column(log.schema.get_field_index(name), name, naive)
    pq.write_table(log, tmp_path / "log.parquet")
    with pytest.raises(FormatError, match=rf"{name} is .*expected times with a zone"):
        read_interactions(tmp_path / "log.parquet")
    with (
        open_engine() as connection,
        pytest.raises(FormatError, match=rf"{name} is TIMESTAMP, expected times with a zone"),
    ):
        open_log(connection, tmp_path / "log.parquet")


def test_a_value_of_another_type_is_not_shown_and_a_null_is_counted(tmp_path: Path) -> None:
    log = make_log({}, {})
    place = log.schema.get_field_index("position")
    pq.write_table(log.set_column(place, "position", [["Jeanne", "7"]]), tmp_path / "log.parquet")
    with pytest.raises(FormatError, match="position is string, expected int32") as caught:
        read_interactions(tmp_path / "log.parquet")
    assert "Jeanne" not in str(caught.value)
    place = log.schema.get_field_index("user")
    nulls = log.set_column(place, "user", pa.array(["c1", None]))
    pq.write_table(nulls, tmp_path / "log.parquet")
    with pytest.raises(FormatError, match="1 rows have a null in user"):
        read_interactions(tmp_path / "log.parquet")


def test_a_log_of_any_size_is_refused_in_words_where_it_is_none(tmp_path: Path) -> None:
    with open_engine() as connection:
        pq.write_table(make_log({}).drop_columns(["policy"]), tmp_path / "log.parquet")
        with pytest.raises(FormatError, match="policy is missing"):
            open_log(connection, tmp_path / "log.parquet")
        (tmp_path / "log.parquet").write_bytes(b"PAR1")
        with pytest.raises(FormatError, match="not a Parquet file"):
            open_log(connection, tmp_path / "log.parquet")
        with pytest.raises(MissingFileError, match="does not exist"):
            open_log(connection, tmp_path / "none.parquet")
