"""The interaction log: reading it, grading what happened, splitting it without leaks."""

from __future__ import annotations

from jobmatch_ml.interactions.backtest import backtest_labels
from jobmatch_ml.interactions.censoring import DelayModel, fit_delays, label_interactions
from jobmatch_ml.interactions.exploring import explore_log
from jobmatch_ml.interactions.labels import GradeConfig, grade_interactions, interaction_counts
from jobmatch_ml.interactions.leakage import LeakageReport, check_leakage, check_split_folder
from jobmatch_ml.interactions.log import INTERACTION_SCHEMA, read_interactions
from jobmatch_ml.interactions.negatives import Negatives, corpus_negatives, shown_not_taken
from jobmatch_ml.interactions.splits import (
    InteractionSplits,
    SplitConfig,
    SplitReport,
    split_at_random,
    split_interactions,
    write_splits,
)

__all__ = [
    "INTERACTION_SCHEMA",
    "DelayModel",
    "GradeConfig",
    "InteractionSplits",
    "LeakageReport",
    "Negatives",
    "SplitConfig",
    "SplitReport",
    "backtest_labels",
    "check_leakage",
    "check_split_folder",
    "corpus_negatives",
    "explore_log",
    "fit_delays",
    "grade_interactions",
    "interaction_counts",
    "label_interactions",
    "read_interactions",
    "shown_not_taken",
    "split_at_random",
    "split_interactions",
    "write_splits",
]
