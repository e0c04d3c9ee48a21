"""How a learned ranker is trained, and what a run of the pipeline sets."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from jobmatch_ml.config import StrictModel

Correction = Literal["none", "position", "ips"]
Grouping = Literal["person", "request"]


class LtrConfig(StrictModel):
    """LambdaRank on a log: labels, correction of the position's bias, trees."""

    correction: Correction = Field(
        "position",
        description="Position bias: none; LightGBM's own factors; inverse propensities as weights.",
    )
    propensities: Literal["em", "interventions"] = Field(
        "em", description="How propensities are estimated, from the training part alone."
    )
    min_clicks: int = Field(
        20, ge=1, description="Clicks that each position needs for its propensity."
    )
    most_weight: float = Field(10.0, ge=1, description="Largest inverse propensity.")
    grouping: Grouping = Field(
        "person", description="What is ranked against each other: all a person saw, or one page."
    )
    learning_rate: float = Field(0.08, gt=0, le=1, description="Of a tree.")
    num_leaves: int = Field(15, ge=2, le=1024, description="Of a tree, at most.")
    min_data_in_leaf: int = Field(50, ge=1, description="Rows of a leaf, at least.")
    lambda_l2: float = Field(5.0, ge=0, description="Shrinks leaves with few rows.")
    feature_fraction: float = Field(0.6, gt=0, le=1, description="Columns drawn for a tree.")
    bagging_fraction: float = Field(0.8, gt=0, le=1, description="Rows drawn for a tree.")
    max_bin: int = Field(127, ge=2, le=255, description="Bins of a column.")
    truncation: int = Field(20, ge=1, le=1000, description="Ranks whose order the loss looks at.")
    rounds: int = Field(250, ge=1, le=10_000, description="Trees at most.")
    patience: int = Field(40, ge=1, description="Trees without gain on validation before the end.")
    monotone: bool = Field(True, description="Use the constraints of the feature definition.")
    without: tuple[str, ...] = Field((), description="Features that are left out.")
    trials: int = Field(0, ge=0, le=500, description="Configurations tried on validation; 0: none.")
    threads: int = Field(2, ge=1, description="Threads of LightGBM.")
    seed: int = Field(0, ge=0, description="Seed of what is drawn.")


class LtrStageConfig(StrictModel):
    """What a run of the pipeline sets of it; the rest are :class:`LtrConfig`'s defaults."""

    correction: Correction = Field("position", description="Of the position's bias, see LtrConfig.")
    grouping: Grouping = Field("person", description="What is ranked against each other.")
    rounds: int = Field(120, ge=1, le=10_000, description="Trees at most.")
    trials: int = Field(0, ge=0, le=500, description="Configurations tried on validation.")
    min_clicks: int = Field(20, ge=1, description="Clicks a position, for its propensity.")
    rome: bool = Field(
        False, description="Occupations and skills of the imported ROME, not the embedded table's."
    )
    seed: int = Field(0, ge=0, description="Seed of what is drawn.")
