"""What a bundle has seen: written from the data set, read back, compared with people."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jobmatch_ml.errors import FormatError, MissingFileError
from jobmatch_ml.registry.training_data import (
    person_hash,
    read_training_data,
    training_data_of,
    write_training_data,
)


def day(number: int) -> datetime:
    return datetime(2026, 5, number, tzinfo=UTC)


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    folder = tmp_path / "dataset"
    rows = {"train": [("ann", 3), ("bob", 1)], "validation": [("eve", 5)], "test": [("zoe", 9)]}
    for split, shown in rows.items():
        (folder / split).mkdir(parents=True)
        people, days = zip(*shown, strict=True)
        table = pa.table({"user": list(people), "shown_at": [day(number) for number in days]})
        pq.write_table(table, folder / split / "interactions.parquet")
    cutoffs = [day(number).isoformat() for number in (4, 6, 10)]
    summary = {"data_hash": "d" * 64, "counts": {}, "dropped": {}, "cutoffs": cutoffs}
    (folder / "dataset.json").write_bytes(orjson.dumps(summary))
    return folder


def test_people_of_training_and_validation_count_as_seen(dataset: Path, tmp_path: Path) -> None:
    path = write_training_data(dataset, tmp_path / "training_data.json")
    seen = read_training_data(path)
    assert seen == training_data_of(dataset)
    assert seen.data_hash == "d" * 64
    assert seen.shown_until == day(5)
    assert len(seen.people) == 3
    assert seen.overlap(["zoe", "nobody"]) == 0
    assert seen.overlap(["eve", "zoe", "ann"]) == 2


def test_nobody_is_named(dataset: Path, tmp_path: Path) -> None:
    text = write_training_data(dataset, tmp_path / "t.json").read_text()
    assert "ann" not in text
    assert person_hash("ann") in text


def test_what_is_no_record_is_refused(dataset: Path, tmp_path: Path) -> None:
    path = tmp_path / "training_data.json"
    for content in (b"[", b"{}", b'{"data_hash": "d", "people": 3}'):
        path.write_bytes(content)
        with pytest.raises(FormatError, match="bundle the model anew"):
            read_training_data(path)
    (dataset / "train" / "interactions.parquet").unlink()
    with pytest.raises(MissingFileError, match="prepare the data again"):
        training_data_of(dataset)
