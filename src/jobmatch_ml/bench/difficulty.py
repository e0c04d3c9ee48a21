"""How hard a built world is: plain text rankers on true relevance, all offers ranked.

A world is a fair test bed when words help but do not suffice: BM25 neither useless nor sufficient,
an untrained encoder no better than character n-grams (as on real French offers), chance near 0.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jobmatch_ml.evaluation import evaluate
from jobmatch_ml.evaluation.oracle import oracle_run
from jobmatch_ml.evaluation.truth import read_true_relevance
from jobmatch_ml.offers import offer_document, read_catalogue
from jobmatch_ml.offers.ingest import ingest_offers
from jobmatch_ml.ranking.registry import RankerContext, create_ranker
from jobmatch_ml.training.dataset import read_candidates

RANKERS = ("random", "bm25", "tfidf_char", "zero_shot")
ORACLE = "observable_oracle"
"""The best order by all that texts and fields tell, with the true weights."""
METRICS = ("ndcg@10", "recall@100")


def run_difficulty_bench(
    *,
    world: Path | str = "data/world/demo",
    rankers: Sequence[str] = RANKERS,
    most_candidates: int = 400,
) -> list[dict[str, Any]]:
    """Ranks all offers of a world for evenly spaced candidates and scores by the truth.

    Args:
        world: A built world.
        rankers: Names of text rankers.
        most_candidates: How many candidates with known truth are taken.

    Returns:
        A row a ranker: ``ranker``, ``ndcg@10``, ``recall@100``, ``candidates`` that count (those
        with a relevant offer) and ``relevant`` offers a candidate.
    """
    folder = Path(world)
    truth = read_true_relevance(folder)
    with tempfile.TemporaryDirectory(prefix="jobmatch-difficulty-") as work:
        catalogue = Path(work) / "offers.parquet"
        ingest_offers(
            [folder / "bronze"],
            warehouse_path=Path(work) / "warehouse.duckdb",
            catalogue_path=catalogue,
            rejects_dir=Path(work) / "rejects",
        )
        documents = [offer_document(offer) for offer in read_catalogue(catalogue)]
    people = sorted(truth)
    step = max(1, len(people) // most_candidates)
    chosen = {person: truth[person] for person in people[::step][:most_candidates]}
    every = read_candidates(folder / "candidates.jsonl")
    queries = [every[person] for person in chosen]
    rows: list[dict[str, Any]] = []
    for name in (*rankers, ORACLE):
        if name == ORACLE:
            known = oracle_run(folder, top_k=100)
            run = {person: known[person] for person in chosen if person in known}
        else:
            ranker = create_ranker(name, RankerContext(seed=1))
            ranker.index(documents)
            run = ranker.rank(queries, top_k=100)
        report = evaluate(chosen, run, metrics=METRICS)
        scores = {metric: round(report.mean(metric), 4) for metric in METRICS}
        relevant = sum(len(judged) for judged in chosen.values()) / len(chosen)
        rows.append(
            {"ranker": name, **scores, "candidates": len(chosen), "relevant": round(relevant, 1)}
        )
    return rows
