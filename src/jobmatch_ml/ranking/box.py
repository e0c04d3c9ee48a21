"""The encoder in the box: French job matching with no hub, no training and no account.

A folder that comes with the repository, ``data/models/jobmatch-encoder-fr``: a transformer with
French word pieces, a static table of character n-grams, the weights of their fusion, a model card,
and a manifest with every file's SHA-256, checked before anything is parsed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

from jobmatch_ml.errors import InputError, IntegrityError, MissingFileError
from jobmatch_ml.files import staged_folder
from jobmatch_ml.ranking.encoder import Precision, SentenceTransformerEncoder
from jobmatch_ml.ranking.hybrid import FusionWeights
from jobmatch_ml.ranking.manifest import MANIFEST, read_manifest, write_manifest
from jobmatch_ml.ranking.static_encoder import StaticEncoder
from jobmatch_ml.settings import get_settings

BOX_NAME = "jobmatch-encoder-fr"
FORMAT = 1
TRANSFORMER_DIR = "transformer"
STATIC_DIR = "static"
FUSION_FILE = "fusion.json"
CARD_FILE = "README.md"
MAX_BYTES = 50_000_000
_SOURCE_TREE = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class Box:
    """An encoder folder whose files were all checked.

    Args:
        path: The folder.
        sha256: Hash of its manifest, and so of every byte in it.
        about: What the manifest says: recipe, data, base, licences.
    """

    path: Path
    sha256: str
    about: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Name and short hash, as recorded in bundles."""
        return f"{self.path.name}@{self.sha256[:12]}"

    @property
    def transformer_dir(self) -> Path:
        """The sentence-transformers folder in it: a base to fine-tune."""
        return self.path / TRANSFORMER_DIR

    def encoder(
        self,
        *,
        max_length_tokens: int = 256,
        batch_size: int = 32,
        precision: Precision = "auto",
    ) -> SentenceTransformerEncoder:
        """Loads the transformer."""
        return SentenceTransformerEncoder(
            self.transformer_dir,
            max_length_tokens=max_length_tokens,
            batch_size=batch_size,
            precision=precision,
            name=self.name,
        )

    def static_encoder(self) -> StaticEncoder:
        """Loads the table of character n-grams."""
        return StaticEncoder.load(self.path / STATIC_DIR)

    def fusion_weights(self) -> FusionWeights:
        """Reads the weights of the fusion.

        Raises:
            IntegrityError: The file holds no such weights.
        """
        try:
            return FusionWeights(orjson.loads((self.path / FUSION_FILE).read_bytes()))
        except (orjson.JSONDecodeError, InputError, AttributeError, TypeError) as error:
            raise IntegrityError(f"{self.path / FUSION_FILE}: {error}") from error


def open_box(path: Path | None = None) -> Box | None:
    """Opens the encoder in the box after checking every file.

    Args:
        path: Its folder; default: ``models/jobmatch-encoder-fr`` of the data folder, else of the
            source tree.

    Returns:
        The box, or ``None`` where no path was given and there is none.

    Raises:
        MissingFileError: ``path`` is no such folder, or the manifest is missing.
        IntegrityError: A file is missing, changed, unlisted or of an unsafe format.
    """
    if path is not None:
        return _open(path.resolve())
    for place in (get_settings().data, _SOURCE_TREE / "data"):
        folder = (place / "models" / BOX_NAME).resolve()
        # A folder without its manifest is broken, not absent: no other box is taken in its place.
        if folder.is_dir():
            return _open(folder)
    return None


def require_box() -> Box:
    """Opens the encoder in the box.

    Raises:
        MissingFileError: There is none.
        IntegrityError: As :func:`open_box`.
    """
    box = open_box()
    if box is None:
        raise MissingFileError(
            f"there is no encoder in data/models/{BOX_NAME}: fetch it with the repository, or make "
            "it by `jobmatch encoder adapt`"
        )
    return box


@lru_cache(maxsize=4)
def _open(folder: Path) -> Box:
    values, sha256 = read_manifest(folder, kind="encoder", format_version=FORMAT)
    for name in (f"{TRANSFORMER_DIR}/modules.json", FUSION_FILE):
        if not (folder / name).is_file():
            raise MissingFileError(f"{folder / name}: no such file in the encoder's folder")
    return Box(folder, sha256, values.get("about", {}))


def write_box(
    out_dir: Path,
    *,
    transformer_dir: Path,
    static: StaticEncoder,
    fusion: FusionWeights,
    about: Mapping[str, Any],
    card: str,
) -> Box:
    """Writes the folder, whole or not at all; an earlier box there gives way.

    Raises:
        InputError: Something else is in ``out_dir``, or the whole is over 50 MB.
    """
    import shutil

    if out_dir.exists() and not (out_dir / MANIFEST).is_file():
        raise InputError(
            f"{out_dir} exists and is no encoder folder; choose another, or delete it", field="out"
        )
    with staged_folder(out_dir) as staging:
        shutil.copytree(transformer_dir, staging / TRANSFORMER_DIR)
        static.save(staging / STATIC_DIR)
        options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS
        weights = {regime: dict(parts) for regime, parts in fusion.weights.items()}
        (staging / FUSION_FILE).write_bytes(orjson.dumps(weights, option=options) + b"\n")
        (staging / CARD_FILE).write_text(card, encoding="utf-8")
        write_manifest(staging, {"kind": "encoder", "format": FORMAT, "about": dict(about)})
        size = sum(item.stat().st_size for item in staging.rglob("*") if item.is_file())
        if size > MAX_BYTES:
            raise InputError(
                f"the encoder's folder has {size:,} bytes, more than {MAX_BYTES:,}: it comes with "
                "every checkout. Lower `static.n_ngrams`, `static.dimension` or the word pieces"
            )
    _open.cache_clear()
    return _open(out_dir.resolve())
