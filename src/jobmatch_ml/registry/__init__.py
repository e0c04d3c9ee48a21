"""MLflow: runs with their lineage, versions of the bundle, and the alias that is served."""

from __future__ import annotations

from jobmatch_ml.registry.bundles import (
    Version,
    get_version,
    list_versions,
    register_bundle,
)
from jobmatch_ml.registry.champion import champion_bundle, fetch_bundle
from jobmatch_ml.registry.lineage import GitState, git_state
from jobmatch_ml.registry.promoting import Promotion, promote, rollback
from jobmatch_ml.registry.tracking import (
    TRAIN_COMMANDS,
    TrackedRun,
    Tracking,
    has_run,
    start_run,
    start_tracking,
)

__all__ = [
    "TRAIN_COMMANDS",
    "GitState",
    "Promotion",
    "TrackedRun",
    "Tracking",
    "Version",
    "champion_bundle",
    "fetch_bundle",
    "get_version",
    "git_state",
    "has_run",
    "list_versions",
    "promote",
    "register_bundle",
    "rollback",
    "start_run",
    "start_tracking",
]
