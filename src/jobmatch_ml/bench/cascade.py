"""The cascade stage by stage on a synthetic world, judged by the truth that nothing learns from."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from jobmatch_ml.errors import MissingFileError
from jobmatch_ml.evaluation import EvaluationReport, compare, evaluate
from jobmatch_ml.evaluation.oracle import oracle_run
from jobmatch_ml.evaluation.truth import read_true_relevance
from jobmatch_ml.ranking.beir import read_corpus
from jobmatch_ml.ranking.bm25 import Bm25Ranker
from jobmatch_ml.ranking.bundle import load_bundle
from jobmatch_ml.ranking.cascade import CascadeLimits, CascadeRanker, merge_profiles
from jobmatch_ml.ranking.cross_encoder import CrossEncoderRanker
from jobmatch_ml.ranking.dual_view import BiEncoderRanker
from jobmatch_ml.ranking.features import FeatureSource
from jobmatch_ml.ranking.ltr import LtrModel
from jobmatch_ml.ranking.ltr_ranker import LtrRanker
from jobmatch_ml.ranking.remembering import RememberingEncoder
from jobmatch_ml.training.comparison import read_judged
from jobmatch_ml.training.dataset import read_dataset_summary
from jobmatch_ml.training.ltr_config import LtrConfig
from jobmatch_ml.training.ltr_data import bundle_features, open_features, person_of
from jobmatch_ml.training.ltr_fitting import fit_ltr, read_ltr_data
from jobmatch_ml.types import Query, Ranker, Run

METRIC = "ndcg@10"
FLOOR, GOAL = 0.75, 0.85
"""Share of the observable oracle that the cascade must reach, and shall."""
_ORACLE = "observable oracle"
# What each figure is compared with: the stage before it.
_BEFORE = {
    "bi_encoder": "bm25",
    "cascade": "bi_encoder",
    "ltr": "cascade",
    "cascade, all profiles": "cascade",
    "cascade, with reading": "cascade",
}


def run_cascade_bench(
    *,
    dataset: str = "",
    bundle: str = "",
    world: str = "data/world/demo",
    split: str = "test",
    correction: str = "position",
    rounds: int = 120,
    reader_weight: float = 0.3,
    rome: bool = False,
    oracle: bool = True,
) -> list[dict[str, Any]]:
    """Judges each stage of a cascade by the world's truth.

    Args:
        dataset: A prepared data set of the world.
        bundle: Bundle whose encoder retrieves and whose learned ranker orders; without one, it is
            trained here. Its cross-encoder, if any, reads.
        world: The world; its truth judges and trains nothing.
        split: ``validation`` while developing, ``test`` in the end.
        correction: Of the position's bias, where the learned ranker is trained here.
        rounds: Trees at most, likewise.
        reader_weight: The cross-encoder's share in the blend, whatever the bundle says of it.
        rome: Whether trees that are trained here know the imported ROME; a bundle's own say.
        oracle: Whether the observable oracle is computed; for a world on real offers it cannot be:
            their towns are not those of its tables.

    Returns:
        A row a ranker: true nDCG@10 with its interval, its share of the observable
        oracle's, the paired difference to the stage before, milliseconds a query.

    Raises:
        MissingFileError: The data set, the bundle or the world is not there.
    """
    config = LtrConfig.model_validate({"correction": correction, "rounds": rounds})
    for option, path in (("dataset", dataset), ("bundle", bundle), ("world", world)):
        if not path or not Path(path).is_dir():
            raise MissingFileError(
                f"{option} is {path!r}, which is no folder; give --option {option}=PATH",
                field=option,
            )
    folder, base = Path(dataset), load_bundle(Path(bundle))
    encoder = RememberingEncoder(base.encoder())
    cuts = read_dataset_summary(folder).cutoffs
    # Ranked when the split's days begin, with what the log knew by then.
    moment = cuts[0] if split == "validation" else cuts[1]
    model = base.ltr()
    if model is not None:
        source = bundle_features(base, folder, Path(world), dense=encoder, moment=moment)
    else:
        source = open_features(folder, Path(world), dense=encoder, moment=moment, rome=rome)
        model = fit_ltr(read_ltr_data(folder, source, config), config)[1].model
    retriever = BiEncoderRanker(encoder, title_weight=base.manifest.ranker.title_weight)
    rankers = _rankers(retriever, model, source)
    scorer = base.cross_encoder()
    if scorer is not None:
        rankers["cascade, with reading"] = CascadeRanker(
            retriever,
            ltr=model,
            features=source,
            reader=CrossEncoderRanker(scorer),
            limits=CascadeLimits(reader_weight=reader_weight),
        )
    people, _ = read_judged(folder, split)
    known = oracle_run(Path(world), top_k=100) if oracle else None
    rows = _judged(rankers, source, people, (folder, Path(world)), known)
    return [{"world": Path(world).name, **row} for row in rows]


def _rankers(retriever: Ranker, model: LtrModel, source: FeatureSource) -> dict[str, Ranker]:
    def cascade() -> CascadeRanker:
        return CascadeRanker(retriever, ltr=model, features=source)

    return {
        "bm25": Bm25Ranker(),
        "bi_encoder": retriever,
        "cascade": cascade(),
        "ltr": LtrRanker(model, source),
        "cascade, all profiles": cascade(),
    }


def _judged(
    rankers: dict[str, Ranker],
    source: FeatureSource,
    people: list[Query],
    places: tuple[Path, Path],
    known: Run | None,
) -> list[dict[str, Any]]:
    dataset, world = places
    relevance = read_true_relevance(world)
    truth = {person.query_id: relevance.get(person.query_id, {}) for person in people}
    runs: dict[str, Run] = {}
    if known is not None:
        runs[_ORACLE] = {name: known[name] for name in truth if name in known}
    seconds = {_ORACLE: 0.0}
    documents = read_corpus(dataset / "corpus.jsonl")
    profiles = [query for name, query in source.queries.items() if person_of(name) in truth]
    for name, ranker in rankers.items():
        is_merged = name.endswith("all profiles")
        ranker.index(documents)
        started = time.perf_counter()
        run = ranker.rank(profiles if is_merged else people, top_k=100)
        seconds[name] = time.perf_counter() - started
        if is_merged:
            run = merge_profiles(run, {each: person_of(each) for each in run}, top_k=100)
        runs[name] = run
    reports = {name: evaluate(truth, run, metrics=(METRIC,)) for name, run in runs.items()}
    best = reports[_ORACLE].mean(METRIC) if _ORACLE in reports else None
    return [_row(name, reports, best, ms=1000 * seconds[name] / len(people)) for name in reports]


def _row(
    name: str, reports: dict[str, EvaluationReport], best: float | None, *, ms: float
) -> dict[str, Any]:
    report, before = reports[name], _BEFORE.get(name)
    row: dict[str, Any] = {"ranker": name, **report.as_row(), "people": report.n_queries}
    share = round(report.mean(METRIC) / best, 4) if best else None
    row |= {"of_oracle": share, "against": before}
    nothing = {"difference": None, "difference_low": None, "difference_high": None, "p_value": None}
    row |= compare(report, reports[before], METRIC).as_row() if before else nothing
    return row | {"ms_per_query": round(ms, 1)}
