"""A template's and an anonymised CV's words in place of names."""

from __future__ import annotations

import pytest

from jobmatch_ml.cv.dates import PERIOD
from jobmatch_ml.cv.entries import split_entries
from jobmatch_ml.cv.heads import read_head
from jobmatch_ml.cv.placeholders import end_of_head, is_employer, set_apart
from jobmatch_ml.cv.reading import TextLine


@pytest.mark.parametrize(
    ("head", "parted"),
    [
        ("Data Clerk Company Name – City , State", "Data Clerk | Company Name"),
        ("Company Name City, State Accountant", "Company Name | Accountant"),
        ("Vendeuse Nom de l’entreprise, Ville, Pays", "Vendeuse | Nom de l’entreprise"),
        ("BA Physics , Leeds University - City", "BA Physics , Leeds University"),
        ("City Marketing Coordinator", "City Marketing Coordinator"),
        ("known in any city, state or country", "known in any city, state or country"),
        ("Ville de Lyon, chargée de projet", "Ville de Lyon, chargée de projet"),
    ],
)
def test_placeholders_part_a_head_and_their_places_go(head: str, parted: str) -> None:
    assert set_apart(head) == parted


def test_a_placeholder_is_an_employer_whatever_else_the_words_are() -> None:
    assert is_employer("Company Name")
    assert not is_employer("Company Name Plates Ltd")
    lines = ["Company Name", "05/2010 to 02/2012", "Sunshine Chair"]
    assert read_head(lines, PERIOD.search(lines[1]))[:2] == ("Sunshine Chair", "Company Name")
    assert read_head(lines[:2], PERIOD.search(lines[1]))[:2] == (None, "Company Name")


def test_what_stands_below_a_whole_head_is_its_description() -> None:
    lines = ["Geek Squad 06/2014 to 03/2015 Company Name City , State", "Client software manager"]
    assert read_head(lines, PERIOD.search(lines[0])) == ("Geek Squad", "Company Name", 1)


def test_a_head_that_runs_into_its_description_ends_at_the_placeholder() -> None:
    head = "Product Designer Company Name – City , State"
    story = "Managed many concurrent design projects for a leader in silicone " + "tools " * 10
    dates = TextLine("05/2010 to 02/2012", page=1, start=0, box=None)
    line = TextLine(f"{head} {story}", page=1, start=19, box=None)
    (entry,) = split_entries([dates, line])
    assert (entry.title, entry.entity) == ("Product Designer", "Company Name")
    assert entry.description == story.strip()
    assert [part.start for part in entry.lines] == [0, 19, 19 + len(head) + 1]


def test_a_short_line_is_a_head_as_a_whole() -> None:
    assert end_of_head("Clerk Company Name City , State Sales", most=120) == 0
    assert end_of_head("Clerk Company Name of many words", most=20) == len("Clerk Company Name")
