"""Which bundle is served: the alias, the local cache, and what remains when MLflow is away."""

from __future__ import annotations

import logging
import re
import shutil
import tempfile
from pathlib import Path

import orjson

from jobmatch_ml.errors import (
    InputError,
    JobMatchError,
    NotReadyError,
    RegistryError,
)
from jobmatch_ml.files import write_bytes
from jobmatch_ml.registry.bundles import (
    CHAMPION,
    Version,
    download_version,
    get_version,
    list_versions,
    open_bundle,
)
from jobmatch_ml.registry.tracking import TRAIN_COMMANDS, start_tracking
from jobmatch_ml.settings import Settings

_MODEL_URI = re.compile(r"models:/(?P<name>[^/@]+)(?:@(?P<alias>[^/@]+)|/(?P<version>[^/@]+))")

logger = logging.getLogger(__name__)


def fetch_bundle(uri: str, settings: Settings) -> Path:
    """Returns the local, verified folder of a bundle, downloading it when it is not cached.

    Args:
        uri: ``models:/NAME@ALIAS``, ``models:/NAME/VERSION``, or a bundle's folder.
        settings: Says where MLflow and the cache (``data/serving/bundles``) are.

    Raises:
        NotReadyError: The alias points nowhere yet.
        RegistryError: Unknown version, or MLflow cannot be reached.
        IntegrityError: The bundle is damaged.
        InputError: ``uri`` is neither a model nor a folder.
    """
    if not uri.startswith("models:"):
        folder = settings.under_root(Path(uri))
        return open_bundle(folder).path
    parts = _MODEL_URI.fullmatch(uri)
    if parts is None:
        raise InputError(
            f"{uri!r} is not a model; expected models:/{settings.model_name}@{CHAMPION}, "
            f"models:/{settings.model_name}/3, or a bundle's folder",
            field="model",
        )
    name, alias = parts["name"], parts["alias"]
    if alias is None:
        return fetch_version(
            get_version(settings, parts["version"], model_name=name), name, settings
        )
    chosen = version_of_alias(settings, alias, name)
    bundle = fetch_version(chosen, name, settings)
    if alias == CHAMPION and name == settings.model_name:
        point_at(bundle, name, chosen.version, settings)
    return bundle


def champion_bundle(settings: Settings) -> tuple[Path, str]:
    """Returns the champion's folder and version number, from the cache when MLflow is away.

    The last champion that was fetched here is better than none: a registry that is down, empty or
    damaged is a warning while the cached bundle is sound, and an error only without one.

    Raises:
        NotReadyError: Nothing was ever promoted; the message says what to run.
        RegistryError, IntegrityError: The registry failed and there is no sound cached champion.
    """
    try:
        chosen = version_of_alias(settings, CHAMPION, settings.model_name)
        bundle = fetch_version(chosen, settings.model_name, settings)
    except JobMatchError as error:
        cached = _cached_champion(settings)
        if cached is None:
            raise
        logger.warning("serving the cached champion, version %s, because %s", cached[1], error)
        return cached
    point_at(bundle, settings.model_name, chosen.version, settings)
    return bundle, chosen.version


def holder_of(settings: Settings, alias: str, name: str) -> Version | None:
    """Returns the version that an alias points at; ``None`` where it points nowhere."""
    versions = list_versions(settings, model_name=name)
    return next((item for item in versions if alias in item.aliases), None)


def check_stored(settings: Settings, version: Version) -> None:
    """Downloads what MLflow holds of a version and verifies it, whatever lies in the cache.

    A sound copy on this machine says nothing about what others would fetch.

    Raises:
        RegistryError: MLflow cannot give it.
        IntegrityError: It is not what was registered.
    """
    tracking = start_tracking(settings, create=False)
    with tempfile.TemporaryDirectory(prefix="jobmatch-check-") as temporary:
        download_version(tracking, version, Path(temporary))


def version_of_alias(settings: Settings, alias: str, name: str) -> Version:
    """Returns the version that an alias points at, or raises NotReadyError that says what to do."""
    for version in list_versions(settings, model_name=name):
        if alias in version.aliases:
            return version
    raise NotReadyError(
        f"{name} has no {alias} yet: run {TRAIN_COMMANDS}, look at `jobmatch model list`, then "
        "`jobmatch model promote latest`"
    )


def fetch_version(version: Version, name: str, settings: Settings) -> Path:
    """Returns the cached bundle of a version if it is sound, else downloads it, whole."""
    folder = settings.serving_dir / "bundles"
    target = folder / f"{name}-v{version.version}-{version.bundle_sha256[:12] or 'unhashed'}"
    if target.exists():
        if _is_sound(target, version):
            return target
        logger.warning("the cached bundle %s is damaged; fetching it again", target.name)
        shutil.rmtree(target)
    folder.mkdir(parents=True, exist_ok=True)
    tracking = start_tracking(settings, create=False)
    with tempfile.TemporaryDirectory(prefix=".download-", dir=folder) as temporary:
        downloaded = download_version(tracking, version, Path(temporary))
        try:
            downloaded.replace(target)
        except OSError as error:  # another process was faster; its copy will do if it is sound
            if not _is_sound(target, version):
                raise RegistryError(f"{target} cannot be written: {error.strerror}") from error
    return target


def _is_sound(bundle: Path, version: Version) -> bool:
    try:
        sha256 = open_bundle(bundle).sha256
    except JobMatchError as error:
        logger.warning("%s: %s", bundle.name, error)
        return False
    return not version.bundle_sha256 or sha256 == version.bundle_sha256


def _pointer(settings: Settings) -> Path:
    return settings.serving_dir / "champion.json"


def point_at(bundle: Path, name: str, version: str, settings: Settings) -> None:
    """Notes which cached bundle is the champion, for when the registry cannot be asked."""
    content = {
        "model_name": name,
        "version": version,
        "bundle": bundle.name,
        "bundle_sha256": open_bundle(bundle).sha256,
    }
    path = _pointer(settings)
    if path.exists() and path.read_bytes() == orjson.dumps(content):
        return
    write_bytes(path, [orjson.dumps(content)])


def _cached_champion(settings: Settings) -> tuple[Path, str] | None:
    try:
        content = orjson.loads(_pointer(settings).read_bytes())
        bundle = settings.serving_dir / "bundles" / Path(content["bundle"]).name
        version, digest = str(content["version"]), content["bundle_sha256"]
        same_model = content["model_name"] == settings.model_name
        sound = open_bundle(bundle).sha256 == digest
    except FileNotFoundError:
        return None
    except (orjson.JSONDecodeError, KeyError, TypeError, JobMatchError) as error:
        logger.warning("the cached champion cannot be used: %s", error)
        return None
    return (bundle, version) if same_model and sound else None
