"""The interaction log: reading it, grading what happened, splitting it without leaks."""

from __future__ import annotations

from jobmatch_ml.interactions.censoring import DelayModel, fit_delays, label_interactions
from jobmatch_ml.interactions.labels import GradeConfig, grade_interactions, interaction_counts
from jobmatch_ml.interactions.log import INTERACTION_SCHEMA, read_interactions
from jobmatch_ml.interactions.splits import (
    InteractionSplits,
    SplitConfig,
    SplitReport,
    split_interactions,
    write_splits,
)

__all__ = [
    "INTERACTION_SCHEMA",
    "DelayModel",
    "GradeConfig",
    "InteractionSplits",
    "SplitConfig",
    "SplitReport",
    "fit_delays",
    "grade_interactions",
    "interaction_counts",
    "label_interactions",
    "read_interactions",
    "split_interactions",
    "write_splits",
]
