"""Each kind of leak is planted into a clean split, alone, and must be the one that is found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from jobmatch_ml.errors import InputError, MissingFileError
from jobmatch_ml.interactions import (
    InteractionSplits,
    check_leakage,
    check_split_folder,
    split_at_random,
    split_interactions,
    write_splits,
)
from tests.log_factory import day
from tests.unit.interactions.test_splits import CONFIG, market_log

# Two kinds of slate, so that the same offer at the same moment is not the same showing.
LOG = market_log(n_offers=4000)
LOG = LOG.set_column(
    LOG.schema.get_field_index("request_id"),
    LOG.schema.field("request_id"),
    pa.array([f"r-{row['user']}-{row['shown_at']}" for row in LOG.to_pylist()]),
)
CLEAN = split_interactions(LOG, CONFIG)
PEOPLE = "candidate in two splits"
WINDOW = "row outside its split's window"
LABEL = "label from an event after the cut-off"
OFFER = "held-out positive among training positives"
ROW = "impression in two splits"
SHOWING = "same showing under two ids in two splits"


def planted(name: str, row: dict[str, Any], grade: int) -> InteractionSplits:
    """Returns the clean split with one more row in a part."""
    table = CLEAN.tables[name]
    more = pa.concat_tables([table, pa.Table.from_pylist([row], schema=table.schema)])
    return replace(
        CLEAN,
        tables={**CLEAN.tables, name: more},
        grades={**CLEAN.grades, name: np.append(CLEAN.grades[name], grade)},
    )


def row_of(name: str, **changes: Any) -> dict[str, Any]:
    """Returns an ungraded copy of a part's first row, as a showing of its own."""
    row: dict[str, Any] = CLEAN.tables[name].slice(0, 1).to_pylist()[0]
    fresh = {"impression_id": "planted", "request_id": "planted", "offer_external_id": "planted"}
    return {**row, **fresh, "saved": False, "saved_at": None, **changes}


def test_a_split_of_ours_is_clean() -> None:
    report = check_leakage(CLEAN)
    assert report.is_clean
    assert {leak.check for leak in report.leaks} == {PEOPLE, WINDOW, LABEL, OFFER, ROW, SHOWING}
    report.refuse()


def test_a_test_candidate_in_training_is_found() -> None:
    user = CLEAN.tables["test"]["user"][0].as_py()
    report = check_leakage(planted("train", row_of("train", user=user), 0))
    assert report.found() == {PEOPLE: 1}
    assert next(leak for leak in report.leaks if leak.check == PEOPLE).examples == (user,)


@pytest.mark.parametrize(
    ("name", "shown_at"),
    [("train", 25.0), ("validation", 30.0), ("validation", 1.0), ("test", 20.0)],
)
def test_a_row_outside_its_window_is_found(name: str, shown_at: float) -> None:
    report = check_leakage(planted(name, row_of(name, shown_at=day(shown_at)), 0))
    assert report.found() == {WINDOW: 1}


@pytest.mark.parametrize("name", ["train", "validation"])
def test_a_label_from_the_future_is_found(name: str) -> None:
    late = row_of(name, saved=True, saved_at=day(39.5))
    assert check_leakage(planted(name, late, 1)).found() == {LABEL: 1}
    assert check_leakage(planted(name, late, 0)).is_clean


def test_a_held_out_positive_in_training_is_found_by_itself_and_by_its_group() -> None:
    positive = CLEAN.tables["test"].filter(pa.array(CLEAN.grades["test"] > 0))
    offer = positive["offer_external_id"][0].as_py()
    saved = {"saved": True, "saved_at": day(0.5)}
    same = planted("train", row_of("train", offer_external_id=offer, **saved), 1)
    assert check_leakage(same).found() == {OFFER: 1}
    twin = planted("train", row_of("train", offer_external_id="twin", **saved), 1)
    assert check_leakage(twin).is_clean
    groups = {"twin": "job", offer: "job"}
    assert check_leakage(twin, offer_groups=groups).found() == {OFFER: 1}
    # Shown and left is not a positive: that an offer exists may be known.
    shown = planted("train", row_of("train", offer_external_id=offer), 0)
    assert check_leakage(shown).is_clean


def test_an_impression_in_two_splits_is_found() -> None:
    twice = CLEAN.tables["test"]["impression_id"][0].as_py()
    report = check_leakage(planted("train", row_of("train", impression_id=twice), 0))
    assert report.found() == {ROW: 1}


def test_a_showing_copied_under_another_id_and_name_is_found() -> None:
    original = CLEAN.tables["test"].slice(0, 1).to_pylist()[0]
    copy = {**original, "impression_id": "copy", "user": row_of("train")["user"]}
    copy |= {"saved": False, "saved_at": None}
    assert check_leakage(planted("train", copy, 0)).found() == {WINDOW: 1, SHOWING: 1}


def test_a_leaking_split_is_refused_with_every_leak_named() -> None:
    user = CLEAN.tables["test"]["user"][0].as_py()
    leaking = planted("train", row_of("train", user=user, shown_at=day(35)), 0)
    with pytest.raises(InputError, match=rf"{PEOPLE}: 1 candidates; {WINDOW}: 1 rows"):
        check_leakage(leaking).refuse()


def test_a_split_on_disk_is_checked_alike(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    pq.write_table(LOG, tmp_path / "log.parquet")
    report = write_splits(tmp_path / "log.parquet", tmp_path / "splits", CONFIG)
    assert check_split_folder(report.folder, report.cutoffs).is_clean
    path = report.folder / "train" / "interactions.parquet"
    train = pq.read_table(path)
    test = pq.read_table(report.folder / "test" / "interactions.parquet")
    pq.write_table(pa.concat_tables([train, test.slice(0, 1)]), path)
    found = check_split_folder(report.folder, report.cutoffs).found()
    assert {PEOPLE, WINDOW, ROW} <= set(found)
    path.unlink()
    with pytest.raises(MissingFileError, match="expected a split"):
        check_split_folder(report.folder, report.cutoffs)


def test_a_random_split_leaks_people_time_labels_and_offers() -> None:
    found = check_leakage(split_at_random(LOG, CONFIG)).found()
    assert {PEOPLE, WINDOW, LABEL, OFFER} <= set(found)
