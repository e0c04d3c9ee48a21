"""Every feature by hand on three offers, and no feature that sees the future."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.ranking.features import NAMES, Activity, CandidateFacts, FeatureBuilder
from jobmatch_ml.ranking.features.candidate_facts import read_candidate_facts
from tests.feature_market import MOMENT, TODAY, baker_cv, offer_facts, space
from tests.log_factory import make_log

NAN = float("nan")
ROWS = np.arange(3)


def baker() -> CandidateFacts:
    return read_candidate_facts(
        baker_cv(), space(), candidate_id="c1", title="Boulanger", today=TODAY
    )


def column(matrix: np.ndarray, name: str) -> list[float]:
    return matrix[:, NAMES.index(name)].tolist()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("skills_required", [1, 0, 0]),
        ("skills_required_held", [1, 0, 0]),
        ("skills_required_share", [1, NAN, NAN]),
        ("skills_required_missing", [0, 0, 0]),
        ("skills_wished_held", [0, 0, 0]),
        ("skills_wished_share", [0, NAN, NAN]),
        ("skills_told", [2, 2, 2]),  # kneading and the driving licence
        ("skills_jaccard", [1 / 3, 0, 0]),  # kneading, of kneading, advice and licence
        ("rome_distance", [0, 1, NAN]),  # D1102 and D1104 share D11
        ("mobility_steps", [0, 1, NAN]),
        ("rome_distance_held", [0, 1, NAN]),
        ("rome_distance_last", [0, 1, NAN]),
        ("occupations_wished", [1, 1, 1]),
        ("years", [3.25, 3.25, 3.25]),
        ("years_asked", [0, 5, NAN]),
        ("years_over", [3.25, -1.75, NAN]),
        ("years_suffice", [1, 0, NAN]),
        ("salary_min", [24000, NAN, NAN]),
        ("salary_max", [26000, NAN, NAN]),
        ("salary_margin", [0.04, NAN, NAN]),  # 26,000 where 25,000 are asked for
        ("contract", [0, 2, NAN]),
        ("contract_accepted", [1, 0, NAN]),
        ("asks_licence", [0, 1, 0]),
        ("licence_met", [1, 1, 1]),
        ("distance_km", [0, 394, NAN]),  # Paris and Lyon
        ("within_radius", [1, 0, NAN]),
        ("age_days", [30, NAN, NAN]),  # the second is published after the moment
        ("freshness", [0.5, NAN, NAN]),
        ("title_words", [3, 3, 1]),
        ("cv_lines", [5, 5, 5]),
    ],
)
def test_features_are_what_the_formulas_say(name: str, expected: list[float]) -> None:
    matrix = FeatureBuilder(space(), offer_facts()).matrix(baker(), ROWS, MOMENT)
    np.testing.assert_allclose(
        column(matrix, name), expected, rtol=1e-5, atol=0.5 * (name == "distance_km") + 1e-4
    )


def test_a_cv_that_says_nothing_gives_missing_values_not_zeros() -> None:
    matrix = FeatureBuilder(space(), offer_facts()).matrix(CandidateFacts("c2"), ROWS, MOMENT)
    for name in ("rome_distance", "years", "years_suffice", "distance_km", "within_radius",
                 "salary_margin", "contract_accepted", "remote_met"):  # fmt: skip
        assert np.isnan(column(matrix, name)).all(), name


def test_rows_come_in_the_order_asked_for() -> None:
    builder = FeatureBuilder(space(), offer_facts())
    all_rows = builder.matrix(baker(), ROWS, MOMENT)
    np.testing.assert_array_equal(
        builder.matrix(baker(), np.array([2, 0]), MOMENT), all_rows[[2, 0]]
    )


def with_log(*rows: dict[str, object]) -> FeatureBuilder:
    activity = Activity.of_log(make_log(*rows), offer_facts().offer_ids)
    return FeatureBuilder(space(), offer_facts(), activity)


def test_nothing_at_or_after_the_moment_is_seen() -> None:
    before = {"offer_external_id": "o1", "shown_at": datetime(2026, 1, 20, tzinfo=UTC)}
    later = {"offer_external_id": "o1", "shown_at": MOMENT, "viewed": True, "viewed_at": MOMENT}
    # Shown before the moment, applied after it: the application does not exist yet.
    pending = {**before, "applied": True, "applied_at": datetime(2026, 2, 1, tzinfo=UTC)}
    known = with_log(before, before).matrix(baker(), ROWS, MOMENT)
    leaky = with_log(before, pending, later).matrix(baker(), ROWS, MOMENT)
    np.testing.assert_array_equal(known, leaky)
    assert column(known, "shown_before") == [2, 0, 0]
    seen = with_log(before, pending, later).matrix(baker(), ROWS, datetime(2026, 3, 1, tzinfo=UTC))
    assert column(seen, "shown_before") == [3, 0, 0]
    # (1 view + 20 * 0.08) / (3 showings + 20)
    assert column(seen, "views_per_showing")[0] == pytest.approx(2.6 / 23)


def test_each_row_may_have_a_moment_of_its_own() -> None:
    shown = {"offer_external_id": "o1", "shown_at": datetime(2026, 1, 20, tzinfo=UTC)}
    moments = np.array([datetime(2026, 1, day, tzinfo=UTC).timestamp() for day in (19, 21)])
    matrix = with_log(shown).matrix(baker(), np.array([0, 0]), moments)
    assert column(matrix, "shown_before") == [0, 1]
    assert column(matrix, "age_days") == [18, 20]


def test_a_moment_without_a_zone_is_refused() -> None:
    builder = FeatureBuilder(space(), offer_facts())
    with pytest.raises(InputError, match="no time zone"):
        builder.matrix(baker(), ROWS, MOMENT.replace(tzinfo=None))
    with pytest.raises(InputError, match="finite"):
        builder.matrix(baker(), ROWS, np.array([1.0, NAN, 1.0]))


def test_the_log_of_another_catalogue_is_refused() -> None:
    other = Activity.of_log(make_log({"offer_external_id": "x"}), ["x"])
    with pytest.raises(InputError, match="same catalogue"):
        FeatureBuilder(space(), offer_facts(), other)


def test_a_title_may_mean_several_occupations_and_the_nearest_counts() -> None:
    both = replace(baker(), wished=("D1104", "D1102"))
    matrix = FeatureBuilder(space(), offer_facts()).matrix(both, ROWS, MOMENT)
    assert column(matrix, "rome_distance")[:2] == [0, 0]
