"""Distances of occupations, skills in both wordings, distances of towns."""

from __future__ import annotations

import numpy as np
import pytest

from jobmatch_ml.ranking.features.reference_space import MOST_STEPS, distance_km, towns
from tests.feature_market import space


def test_codes_are_near_by_what_they_share() -> None:
    rows, distance = space().code_row, space().code_distance
    baker = rows["D1102"]
    assert [distance[baker, rows[code]] for code in ("D1102", "D1104", "D1507", "M1805")] == [
        0, 1, 2, 3,
    ]  # fmt: skip


def test_mobility_is_counted_in_steps_both_ways() -> None:
    rows, steps = space().code_row, space().steps
    assert steps[rows["D1102"], rows["D1104"]] == 1
    np.testing.assert_array_equal(steps, steps.T)
    assert steps.max() == MOST_STEPS
    assert (np.diag(steps) == 0).all()


def test_skills_are_found_in_offers_words_and_in_those_of_cvs() -> None:
    offer = space().skills_in("Vous assurez le pétrissage et façonnage des pâtes.")
    cv = space().skills_in("Levain, pousse lente, division, boulage")
    assert offer == cv == {"dough"}
    assert space().skills_named(["Pétrissage et façonnage des pâtes"]) == {"dough"}
    assert space().skills_named(["Tout autre chose"]) == frozenset()


def test_distances_are_those_of_the_haversine_formula() -> None:
    paris, lyon = towns()["paris"], towns()["69003" if "69003" in towns() else "lyon"]
    found = distance_km(*paris, np.array([lyon[0], paris[0]]), np.array([lyon[1], paris[1]]))
    assert found == pytest.approx([394, 0], abs=3)
