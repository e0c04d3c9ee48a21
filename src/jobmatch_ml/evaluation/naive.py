"""What evaluations often do and should not: kept to show by how much it flatters.

Nothing in the project decides by these figures.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jobmatch_ml.errors import InputError
from jobmatch_ml.types import Qrels, Run


def sampled_negatives(
    run: Run, qrels: Qrels, corpus: Sequence[str], *, n_negatives: int = 20, seed: int = 0
) -> Run:
    """Keeps of each answer the positives and a few offers drawn at random.

    Metrics of such a run say how well positives are told from *random* offers, nearly all of which
    are easy to tell; they even order rankers wrongly (Krichene & Rendle 2020,
    https://doi.org/10.1145/3394486.3403226).

    Args:
        run: Full rankings; what they do not hold comes last.
        qrels: Judgements.
        corpus: All document ids.
        n_negatives: Offers drawn a query, none of them positive.
        seed: Of the draw.

    Raises:
        InputError: The corpus is smaller than what is to be drawn.

    Example:
        >>> run = {"q": {"a": 3.0, "b": 2.0, "c": 1.0}}
        >>> list(sampled_negatives(run, {"q": {"b": 1}}, ["a", "b", "c"], n_negatives=2)["q"])
        ['a', 'b', 'c']
    """
    rng = np.random.default_rng(seed)
    documents = sorted(corpus)
    found: Run = {}
    for query_id in sorted(qrels):
        positives = {doc_id for doc_id, grade in qrels[query_id].items() if grade > 0}
        others = [doc_id for doc_id in documents if doc_id not in positives]
        if len(others) < n_negatives:
            raise InputError(
                f"{len(others)} documents to draw {n_negatives} negatives from; expected more",
                field="n_negatives",
            )
        drawn = rng.choice(len(others), size=n_negatives, replace=False)
        kept = positives | {others[place] for place in drawn}
        answer = run.get(query_id, {})
        found[query_id] = {doc_id: score for doc_id, score in answer.items() if doc_id in kept}
    return found


def judgements_of(table: pa.Table, grades: NDArray[np.int64]) -> Qrels:
    """Returns the best grade of each (person, offer) among rows of a log.

    Args:
        table: Rows in the log's schema.
        grades: Grade of each row, ``(n_rows,)``.
    """
    found: Qrels = {}
    rows = zip(
        table["user"].to_pylist(),
        table["offer_external_id"].to_pylist(),
        grades.tolist(),
        strict=True,
    )
    for user, offer, grade in rows:
        judged = found.setdefault(user, {})
        judged[offer] = max(grade, judged.get(offer, 0))
    return found


def memory_of(table: pa.Table, grades: NDArray[np.int64]) -> Run:
    """Returns the "ranker" that has only learnt its training rows by heart.

    It puts what a person was seen to take in training first, and knows nothing else. On an honest
    split it finds nothing; what it finds elsewhere is leakage, and any ranker can do as it does.
    """
    return {
        user: {offer: float(grade) for offer, grade in judged.items() if grade > 0}
        for user, judged in judgements_of(table, grades).items()
    }
