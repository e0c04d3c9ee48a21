"""What a bundle's ``manifest.json`` says: how it ranks, what it was made from, its parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, FiniteFloat, ValidationError

from jobmatch_ml.config import StrictModel
from jobmatch_ml.errors import InputError


class RankerRecipe(StrictModel):
    """How a bundle ranks."""

    kind: Literal["bi_encoder", "zero_shot"] = Field(description="Ranker, as in the registry.")
    title_weight: float = Field(0.5, ge=0, le=1, description="Weight of the title view.")
    encoder_name: str = Field(min_length=1, max_length=200, description="Name and revision.")
    dimension: int = Field(gt=0, description="Length of the encoder's vectors.")
    max_length_tokens: int = Field(256, ge=8, description="Longer texts are cut here.")


class CrossEncoderRecipe(StrictModel):
    """How a bundle's cross-encoder reranks."""

    name: str = Field(min_length=1, max_length=200, description="Name and revision.")
    max_length_tokens: int = Field(128, ge=8, description="Longer pairs are cut here.")
    depth: int = Field(30, ge=1, le=1000, description="Documents that are reranked.")
    weight: float = Field(0.5, ge=0, le=1, description="Its share in the blend.")


class LtrRecipe(StrictModel):
    """Which features the bundle's LightGBM model reads."""

    features_sha256: str = Field(
        pattern="^[0-9a-f]{64}$", description="SHA-256 of `ltr/features.json`, the specification."
    )


class IndexRecipe(StrictModel):
    """How the vectors of a catalogue are kept and searched under this bundle."""

    search: Literal["exact"] = Field("exact", description="Every offer is compared.")
    views: tuple[str, ...] = Field(("title", "body"), description="Vectors of each offer.")
    dimension: int = Field(gt=0, description="Length of each vector.")


class BundleManifest(StrictModel):
    """What ``manifest.json`` says. Parts that came later than others may be missing."""

    kind: Literal["bundle"] = "bundle"
    format: Literal[1] = 1
    ranker: RankerRecipe
    cross_encoder: CrossEncoderRecipe | None = Field(None, description="None: there is none.")
    ltr: LtrRecipe | None = Field(None, description="None: there is no LightGBM model.")
    cascade: dict[str, Any] | None = Field(
        None, description="How the stages are put together, as `ranking.cascade` reads it."
    )
    index: IndexRecipe | None = Field(None, description="None: made before it was recorded.")
    versions: dict[str, str] | None = Field(None, description="Of Python and of the libraries.")
    lineage: dict[str, Any] = Field(description="Data hash, config hash, commit …")
    metrics: dict[str, FiniteFloat] = Field(description="Recorded when it was made, by metric key.")
    files: dict[str, dict[str, Any]] = Field(default_factory=dict)


def validated_manifest(values: Mapping[str, Any], source: str) -> BundleManifest:
    """Builds the manifest of a bundle that is being written.

    Raises:
        InputError: Fields that are missing, unknown or out of range, all in one message.
    """
    try:
        return BundleManifest.model_validate(values)
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise InputError(f"{source}: {'; '.join(problems)}") from error
