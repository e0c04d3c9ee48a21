"""What a training run is made of. One model a stage; `TrainConfig` joins them for the pipeline."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator, model_validator

from jobmatch_ml.config import StrictModel
from jobmatch_ml.errors import suggest
from jobmatch_ml.interactions import SplitConfig
from jobmatch_ml.ranking.registry import RANKERS
from jobmatch_ml.training.cross_encoder_config import CrossEncoderConfig
from jobmatch_ml.training.ltr_config import LtrStageConfig

MOST_RANKED = 1000
"""How far a retriever's answer is kept when hard negatives are mined."""


class HardNegativeConfig(StrictModel):
    """Which hard negatives join the batches, beside the other pairs' offers."""

    per_pair: int = Field(0, ge=0, le=8, description="Hard negatives a pair; 0: none are mined.")
    miner: Literal["log", "bm25", "encoder"] = Field(
        "bm25",
        description="`log`: what was shown, examined and not taken; the others add a band of ranks "
        "of BM25 or of the base encoder.",
    )
    ranks: tuple[int, int] = Field(
        (10, 60), description="First and last rank of the band, 1-based, both included."
    )
    max_score_share: float = Field(
        0.95,
        gt=0,
        le=100,
        description="Candidates at this share of the positive's score or above are dropped as "
        "probably right. Not used with the miner `log`, which ranks nothing.",
    )

    @field_validator("ranks")
    @classmethod
    def _are_a_band(cls, ranks: tuple[int, int]) -> tuple[int, int]:
        if not 1 <= ranks[0] <= ranks[1] <= MOST_RANKED:
            raise ValueError(
                f"ranks are {list(ranks)}; expected a first and a last rank, 1 to {MOST_RANKED}"
            )
        return ranks


class BiEncoderConfig(StrictModel):
    """How the bi-encoder is fine-tuned. Defaults suit two CPU cores and a few thousand pairs."""

    base: str = Field(
        "box",
        description="`box` (the French encoder of the repository), `packaged` (plain MiniLM), a "
        "sentence-transformers folder, or a hub name.",
    )
    epochs: int = Field(1, ge=1, le=50, description="Passes over the pairs, each with new crops.")
    max_pairs: int = Field(3000, ge=1, description="Pairs drawn at random from the positives.")
    batch_size: int = Field(32, ge=2, le=4096, description="Pairs a step; also its negatives.")
    learning_rate: float = Field(3e-5, gt=0, le=1e-2, description="Peak of the linear schedule.")
    warmup_share: float = Field(0.1, ge=0, lt=1, description="Share of steps with rising rate.")
    scale: float = Field(20.0, gt=0, description="Inverse temperature of the softmax.")
    title_length_tokens: int = Field(16, ge=4, le=512, description="Length of title views.")
    body_length_tokens: int = Field(64, ge=8, le=512, description="Length of body crops.")
    precision: Literal["auto", "fp32", "bf16"] = Field(
        "auto", description="Arithmetic of the forward pass; auto: bf16 where the CPU has it."
    )
    dropout: float = Field(0.0, ge=0, lt=1, description="Dropout while training, all layers.")
    base_share: float = Field(
        0.0,
        ge=0,
        lt=1,
        description="Share of the base's weights in the result: keeps what the base knows of texts "
        "unlike the log's.",
    )
    hard_negatives: HardNegativeConfig = Field(default_factory=HardNegativeConfig)
    seed: int = Field(0, ge=0, description="Seed of draws, crops, order and dropout.")


class EvaluationConfig(StrictModel):
    """How rankers are compared."""

    rankers: tuple[str, ...] = Field(
        ("random", "popularity", "bm25", "tfidf_char", "zero_shot"),
        min_length=1,
        description="Baselines, by name; the trained bi-encoder is added to them.",
    )
    max_length_tokens: int = Field(256, ge=8, le=512, description="Window of the encoders.")
    n_bootstrap: int = Field(2000, ge=100, description="Resamples behind each interval.")
    top_k: int = Field(1000, ge=10, description="Documents kept a query; the corpus is ranked.")
    seed: int = Field(0, ge=0, description="Seed of resampling and of the random ranker.")

    @field_validator("rankers")
    @classmethod
    def _are_known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        # Said before anything runs: the rankers are used after a whole training.
        for name in names:
            if name not in RANKERS:
                raise ValueError(suggest(name, RANKERS, kind="ranker"))
        return names


class RegisterConfig(StrictModel):
    """How the bundle is named in the registry."""

    model_name: str = Field("jobmatch-ranker", min_length=1, description="Registered model.")


class CalibrationStageConfig(StrictModel):
    """How scores become probabilities, on people who neither trained the ranker nor test it."""

    ranker: Literal["served", "cascade"] = Field(
        "served", description="Whose score it is: what the bundle serves, or its cascade's."
    )
    folds: int = Field(5, ge=2, le=30, description="Blocks of days, each held out once.")
    min_events: int = Field(30, ge=1, description="A stage with fewer events is left out.")


class TrainConfig(StrictModel):
    """One run of the `train` pipeline: `configs/train/*.yaml`.

    The last three sections are the cascade's further stages; a stage without its section is left
    out.
    """

    world_dir: str = Field("data/sample", description="World folder: offers, candidates, log.")
    split: SplitConfig = Field(default_factory=SplitConfig)
    bi_encoder: BiEncoderConfig = Field(default_factory=BiEncoderConfig)
    evaluation: EvaluationConfig = Field(default_factory=EvaluationConfig)
    register_model: RegisterConfig = Field(default_factory=RegisterConfig)
    cross_encoder: CrossEncoderConfig | None = Field(
        None, description="Reads pairs; none: left out."
    )
    ltr: LtrStageConfig | None = Field(None, description="Orders by features; none: left out.")
    calibration: CalibrationStageConfig | None = Field(
        None, description="Scores to probabilities; none: left out."
    )

    @model_validator(mode="after")
    def _the_last_stage_registers(self) -> TrainConfig:
        if (self.cross_encoder or self.ltr) and self.calibration is None:
            raise ValueError(
                "cross_encoder and ltr need the section calibration: its stage registers the "
                "bundle that holds them. Add `calibration: {}`"
            )
        return self
