"""The bundle: all that one alias moves. One folder, checked as a whole before it is read.

``manifest.json`` holds the format, how to rank (kind, weights, encoder name and length), lineage,
metrics, and the size and SHA-256 of each file; ``encoder/`` holds a sentence-transformers model in
safetensors; ``cross_encoder/``, where there is one, the model that reads pairs. Nothing in it is
ever unpickled.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, FiniteFloat, ValidationError

from jobmatch_ml.config import StrictModel
from jobmatch_ml.errors import InputError, IntegrityError, MissingFileError
from jobmatch_ml.files import staged_folder
from jobmatch_ml.ranking.dual_view import BiEncoderRanker, DualViewRanker, ZeroShotRanker
from jobmatch_ml.ranking.encoder import Precision, SentenceTransformerEncoder
from jobmatch_ml.ranking.manifest import MANIFEST, SAFE_SUFFIXES, read_manifest, write_manifest
from jobmatch_ml.ranking.registry import RankerContext, create_ranker
from jobmatch_ml.types import Direction, PairScorer, Ranker, TextEncoder

FORMAT: Literal[1] = 1
ENCODER_DIR = "encoder"
CROSS_ENCODER_DIR = "cross_encoder"
_KINDS: dict[str, type[DualViewRanker]] = {
    "bi_encoder": BiEncoderRanker,
    "zero_shot": ZeroShotRanker,
}


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


class BundleManifest(StrictModel):
    """What ``manifest.json`` says."""

    kind: Literal["bundle"] = "bundle"
    format: Literal[1] = 1
    ranker: RankerRecipe
    cross_encoder: CrossEncoderRecipe | None = Field(None, description="None: there is none.")
    lineage: dict[str, Any] = Field(description="Data hash, config hash, commit, run id …")
    metrics: dict[str, FiniteFloat] = Field(description="Recorded when it was made, by metric key.")
    files: dict[str, dict[str, Any]] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle on disk whose files were all checked.

    Args:
        path: Its folder.
        manifest: What it says about itself.
        sha256: Hash of its manifest, and so of every byte in it: the bundle's identity.
    """

    path: Path
    manifest: BundleManifest
    sha256: str

    @property
    def version(self) -> str:
        """Short identity for answers, logs and cache names."""
        return self.sha256[:12]

    @property
    def encoder_dir(self) -> Path:
        """Folder of the encoder's model."""
        return self.path / ENCODER_DIR

    def encoder(
        self, *, batch_size: int = 32, precision: Precision = "auto"
    ) -> SentenceTransformerEncoder:
        """Loads the encoder.

        Raises:
            IntegrityError: It is not the model that the manifest describes.
        """
        recipe = self.manifest.ranker
        encoder = SentenceTransformerEncoder(
            self.encoder_dir,
            max_length_tokens=recipe.max_length_tokens,
            batch_size=batch_size,
            precision=precision,
            name=recipe.encoder_name,
        )
        if encoder.dimension != recipe.dimension:
            raise IntegrityError(
                f"{self.path}: the encoder has {encoder.dimension} dimensions, the manifest says "
                f"{recipe.dimension}"
            )
        return encoder

    def ranker(self, encoder: TextEncoder | None = None) -> DualViewRanker:
        """Builds the ranker, with nothing indexed yet.

        Args:
            encoder: The bundle's encoder when it was loaded before; ``None`` loads it.
        """
        recipe = self.manifest.ranker
        return _KINDS[recipe.kind](encoder or self.encoder(), title_weight=recipe.title_weight)

    def cross_encoder(self, *, precision: Precision = "auto") -> PairScorer | None:
        """Loads the cross-encoder; ``None`` where the bundle holds none."""
        recipe = self.manifest.cross_encoder
        if recipe is None:
            return None
        from jobmatch_ml.ranking.pair_scorer import TransformerPairScorer

        return TransformerPairScorer(
            self.path / CROSS_ENCODER_DIR,
            max_length_tokens=recipe.max_length_tokens,
            precision=precision,
            name=recipe.name,
        )

    def ranker_named(self, name: str, *, direction: Direction = "candidate_to_offer") -> Ranker:
        """Builds another ranker of the registry from this bundle's models.

        Raises:
            UnknownNameError: No ranker has that name.
            RankerNotApplicableError: It needs a cross-encoder, and the bundle holds none.
        """
        scorer, recipe = self.cross_encoder(), self.manifest.cross_encoder
        context = RankerContext(direction=direction, title_weight=self.manifest.ranker.title_weight)
        if scorer is not None and recipe is not None:
            context = replace(
                context,
                cross_encoder=scorer,
                encoder=self.encoder(),
                rerank_depth=recipe.depth,
                rerank_weight=recipe.weight,
            )
        return create_ranker(name, context)


def write_bundle(
    out_dir: Path,
    *,
    encoder_dir: Path,
    ranker: Mapping[str, Any],
    lineage: Mapping[str, Any],
    metrics: Mapping[str, float],
    cross_encoder_dir: Path | None = None,
    cross_encoder: Mapping[str, Any] | None = None,
    replace: bool = False,
) -> BundleManifest:
    """Writes a bundle, whole or not at all.

    Args:
        out_dir: Its folder; must not exist yet, unless ``replace``.
        encoder_dir: A saved sentence-transformers model with safetensors weights. Hidden files are
            left out.
        ranker: Fields of :class:`RankerRecipe`: ``kind``, ``title_weight``, ``encoder_name``,
            ``dimension``, ``max_length_tokens``.
        lineage: Where it comes from: data and configuration hashes, commit, run id.
        metrics: Recorded metrics by key, ``ndcg@10`` and so on.
        cross_encoder_dir: A saved cross-encoder, when the bundle is to hold one.
        cross_encoder: Fields of :class:`CrossEncoderRecipe`; given together with its folder.
        replace: An earlier bundle in ``out_dir`` gives way; anything else there is an error.

    Raises:
        InputError: ``out_dir`` exists, or a recipe has unknown, missing or bad fields.
        MissingFileError: ``encoder_dir`` or ``cross_encoder_dir`` is no folder.
        IntegrityError: A model's folder holds pickled weights or other unsafe formats.
    """
    if out_dir.exists() and not (replace and (out_dir / MANIFEST).is_file()):
        raise InputError(
            f"{out_dir} exists already; expected a new folder. Choose another, or delete it",
            field="out",
        )
    folders = {ENCODER_DIR: encoder_dir}
    values = {"ranker": dict(ranker), "lineage": dict(lineage), "metrics": dict(metrics)}
    if cross_encoder_dir is not None:
        folders[CROSS_ENCODER_DIR] = cross_encoder_dir
        values["cross_encoder"] = dict(cross_encoder or {})
    manifest = _validated(values, "bundle")
    with staged_folder(out_dir) as staging:
        for name, folder in folders.items():
            _copy_model(folder, staging / name)
        # Bundles without a cross-encoder stay readable by versions that know none.
        left_out = {"files"} if cross_encoder_dir else {"files", "cross_encoder"}
        write_manifest(staging, manifest.model_dump(exclude=left_out))
    return load_bundle(out_dir).manifest


def load_bundle(path: Path) -> Bundle:
    """Opens a bundle after checking its format and every file in it.

    Raises:
        MissingFileError: No folder, or no manifest in it.
        IntegrityError: A format that this version does not read; a file that is missing, changed,
            unlisted or of an unsafe format; a manifest with fields that are not understood.
    """
    values, sha256 = read_manifest(path, kind="bundle", format_version=FORMAT)
    try:
        manifest = BundleManifest.model_validate(values)
    except ValidationError as error:
        fields = sorted({".".join(map(str, item["loc"])) for item in error.errors()})
        raise IntegrityError(f"{path}: manifest fields not understood: {fields}") from error
    return Bundle(path, manifest, sha256)


def _copy_model(folder: Path, target: Path) -> None:
    if not folder.is_dir():
        raise MissingFileError(f"{folder}: no such model folder")
    shutil.copytree(folder, target, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    if not any(target.rglob("*.safetensors")):
        raise IntegrityError(
            f"{folder}: no safetensors weights; save the model with safe_serialization=True. "
            f"Formats kept: {', '.join(sorted(SAFE_SUFFIXES))}"
        )


def _validated(values: Mapping[str, Any], source: str) -> BundleManifest:
    try:
        return BundleManifest.model_validate(values)
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise InputError(f"{source}: {'; '.join(problems)}") from error
