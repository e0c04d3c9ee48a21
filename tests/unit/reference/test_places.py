"""Places and distances."""

from __future__ import annotations

import pytest

from jobmatch_ml.reference import distance_km, load_places


def test_places_are_in_metropolitan_france_and_named_once() -> None:
    places = load_places()
    assert len({place.name for place in places}) == len(places)
    for place in places:
        assert 41 < place.latitude < 52, place.name
        assert -5.2 < place.longitude < 9.7, place.name
        assert place.postal_code.startswith(place.department), place.name


def test_distances_are_symmetric_and_zero_to_oneself() -> None:
    paris, lyon = (next(p for p in load_places() if p.name == name) for name in ("Paris", "Lyon"))
    assert distance_km(paris, paris) == 0
    assert distance_km(paris, lyon) == distance_km(lyon, paris)
    # By road signs about 465 km; as the crow flies 390 to 395.
    assert distance_km(paris, lyon) == pytest.approx(392, abs=4)
