"""Watching what reaches the rankers: has it changed since they were trained?"""

from __future__ import annotations

from jobmatch_ml.monitoring.drift import (
    CHECKS,
    Check,
    DriftReport,
    Finding,
    detect_drift,
)
from jobmatch_ml.monitoring.windows import Window, plant_flood, read_windows, split_window

__all__ = [
    "CHECKS",
    "Check",
    "DriftReport",
    "Finding",
    "Window",
    "detect_drift",
    "plant_flood",
    "read_windows",
    "split_window",
]
