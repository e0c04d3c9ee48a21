"""Hashes that say whether a stage must run again: of code, of input data, of parameters."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import orjson

from jobmatch_ml.errors import MissingFileError

KEY_LENGTH = 16


def stage_key(
    notebook: Path, parameters: Mapping[str, Any], *, inputs_hash: str, code_hash: str
) -> str:
    """Returns the key of a stage: equal keys mean that running it again would change nothing.

    Args:
        notebook: The notebook's file; its bytes count.
        parameters: Resolved values, without those that differ from run to run by design.
        inputs_hash: Hash of the input data, see :func:`content_hash`.
        code_hash: Hash of the package's files, see :func:`package_hash`.
    """
    parts = {
        "notebook": hashlib.sha256(notebook.read_bytes()).hexdigest(),
        "parameters": dict(parameters),
        "inputs": inputs_hash,
        "code": code_hash,
    }
    text = orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()[:KEY_LENGTH]


def content_hash(path: Path) -> str:
    """Returns the SHA-256 of a file's bytes, or of a folder's files with their relative paths.

    Raises:
        MissingFileError: There is nothing at that path.
    """
    if path.is_file():
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    if not path.is_dir():
        raise MissingFileError(f"{path} does not exist; expected a file or a folder")
    return _folder_hash(path, path.rglob("*"))


def package_hash() -> str:
    """Returns the hash of every file of this package: code, tables and templates."""
    folder = Path(str(resources.files("jobmatch_ml")))
    return _folder_hash(folder, folder.rglob("*"))


def _folder_hash(folder: Path, paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
            digest.update(f"{content_hash(path)}\n".encode())
    return digest.hexdigest()
