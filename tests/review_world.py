"""Bundles whose rankers are as good as their names say, on a data set in which that is known."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import orjson

from jobmatch_ml.interactions import SplitConfig
from jobmatch_ml.ranking.beir import read_qrels
from jobmatch_ml.ranking.bundle import Bundle, BundleExtras, write_bundle
from jobmatch_ml.registry.review_config import ReviewConfig, ReviewGates
from jobmatch_ml.registry.training_data import TrainingData, person_hash, training_data_of
from jobmatch_ml.training.dataset import prepare_dataset, read_dataset_summary
from jobmatch_ml.types import Document, Query, Run
from tests.tiny_world import write_tiny_world

# 34 test people in two halves; the limits leave room for so few.
CONFIG = ReviewConfig(
    baseline="random",
    metrics=("ndcg@10", "recall@100"),
    n_bootstrap=200,
    n_timed_queries=2,
    gates=ReviewGates(
        min_queries=20,
        max_loss={"ndcg@10": 0.05},
        min_slice_queries=8,
        max_slice_loss=0.05,
        max_gain=0.7,
        latency_floor_ms=10_000,
    ),
)


def write_dataset(folder: Path) -> Path:
    """Prepares the tiny world; four of its eight occupations are in domain A, the others in M."""
    world = write_tiny_world(folder / "world")
    (path,) = (world / "bronze").rglob("*.json")
    offers = orjson.loads(path.read_bytes())["resultats"]
    for offer in offers:
        letter = "A" if int(offer["romeCode"][1:]) < 1004 else "M"
        offer["romeCode"] = letter + offer["romeCode"][1:]
    path.write_bytes(orjson.dumps({"resultats": offers}))
    split = SplitConfig(test_share=0.5, validation_share=0.25)
    return prepare_dataset(world, folder / "dataset", split).dataset_dir


def write_toy_bundle(
    folder: Path, dataset: Path, name: str, *, seen: Sequence[str] | None = (), weights: bytes = b""
) -> Path:
    """Writes a bundle.

    Args:
        folder: Where to.
        dataset: What it says it was trained on.
        name: How well it ranks, see :class:`NamedRanker`.
        seen: People it says it was trained on beside the training part's; ``None``: it says
            nothing, and names other data.
        weights: Bytes of its weights, for bundles of equal names.
    """
    encoder = folder.with_name(folder.name + "-encoder")
    encoder.mkdir(parents=True)
    (encoder / "model.safetensors").write_bytes(name.encode() + weights)
    record = None
    if seen is not None:
        known = training_data_of(dataset)
        people = {*known.people, *map(person_hash, seen)}
        record = folder.with_name(folder.name + "-training_data.json")
        changed = TrainingData(**known.model_dump() | {"people": tuple(sorted(people))})
        record.write_bytes(orjson.dumps(changed.model_dump(mode="json")))
    data_hash = "f" * 64 if seen is None else read_dataset_summary(dataset).data_hash
    write_bundle(
        folder,
        encoder_dir=encoder,
        ranker={"kind": "bi_encoder", "encoder_name": name, "dimension": 4},
        lineage={"data_hash": data_hash, "git_commit": "abc"},
        metrics={"ndcg@10": 0.5},
        extras=BundleExtras(training_data=record),
    )
    return folder


def open_named(bundle: Bundle, dataset: Path) -> NamedRanker:
    """Stands in for `registry.review.open_ranker`."""
    return NamedRanker(bundle.manifest.ranker.encoder_name, dataset)


class NamedRanker:
    """Puts what a person took first with a chance that its name gives, the rest at random.

    ``0.6`` finds six of ten; ``0.6 but M 0.1`` finds one of ten for people who took offers of
    domain M; ``0.6 test 1.0`` knows the test people's offers by heart.
    """

    def __init__(self, name: str, dataset: Path) -> None:
        head, *rest = name.split(" ")
        self.chance = float(head)
        self.broken = float(rest[2]) if rest[:1] == ["but"] else None
        self.test = float(rest[1]) if rest[:1] == ["test"] else None
        self.qrels = {
            split: read_qrels(dataset / split / "qrels.tsv") for split in ("validation", "test")
        }

    def index(self, documents: Sequence[Document]) -> None:
        self.documents = sorted(document.doc_id for document in documents)

    def rank(self, queries: Sequence[Query], *, top_k: int) -> Run:
        run: Run = {}
        for query in queries:
            draw = random.Random(query.query_id)
            scores = {document: draw.random() for document in self.documents}
            for split, qrels in self.qrels.items():
                for offer, grade in qrels.get(query.query_id, {}).items():
                    chance = self._chance(split, offer)
                    if grade > 0 and random.Random(query.query_id + offer).random() < chance:
                        scores[offer] += 1
            ordered = sorted(scores, key=lambda offer: (-scores[offer], offer))[:top_k]
            run[query.query_id] = {offer: scores[offer] for offer in ordered}
        return run

    def _chance(self, split: str, offer: str) -> float:
        if self.test is not None and split == "test":
            return self.test
        if self.broken is not None and int(offer[1]) >= 4:  # offers of o4 to o7 are of domain M
            return self.broken
        return self.chance
