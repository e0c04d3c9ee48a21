"""Opening sentence-transformers models from a folder, a hub or the package; never a pickle."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from jobmatch_ml.errors import IntegrityError, MissingFileError, missing_extra
from jobmatch_ml.ranking.manifest import MANIFEST, file_sha256
from jobmatch_ml.ranking.packaged import (
    BOX,
    MODEL_NAME,
    WEIGHTS_SHA256,
    is_box,
    is_packaged,
    resolve_model_path,
)


def load_model(model: str | Path, revision: str | None = None) -> Any:
    """Loads a sentence-transformers model, for encoding or training.

    Args:
        model: A local folder, a hub name, ``packaged`` (its checksum is checked first), or
            ``box`` (every file of it is).
        revision: Commit or tag of a hub model.

    Raises:
        MissingFileError: No such folder, or a hub model that is not here and cannot be fetched.
        IntegrityError: The folder asks for code of its own, or has no safetensors weights.
        MissingExtraError: sentence-transformers is not installed.
    """
    path = resolve_model_path(model)
    folder = Path(path)
    local = folder.is_dir()
    if local:
        _check_folder(folder)
    elif isinstance(model, Path) or str(model).startswith((".", "/", "~")):
        raise MissingFileError(f"{model}: no such model folder")
    try:
        import torch
        from sentence_transformers import SentenceTransformer  # seconds to import
    except ImportError as error:
        raise missing_extra("sentence-transformers", "models") from error
    try:
        with _quiet_loading():
            return SentenceTransformer(
                str(path),
                revision=None if local else revision,
                local_files_only=local,
                # Pickled weights run code when they are read; safetensors cannot.
                # Weights may be stored in bf16; who computes in what is decided later.
                model_kwargs={"use_safetensors": True, "dtype": torch.float32},
            )
    except (OSError, ValueError) as error:
        if local:
            raise IntegrityError(
                f"{folder}: not a readable sentence-transformers model with safetensors weights "
                f"({type(error).__name__})"
            ) from error
        raise MissingFileError(
            f"the model '{model}' is no folder, is not in the local cache, and no model hub could "
            "be reached. Check the name, connect once (HF_HUB_OFFLINE unset) to fetch it, or give "
            "a folder; the packaged encoder needs neither"
        ) from error


@contextmanager
def _quiet_loading() -> Iterator[None]:
    """Hides transformers' own bar, which shows for each of a hundred tensors in a millisecond."""
    from transformers.utils import logging as bars

    shown = bars.is_progress_bar_enabled()
    bars.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            bars.enable_progress_bar()


def _check_folder(folder: Path) -> None:
    """Refuses a model folder whose module list names code outside sentence-transformers."""
    modules = folder / "modules.json"
    if not modules.is_file():
        raise IntegrityError(f"{folder}: no modules.json; expected a sentence-transformers model")
    try:
        types = [str(module["type"]) for module in orjson.loads(modules.read_bytes())]
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise IntegrityError(f"{modules}: not a list of modules with their types") from error
    foreign = [name for name in types if not name.startswith("sentence_transformers.")]
    if foreign:
        raise IntegrityError(f"{modules}: names code that is not ours to run: {foreign[:5]}")


def model_label(model: str | Path, revision: str | None = None) -> str:
    """Returns the name under which a model is recorded: its own name, and which revision of it."""
    if is_packaged(model):
        return f"{MODEL_NAME}@{WEIGHTS_SHA256[:12]}"
    if is_box(model):
        return f"{BOX}@{file_sha256(Path(resolve_model_path(model)).parent / MANIFEST)[:12]}"
    # Of a folder its name alone: where it lies on this machine is nobody's business.
    label = Path(model).resolve().name if Path(model).is_dir() else str(model)
    return f"{label}@{revision}" if revision else label
