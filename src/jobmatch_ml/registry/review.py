"""The review of a version: evidence, gates and verdict, kept beside it in MLflow."""

from __future__ import annotations

import logging
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import orjson
from pydantic import ValidationError

from jobmatch_ml.config import config_hash
from jobmatch_ml.errors import (
    FormatError,
    IntegrityError,
    JobMatchError,
    MissingFileError,
    NotReadyError,
)
from jobmatch_ml.ranking.bundle import Bundle
from jobmatch_ml.ranking.calibration import Calibrators
from jobmatch_ml.ranking.registry import create_ranker
from jobmatch_ml.registry.bundles import CHAMPION, Version, get_version, open_bundle
from jobmatch_ml.registry.card import card_markdown, write_card
from jobmatch_ml.registry.champion import check_stored, fetch_bundle, holder_of
from jobmatch_ml.registry.locks import file_lock
from jobmatch_ml.registry.review_calibration import calibration_errors
from jobmatch_ml.registry.review_config import ReviewConfig
from jobmatch_ml.registry.review_evidence import ReviewData, Subject, gather_evidence
from jobmatch_ml.registry.review_gates import judge
from jobmatch_ml.registry.review_leaks import check_lineage, find_leaks
from jobmatch_ml.registry.review_types import Evidence, Gate, Review
from jobmatch_ml.registry.tracking import registry_errors, start_tracking
from jobmatch_ml.registry.verdicts import FOLDER_TAG, TAG, standing, verdict_tags
from jobmatch_ml.settings import Settings
from jobmatch_ml.training.dataset import read_dataset_summary
from jobmatch_ml.training.ltr_data import bundle_features
from jobmatch_ml.types import Ranker

REVIEW_FILE = "review.json"
_LONGEST_DESCRIPTION = 4900  # characters; MLflow's databases keep 5,000

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Opponent:
    subject: Subject
    version: str
    label: str


def review_version(
    version: str,
    *,
    settings: Settings,
    by: str,
    config: ReviewConfig,
    dataset_dir: Path | None = None,
    world_dir: Path | None = None,
    model_name: str | None = None,
) -> Review:
    """Compares a version with the champion on the same test data and records the verdict.

    Tags and files go to the version and its run, whatever the verdict. A challenger whose stored
    bundle is damaged is refused with the reason and gets a failed verdict too: it must not look
    unreviewed.

    Args:
        version: Its number, an alias, or ``latest``.
        settings: Says where MLflow is.
        by: Who asks for it.
        config: Metrics and gates.
        dataset_dir: A prepared data set; ``None`` looks for that of the version's lineage under
            ``data/runs``.
        world_dir: The folder that it was prepared from: the learned ranker of a cascade reads
            candidates there, and slices more of them. ``None``: the cascade goes without.
        model_name: The registered model; default ``settings.model_name``.

    Raises:
        RegistryError: There is no such version, or MLflow failed.
        IntegrityError: The challenger's files are not what was registered, or the champion no
            longer loads.
        MissingFileError: The data set is nowhere.
    """
    name = model_name or settings.model_name
    chosen = get_version(settings, version, model_name=name)
    started = time.perf_counter()
    try:
        check_stored(settings, chosen)
        bundle = open_bundle(fetch_bundle(f"models:/{name}/{chosen.version}", settings))
    except IntegrityError as error:
        _record_damage(settings, name, chosen, str(error), by)
        raise
    dataset = dataset_dir or find_dataset(settings, str(bundle.manifest.lineage.get("data_hash")))
    data = ReviewData(dataset, world_dir)
    opponent = _opponent(settings, name, chosen, config, data)
    evidence, gates = review_bundle(
        bundle, opponent.subject, data, config, label=f"version {chosen.version}"
    )
    review = Review(
        model_name=name,
        version=chosen.version,
        bundle_sha256=bundle.sha256,
        against=opponent.version,
        opponent=opponent.label,
        ranker=config.ranker,
        data_hash=read_dataset_summary(dataset).data_hash,
        config_hash=config_hash(config),
        reviewed_at=datetime.now(UTC),
        reviewed_by=by,
        seconds=time.perf_counter() - started,
        verdict="pass" if all(gate.passed for gate in gates) else "fail",
        gates=gates,
        evidence=evidence,
        lineage=bundle.manifest.lineage,
    )
    _record(settings, chosen, bundle, review)
    return review


def review_bundle(
    bundle: Bundle, opponent: Subject, data: ReviewData, config: ReviewConfig, *, label: str
) -> tuple[Evidence, tuple[Gate, ...]]:
    """Holds a bundle against an opponent and judges it; nothing is recorded.

    Args:
        bundle: The challenger.
        opponent: The champion (:func:`subject_of`) or a baseline.
        data: What both are tested on.
        config: Metrics and gates.
        label: What progress bars and notes call the challenger.
    """
    subject = subject_of(bundle, label, config.ranker, data)
    lineage = check_lineage(bundle, data.dataset_dir, allow_dirty=config.gates.allow_dirty)
    evidence = gather_evidence(subject, opponent, data, config).model_copy(
        update={"leaks": find_leaks(bundle, data.dataset_dir), "lineage_problems": lineage}
    )
    return evidence, judge(evidence, config.gates)


def ensure_reviewed(
    version: str,
    *,
    settings: Settings,
    by: str,
    config: ReviewConfig,
    dataset_dir: Path | None = None,
    world_dir: Path | None = None,
) -> Review | None:
    """Reviews a version unless its review against the present champion is there; ``None`` if so.

    Arguments and errors as :func:`review_version`.
    """
    chosen = get_version(settings, version)
    holder = holder_of(settings, CHAMPION, settings.model_name)
    if holder is not None and holder.version == chosen.version:
        return None
    if standing(chosen, holder.version if holder else "")[0] in ("pass", "fail"):
        return None
    return review_version(
        chosen.version,
        settings=settings,
        by=by,
        config=config,
        dataset_dir=dataset_dir,
        world_dir=world_dir,
    )


def read_review(
    settings: Settings, version: str, *, model_name: str | None = None
) -> Review | None:
    """Reads the last review of a version; ``None`` where there is none.

    Raises:
        RegistryError: There is no such version, or MLflow failed.
        FormatError: What is stored is no review.
    """
    chosen = get_version(settings, version, model_name=model_name)
    folder = chosen.tags.get(FOLDER_TAG)
    if not folder:
        return None
    client = start_tracking(settings, create=False).client
    with registry_errors(f"reading the review of version {chosen.version}"):
        path = Path(client.download_artifacts(chosen.run_id, f"{folder}/{REVIEW_FILE}"))
    try:
        return Review.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise FormatError(f"{folder}/{REVIEW_FILE}: no review; review the version again") from error


def model_card(settings: Settings, version: str, out_dir: Path | None = None) -> str:
    """Returns the model card of a reviewed version as Markdown; writes both forms to ``out_dir``.

    Raises:
        NotReadyError: The version was not reviewed.
        RegistryError, IntegrityError: MLflow cannot give the bundle, or it is damaged.
    """
    review = read_review(settings, version)
    if review is None:
        raise NotReadyError(
            f"version {version} was not reviewed, and a card without evidence is no card: run "
            f"`jobmatch model review {version}`"
        )
    uri = f"models:/{settings.model_name}/{review.version}"
    bundle = open_bundle(fetch_bundle(uri, settings))
    if out_dir is None:
        return card_markdown(bundle, review)
    out_dir.mkdir(parents=True, exist_ok=True)
    return write_card(out_dir, bundle, review)


def find_dataset(settings: Settings, data_hash: str) -> Path:
    """Returns a prepared data set of that hash under ``data/runs``, the newest.

    Raises:
        MissingFileError: There is none.
    """
    found = sorted(
        settings.runs.glob("*/*/*/dataset/dataset.json"), key=lambda path: -path.stat().st_mtime
    )
    for path in found:
        try:
            if read_dataset_summary(path.parent).data_hash == data_hash:
                return path.parent
        except JobMatchError as error:
            logger.warning("passed over %s: %s", path.parent, error)
    raise MissingFileError(
        f"no data set {data_hash[:12]} under {settings.runs}: the version's own test data is not "
        "here. Prepare it (`jobmatch pipeline run train`) or name one with --data",
        field="data",
    )


def subject_of(bundle: Bundle, label: str, ranker: str, data: ReviewData) -> Subject:
    """Builds one side of a review from a bundle."""
    judge = None
    if bundle.calibrators_path is not None:
        calibrators = Calibrators.load(bundle.calibrators_path)
        # A curve says nothing of another ranker's scores: neither good nor bad.
        if calibrators.score.partition("-")[0] == ranker:
            judge = partial(calibration_errors, calibrators)
    return Subject(label, open_ranker(bundle, ranker, data), bundle.n_bytes, judge)


def open_ranker(bundle: Bundle, name: str, data: ReviewData) -> Ranker:
    """Returns what a bundle serves, or another ranker of the registry made from it.

    Features are as of the start of the test days: the log before them, and nothing later.
    """
    if name == "served":
        return bundle.ranker()
    features = None
    if bundle.ltr_dir is not None and data.world_dir is not None:
        features = bundle_features(bundle, data.dataset_dir, data.world_dir)
    return bundle.ranker_named(name, features=features)


def _opponent(
    settings: Settings, name: str, chosen: Version, config: ReviewConfig, data: ReviewData
) -> _Opponent:
    holder = holder_of(settings, CHAMPION, name)
    if holder is None or holder.version == chosen.version:
        # A champion is not its own rival: it is held against the baseline like a first version.
        label = f"the baseline {config.baseline}"
        return _Opponent(
            Subject(config.baseline, create_ranker(config.baseline)),
            holder.version if holder else "",
            label,
        )
    try:
        bundle = open_bundle(fetch_bundle(f"models:/{name}/{holder.version}", settings))
        subject = _loaded(bundle, holder.version, config, data)
    except JobMatchError as error:
        raise IntegrityError(
            f"the champion, version {holder.version}, no longer loads: {error}. Nothing was "
            "compared. `jobmatch model rollback` goes back to its predecessor, `jobmatch model "
            'promote N --override "…"` replaces it'
        ) from error
    return _Opponent(subject, holder.version, f"the champion, version {holder.version}")


def _loaded(bundle: Bundle, version: str, config: ReviewConfig, data: ReviewData) -> Subject:
    try:
        return subject_of(bundle, f"version {version}", config.ranker, data)
    except JobMatchError:
        raise
    except Exception as error:  # whatever a library says of weights that it cannot read
        raise IntegrityError(f"{type(error).__name__} while its weights were read") from error


def _record(settings: Settings, chosen: Version, bundle: Bundle, review: Review) -> None:
    """Writes files first, then tags, the verdict last: it never speaks of half a review.

    The earlier verdict goes before the first tag is written, so that whoever reads in between, or
    after a crash, finds no review rather than one's verdict with another's champion.
    """
    tracking = start_tracking(settings)
    folder = f"review/v{review.version}-against-{review.against or 'baseline'}"
    with tempfile.TemporaryDirectory(prefix="jobmatch-review-") as temporary:
        out = Path(temporary)
        raw = orjson.dumps(review.model_dump(mode="json"), option=orjson.OPT_INDENT_2)
        (out / REVIEW_FILE).write_bytes(raw)
        card = write_card(out, bundle, review)
        with (
            file_lock(settings.under_root(settings.mlruns_dir) / ".review.lock"),
            registry_errors(f"recording the review of version {chosen.version}"),
        ):
            tracking.client.log_artifacts(chosen.run_id, str(out), folder)
            _write_tags(settings, review, folder)
            tracking.client.update_model_version(
                review.model_name, chosen.version, description=_shortened(card)
            )


def _write_tags(settings: Settings, review: Review, folder: str) -> None:
    client, verdict = start_tracking(settings).client, f"{TAG}verdict"
    name, version = review.model_name, review.version
    if verdict in get_version(settings, version, model_name=name).tags:
        client.delete_model_version_tag(name, version, verdict)
    tags = verdict_tags(review, folder)
    last = tags.pop(verdict)
    for key, value in [*tags.items(), (verdict, last)]:
        client.set_model_version_tag(name, version, key, value)


def _shortened(card: str) -> str:
    if len(card) <= _LONGEST_DESCRIPTION:
        return card
    lines = card[:_LONGEST_DESCRIPTION].splitlines()[:-1]
    return "\n".join([*lines, "", "… the rest is in model_card.md of the review's files."])


def _record_damage(settings: Settings, name: str, chosen: Version, problem: str, by: str) -> None:
    client = start_tracking(settings).client
    gate = Gate(name="integrity", passed=False, reason=problem)
    values = {"verdict": "fail", "reasons": f"{gate.name}: {gate.reason}", "by": by}
    with registry_errors(f"recording the review of version {chosen.version}"):
        for key, value in values.items():
            client.set_model_version_tag(name, chosen.version, TAG + key, value)
