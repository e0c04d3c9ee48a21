"""Regions: every department belongs to one, and places know theirs."""

from __future__ import annotations

from collections import Counter

from jobmatch_ml.reference import REGIONS, load_places, region_of


def test_the_101_departments_belong_to_one_region_each() -> None:
    counts = Counter(code for codes in REGIONS.values() for code in codes)
    assert len(counts) == 101
    assert set(counts.values()) == {1}
    assert len(REGIONS) == 14


def test_every_place_has_a_region() -> None:
    assert {place.region for place in load_places()} <= set(REGIONS)
    paris = next(place for place in load_places() if place.name == "Paris")
    assert paris.region == "Île-de-France"
    assert region_of("99") == ""
