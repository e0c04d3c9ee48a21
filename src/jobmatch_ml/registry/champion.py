"""Which bundle is served: promotion, the local cache, and what remains when MLflow is away."""

from __future__ import annotations

import logging
import re
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
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
from jobmatch_ml.registry.locks import file_lock
from jobmatch_ml.registry.tracking import TRAIN_COMMANDS, registry_errors, start_tracking
from jobmatch_ml.settings import Settings

_MODEL_URI = re.compile(r"models:/(?P<name>[^/@]+)(?:@(?P<alias>[^/@]+)|/(?P<version>[^/@]+))")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Promotion:
    """What a promotion did.

    Args:
        model_name: The registered model.
        alias: The alias that moved.
        previous: The version it pointed at before; ``None`` the first time.
        version: The version it points at now.
        promoted_at: When that was decided (UTC); ``None`` where nobody recorded it.
        promoted_by: Who said so.
        moved: False when the alias was left where it stood, see ``unless_taken``.
    """

    model_name: str
    alias: str
    previous: str | None
    version: str
    promoted_at: datetime | None
    promoted_by: str
    moved: bool = True


def promote(
    version: str,
    *,
    settings: Settings,
    by: str,
    alias: str = CHAMPION,
    model_name: str | None = None,
    unless_taken: bool = False,
) -> Promotion:
    """Moves an alias to a version, after its bundle was downloaded and verified.

    The tags that record the promotion are written first and the alias last: its move is the moment
    at which the promotion counts.

    Args:
        version: Its number, an alias, or ``latest``.
        settings: Says where MLflow is.
        by: Who decides.
        alias: The alias to move.
        model_name: The registered model; default ``settings.model_name``.
        unless_taken: Change nothing when the alias stands at ``version`` already, or where someone
            other than ``by`` put it: for commands that are repeated without a person's decision.

    Raises:
        RegistryError: There is no such version, or MLflow refused.
        IntegrityError: The stored bundle is damaged; nothing was moved.
    """
    name = model_name or settings.model_name
    chosen = get_version(settings, version, model_name=name)
    bundle = _fetch(chosen, name, settings)
    client = start_tracking(settings).client
    now = datetime.now(UTC)
    lock = file_lock(settings.under_root(settings.mlruns_dir) / ".promote.lock")
    with lock, registry_errors(f"promoting version {chosen.version}"):
        # Read under the lock: of two promotions at once each names its true predecessor.
        holder = _holder(settings, alias, name)
        previous = holder.version if holder else None
        if holder and unless_taken and (previous == chosen.version or _decider(holder) != by):
            return _left_alone(holder, alias, name)
        tags = {"promoted_at": now.isoformat(), "promoted_by": by, "promoted_as": alias}
        if previous and previous != chosen.version:
            tags["promoted_over"] = previous
        for key, value in tags.items():
            client.set_model_version_tag(name, chosen.version, key, value)
        client.set_registered_model_alias(name, alias, chosen.version)
        if alias == CHAMPION:
            _point_at(bundle, name, chosen.version, settings)
    return Promotion(name, alias, previous, chosen.version, now, by)


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
        return _fetch(get_version(settings, parts["version"], model_name=name), name, settings)
    chosen = _version_of_alias(settings, alias, name)
    bundle = _fetch(chosen, name, settings)
    if alias == CHAMPION and name == settings.model_name:
        _point_at(bundle, name, chosen.version, settings)
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
        chosen = _version_of_alias(settings, CHAMPION, settings.model_name)
        bundle = _fetch(chosen, settings.model_name, settings)
    except JobMatchError as error:
        cached = _cached_champion(settings)
        if cached is None:
            raise
        logger.warning("serving the cached champion, version %s, because %s", cached[1], error)
        return cached
    _point_at(bundle, settings.model_name, chosen.version, settings)
    return bundle, chosen.version


def _version_of_alias(settings: Settings, alias: str, name: str) -> Version:
    for version in list_versions(settings, model_name=name):
        if alias in version.aliases:
            return version
    raise NotReadyError(
        f"{name} has no {alias} yet: run {TRAIN_COMMANDS}, look at `jobmatch model list`, then "
        "`jobmatch model promote latest`"
    )


def _holder(settings: Settings, alias: str, name: str) -> Version | None:
    versions = list_versions(settings, model_name=name)
    return next((item for item in versions if alias in item.aliases), None)


def _decider(version: Version) -> str:
    # An alias moved on MLflow's own pages leaves no tag, and is a person's decision all the same.
    return version.tags.get("promoted_by", "someone who left no name")


def _left_alone(holder: Version, alias: str, name: str) -> Promotion:
    moment = holder.tags.get("promoted_at")
    at = datetime.fromisoformat(moment) if moment else None
    return Promotion(name, alias, holder.version, holder.version, at, _decider(holder), moved=False)


def _fetch(version: Version, name: str, settings: Settings) -> Path:
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


def _point_at(bundle: Path, name: str, version: str, settings: Settings) -> None:
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
