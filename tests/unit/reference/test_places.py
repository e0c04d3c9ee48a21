"""Places and distances."""

from __future__ import annotations

from collections import Counter

import pytest

from jobmatch_ml.reference import REGIONS, distance_km, load_places


def test_places_are_named_once_and_lie_in_france() -> None:
    places = load_places()
    assert len({place.name for place in places}) == len({place.commune for place in places})
    assert len({place.name for place in places}) == len(places) >= 150
    for place in places:
        assert place.weight > 0, place.name
        assert place.commune.startswith(place.department[:2]), place.name
        assert place.postal_code.startswith(
            place.department.replace("2A", "20").replace("2B", "20")
        )
        if place.region != "Outre-mer":
            assert 41 < place.latitude < 52, place.name
            assert -5.2 < place.longitude < 9.7, place.name


def test_every_region_has_a_place_and_ile_de_france_the_largest_market() -> None:
    weights = Counter[str]()
    for place in load_places():
        weights[place.region] += place.weight
    assert set(weights) == set(REGIONS)
    assert weights.most_common(1)[0][0] == "Île-de-France"


def test_distances_are_symmetric_and_zero_to_oneself() -> None:
    paris, lyon = (next(p for p in load_places() if p.name == name) for name in ("Paris", "Lyon"))
    assert distance_km(paris, paris) == 0
    assert distance_km(paris, lyon) == distance_km(lyon, paris)
    # By road signs about 465 km; as the crow flies 390 to 395.
    assert distance_km(paris, lyon) == pytest.approx(392, abs=4)
