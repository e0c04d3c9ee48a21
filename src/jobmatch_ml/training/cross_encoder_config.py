"""What a cross-encoder's training is made of: `configs/cross_encoder/*.yaml`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from jobmatch_ml.config import StrictModel
from jobmatch_ml.interactions import SplitConfig

Loss = Literal["pointwise", "pairwise", "listwise"]


class CrossEncoderConfig(StrictModel):
    """How the cross-encoder is trained. Defaults suit two CPU cores and minutes."""

    loss: Loss = Field("listwise", description="What is learned of a list: see the losses.")
    max_lists: int = Field(800, ge=1, description="Lists a pass, drawn at random by the seed.")
    list_size: int = Field(8, ge=2, le=64, description="Offers a list, taken ones included.")
    positives_per_list: int = Field(2, ge=1, le=16, description="Taken offers a list at most.")
    lists_per_batch: int = Field(4, ge=1, le=256, description="Lists a step.")
    epochs: int = Field(1, ge=1, le=50, description="Passes, each with negatives drawn anew.")
    learning_rate: float = Field(5e-5, gt=0, le=1e-2, description="Peak of the schedule.")
    frozen_layers: int = Field(0, ge=0, le=48, description="Lower layers that do not learn.")
    log_share: float = Field(
        0.5, ge=0, le=1, description="Share of the negatives that were shown and not taken."
    )
    max_length_tokens: int = Field(128, ge=16, le=512, description="Window of a pair.")
    precision: Literal["auto", "fp32", "bf16"] = Field(
        "auto", description="Arithmetic of the forward pass; auto: bf16 where the CPU has it."
    )
    seed: int = Field(0, ge=0, description="Seed of draws, order and the new output layer.")
    student_layers: int = Field(3, ge=0, le=3, description="Layers of the student; 0: none.")
    student_epochs: int = Field(2, ge=1, le=50, description="Passes over the teacher's lists.")

    @model_validator(mode="after")
    def _lists_have_negatives(self) -> CrossEncoderConfig:
        if self.positives_per_list >= self.list_size:
            raise ValueError(
                f"positives_per_list is {self.positives_per_list}, list_size {self.list_size}; "
                "expected room for at least one negative"
            )
        return self


class RerankConfig(StrictModel):
    """One run of the `rerank` pipeline."""

    world_dir: str = Field("data/sample", description="World folder: offers, candidates, log.")
    bundle: str = Field(
        "", description="Bundle whose encoder retrieves: a folder or models:/…; empty: packaged."
    )
    split: SplitConfig = Field(default_factory=SplitConfig)
    cross_encoder: CrossEncoderConfig = Field(default_factory=CrossEncoderConfig)
    depth: int = Field(30, ge=1, le=1000, description="Documents that are reranked.")
    model_name: str = Field("", description="Registered model; empty: nothing is registered.")
