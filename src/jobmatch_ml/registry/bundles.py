"""The registered bundle: registering a version, moving the champion's alias, fetching.

A version is a folder (manifest with the sha256 of each file, weights) kept as an artifact of the
run that made it: no pickled model, no model code. Its manifest is verified before registration,
before promotion and at every fetch.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from jobmatch_ml.errors import (
    IntegrityError,
    JobMatchError,
    RegistryError,
)
from jobmatch_ml.registry.tracking import (
    TRAIN_COMMANDS,
    TrackedRun,
    Tracking,
    registry_errors,
    run_key,
    start_run,
    start_tracking,
)
from jobmatch_ml.settings import Settings

if TYPE_CHECKING:
    from jobmatch_ml.ranking.bundle import Bundle

CHAMPION = "champion"
_METRIC_TAG = "metrics/"
_HASH_TAG = "bundle_sha256"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Version:
    """One registered version of the bundle.

    Args:
        version: Its number, as text.
        created_at: When it was registered (UTC).
        aliases: Names that point at it, ``champion`` among them when it is served.
        metrics: What the bundle's manifest says about its quality.
        tags: Lineage and promotion record.
        run_id: The run that made it.
        source: Where MLflow keeps its files.
    """

    version: str
    created_at: datetime
    aliases: tuple[str, ...]
    metrics: dict[str, float]
    tags: dict[str, str]
    run_id: str
    source: str

    @property
    def bundle_sha256(self) -> str:
        """SHA-256 of the manifest, which names the hash of each file; empty if not recorded."""
        return self.tags.get(_HASH_TAG, "")


def register_bundle(
    bundle_dir: Path,
    *,
    settings: Settings,
    run_id: str | None = None,
    model_name: str | None = None,
    tags: Mapping[str, Any] | None = None,
    description: str = "",
) -> str:
    """Registers a bundle as a new version; moves no alias.

    Registering the same bundle again returns the version it already has, so that a pipeline can be
    repeated.

    Args:
        bundle_dir: The bundle's folder.
        settings: Says where MLflow is.
        run_id: The run whose artifact ``bundle/`` it becomes; ``None`` makes a run for it.
        model_name: The registered model; default ``settings.model_name``.
        tags: Lineage and whatever the reviewer should see.
        description: Markdown shown beside the version.

    Returns:
        The version's number.

    Raises:
        MissingFileError, IntegrityError: There is no bundle, or a file is not as its manifest says.
        RegistryError: MLflow refused.
    """
    name = model_name or settings.model_name
    bundle = open_bundle(bundle_dir)
    tracking = start_tracking(settings)
    known = _same_bundle(tracking, name, bundle.sha256)
    if known:
        logger.info("the bundle is version %s of %s already", known, name)
        return known
    all_tags = {
        **{run_key(key): _as_text(value) for key, value in (tags or {}).items()},
        **{
            _METRIC_TAG + run_key(key): repr(float(value))
            for key, value in bundle.manifest.metrics.items()
        },
        _HASH_TAG: bundle.sha256,
    }
    if run_id is not None:
        run = TrackedRun(tracking, run_id)
        return _register(run, bundle_dir, name=name, tags=all_tags, description=description)
    with start_run(tracking, "register") as run:
        return _register(run, bundle_dir, name=name, tags=all_tags, description=description)


def list_versions(settings: Settings, *, model_name: str | None = None) -> list[Version]:
    """Returns the registered versions, the newest first; none where nothing was registered.

    Raises:
        NotReadyError: There is no MLflow database yet.
        RegistryError: MLflow cannot be reached.
    """
    name = model_name or settings.model_name
    tracking = start_tracking(settings, create=False)
    with registry_errors(f"listing the versions of {name}"):
        found = list(tracking.client.search_model_versions(f"name='{name}'", max_results=10_000))
        aliases = _aliases(tracking, name) if found else {}
    versions = [_version(item, aliases) for item in found]
    return sorted(versions, key=lambda item: int(item.version), reverse=True)


def get_version(settings: Settings, version: str, *, model_name: str | None = None) -> Version:
    """Returns one version by number, by alias, or ``latest``.

    Raises:
        RegistryError: There is no such version; the message lists those there are.
        NotReadyError: There is no MLflow database yet.
    """
    name = model_name or settings.model_name
    versions = list_versions(settings, model_name=name)
    if version == "latest" and versions:
        return versions[0]
    for candidate in versions:
        if version == candidate.version or version in candidate.aliases:
            return candidate
    known = ", ".join(item.version for item in versions) or "none"
    raise RegistryError(
        f"{name} has no version '{version}'. Known versions: {known}. To make one, run "
        f"{TRAIN_COMMANDS}",
        field="version",
    )


def open_bundle(bundle_dir: Path) -> Bundle:
    """Opens a bundle, every file checked against its manifest; its weights are not loaded.

    Raises:
        MissingFileError: There is no bundle in that folder.
        IntegrityError: A file is missing, added or changed.
    """
    from jobmatch_ml.ranking.bundle import load_bundle

    return load_bundle(bundle_dir)


def download_version(tracking: Tracking, version: Version, folder: Path) -> Path:
    """Downloads a version's bundle into ``folder`` and verifies it; returns the bundle's folder.

    Raises:
        RegistryError: MLflow cannot give it.
        IntegrityError: What came is not what was registered.
    """
    with registry_errors(f"downloading version {version.version}"):
        import mlflow.artifacts

        downloaded = Path(
            mlflow.artifacts.download_artifacts(
                artifact_uri=version.source, dst_path=str(folder), tracking_uri=tracking.uri
            )
        )
    try:
        sha256 = open_bundle(downloaded).sha256
    except JobMatchError as error:
        raise IntegrityError(f"version {version.version} is damaged: {error}") from error
    # A manifest rewritten together with its files would still agree with itself.
    if version.bundle_sha256 and sha256 != version.bundle_sha256:
        raise IntegrityError(
            f"version {version.version} is not the bundle that was registered: its manifest has "
            f"another sha256 than {version.bundle_sha256[:12]}…; register the bundle again"
        )
    return downloaded


def _register(
    run: TrackedRun, bundle_dir: Path, *, name: str, tags: dict[str, str], description: str
) -> str:
    client = run.tracking.client
    with registry_errors(f"registering {name}"):
        taken = {item.path for item in client.list_artifacts(run.run_id)}
        # Two bundles of one run must not be mixed in one folder.
        folder = "bundle" if "bundle" not in taken else f"bundle-{tags[_HASH_TAG][:12]}"
        client.log_artifacts(run.run_id, str(bundle_dir), folder)
        if not client.search_registered_models(f"name='{name}'"):
            client.create_registered_model(name)
        made = client.create_model_version(
            name,
            f"runs:/{run.run_id}/{folder}",
            run_id=run.run_id,
            tags=tags,
            description=description or None,
        )
    return str(made.version)


def _same_bundle(tracking: Tracking, name: str, digest: str) -> str | None:
    """Returns the version that holds this very bundle, if its stored copy is still sound."""
    with registry_errors(f"looking for the bundle in {name}"):
        found = tracking.client.search_model_versions(f"name='{name}'", max_results=10_000)
    for item in found:
        version = _version(item, {})
        if version.bundle_sha256 != digest:
            continue
        with tempfile.TemporaryDirectory(prefix="jobmatch-bundle-") as folder:
            try:
                download_version(tracking, version, Path(folder))
            except JobMatchError as error:
                logger.warning("version %s cannot be used again: %s", version.version, error)
                continue
        return version.version
    return None


def _aliases(tracking: Tracking, name: str) -> dict[str, list[str]]:
    """Returns ``{version: aliases}``; search results do not carry them."""
    by_version: dict[str, list[str]] = {}
    for alias, version in tracking.client.get_registered_model(name).aliases.items():
        by_version.setdefault(str(version), []).append(alias)
    return by_version


def _version(item: Any, aliases: Mapping[str, list[str]]) -> Version:
    number = str(item.version)
    tags = {str(key): str(value) for key, value in item.tags.items()}
    metrics = {
        key.removeprefix(_METRIC_TAG): float(value)
        for key, value in tags.items()
        if key.startswith(_METRIC_TAG)
    }
    created = datetime.fromtimestamp(item.creation_timestamp / 1000, tz=UTC)
    return Version(
        version=number,
        created_at=created,
        aliases=tuple(sorted(aliases.get(number, []))),
        metrics=metrics,
        tags={key: value for key, value in tags.items() if not key.startswith(_METRIC_TAG)},
        run_id=item.run_id or "",
        source=item.source,
    )


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value, default=str).decode()
