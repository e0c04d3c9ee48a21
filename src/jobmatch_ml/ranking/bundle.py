"""The bundle: all that one alias moves. One folder, checked as a whole before it is read.

``manifest.json`` holds the format, how to rank (kind, weights, encoder name and length), lineage,
versions, metrics, and the size and SHA-256 of each file; ``encoder/`` holds a sentence-transformers
model in safetensors. Beside it, where they were made: ``cross_encoder/``, which reads pairs;
``ltr/``, a LightGBM model as text with its features; ``calibrators.json``; ``training_data.json``,
what it was trained on. Nothing in it is ever unpickled, and nothing in the manifest is a moment or
a random id, so that the same parts from the same code are the same bundle.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from jobmatch_ml.errors import InputError, IntegrityError, MissingFileError
from jobmatch_ml.files import staged_folder
from jobmatch_ml.ranking.bundle_manifest import (
    BundleManifest,
    CrossEncoderRecipe,
    LtrRecipe,
    RankerRecipe,
    validated_manifest,
)
from jobmatch_ml.ranking.dual_view import BiEncoderRanker, DualViewRanker, ZeroShotRanker
from jobmatch_ml.ranking.encoder import Precision, SentenceTransformerEncoder
from jobmatch_ml.ranking.manifest import (
    MANIFEST,
    SAFE_SUFFIXES,
    file_sha256,
    read_manifest,
    write_manifest,
)
from jobmatch_ml.ranking.registry import RankerContext, create_ranker
from jobmatch_ml.types import Direction, PairScorer, Ranker, TextEncoder

if TYPE_CHECKING:
    from jobmatch_ml.ranking.features import FeatureSource
    from jobmatch_ml.ranking.ltr import LtrModel

FORMAT = 1
ENCODER_DIR = "encoder"
CROSS_ENCODER_DIR = "cross_encoder"
LTR_DIR = "ltr"
LTR_FILES = ("booster.txt", "features.json")
CALIBRATORS = "calibrators.json"
TRAINING_DATA = "training_data.json"
_HIDDEN = shutil.ignore_patterns(".*", "__pycache__")
__all__ = [
    "CROSS_ENCODER_DIR",
    "TRAINING_DATA",
    "Bundle",
    "BundleExtras",
    "BundleManifest",
    "CrossEncoderRecipe",
    "LtrRecipe",
    "RankerRecipe",
    "load_bundle",
    "write_bundle",
]
_KINDS: dict[str, type[DualViewRanker]] = {
    "bi_encoder": BiEncoderRanker,
    "zero_shot": ZeroShotRanker,
}


@dataclass(frozen=True, slots=True)
class BundleExtras:
    """What a bundle may hold beside its encoders.

    Args:
        ltr_dir: A saved LightGBM ranker: ``booster.txt`` and ``features.json``.
        calibrators: A saved ``calibrators.json``.
        training_data: A ``training_data.json``: which people and days it was trained on, so that a
            review can tell whether it is tested on what it has seen.
        cascade: How the stages are put together; kept in the manifest.
    """

    ltr_dir: Path | None = None
    calibrators: Path | None = None
    training_data: Path | None = None
    cascade: Mapping[str, Any] | None = None


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

    @property
    def ltr_dir(self) -> Path | None:
        """Folder of the LightGBM model; ``None`` where the bundle holds none."""
        return self.path / LTR_DIR if self.manifest.ltr else None

    @property
    def calibrators_path(self) -> Path | None:
        """The calibrators' file; ``None`` where the bundle holds none."""
        return self.path / CALIBRATORS if CALIBRATORS in self.manifest.files else None

    @property
    def training_data_path(self) -> Path | None:
        """What it was trained on; ``None`` where that was not recorded."""
        return self.path / TRAINING_DATA if TRAINING_DATA in self.manifest.files else None

    @property
    def n_bytes(self) -> int:
        """Size of all files, the manifest left out."""
        return sum(int(entry["bytes"]) for entry in self.manifest.files.values())

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

    def ltr(self) -> LtrModel | None:
        """Loads the learned ranker; ``None`` where the bundle holds none."""
        if self.ltr_dir is None:
            return None
        from jobmatch_ml.ranking.ltr import LtrModel

        return LtrModel.load(self.ltr_dir)

    def ranker_named(
        self,
        name: str,
        *,
        direction: Direction = "candidate_to_offer",
        features: FeatureSource | None = None,
    ) -> Ranker:
        """Builds another ranker of the registry from this bundle's models.

        Args:
            name: The ranker.
            direction: Which side the queries are.
            features: Facts of offers and candidates, for the learned ranker.

        Raises:
            UnknownNameError: No ranker has that name.
            RankerNotApplicableError: It needs a cross-encoder, and the bundle holds none.
        """
        recipe = self.manifest.cross_encoder
        weight = recipe.weight if recipe else 0.0
        context = RankerContext(
            direction=direction,
            title_weight=self.manifest.ranker.title_weight,
            ltr=self.ltr(),
            features=features,
        )
        if name == "cascade":
            context = replace(context, encoder=self.encoder())
            # Beside features reading counts for less than beside retrieval, or for nothing.
            weight = (self.manifest.cascade or {}).get("reader_weight", weight)
        scorer = self.cross_encoder() if weight or name != "cascade" else None
        if scorer is not None and recipe is not None:
            context = replace(
                context,
                cross_encoder=scorer,
                encoder=context.encoder or self.encoder(),
                rerank_depth=recipe.depth,
                rerank_weight=weight,
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
    extras: BundleExtras | None = None,
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
        extras: Further parts: LightGBM model, calibrators, what it was trained on.
        replace: An earlier bundle in ``out_dir`` gives way; anything else there is an error.

    Raises:
        InputError: ``out_dir`` exists, or a recipe has unknown, missing or bad fields.
        MissingFileError: A folder or file that was named is not there.
        IntegrityError: A model's folder holds pickled weights or other unsafe formats.
    """
    if out_dir.exists() and not (replace and (out_dir / MANIFEST).is_file()):
        raise InputError(
            f"{out_dir} exists already; expected a new folder. Choose another, or delete it",
            field="out",
        )
    folders = {ENCODER_DIR: encoder_dir}
    extras = extras or BundleExtras()
    values = {"ranker": dict(ranker), "lineage": dict(lineage), "metrics": dict(metrics)}
    values |= _part_recipes(extras, int(ranker.get("dimension", 0) or 0) or 1)
    if cross_encoder_dir is not None:
        folders[CROSS_ENCODER_DIR] = cross_encoder_dir
        values["cross_encoder"] = dict(cross_encoder or {})
    manifest = validated_manifest(values, "bundle")
    with staged_folder(out_dir) as staging:
        for name, folder in folders.items():
            _copy_model(folder, staging / name)
        _copy_extras(extras, staging)
        write_manifest(staging, manifest.model_dump(exclude={"files"}, exclude_none=True))
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
    _check_ltr(path, manifest)
    return Bundle(path, manifest, sha256)


def _check_ltr(path: Path, manifest: BundleManifest) -> None:
    """Refuses a booster beside the features of another one: the files agree, the parts do not."""
    listed = manifest.files.get(f"{LTR_DIR}/features.json")
    recorded = manifest.ltr.features_sha256 if manifest.ltr else None
    if recorded != (listed["sha256"] if listed else None):
        raise IntegrityError(
            f"{path}: {LTR_DIR}/features.json is not the specification that the manifest names"
        )


def _copy_model(folder: Path, target: Path) -> None:
    if not folder.is_dir():
        raise MissingFileError(f"{folder}: no such model folder")
    shutil.copytree(folder, target, ignore=_HIDDEN)
    if not any(target.rglob("*.safetensors")):
        raise IntegrityError(
            f"{folder}: no safetensors weights; save the model with safe_serialization=True. "
            f"Formats kept: {', '.join(sorted(SAFE_SUFFIXES))}"
        )


def _copy_extras(extras: BundleExtras, target: Path) -> None:
    if extras.ltr_dir is not None:
        for name in LTR_FILES:
            if not (extras.ltr_dir / name).is_file():
                raise MissingFileError(f"{extras.ltr_dir / name} does not exist; save the model")
        shutil.copytree(extras.ltr_dir, target / LTR_DIR, ignore=_HIDDEN)
    for path, name in ((extras.calibrators, CALIBRATORS), (extras.training_data, TRAINING_DATA)):
        if path is not None:
            if not path.is_file():
                raise MissingFileError(f"{path} does not exist; expected {name}")
            shutil.copyfile(path, target / name)


def _part_recipes(extras: BundleExtras, dimension: int) -> dict[str, Any]:
    """Returns what the manifest says of the optional parts; nothing of those that are missing."""
    recipes: dict[str, Any] = {"index": {"dimension": dimension}, "versions": library_versions()}
    if extras.ltr_dir is not None and (extras.ltr_dir / "features.json").is_file():
        recipes["ltr"] = {"features_sha256": file_sha256(extras.ltr_dir / "features.json")}
    if extras.cascade is not None:
        recipes["cascade"] = dict(extras.cascade)
    return recipes


def library_versions() -> dict[str, str]:
    """Returns the versions of Python and of the libraries that a bundle's files depend on."""
    found = {"python": ".".join(map(str, sys.version_info[:2]))}
    for name in ("torch", "transformers", "sentence-transformers", "lightgbm", "numpy"):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:  # a bundle can be made without that part
            continue
    return found
