"""Names suggest origin and gender; age, address and status are told in a share."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jobmatch_ml.world.config import ORIGINS, CandidateConfig
from jobmatch_ml.world.cv_identity import ascii_word
from jobmatch_ml.world.cv_phrases import load_people_names
from tests.cv_people import make_person, write

NAMES = load_people_names()


@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize("woman", [True, False])
def test_names_come_from_the_lists_of_origin_and_gender(origin: str, woman: bool) -> None:
    firsts = (NAMES.women if woman else NAMES.men)[origin]
    for seed in range(10):
        full = write(make_person(origin=origin, woman=woman), seed).document.full_name
        assert any(first in full for first in firsts)
        assert any(last.upper() in full.upper() for last in NAMES.last[origin])


@pytest.mark.parametrize("origin", ORIGINS)
def test_each_group_has_sixty_names_of_each_kind(origin: str) -> None:
    for names in (NAMES.women[origin], NAMES.men[origin], NAMES.last[origin]):
        assert len(set(names)) == len(names) >= 60


def test_the_age_told_is_the_persons() -> None:
    config = CandidateConfig(age_told_share=1)
    for seed in range(20):
        lines = write(make_person(age=41), seed, config).document.contacts
        # Written on 1 September 2025: born between September 1983 and September 1984.
        assert any("41 ans" in line or "1983" in line or "1984" in line for line in lines)
    untold = write(make_person(age=41), 1, CandidateConfig(age_told_share=0)).document.contacts
    assert not any(" ans" in line or "19" in line for line in untold[3:])


def test_a_district_has_addresses_of_its_own() -> None:
    config = CandidateConfig(place_told_share=1, age_told_share=0)
    words = ("Cité", "Tour", "HLM", "Quartier", "ensemble")
    town = make_person()
    told = 0
    for seed in range(20):
        here = write(town, seed, config).document.contacts[2]
        there = write(replace(town, address="priority_district"), seed, config).document.contacts[2]
        told += any(word in there for word in words)
        assert not any(word in here for word in words)
        assert here.endswith("94000 Créteil")
        assert there.endswith("94000 Créteil")
    assert told > 3


def test_names_become_plain_letters_in_an_address() -> None:
    assert ascii_word("Jean-Luc") == "jeanluc"
    assert ascii_word("Ngọc-Ève") == "ngoceve"
