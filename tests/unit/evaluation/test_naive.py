"""Sampled negatives: what is kept, and how they flatter."""

from __future__ import annotations

import numpy as np
import pytest

from jobmatch_ml.errors import InputError
from jobmatch_ml.evaluation import evaluate
from jobmatch_ml.evaluation.naive import judgements_of, memory_of, sampled_negatives
from tests.log_factory import make_log

DOCS = [f"d{k:04d}" for k in range(1000)]


def test_positives_and_so_many_others_are_kept_in_their_order() -> None:
    run = {"q": {doc: float(-k) for k, doc in enumerate(DOCS)}}
    kept = sampled_negatives(run, {"q": {"d0500": 2, "d0501": 0}}, DOCS, n_negatives=20)["q"]
    assert len(kept) == 21
    assert "d0500" in kept
    assert list(kept) == sorted(kept)
    assert kept == sampled_negatives(run, {"q": {"d0500": 2}}, DOCS, n_negatives=20)["q"]


def test_a_poor_ranker_looks_good_among_twenty() -> None:
    rng = np.random.default_rng(0)
    qrels = {f"q{k}": {"d0000": 1} for k in range(50)}
    run = {
        name: {doc: float(s) for doc, s in zip(DOCS, rng.random(1000), strict=True)}
        | {"d0000": 0.95}
        for name in qrels
    }
    full = evaluate(qrels, run, metrics=["ndcg@10"], n_bootstrap=100).mean("ndcg@10")
    sampled = evaluate(
        qrels, sampled_negatives(run, qrels, DOCS), metrics=["ndcg@10"], n_bootstrap=100
    ).mean("ndcg@10")
    assert full < 0.05
    assert sampled > 0.6


def test_more_negatives_than_documents_are_refused() -> None:
    with pytest.raises(InputError, match="expected more"):
        sampled_negatives({"q": {}}, {"q": {"a": 1}}, ["a", "b"], n_negatives=2)


def test_memory_is_what_was_taken_and_judgements_keep_the_best() -> None:
    table = make_log(
        {"offer_external_id": "a"}, {"offer_external_id": "a"}, {"offer_external_id": "b"}
    )
    grades = np.array([2, 1, 0])
    assert judgements_of(table, grades) == {"c1": {"a": 2, "b": 0}}
    assert memory_of(table, grades) == {"c1": {"a": 2.0}}
