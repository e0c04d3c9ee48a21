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
LOCK_FILE = "requirements.lock"


def stage_key(
    notebook: Path, parameters: Mapping[str, Any], *, inputs_hash: str, code_hash: str
) -> str:
    """Returns the key of a stage: another key means that the stage must run.

    An equal key says that nothing which is known here has changed: notebook, parameters, inputs,
    code and locked libraries. Libraries that were installed beside the lock, the machine and
    whatever a notebook reads without declaring it as an input are not seen.

    Args:
        notebook: The notebook's file; its bytes count.
        parameters: Resolved values, without those that differ from run to run by design.
        inputs_hash: Hash of the input data, see :func:`content_hash`.
        code_hash: Hash of the code, see :func:`hash_code`.
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


def hash_code(root: Path) -> str:
    """Returns the hash of the package and of the versions it is locked to.

    Args:
        root: The project's root; its ``requirements.lock`` counts where there is one.
    """
    lock = root / LOCK_FILE
    locked = content_hash(lock) if lock.is_file() else "none"
    return hashlib.sha256(f"{package_hash()}\0{locked}".encode()).hexdigest()


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
