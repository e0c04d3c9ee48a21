"""Exports and measurements of an encoder, kept on the machine that they were made on.

A folder under ``data/serving/encoders`` belongs to one model (SHA-256 of its weights and modules)
in one environment (library versions, processor features, threads): what was measured elsewhere, or
with other libraries, says nothing here. Each export is written whole or not at all and checked by
its manifest before it is opened. Everything is made again when it is deleted.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

import orjson
from pydantic import Field, ValidationError

from jobmatch_ml.config import StrictModel
from jobmatch_ml.errors import IntegrityError, MissingFileError
from jobmatch_ml.files import staged_folder, write_bytes
from jobmatch_ml.ranking.backends import (
    BACKENDS,
    Runner,
    backend_spec,
    exported_runner,
    thread_count,
)
from jobmatch_ml.ranking.backends_export import TokenIds, write_export
from jobmatch_ml.ranking.manifest import read_manifest, write_manifest
from jobmatch_ml.ranking.precision import cpu_flags

logger = logging.getLogger(__name__)

_FORMAT = 1
_SUFFIXES = frozenset({".onnx", ".xml", ".bin"})
_CHOICE = "choice.json"
_KEYS_IN_ORDER = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS
# Where the model lay, how its weights were stored and what saved it.
_NOT_THE_MODEL = frozenset({"_name_or_path", "dtype", "torch_dtype", "transformers_version"})
_LIBRARIES = ("torch", "transformers", "onnx", "onnxruntime", "onnxscript", "openvino", "nncf")


class Choice(StrictModel):
    """The backend that was found the fastest faithful one, and why."""

    format: Literal[1] = 1
    backend: str = Field(description="A name of `BACKENDS`.")
    reason: str = Field(description="One sentence.")
    measured_at: str = Field(description="UTC, ISO 8601.")
    rows: list[dict[str, Any]] = Field(description="What was measured, a row a backend.")


@dataclass(frozen=True, slots=True)
class ExportCache:
    """Where one model's exports are.

    Args:
        root: Folder of all models' exports.
        model_sha256: Identity of the model, see :func:`model_fingerprint`.
    """

    root: Path
    model_sha256: str

    @property
    def folder(self) -> Path:
        """This model's folder in this environment."""
        return self.root / f"{self.model_sha256[:16]}-{environment_fingerprint()[:8]}"

    def open(self, name: str, model: Any, texts: Callable[[], TokenIds]) -> Runner:
        """Opens a backend's export, which is made first where there is none (half a minute).

        An export that is damaged is made again, with a warning.

        Args:
            name: A backend that reads exports.
            model: The sentence-transformers model, in fp32.
            texts: Gives French texts as token ids; called only when something must be made.

        Raises:
            MissingExtraError: A library is not installed.
            IntegrityError: The export does not give the model's vectors.
        """
        spec = backend_spec(name)
        folder = self.folder / spec.export
        if not self._is_whole(spec.export):
            sample = texts()
            for export in dict.fromkeys(("onnx-fp32", spec.export)):
                if not self._is_whole(export):
                    self._make(export, model, sample)
        return exported_runner(name, folder)

    def open_existing(self, name: str) -> Runner:
        """Opens a backend's export without making one.

        Raises:
            MissingFileError: There is none.
            IntegrityError: It is damaged, or its library cannot read it.
            MissingExtraError: Its library is not installed.
        """
        folder = self.folder / backend_spec(name).export
        _check(folder)
        return exported_runner(name, folder)

    def choice(self) -> Choice | None:
        """Returns what was chosen for this model here; ``None`` where nothing was measured."""
        path = self.folder / _CHOICE
        if not path.is_file():
            return None
        try:
            choice = Choice.model_validate(orjson.loads(path.read_bytes()))
        except (ValidationError, orjson.JSONDecodeError, OSError):
            logger.warning("%s is not readable: the encoder is measured again", path.name)
            return None
        return choice if choice.backend in BACKENDS else None

    def remember(self, choice: Choice) -> None:
        """Keeps a choice for every later start."""
        raw = orjson.dumps(choice.model_dump(), option=orjson.OPT_INDENT_2)
        write_bytes(self.folder / _CHOICE, [raw, b"\n"])

    def _is_whole(self, export: str) -> bool:
        try:
            _check(self.folder / export)
        except MissingFileError:
            return False
        except IntegrityError as error:
            logger.warning("the export %s is made again: %s", export, error)
            return False
        return True

    def _make(self, export: str, model: Any, texts: TokenIds) -> None:
        base = self.folder / "onnx-fp32"
        logger.info("exporting the encoder as %s", export)
        with staged_folder(self.folder / export) as staging:
            write_export(export, staging, model=model, base=base, texts=texts)
            identity = {"kind": "encoder_export", "format": _FORMAT, "model": self.model_sha256}
            write_manifest(staging, identity, suffixes=_SUFFIXES)


def model_fingerprint(model: Any) -> str:
    """Returns the SHA-256 of a loaded model: its weights as fp32, its modules and configuration.

    Of what is loaded, not of files: so hub names, folders and the packaged encoder are alike, and
    the same weights stored in bf16 or fp32 are the same model.
    """
    import torch

    digest = hashlib.sha256(repr(model).encode())
    config = getattr(getattr(model[0], "auto_model", None), "config", None)
    facts = config.to_dict() if config is not None else {}
    kept = {key: value for key, value in facts.items() if key not in _NOT_THE_MODEL}
    digest.update(orjson.dumps(kept, option=_KEYS_IN_ORDER, default=str))
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        values = tensor.detach().cpu()
        values = values.float() if values.is_floating_point() else values
        digest.update(values.contiguous().view(torch.uint8).numpy())
    return digest.hexdigest()


def environment_fingerprint() -> str:
    """Returns the SHA-256 of what a measurement depends on besides the model."""
    facts = {
        "libraries": {name: _version(name) for name in _LIBRARIES},
        "flags": sorted(cpu_flags()),
        "threads": thread_count(),
        "format": _FORMAT,
    }
    return hashlib.sha256(orjson.dumps(facts, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _check(folder: Path) -> None:
    read_manifest(folder, kind="encoder_export", format_version=_FORMAT, suffixes=_SUFFIXES)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
