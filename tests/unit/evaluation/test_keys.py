"""Metric keys: one reader, one name for MLflow."""

from __future__ import annotations

import pytest

from jobmatch_ml.errors import InputError, UnknownNameError
from jobmatch_ml.evaluation import mlflow_key, parse_metric


@pytest.mark.parametrize(("key", "k"), [("ndcg@10", 10), ("mrr", None), ("hit@1", 1)])
def test_keys_are_read(key: str, k: int | None) -> None:
    assert (parse_metric(key).key, parse_metric(key).k) == (key, k)


@pytest.mark.parametrize("key", ["ndcg@", "ndcg@0", "ndcg@-1", "ndcg@ten", "ndcg@1.5", "ndcg@²"])
def test_a_bad_cut_is_refused(key: str) -> None:
    with pytest.raises(InputError, match="expected a whole number >= 1, as in ndcg@10"):
        parse_metric(key)


def test_an_unknown_metric_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'ndcg'"):
        parse_metric("ndgc@10")


def test_mlflow_gets_a_name_without_the_sign_it_refuses() -> None:
    assert mlflow_key("recall@100") == "recall_at_100"
    assert mlflow_key("mrr") == "mrr"
