"""From a fitted encoder and its evaluation to the bundle that reviewers see."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping, Set
from pathlib import Path
from typing import Any

import orjson

from jobmatch_ml import __version__
from jobmatch_ml.errors import FormatError, MissingFileError
from jobmatch_ml.ranking.bundle import (
    CROSS_ENCODER_DIR,
    TRAINING_DATA,
    Bundle,
    BundleExtras,
    load_bundle,
    write_bundle,
)
from jobmatch_ml.ranking.calibration import Calibrators
from jobmatch_ml.ranking.encoder import SentenceTransformerEncoder
from jobmatch_ml.ranking.packaged import MODEL_NAME, WEIGHTS_SHA256, packaged_model_dir
from jobmatch_ml.registry.lineage import git_state
from jobmatch_ml.registry.training_data import write_training_data
from jobmatch_ml.settings import get_settings

_METRICS = ("ndcg@10", "recall@100", "mrr")
_SCORED_BY_TREES = {"cascade"}
_SCORED_BY_READER = {"cascade", "retrieve_rerank", "cross_encoder"}

logger = logging.getLogger(__name__)


def bundle_encoder(
    encoder_dir: Path | None,
    out_dir: Path,
    *,
    title_weight: float,
    max_length_tokens: int,
    evaluation_path: Path | None = None,
    lineage: Mapping[str, Any] | None = None,
    dataset_dir: Path | None = None,
) -> Path:
    """Writes the bundle of a bi-encoder.

    Args:
        encoder_dir: A fitted encoder; `None` bundles the packaged one as it is (`zero_shot`).
        out_dir: Folder to create; an earlier bundle there is replaced.
        title_weight: Weight of the title view.
        max_length_tokens: Window of the encoder.
        evaluation_path: Table written by the evaluation notebook; the bundle's own row becomes its
            metrics.
        lineage: Hashes of what it was made from.
        dataset_dir: The data set it was trained on; the bundle then says whom it has seen, without
            which a review cannot pass it.

    Returns:
        `out_dir`.
    """
    kind = "bi_encoder" if encoder_dir else "zero_shot"
    folder = encoder_dir or packaged_model_dir()
    encoder = SentenceTransformerEncoder(folder, max_length_tokens=max_length_tokens)
    write_bundle(
        out_dir,
        encoder_dir=folder,
        ranker={
            "kind": kind,
            "title_weight": title_weight,
            "encoder_name": _encoder_name(kind, encoder_dir),
            "dimension": encoder.dimension,
            "max_length_tokens": max_length_tokens,
        },
        lineage=dict(lineage or {}),
        metrics=_metrics_of(kind, evaluation_path) if evaluation_path else {},
        extras=_extras(dataset_dir, out_dir),
        replace=True,
    )
    return out_dir


def extend_bundle(
    base: Bundle,
    out_dir: Path,
    *,
    extras: BundleExtras,
    lineage: Mapping[str, Any] | None = None,
    metrics: Mapping[str, float] | None = None,
) -> Bundle:
    """Writes a bundle with further parts beside those of another.

    Args:
        base: The bundle whose parts it keeps.
        out_dir: Folder to create; an earlier bundle there is replaced.
        extras: The parts; one that the base has too is replaced. Calibrators of a score that the
            new parts change are dropped: their curves are of another score.
        lineage: What they were made from, added to the base's.
        metrics: Metrics of the whole, added to the base's.
    """
    recipe = base.manifest.cross_encoder
    outdated = _SCORED_BY_TREES if extras.ltr_dir or extras.cascade else set[str]()
    joined = _joined(base, extras, outdated)
    write_bundle(
        out_dir,
        encoder_dir=base.encoder_dir,
        ranker=base.manifest.ranker.model_dump(),
        lineage={**_lineage_of(base, joined), "base_bundle": base.sha256, **(lineage or {})},
        metrics={**base.manifest.metrics, **(metrics or {})},
        cross_encoder_dir=base.path / CROSS_ENCODER_DIR if recipe else None,
        cross_encoder=recipe.model_dump() if recipe else None,
        extras=joined,
        replace=True,
    )
    return load_bundle(out_dir)


def open_base_bundle(
    uri: str,
    *,
    run_dir: Path,
    title_weight: float = 0.5,
    lineage: Mapping[str, Any] | None = None,
) -> Bundle:
    """Opens a bundle by folder or `models:/…`; empty: bundles the packaged encoder in `run_dir`.

    Args:
        uri: Which bundle.
        run_dir: Where a bundle of the packaged encoder is made.
        title_weight: Its weight of the title view.
        lineage: Its lineage.
    """
    if uri:
        from jobmatch_ml.registry.champion import fetch_bundle  # MLflow: seconds

        return load_bundle(fetch_bundle(uri, get_settings()))
    folder = bundle_encoder(
        None,
        run_dir / "base",
        title_weight=title_weight,
        max_length_tokens=128,
        lineage=lineage,
    )
    return load_bundle(folder)


def bundle_cross_encoder(
    base: Bundle,
    cross_encoder_dir: Path,
    out_dir: Path,
    *,
    recipe: Mapping[str, Any],
    lineage: Mapping[str, Any],
    model_name: str = "",
    parent_run_id: str = "",
) -> Bundle:
    """Writes a bundle with a cross-encoder beside the encoder of another, and may register it.

    Args:
        base: The bundle whose encoder, weights and metrics it keeps.
        cross_encoder_dir: The model that reads pairs.
        out_dir: Folder to create; an earlier bundle there is replaced.
        recipe: How it reranks: `max_length_tokens`, `depth`, `weight`.
        lineage: What it was made from, added to the base's.
        model_name: Registered model of which it becomes a version; empty: not registered.
        parent_run_id: MLflow run to attach it to; empty: a run of its own.
    """
    joined = _joined(base, BundleExtras(), _SCORED_BY_READER)
    write_bundle(
        out_dir,
        encoder_dir=base.encoder_dir,
        ranker=base.manifest.ranker.model_dump(),
        lineage={**_lineage_of(base, joined), "base_bundle": base.sha256, **lineage},
        metrics=base.manifest.metrics,
        cross_encoder_dir=cross_encoder_dir,
        cross_encoder={"name": _weights_name("cross_encoder", cross_encoder_dir), **recipe},
        extras=joined,
        replace=True,
    )
    bundle = load_bundle(out_dir)
    register_if_named(bundle, model_name=model_name, parent_run_id=parent_run_id)
    return bundle


def add_calibrators(
    base: Bundle,
    calibrators: Path,
    out_dir: Path,
    *,
    ranker: str,
    model_name: str = "",
    parent_run_id: str = "",
) -> tuple[str, str]:
    """Writes a bundle with calibrators of one of its rankers, and may register it.

    Args:
        base: The bundle whose score they are of.
        calibrators: Their file.
        out_dir: Folder to create; an earlier bundle there is replaced.
        ranker: Whose score it is: ``served``, or a ranker of the registry.
        model_name: As for :func:`register_if_named`.
        parent_run_id: Likewise.

    Returns:
        The folder, and the version's number where it became one.
    """
    extras = BundleExtras(calibrators=calibrators)
    made = extend_bundle(base, out_dir, extras=extras, lineage={"calibrated_score": ranker})
    version = register_if_named(made, model_name=model_name, parent_run_id=parent_run_id)
    return str(out_dir), version


def register_if_named(bundle: Bundle, *, model_name: str, parent_run_id: str = "") -> str:
    """Registers a bundle as a version, where a model is named.

    Args:
        bundle: The bundle.
        model_name: Registered model of which it becomes a version; empty: not registered.
        parent_run_id: MLflow run to attach it to; empty: a run of its own.

    Returns:
        The version's number; empty where no model is named.
    """
    if not model_name:
        return ""
    from jobmatch_ml.registry.bundles import register_bundle

    version = register_bundle(
        bundle.path,
        run_id=parent_run_id or None,
        model_name=model_name,
        tags={
            "bundle_sha256": bundle.sha256,
            "data_hash": str(bundle.manifest.lineage.get("data_hash", "")),
        },
        settings=get_settings(),
    )
    return str(version)


def bundle_lineage(*, data_hash: str, base: str) -> dict[str, str]:
    """Says where a bundle comes from; what is not known is left empty.

    The run that made it is not among it: a version knows its run, and a random id in the manifest
    would give equal bundles two identities.

    Args:
        data_hash: Hash of the data set.
        base: Encoder that training started from.
    """
    return {
        "data_hash": data_hash,
        "base": base,
        "git_commit": git_state(get_settings().under_root(Path())).label,
        "jobmatch_ml": __version__,
    }


def _extras(dataset_dir: Path | None, out_dir: Path) -> BundleExtras:
    if dataset_dir is None:
        return BundleExtras()
    beside = out_dir.with_name(TRAINING_DATA)
    return BundleExtras(training_data=write_training_data(dataset_dir, beside))


def _joined(base: Bundle, extras: BundleExtras, outdated: Set[str]) -> BundleExtras:
    """Returns the new parts and the base's others, but for curves of ``outdated`` rankers."""
    curves = base.calibrators_path
    if curves and outdated and not extras.calibrators:
        score = Calibrators.load(curves).score
        if score.partition("-")[0] in outdated:
            logger.warning("the calibrators of %s are dropped: calibrate the new score", score)
            curves = None
    return BundleExtras(
        ltr_dir=extras.ltr_dir or base.ltr_dir,
        calibrators=extras.calibrators or curves,
        training_data=extras.training_data or base.training_data_path,
        cascade=extras.cascade or base.manifest.cascade,
    )


def _lineage_of(base: Bundle, joined: BundleExtras) -> dict[str, Any]:
    lineage = dict(base.manifest.lineage)
    if not joined.calibrators:
        lineage.pop("calibrated_score", None)
    return lineage


def _encoder_name(kind: str, encoder_dir: Path | None) -> str:
    """Names an encoder by its weights, so that vectors of other weights can be told and refused."""
    if encoder_dir is None:
        return f"{MODEL_NAME}@{WEIGHTS_SHA256[:12]}"
    return _weights_name(kind, encoder_dir)


def _weights_name(kind: str, folder: Path) -> str:
    with (folder / "model.safetensors").open("rb") as weights:
        return f"jobmatch-{kind}@{hashlib.file_digest(weights, 'sha256').hexdigest()[:12]}"


def _metrics_of(kind: str, path: Path) -> dict[str, float]:
    if not path.is_file():
        raise MissingFileError(f"{path} does not exist; run the evaluate_rankers notebook first")
    try:
        rows = {row["ranker"]: row for row in orjson.loads(path.read_bytes())}
        row = rows[kind]
        metrics = {metric: float(row[metric]) for metric in _METRICS}
        for bound in ("low", "high"):
            metrics[f"ndcg@10_{bound}"] = float(row[f"ndcg@10_{bound}"])
        if row["difference"] is not None:
            metrics["ndcg@10_over_best_baseline"] = float(row["difference"])
            metrics["p_value_over_best_baseline"] = float(row["p_value"])
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise FormatError(f"{path}: expected an evaluation table with a row for {kind}") from error
    return metrics
