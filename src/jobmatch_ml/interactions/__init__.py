"""The interaction log: reading it, grading what happened, splitting it without leaks."""

from __future__ import annotations

from jobmatch_ml.interactions.labels import GradeConfig, grade_interactions, interaction_counts
from jobmatch_ml.interactions.log import INTERACTION_SCHEMA, read_interactions
from jobmatch_ml.interactions.splits import InteractionSplits, SplitConfig, split_interactions

__all__ = [
    "INTERACTION_SCHEMA",
    "GradeConfig",
    "InteractionSplits",
    "SplitConfig",
    "grade_interactions",
    "interaction_counts",
    "read_interactions",
    "split_interactions",
]
