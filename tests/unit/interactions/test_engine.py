"""The engine: what goes into SQL text is quoted, limits are sizes, files come in order."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.interactions.engine import file_list, identifier, literal, open_engine


def test_names_and_values_cannot_leave_their_quotes() -> None:
    hostile = "x'; DROP TABLE t; --\""
    with open_engine() as connection:
        row = connection.sql(f"SELECT {literal(hostile)} AS {identifier(hostile)}")
        assert row.columns == [hostile]
        assert row.fetchone() == (hostile,)


def test_moments_are_written_in_utc() -> None:
    paris = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    assert literal(paris) == "TIMESTAMPTZ '2026-07-01 10:00:00+00'"
    with open_engine() as connection:
        assert connection.sql(f"SELECT epoch({literal(paris)})").fetchone() == (paris.timestamp(),)


def test_a_memory_limit_that_is_no_size_is_refused() -> None:
    expected = pytest.raises(InputError, match=r"'much' is no size; expected one such as 4GB")
    with expected, open_engine(memory_limit="much"):
        pass


def test_the_files_of_a_folder_come_in_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b.parquet", "a.parquet", "notes.txt"):
        (tmp_path / name).touch()
    assert [Path(path).name for path in file_list(tmp_path)] == ["a.parquet", "b.parquet"]
    assert file_list(tmp_path / "b.parquet") == [str(tmp_path / "b.parquet")]
