"""Moving the champion's alias: promotion by review, override on record, rollback."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson

from jobmatch_ml.errors import RefusedError, RegistryError
from jobmatch_ml.registry.bundles import CHAMPION, Version, get_version
from jobmatch_ml.registry.champion import (
    check_stored,
    fetch_version,
    holder_of,
    point_at,
    version_of_alias,
)
from jobmatch_ml.registry.locks import file_lock
from jobmatch_ml.registry.tracking import registry_errors, start_tracking
from jobmatch_ml.registry.verdicts import TAG, standing
from jobmatch_ml.settings import Settings

AUDIT = "audit/"
"""Prefix of the registered model's tags that hold one entry a promotion or rollback."""
_REMEDY = (
    "`jobmatch model review {version}` shows the evidence; "
    '`jobmatch model promote {version} --override "reason" --by NAME` overrules it, on record'
)

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
        override: Why it was promoted in spite of its review; empty otherwise.
    """

    model_name: str
    alias: str
    previous: str | None
    version: str
    promoted_at: datetime | None
    promoted_by: str
    moved: bool = True
    override: str = ""


def promote(
    version: str,
    *,
    settings: Settings,
    by: str,
    alias: str = CHAMPION,
    model_name: str | None = None,
    unless_taken: bool = False,
    override: str = "",
) -> Promotion:
    """Moves an alias to a version, after its bundle was downloaded and verified.

    The champion's alias moves only to a version whose review, against the present champion, passed:
    of two promotions that raced, the second finds its review outdated and changes nothing. Tags and
    audit entry are written first and the alias last: its move is the moment that counts.

    Args:
        version: Its number, an alias, or ``latest``.
        settings: Says where MLflow is.
        by: Who decides.
        alias: The alias to move.
        model_name: The registered model; default ``settings.model_name``.
        unless_taken: Change nothing when the alias stands at ``version`` already, where someone
            other than ``by`` put it, or where the review refuses a successor: for commands that are
            repeated without a person's decision.
        override: Why the version is promoted in spite of its review; recorded.

    Raises:
        RefusedError: It was not reviewed, failed, or was reviewed against another champion.
        RegistryError: There is no such version, or MLflow refused.
        IntegrityError: The stored bundle is damaged; nothing was moved.
    """
    name = model_name or settings.model_name
    chosen = get_version(settings, version, model_name=name)
    check_stored(settings, chosen)
    bundle = fetch_version(chosen, name, settings)
    with _moving(settings, f"promoting version {chosen.version}"):
        # Read under the lock: of two promotions at once each names its true predecessor.
        holder = holder_of(settings, alias, name)
        if holder and unless_taken and keeps_place(holder, chosen.version, by, alias=alias):
            return _left_alone(holder, alias, name)
        if alias == CHAMPION and not override and not _is_same(holder, chosen):
            fresh = get_version(settings, chosen.version, model_name=name)
            state, why = standing(fresh, holder.version if holder else "")
            if state != "pass":
                if holder and unless_taken:
                    logger.warning("the champion stays: %s", why)
                    return _left_alone(holder, alias, name)
                raise RefusedError(f"{why}. {_REMEDY.format(version=chosen.version)}")
        done = _move(chosen, holder, _Order(settings, name, alias, by, override=override))
        if alias == CHAMPION:
            point_at(bundle, name, chosen.version, settings)
    return done


def rollback(*, settings: Settings, by: str, model_name: str | None = None) -> Promotion:
    """Moves the champion's alias back to the version that the champion replaced.

    No review is asked for: the predecessor was served before. Its files are verified all the same.

    Raises:
        NotReadyError: There is no champion.
        RegistryError: The champion replaced nobody.
        IntegrityError: The predecessor's bundle is damaged; nothing was moved.
    """
    name = model_name or settings.model_name
    with _moving(settings, "rolling back"):
        holder = version_of_alias(settings, CHAMPION, name)
        before = holder.tags.get("promoted_over")
        if not before:
            raise RegistryError(
                f"version {holder.version} replaced nobody; there is nothing to go back to. "
                "`jobmatch model list` shows what could be promoted instead"
            )
        target = get_version(settings, before, model_name=name)
        check_stored(settings, target)
        bundle = fetch_version(target, name, settings)
        done = _move(target, holder, _Order(settings, name, CHAMPION, by, action="rollback"))
        point_at(bundle, name, target.version, settings)
    return done


def keeps_place(holder: Version, version: str, by: str, *, alias: str = CHAMPION) -> bool:
    """Whether a repeated command must leave the holder: it is that version, or another's choice."""
    return holder.version == version or _decider(holder, alias) != by


def is_taken(settings: Settings, version: str, by: str) -> bool:
    """Whether :func:`promote` with ``unless_taken`` would leave the champion alone anyway."""
    holder = holder_of(settings, CHAMPION, settings.model_name)
    return holder is not None and keeps_place(holder, version, by)


@dataclass(frozen=True)
class _Order:
    settings: Settings
    name: str
    alias: str
    by: str
    action: str = "promote"
    override: str = ""


@contextmanager
def _moving(settings: Settings, doing: str) -> Iterator[None]:
    lock = file_lock(settings.under_root(settings.mlruns_dir) / ".promote.lock")
    with lock, registry_errors(doing):
        yield


def _is_same(holder: Version | None, chosen: Version) -> bool:
    return holder is not None and holder.version == chosen.version


def _move(chosen: Version, holder: Version | None, order: _Order) -> Promotion:
    """Writes tags and audit entry, then moves the alias and looks whether it stayed."""
    client, name = start_tracking(order.settings).client, order.name
    now = datetime.now(UTC)
    previous = holder.version if holder else None
    tags = {"promoted_at": now.isoformat(), "promoted_by": order.by, "promoted_as": order.alias}
    if order.action == "promote":
        # A rollback leaves the record of whom the version itself replaced: the next goes on there.
        if previous and previous != chosen.version:
            tags["promoted_over"] = previous
        override = _tag("promoted_override", order.alias)
        if order.override:
            tags["promoted_override"] = order.override
        elif override in chosen.tags:
            client.delete_model_version_tag(name, chosen.version, override)
    tags = {_tag(key, order.alias): value for key, value in tags.items()}
    for key, value in tags.items():
        client.set_model_version_tag(name, chosen.version, key, value)
    entry = {
        "action": order.action,
        "alias": order.alias,
        "from": previous or "",
        "to": chosen.version,
        "by": order.by,
        "bundle_sha256": chosen.bundle_sha256,
        "verdict": chosen.tags.get(f"{TAG}verdict", "unreviewed"),
        "override": order.override,
    }
    key = f"{AUDIT}{now:%Y-%m-%dT%H:%M:%S.%f}Z"
    client.set_registered_model_tag(name, key, orjson.dumps(entry).decode())
    client.set_registered_model_alias(name, order.alias, chosen.version)
    stands = client.get_registered_model(name).aliases.get(order.alias)
    # Another machine, or MLflow's own pages: no lock of ours reaches them.
    if str(stands) != chosen.version:
        raise RegistryError(
            f"{name}@{order.alias} was moved to version {stands} by somebody else at the same "
            f"moment; version {chosen.version} is not served. `jobmatch model list` shows what is"
        )
    return Promotion(
        name, order.alias, previous, chosen.version, now, order.by, override=order.override
    )


def _tag(name: str, alias: str) -> str:
    """Names a tag of one alias: a rollback of the champion must not read what another replaced."""
    return name if alias == CHAMPION else f"{name}/{alias}"


def _decider(version: Version, alias: str) -> str:
    # An alias moved on MLflow's own pages leaves no tag, and is a person's decision all the same.
    return version.tags.get(_tag("promoted_by", alias), "someone who left no name")


def _left_alone(holder: Version, alias: str, name: str) -> Promotion:
    moment = holder.tags.get(_tag("promoted_at", alias))
    at = datetime.fromisoformat(moment) if moment else None
    by = _decider(holder, alias)
    return Promotion(name, alias, holder.version, holder.version, at, by, moved=False)
