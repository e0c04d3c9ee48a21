"""The gates of a review: what a challenger must show before it may become champion."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from jobmatch_ml.config import StrictModel, load_config
from jobmatch_ml.errors import MissingFileError
from jobmatch_ml.settings import Settings

CONFIG = Path("configs/review.yaml")


class ReviewGates(StrictModel):
    """Limits; a review fails when one of them is passed."""

    min_queries: int = Field(
        50, ge=2, description="People with a positive judgement; fewer decide nothing."
    )
    max_loss: dict[str, float] = Field(
        {"ndcg@10": 0.02, "recall@100": 0.05},
        description="By metric, the loss that the lower end of the paired interval must rule out. "
        "Keys as in `metrics`.",
    )
    min_slice_queries: int = Field(15, ge=2, description="Smaller slices are shown, not judged.")
    max_slice_loss: float = Field(
        0.05, ge=0, description="Mean nDCG@10 that a slice may lose when the loss is significant."
    )
    slice_alpha: float = Field(
        0.05, gt=0, lt=1, description="Level of the slices' tests, after Holm's correction."
    )
    max_counterfactual_loss: float = Field(
        0.05, ge=0, description="Share of the champion's estimated value that may be lost for sure."
    )
    max_calibration_error: float = Field(
        0.03, gt=0, le=1, description="ECE of view and apply, where the bundle holds calibrators."
    )
    max_latency_ratio: float = Field(
        2.0, gt=0, description="Median milliseconds of one query, against the champion's."
    )
    latency_floor_ms: float = Field(
        50.0, ge=0, description="Faster than this is never too slow; short times are noise."
    )
    max_size_ratio: float = Field(3.0, gt=0, description="Bytes, against the champion's.")
    max_gain: float = Field(
        0.15,
        gt=0,
        description="Gain in nDCG@10 whose interval lies wholly above this is too good to be true.",
    )
    max_gain_over_validation: float = Field(
        0.08,
        gt=0,
        description="The same for the gain on test people beyond the gain on validation people: "
        "what only test people profit from was learnt from them.",
    )
    allow_dirty: bool = Field(
        True, description="Let bundles pass that were made from code which was not committed."
    )


class ReviewConfig(StrictModel):
    """How challenger and champion are compared."""

    ranker: str = Field(
        "served", description="What is reviewed: `served`, or a ranker of the registry by name."
    )
    baseline: str = Field(
        "tfidf_char", description="Ranker that stands in where there is no champion yet."
    )
    metrics: tuple[str, ...] = Field(
        ("ndcg@10", "recall@100", "mrr@10"), min_length=1, description="Metric keys, nDCG@10 first."
    )
    top_k: int = Field(1000, ge=10, description="Documents kept a query for the metrics.")
    n_bootstrap: int = Field(2000, ge=100, description="Resamples behind each interval.")
    n_timed_queries: int = Field(20, ge=1, description="Queries that are timed one by one.")
    seed: int = Field(0, ge=0, description="Seed of resamples and sign flips.")
    gates: ReviewGates = Field(default_factory=ReviewGates)

    @model_validator(mode="after")
    def _limits_have_figures(self) -> Self:
        """Refuses a limit whose metric is not computed: its gate would be left out in silence."""
        unknown = sorted(set(self.gates.max_loss) - set(self.metrics))
        if unknown:
            raise ValueError(
                f"max_loss names {', '.join(unknown)}, which is not among the metrics "
                f"{', '.join(self.metrics)}: its gate would never be judged"
            )
        return self


def load_review_config(settings: Settings, path: Path | None = None) -> ReviewConfig:
    """Reads the gates; without a path ``configs/review.yaml`` of the project.

    Raises:
        MissingFileError: There is no such file. A review without its gates would pass anything.
        ConfigError: An unknown key or a value out of range.
    """
    chosen = settings.under_root(path or CONFIG)
    if not chosen.is_file():
        raise MissingFileError(
            f"{chosen} does not exist; a review needs its gates. Name them with --config"
        )
    return load_config(ReviewConfig, chosen)
