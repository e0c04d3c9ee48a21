"""The benchmarks by name. A benchmark is a function that returns rows; options are keywords."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

from jobmatch_ml.bench.harness import environment, reference_kernels
from jobmatch_ml.errors import UnknownNameError, suggest

Rows: TypeAlias = list[dict[str, Any]]

# name -> (module:function, what it measures)
BENCHES: dict[str, tuple[str, str]] = {
    "startup": ("jobmatch_ml.bench.startup:run_startup_bench", "import and --help, seconds"),
    "ingest": ("jobmatch_ml.bench.ingest:run_ingest_bench", "offers/s into silver and gold"),
    "gold": (
        "jobmatch_ml.bench.gold:run_gold_bench",
        "offers/s of reading texts; accuracy on labelled offers (--option offers=…)",
    ),
    "warehouse": (
        "jobmatch_ml.bench.warehouse:run_warehouse_bench",
        "a million offers into gold, and everyone matched there (--option sizes=[100000])",
    ),
    "interactions": (
        "jobmatch_ml.bench.interactions:run_interactions_bench",
        "a company's table into labels and splits (--option rows=10000000)",
    ),
    "cv": ("jobmatch_ml.bench.cv:run_cv_bench", "F1 of reading invented CVs in each layout"),
    "cv_speed": (
        "jobmatch_ml.bench.cv_speed:run_cv_speed_bench",
        "seconds to read a CV: two pages, a scan, real files (--option files=DIR)",
    ),
    "hostile": (
        "jobmatch_ml.bench.hostile:run_hostile_bench",
        "3,000 broken files and the bombs against the reader of CVs",
    ),
    "hidden": (
        "jobmatch_ml.bench.hidden:run_hidden_bench",
        "text that nobody sees in CVs: found, left out, honest designs left alone",
    ),
    "redaction": (
        "jobmatch_ml.bench.redaction:run_redaction_bench",
        "recall and precision of removing what identifies people",
    ),
    "cv_real": (
        "jobmatch_ml.bench.cv_real:run_cv_real_bench",
        "real CVs labelled by hand, beside raw text (--option files=DIR)",
    ),
    "encode": ("jobmatch_ml.bench.encode:run_encode_bench", "texts/s of the encoder's variants"),
    "train": (
        "jobmatch_ml.bench.train:run_train_bench",
        "our training against the stock trainer: pairs/s of each part, time to the same quality",
    ),
    "rerank": (
        "jobmatch_ml.bench.rerank:run_rerank_bench",
        "30 pairs read by the cross-encoder and its student: time, and what the student loses",
    ),
    "cross_encoder": (
        "jobmatch_ml.bench.cross_encoder:run_cross_encoder_bench",
        "the cross-encoder's losses on one subset, judged by a world's truth",
    ),
    "ltr": (
        "jobmatch_ml.bench.ltr:run_ltr_bench",
        "learning to rank with and without correction of the position's bias, by the truth",
    ),
    "features": (
        "jobmatch_ml.bench.features:run_features_bench",
        "features of 1,000 offers for a query; a million rows learnt from",
    ),
    "cascade": (
        "jobmatch_ml.bench.cascade:run_cascade_bench",
        "each stage of the cascade against the observable oracle, by the truth",
    ),
    "cascade_full": (
        "jobmatch_ml.bench.cascade:run_cascade_bench",
        "the same on the larger synthetic world of configs/world/full.yaml",
    ),
    "cascade_real": (
        "jobmatch_ml.bench.cascade:run_cascade_bench",
        "the same on real offers and all of ROME (--option rome=true --option oracle=false)",
    ),
    "pipeline": (
        "jobmatch_ml.bench.pipeline:run_pipeline_bench",
        "quality, time and memory of the demo's pipeline",
    ),
    "full": (
        "jobmatch_ml.bench.pipeline:run_full_bench",
        "quality of every ranker on real offers, from a run of configs/train/full.yaml",
    ),
    "propensity": (
        "jobmatch_ml.bench.propensity:run_propensity_bench",
        "propensities and off-policy values against a simulated world's truth",
    ),
    "calibration": (
        "jobmatch_ml.bench.calibration:run_calibration_bench",
        "probabilities per funnel stage on a world's test days (--option dataset=DIR)",
    ),
    "world": (
        "jobmatch_ml.bench.world:run_world_bench",
        "impressions/s, offers/s, candidates/s of the synthetic world, and its memory",
    ),
    "difficulty": (
        "jobmatch_ml.bench.difficulty:run_difficulty_bench",
        "plain text rankers and the oracle by the truth of a world (--option world=…)",
    ),
    "realism": (
        "jobmatch_ml.bench.realism:run_realism_bench",
        "a world's offers against real ones (--option real=…)",
    ),
    "assistant": (
        "jobmatch_ml.bench.assistant:run_assistant_bench",
        "tailoring on 200 pairs of CV and offer, the truth lock on frozen texts",
    ),
    "truth_lock": (
        "jobmatch_ml.bench.truth_lock:run_truth_lock_bench",
        "planted claims caught and honest texts rejected, frozen corpora",
    ),
    "external": (
        "jobmatch_ml.bench.external:run_external_bench",
        "every text ranker on BEIR folders (--option folders=…)",
    ),
    "adaptation": (
        "jobmatch_ml.bench.adaptation:run_adaptation_bench",
        "ablation of the encoders' adaptation (--option rome=… --option esco=…)",
    ),
    "robustness": (
        "jobmatch_ml.bench.robustness:run_robustness_bench",
        "what accents, capitals, typos, order and cuts cost (--option folders=…)",
    ),
}

NEED_OPTIONS = frozenset(
    {
        "adaptation",
        "calibration",
        "cascade",
        "cascade_full",
        "cascade_real",
        "cross_encoder",
        "cv_real",
        "external",
        "features",
        "full",
        "ltr",
        "realism",
        "rerank",
        "robustness",
        "train",
    }
)
"""Benchmarks on data that is named on the command line: `all` leaves them out."""


def run_bench(name: str, *, root: Path, options: dict[str, Any] | None = None) -> dict[str, Any]:
    """Runs one benchmark.

    Returns:
        `{"bench", "environment", "reference", "rows"}`, ready for JSON.

    Raises:
        UnknownNameError: No benchmark has that name.
    """
    if name not in BENCHES:
        raise UnknownNameError(suggest(name, BENCHES, kind="benchmark"), field="name")
    module, _, attribute = BENCHES[name][0].partition(":")
    function: Callable[..., Rows] = getattr(import_module(module), attribute)
    rows = function(**(options or {}))
    return {
        "bench": name,
        "environment": environment(root),
        "reference": reference_kernels(),
        "rows": rows,
    }
