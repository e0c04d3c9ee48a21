"""What a version's tags allow: which of them are read, and in which order they object."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from jobmatch_ml.registry.bundles import Version
from jobmatch_ml.registry.verdicts import standing

PASSED = {
    "bundle_sha256": "b",
    "review/verdict": "pass",
    "review/bundle_sha256": "b",
    "review/against": "1",
    "review/ranker": "served",
}


def version(**changes: str | None) -> Version:
    tags = PASSED | {key.replace("__", "/"): value for key, value in changes.items()}
    kept = {key: value for key, value in tags.items() if value is not None}
    return Version("7", datetime(2026, 1, 1, tzinfo=UTC), (), {}, kept, "run", "source")


def test_a_review_of_this_bundle_against_this_champion_counts() -> None:
    assert standing(version(), "1") == ("pass", "")
    assert standing(version(review__ranker=None), "1") == ("pass", "")
    assert standing(version(review__against=""), "") == ("pass", "")


@pytest.mark.parametrize(
    ("changes", "champion", "state", "text"),
    [
        ({"review__verdict": None}, "1", "unreviewed", "was not reviewed"),
        ({"review__verdict": "fail"}, "1", "fail", "no reason was recorded"),
        (
            {"review__verdict": "fail", "review__reasons": "leak: 3 people"},
            "1",
            "fail",
            "leak: 3 people",
        ),
        ({"review__bundle_sha256": "c"}, "1", "outdated", "is of another bundle"),
        ({"review__ranker": "cascade"}, "1", "outdated", "as cascade, not as it is served"),
        ({}, "2", "outdated", "against version 1, but the champion is now version 2"),
        ({}, "", "outdated", "but the champion is now nobody"),
        ({"review__against": ""}, "2", "outdated", "against the baseline, but"),
    ],
)
def test_anything_else_is_objected_to(
    changes: dict[str, str | None], champion: str, state: str, text: str
) -> None:
    found, why = standing(version(**changes), champion)
    assert found == state
    assert text in why
