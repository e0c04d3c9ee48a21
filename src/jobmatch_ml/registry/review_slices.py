"""Whom a ranker serves: cuts of the test people, so that a mean cannot hide who lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jobmatch_ml.evaluation.candidate_slices import candidate_attributes
from jobmatch_ml.interactions import read_interactions
from jobmatch_ml.training.comparison import read_judged
from jobmatch_ml.training.dataset import read_dataset_summary

Slices = dict[str, dict[str, str]]
"""``{slice: {query_id: value}}``; a query may be missing from a slice."""


def query_slices(
    dataset_dir: Path, *, split: str = "test", world_dir: Path | None = None
) -> Slices:
    """Cuts a split's people by what the offers they took say, and by how much they wrote.

    ``domain`` and ``region`` are those of most offers that somebody took; ``offers`` tells whether
    most of these were shown in the training window too; ``profile`` parts profiles by length. With
    the world's folder people are cut by what they and the log say of themselves, too: experience,
    language, file of the CV, place (:mod:`jobmatch_ml.evaluation.candidate_slices`).
    """
    queries, qrels = read_judged(dataset_dir, split)
    table = pq.read_table(
        dataset_dir / "offers.parquet", columns=["offer_id", "rome_code", "region"]
    )
    offers = {row["offer_id"]: row for row in table.to_pylist()}
    train = pq.read_table(
        dataset_dir / "train" / "interactions.parquet", columns=["offer_external_id"]
    )
    known = set(pc.unique(train["offer_external_id"]).to_pylist())
    taken = {
        person: [offer for offer, grade in judged.items() if grade > 0 and offer in offers]
        for person, judged in qrels.items()
    }
    lengths = {query.query_id: len(query.text.split()) for query in queries}
    middle = float(np.median(list(lengths.values()))) if lengths else 0.0
    slices: Slices = {"domain": {}, "region": {}, "offers": {}, "profile": {}}
    for person, ids in taken.items():
        if not ids:
            continue
        slices["domain"][person] = _most([(offers[offer]["rome_code"] or "")[:1] for offer in ids])
        slices["region"][person] = _most([offers[offer]["region"] or "" for offer in ids])
        slices["offers"][person] = _most(["known" if offer in known else "new" for offer in ids])
        slices["profile"][person] = "short" if lengths.get(person, 0) <= middle else "long"
    if world_dir is None:
        return slices
    told = candidate_attributes(
        world_dir / "candidates.jsonl",
        set(taken),
        log=read_interactions(world_dir / "interactions.parquet"),
        before=read_dataset_summary(dataset_dir).cutoffs[1 if split == "test" else 0],
    )
    return slices | {f"candidate's {name}": values for name, values in told.items()}


def _most(values: Sequence[str]) -> str:
    """Returns the most frequent value, the first in order of ties; ``unknown`` for an empty one."""
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], value)) or "unknown"
