"""How a cascade's stages are put together: whether reading comes last, and how much it counts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from jobmatch_ml.ranking.beir import read_corpus
from jobmatch_ml.ranking.bundle import Bundle
from jobmatch_ml.ranking.cascade import CascadeRanker
from jobmatch_ml.ranking.dual_view import BiEncoderRanker
from jobmatch_ml.ranking.features import FeatureSource
from jobmatch_ml.ranking.ltr import LtrModel
from jobmatch_ml.training.comparison import read_judged
from jobmatch_ml.training.cross_encoder import choose_rerank_weight
from jobmatch_ml.training.dataset import read_dataset_summary


def choose_reading(
    base: Bundle, model: LtrModel, source: FeatureSource, dataset_dir: Path
) -> tuple[dict[str, Any], list[dict[str, float]]]:
    """Chooses on validation people what the cross-encoder counts beside the order by features.

    Reading costs the most of all stages: it is kept only where leaving it out is worse by more
    than one standard error.

    Args:
        base: The bundle; without a cross-encoder there is nothing to choose.
        model: The learned ranker.
        source: Its features.
        dataset_dir: A prepared data set.

    Returns:
        The recipe for a bundle's manifest (``reader_weight``; 0: reading is left out), and the
        table of weight and nDCG@10 of the offers shown.
    """
    scorer = base.cross_encoder()
    if scorer is None:
        return {"reader_weight": 0.0}, []
    # As of the validation days: what the log learnt later is not known there.
    then = replace(source, moment=read_dataset_summary(dataset_dir).cutoffs[0])
    retriever = BiEncoderRanker(
        source.texts.dense or base.encoder(), title_weight=base.manifest.ranker.title_weight
    )
    cascade = CascadeRanker(retriever, ltr=model, features=then)
    documents = read_corpus(dataset_dir / "corpus.jsonl")
    cascade.index(documents)
    people, _ = read_judged(dataset_dir, "validation")
    ordered = cascade.rank(people, top_k=len(documents))
    depth = base.manifest.cross_encoder.depth if base.manifest.cross_encoder else 1
    weight, table = choose_rerank_weight(scorer, dataset_dir, ordered, depth=depth, preferred=0.0)
    return {"reader_weight": weight}, table
