"""Bronze of a day: joined by id, the same bytes for the same offers, whole or not at all."""

from __future__ import annotations

import json
import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jobmatch_ml.errors import ConfigError, FormatError, NotReadyError
from jobmatch_ml.offers.bronze import Raw, bronze_file, read_offers
from jobmatch_ml.offers.bronze_store import (
    LocalBronze,
    MergeReport,
    local_copy,
    locked,
    merge_into_bronze,
    offer_key,
    open_bronze,
)
from tests.offer_records import offer, write_bronze, write_lines

DAY = date(2026, 11, 22)


def merge(folder: Path, *records: Any, part: str = "part.jsonl") -> MergeReport:
    path = write_lines(folder / "parts" / part, *records)
    return merge_into_bronze([path], LocalBronze(folder / "bronze"), DAY, scratch_dir=folder)


def held(folder: Path) -> list[Any]:
    path = bronze_file(folder / "bronze", DAY)
    return [item.value for item in read_offers(path) if isinstance(item, Raw)]


def test_offers_lie_in_the_order_of_their_ids(tmp_path: Path) -> None:
    assert merge(tmp_path, offer("2"), offer("1")) == MergeReport(2, 2, 0, 2)
    assert held(tmp_path) == [offer("1"), offer("2")]
    text = bronze_file(tmp_path / "bronze", DAY).read_text()
    assert json.loads(text) == {"resultats": [offer("1"), offer("2")]}
    assert len(text.splitlines()) == 4


def test_the_same_offers_again_are_the_same_bytes(tmp_path: Path) -> None:
    merge(tmp_path, offer("1"), offer("2", description="é\n"))
    path = bronze_file(tmp_path / "bronze", DAY)
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    again = merge(
        tmp_path, offer("2", description="é\n"), offer("1"), offer("2", description="é\n")
    )
    assert again == MergeReport(fetched=2, added=0, updated=0, held=2)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_others_stay_and_a_changed_one_is_replaced(tmp_path: Path) -> None:
    merge(tmp_path, offer("1"), offer("2"))
    assert merge(tmp_path, offer("3"), offer("2", intitule="neu")) == MergeReport(2, 1, 1, 3)
    assert held(tmp_path) == [offer("1"), offer("2", intitule="neu"), offer("3")]


def test_the_later_part_wins(tmp_path: Path) -> None:
    parts = [
        write_lines(tmp_path / "a.jsonl", offer("1", intitule="old")),
        write_lines(tmp_path / "b.jsonl", offer("1", intitule="new")),
    ]
    store = LocalBronze(tmp_path / "bronze")
    assert merge_into_bronze(parts, store, DAY, scratch_dir=tmp_path).fetched == 1
    assert held(tmp_path) == [offer("1", intitule="new")]


def test_more_parts_than_a_process_may_open_files(tmp_path: Path) -> None:
    parts = [write_lines(tmp_path / f"{n}.jsonl", offer(str(n))) for n in range(1_200)]
    merged = merge_into_bronze(parts, LocalBronze(tmp_path / "b"), DAY, scratch_dir=tmp_path)
    assert merged.held == 1_200


def test_a_file_of_another_form_is_joined_too(tmp_path: Path) -> None:
    write_bronze(tmp_path / "bronze", DAY.isoformat(), offer("9"), offer("1"))
    assert merge(tmp_path, offer("5")).held == 3
    assert [each["id"] for each in held(tmp_path)] == ["1", "5", "9"]


def test_records_without_an_id_are_kept_once(tmp_path: Path) -> None:
    assert merge(tmp_path, {"intitule": "x"}, {"intitule": "x"}, {"id": ""}, '"text"').held == 3
    assert offer_key({"a": 1, "b": 2}) == offer_key({"b": 2, "a": 1})
    assert offer_key({"id": 7}) == "7"


def test_nothing_fetched_writes_nothing(tmp_path: Path) -> None:
    part = tmp_path / "empty.jsonl"
    part.write_text("")
    store = LocalBronze(tmp_path / "other")
    assert merge_into_bronze([part], store, DAY, scratch_dir=tmp_path) == MergeReport(0, 0, 0, 0)
    assert not bronze_file(tmp_path / "other", DAY).exists()


def test_a_broken_day_is_left_as_it_is(tmp_path: Path) -> None:
    path = bronze_file(tmp_path / "bronze", DAY)
    path.parent.mkdir(parents=True)
    path.write_text('{"resultats": [{"id": "1"}, {"id"')
    with pytest.raises(FormatError, match=r"offer_2026-11-22.json: file cannot be read .* added"):
        merge(tmp_path, offer("2"))
    assert path.read_text() == '{"resultats": [{"id": "1"}, {"id"'


def test_two_writers_of_a_day_lose_nothing(tmp_path: Path) -> None:
    def write(name: int) -> None:
        for number in range(8):
            merge(tmp_path, offer(f"{name}-{number}"), part=f"{name}-{number}.jsonl")

    writers = [threading.Thread(target=write, args=(name,)) for name in range(3)]
    for each in writers:
        each.start()
    for each in writers:
        each.join(60)
    assert len(held(tmp_path)) == 24


def test_a_writer_that_was_overtaken_reads_again(tmp_path: Path) -> None:
    class Overtaken(LocalBronze):
        tries = 0

        def replace(self, day: date, contents: Path, *, version: object | None) -> bool:
            self.tries += 1
            if self.tries == 1:
                write_bronze(tmp_path / "bronze", DAY.isoformat(), offer("faster"))
                return False
            return super().replace(day, contents, version=version)

    part = write_lines(tmp_path / "a.jsonl", offer("1"))
    store = Overtaken(tmp_path / "bronze")
    assert merge_into_bronze([part], store, DAY, scratch_dir=tmp_path).held == 2
    assert [each["id"] for each in held(tmp_path)] == ["1", "faster"]


def test_a_lock_that_is_held_is_waited_for_or_told(tmp_path: Path) -> None:
    with (
        locked(tmp_path / "x.lock", busy="taken."),
        pytest.raises(NotReadyError, match=r"taken\."),
        locked(tmp_path / "x.lock", busy="taken."),
    ):
        pass
    with locked(tmp_path / "x.lock", busy="taken."):
        pass


def test_bronze_is_opened_by_its_address(tmp_path: Path) -> None:
    assert open_bronze(str(tmp_path)).address(DAY) == str(bronze_file(tmp_path, DAY))
    with pytest.raises(ConfigError, match="expected a folder, or gs://bucket/prefix"):
        open_bronze("s3://bucket/prefix")


def test_a_local_copy_is_a_bronze_folder_of_one_day(tmp_path: Path) -> None:
    merge(tmp_path, offer("1"))
    with local_copy(LocalBronze(tmp_path / "bronze"), DAY) as folder:
        assert (
            bronze_file(folder, DAY).read_bytes()
            == bronze_file(tmp_path / "bronze", DAY).read_bytes()
        )
    assert not folder.exists()
