"""Names that MLflow accepts, without opening MLflow."""

from __future__ import annotations

import pytest

from jobmatch_ml.errors import NotReadyError
from jobmatch_ml.registry.tracking import flatten, run_key, start_tracking
from jobmatch_ml.settings import get_settings


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("test/ndcg@10", "test/ndcg_at_10"),
        ("seconds", "seconds"),
        ("rang moyen é", "rang moyen é"),
        ("a{b}", "a_b_"),
        ("x" * 300, "x" * 250),
    ],
)
def test_keys_are_those_that_mlflow_accepts(name: str, key: str) -> None:
    assert run_key(name) == key


def test_nested_names_are_joined_by_slashes() -> None:
    assert dict(flatten({"test": {"ndcg@10": 0.4}, "n": 2})) == {"test/ndcg@10": 0.4, "n": 2}


def test_a_question_creates_no_database() -> None:
    settings = get_settings()
    with pytest.raises(NotReadyError, match="jobmatch pipeline run train"):
        start_tracking(settings, create=False)
    assert not settings.under_root(settings.mlruns_dir).exists()
