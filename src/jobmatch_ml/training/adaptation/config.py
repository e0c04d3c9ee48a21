"""What the encoder in the box is made of: ``configs/encoder/*.yaml``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from jobmatch_ml.config import StrictModel


class MarketConfig(StrictModel):
    """The written offers that join the open data."""

    n_offers: int = Field(16_000, ge=0, description="Offers written on the ROME fiches; 0: none.")
    seed: int = Field(11, ge=0, description="Seed of the market.")


class StaticConfig(StrictModel):
    """The table of character n-grams."""

    name: str = Field("jobmatch-static-fr", min_length=1, description="Its name in reports.")
    n_ngrams: int = Field(60_000, ge=100, description="Rows of the table, the commonest n-grams.")
    dimension: int = Field(256, ge=8, le=1024, description="Length of the vectors.")
    min_documents: int = Field(2, ge=1, description="Rarer n-grams are left out.")
    epochs: int = Field(4, ge=1, le=50, description="Passes, each over pairs drawn anew.")
    batch_size: int = Field(512, ge=2, le=8192, description="Pairs a step; also its negatives.")
    learning_rate: float = Field(0.01, gt=0, le=1, description="Of Adam, falling linearly.")
    scale: float = Field(20.0, gt=0, description="Inverse temperature of the softmax.")
    mask: Literal["neighbours", "keys", "none"] = Field(
        "neighbours",
        description="Which pairs of a batch are no negatives: those of the same key and of its "
        "mobility neighbours, of the same key only, or none.",
    )
    seed: int = Field(0, ge=0, description="Seed of the start and of the draws.")


class TransformerConfig(StrictModel):
    """The transformer."""

    base: str = Field(
        "packaged", description="`packaged`, a sentence-transformers folder, or a hub name."
    )
    french_pieces: int = Field(
        11_000,
        ge=0,
        description="Word pieces learned from the open data; 0 keeps the base's vocabulary.",
    )
    kept_pieces: int = Field(
        4_000, ge=0, description="Of the base's own vocabulary, its commonest, kept beside them."
    )
    steps: int = Field(1500, ge=1, description="Batches.")
    batch_size: int = Field(128, ge=2, le=4096, description="Pairs a step; also its negatives.")
    learning_rate: float = Field(2e-4, gt=0, le=1e-2, description="Peak, of all but the pieces.")
    pieces_learning_rate: float = Field(1e-3, gt=0, le=1, description="Peak, of the word pieces.")
    warmup_share: float = Field(0.05, ge=0, lt=1, description="Share of steps with rising rate.")
    scale: float = Field(20.0, gt=0, description="Inverse temperature of the softmax.")
    mask: Literal["neighbours", "keys", "none"] = Field(
        "neighbours",
        description="Which pairs of a batch are no negatives: those of the same key and of its "
        "mobility neighbours, of the same key only, or none.",
    )
    title_length_tokens: int = Field(20, ge=4, le=512, description="Length of titles.")
    body_length_tokens: int = Field(64, ge=8, le=512, description="Length of body crops.")
    title_share: float = Field(0.4, ge=0, le=1, description="Of the steps, on pairs of titles.")
    title_to_body_share: float = Field(0.2, ge=0, le=1, description="On a title and a body.")
    precision: Literal["auto", "fp32", "bf16"] = Field("auto", description="As in training.")
    seed: int = Field(0, ge=0, description="Seed of the draws.")


class AdaptationConfig(StrictModel):
    """One run of ``jobmatch encoder adapt``."""

    name: str = Field("jobmatch-encoder-fr", min_length=1, description="Name of the folder.")
    market: MarketConfig = Field(default_factory=MarketConfig)
    static: StaticConfig = Field(default_factory=StaticConfig)
    transformer: TransformerConfig = Field(default_factory=TransformerConfig)
