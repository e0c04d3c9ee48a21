"""Every French department belongs to exactly one region."""

from __future__ import annotations

from jobmatch_ml.offers.places import DEPARTMENTS


def test_the_101_departments_and_the_corsican_postal_prefix_have_one_region_each() -> None:
    codes = [code for group in DEPARTMENTS.values() for code in group]
    assert len(codes) == len(set(codes)) == 101 + 1
    assert len(DEPARTMENTS) == 18
    metropolitan = {f"{number:02d}" for number in range(1, 96)}
    assert metropolitan | {"2A", "2B", "971", "972", "973", "974", "976"} == set(codes)
