"""Lookups: exact before normalised before fuzzy, the same answer always, and fast."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from jobmatch_ml.reference.esco import read_esco
from jobmatch_ml.reference.lookup import MAX_NAME_CHARS, NameLookup, OccupationLookup, SkillLookup
from jobmatch_ml.reference.rome_files import read_rome
from tests.tiny_classifications import write_esco, write_rome

NAMES = {"a": "Développeur / Développeuse web", "b": "Boulanger", "c": "Responsable qualité"}


@pytest.fixture
def lookup() -> NameLookup:
    found = NameLookup()
    for key, name in NAMES.items():
        found.add("own", key, [name])
    return found


@pytest.mark.parametrize(
    ("text", "key", "how"),
    [
        ("Boulanger", "b", "exact"),
        ("Développeuse web", "a", "exact"),
        ("DEVELOPPEUR WEB (H/F)", "a", "normalised"),
        ("développeur(se) web", "a", "normalised"),
        ("resp qualite", "c", "normalised"),
        ("boulangerr", "b", "fuzzy"),
        ("web developpeur", "a", "fuzzy"),
    ],
)
def test_a_name_is_found_as_written_as_meant_or_nearly(
    lookup: NameLookup, text: str, key: str, how: str
) -> None:
    best = lookup.find(text)[0]
    assert (best.key, best.how) == (key, how)
    assert best.score == {"exact": 100, "normalised": 99}.get(how, best.score)
    assert how != "fuzzy" or 80 <= best.score <= 98


@pytest.mark.parametrize("text", ["", "   ", "🙂", "zzzz", "Boulanger " * MAX_NAME_CHARS])
def test_what_is_no_name_is_not_found(lookup: NameLookup, text: str) -> None:
    assert lookup.find(text) == []


def test_limits_are_kept(lookup: NameLookup) -> None:
    assert lookup.find("Boulanger", limit=0) == []
    assert lookup.find("boulangerr", min_score=99) == []
    assert len(lookup.find("boulanger qualite web", limit=2, min_score=1)) == 2


def test_names_added_after_a_search_are_found(lookup: NameLookup) -> None:
    assert lookup.find("charpentierr") == []
    lookup.add("own", "d", ["Charpentier"])
    assert lookup.find("charpentierr")[0].key == "d"


def test_ties_do_not_depend_on_the_order_of_adding() -> None:
    entries = [("esco", "u1"), ("rome", "M2"), ("own", "x"), ("rome", "M1"), ("other", "y")]
    answers = set()
    for seed in range(5):
        random.Random(seed).shuffle(entries)
        shuffled = NameLookup()
        for source, key in entries:
            shuffled.add(source, key, ["Chef de projet", "Cheffe de projet"])
        answers.add(tuple((hit.source, hit.key) for hit in shuffled.find("chef de projets")))
    assert answers == {
        (("own", "x"), ("rome", "M1"), ("rome", "M2"), ("esco", "u1"), ("other", "y"))
    }


def test_classifications_are_searched_together(tmp_path: Path) -> None:
    rome, esco = read_rome(write_rome(tmp_path / "r")), read_esco(write_esco(tmp_path / "e"))
    occupations = OccupationLookup(rome=rome, esco=esco)
    assert occupations.find("infirmière de bloc")[0].key == "J1506"
    assert occupations.find("Metteur en page")[0].key == "o/2"
    skills = SkillLookup(rome=rome, esco=esco)
    assert skills.find("langages informatiques")[0].key == "201"
    assert skills.find("python")[0].source == "esco"
    assert skills.find("Travail de nuit", min_score=95) == []


def test_thousands_of_exact_names_are_found_in_a_second() -> None:
    lookup = NameLookup()
    names = [f"Métier numéro {number}" for number in range(3000)]
    for number, name in enumerate(names):
        lookup.add("own", str(number), [name])
    began = time.process_time()
    assert all(lookup.find(name)[0].name == name for name in names)
    assert time.process_time() - began < 1.5
