"""Bronze: every form of file gives the same records; what is broken is named, not raised."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from jobmatch_ml.errors import InputError, JobMatchError, MissingFileError
from jobmatch_ml.offers.bronze import (
    Broken,
    BronzeWriter,
    Raw,
    bronze_file,
    find_offer_files,
    read_offers,
    write_bronze,
)
from tests import offer_records
from tests.offer_records import offer, write_lines

DAY = date(2025, 1, 1)
RECORDS = [offer("1"), offer("2", description="é\n{")]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"resultats": RECORDS}),
        json.dumps({"resultats": RECORDS, "filtresPossibles": []}, indent=2),
        json.dumps(RECORDS),
        json.dumps(RECORDS, indent=1),
        "\n".join(json.dumps(each) for each in RECORDS),
        "\r\n\r\n".join(json.dumps(each, ensure_ascii=False) for each in RECORDS) + "\r\n",
        "\n".join(json.dumps({"resultats": [each]}) for each in RECORDS),
        "\ufeff" + json.dumps(RECORDS),
        "[\n" + ",\n".join(json.dumps(each) for each in RECORDS) + "\n]",
        '{"resultats": [\n' + ",\n".join(json.dumps(each) for each in RECORDS) + "\n]}\n",
        '{"resultats": [\n{\n'
        + ",\n".join(json.dumps(each)[1:] for each in RECORDS[:1])
        + ",\n"
        + json.dumps(RECORDS[1])
        + '], "x": 1}',
    ],
)
@pytest.mark.parametrize("name", ["offers.json", "offers.jsonl", "offers"])
def test_every_form_gives_the_same_records_whatever_the_name(
    tmp_path: Path, text: str, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(text.encode())
    items = list(read_offers(path))
    assert [item.value for item in items if isinstance(item, Raw)] == RECORDS
    assert len(items) == 2


def test_a_day_as_written_here_is_read_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    with path.open("wb") as stream:
        write_bronze(stream, (json.dumps(each).encode() for each in [*RECORDS, offer("3")]))
    assert json.loads(path.read_text()) == {"resultats": [*RECORDS, offer("3")]}
    items = read_offers(path)
    assert next(items) == Raw(path, "offer 1", RECORDS[0])
    assert [item.place for item in items] == ["offer 2", "offer 3"]
    with path.open("wb") as stream:
        write_bronze(stream, [b'{"id": "1"}', b'{"id": ', b'{"id": "3"}'])
    first, broken, third = read_offers(path)
    assert (first.place, third.place) == ("offer 1", "offer 3")
    assert isinstance(broken, Broken)
    assert (broken.place, broken.text) == ("offer 2", '{"id": ')


def test_a_day_that_was_cut_off_is_never_taken_for_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    with path.open("wb") as stream:
        write_bronze(stream, [b'{"id": "1"}', b'{"id": "2", "x": [{"y": [1]}]}'])
    whole = path.read_bytes()
    for length in range(len(b'{"resultats": [') + 1, len(whole) - 3):
        path.write_bytes(whole[:length])
        assert isinstance(next(read_offers(path)), Broken), length


def test_a_single_offer_and_an_indented_one_are_read(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    for text in (json.dumps(RECORDS[0]), json.dumps(RECORDS[0], indent=2)):
        path.write_text(text)
        assert [item.value for item in read_offers(path) if isinstance(item, Raw)] == RECORDS[:1]


def test_broken_lines_are_named_by_number_and_the_others_are_read(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", '{"id": "1", ', offer("2"), "nonsense", offer("4"))
    items = list(read_offers(path))
    broken = [(item.place, item.text) for item in items if isinstance(item, Broken)]
    assert broken == [("line 1", '{"id": "1",'), ("line 3", "nonsense")]
    assert [item.place for item in items if isinstance(item, Raw)] == ["line 2", "line 4"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"resultats": [{"id": "1"}, {"id"', "broken JSON"),
        (b"\x89PNG\r\n\x1a\n\x00\xff", "broken JSON"),
        (b'{"resultats": {"id": "1"}}', "`resultats` is not a list"),
        (b'[{"id": NaN}]', "broken JSON"),
    ],
)
def test_a_broken_file_is_one_broken_item(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    (item,) = read_offers(path)
    assert isinstance(item, Broken)
    assert item.reason.startswith(reason)


def test_an_empty_file_has_no_records(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(" \n\n")
    assert list(read_offers(path)) == []


def test_places_in_a_list_count_from_one(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"resultats": RECORDS}))
    assert [item.place for item in read_offers(path)] == ["offer 1", "offer 2"]


def test_partitions_say_their_day_and_other_files_of_the_folder_are_left_alone(
    tmp_path: Path,
) -> None:
    offer_records.write_bronze(tmp_path, "2025-02-02", offer("1"))
    offer_records.write_bronze(tmp_path, "2025-02-01", offer("1"))
    write_lines(tmp_path / "candidates.jsonl", {"candidate_id": "c"})
    files = find_offer_files([tmp_path], default_day=DAY)
    assert [(file.ingestion_date, file.is_bronze) for file in files] == [
        (date(2025, 2, 1), True),
        (date(2025, 2, 2), True),
    ]


def test_a_partition_named_itself_has_its_day_too(tmp_path: Path) -> None:
    offer_records.write_bronze(tmp_path, "2025-02-02", offer("1"))
    partition = next(tmp_path.rglob("ingestion_date=*"))
    (file,) = find_offer_files([partition], default_day=DAY)
    assert file.ingestion_date == date(2025, 2, 2)


def test_a_plain_folder_is_read_by_name_with_the_default_day(tmp_path: Path) -> None:
    write_lines(tmp_path / "b.jsonl", offer("1"))
    write_lines(tmp_path / "deep" / "a.json", offer("1"))
    (tmp_path / "notes.txt").write_text("not offers")
    files = find_offer_files([tmp_path], default_day=DAY)
    assert [file.path.name for file in files] == ["b.jsonl", "a.json"]
    assert {(file.ingestion_date, file.is_bronze) for file in files} == {(DAY, False)}


@pytest.mark.parametrize(
    ("make", "error", "text"),
    [
        (None, MissingFileError, "does not exist"),
        ("folder", InputError, "holds no offers"),
        ("partition", InputError, "'ingestion_date=2025-13-40' is not a day"),
    ],
)
def test_paths_without_offers_are_refused(
    tmp_path: Path, make: str | None, error: type[JobMatchError], text: str
) -> None:
    path = tmp_path / "x"
    if make == "folder":
        path.mkdir()
    elif make == "partition":
        write_lines(path / "ingestion_date=2025-13-40" / "a.json", offer("1"))
    with pytest.raises(error, match=text):
        find_offer_files([path], default_day=DAY)
    with pytest.raises(InputError, match="no path"):
        find_offer_files([], default_day=DAY)


def test_the_writer_keeps_a_file_a_day_whole_or_not_at_all(tmp_path: Path) -> None:
    path = bronze_file(tmp_path, DAY)
    assert path.relative_to(tmp_path).as_posix() == (
        "france_travail/offers/ingestion_date=2025-01-01/offer_2025-01-01.json"
    )
    with BronzeWriter(tmp_path) as writer:
        for each in RECORDS:
            writer.add(DAY, each)
        assert not path.exists()
        assert writer.finish() == [path]
    assert json.loads(path.read_text()) == {"resultats": RECORDS}
    with BronzeWriter(tmp_path) as writer:
        writer.add(DAY, offer("9"))
    assert json.loads(path.read_text()) == {"resultats": RECORDS}
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    with BronzeWriter(None) as writer:
        writer.add(DAY, offer("9"))
        assert writer.finish() == []
