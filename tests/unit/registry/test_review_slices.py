"""Slices of the test people: who is in which."""

from __future__ import annotations

from pathlib import Path

from jobmatch_ml.registry.review_slices import query_slices
from tests.review_world import write_dataset


def test_people_are_cut_by_what_they_took(tmp_path: Path) -> None:
    slices = query_slices(write_dataset(tmp_path))
    assert set(slices) == {"domain", "region", "offers", "profile"}
    # Person n wants occupation n % 8; the first four are of domain A.
    expected = {person: "A" if int(person[1:]) % 8 < 4 else "M" for person in slices["domain"]}
    assert slices["domain"] == expected
    assert set(slices["domain"].values()) == {"A", "M"}
    assert set(slices["region"].values()) == {"unknown"}
    assert set(slices["offers"].values()) == {"new"}


def test_the_worlds_folder_adds_what_people_say_of_themselves(tmp_path: Path) -> None:
    dataset = write_dataset(tmp_path)
    slices = query_slices(dataset, world_dir=tmp_path / "world")
    assert set(query_slices(dataset)) < set(slices)
    people = set(slices["domain"])
    assert people <= set(slices["candidate's language"])
    # Everybody was shown offers from the first day on.
    assert set(slices["candidate's shown before"].values()) == {"under 50 offers"}
