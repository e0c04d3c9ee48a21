"""Folders with a manifest: every file's size and SHA-256, checked before anything is parsed.

Bundles and vector indexes are such folders. A manifest is JSON; the files beside it are of formats
that cannot run code when they are read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Set
from pathlib import Path, PurePosixPath
from typing import Any

import orjson

from jobmatch_ml.errors import IntegrityError, MissingFileError, summarise

MANIFEST = "manifest.json"
SAFE_SUFFIXES = frozenset({".json", ".safetensors", ".txt", ".md", ".model"})
_MAX_MANIFEST_BYTES = 1_000_000


def file_sha256(path: Path) -> str:
    """Returns the SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def list_files(folder: Path, *, suffixes: Set[str] = SAFE_SUFFIXES) -> dict[str, dict[str, Any]]:
    """Returns ``{relative path: {"bytes", "sha256"}}`` of a folder, the manifest left out.

    Args:
        folder: The folder.
        suffixes: Formats that it may hold, lower case.

    Raises:
        IntegrityError: A file of a format that may run code, or a link.
    """
    paths = _paths(folder)
    _refuse_formats(folder, paths, suffixes)
    return {
        name: {"bytes": path.stat().st_size, "sha256": file_sha256(path)}
        for name, path in paths.items()
    }


def write_manifest(
    folder: Path, values: Mapping[str, Any], *, suffixes: Set[str] = SAFE_SUFFIXES
) -> str:
    """Writes the manifest of a folder that is still being built; returns the manifest's SHA-256."""
    body = {**values, "files": list_files(folder, suffixes=suffixes)}
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_SERIALIZE_NUMPY
    raw = orjson.dumps(body, option=options, default=str) + b"\n"
    (folder / MANIFEST).write_bytes(raw)
    return hashlib.sha256(raw).hexdigest()


def read_manifest(
    folder: Path, *, kind: str, format_version: int, suffixes: Set[str] = SAFE_SUFFIXES
) -> tuple[dict[str, Any], str]:
    """Reads a folder's manifest and checks every file against it, before any is parsed.

    Args:
        folder: The folder.
        kind: What it must be (``bundle``, ``index``).
        format_version: The format that this code reads.
        suffixes: Formats of the files in it, lower case.

    Returns:
        The manifest's values and the SHA-256 of its bytes.

    Raises:
        MissingFileError: No folder, or no manifest in it.
        IntegrityError: Another kind or format, a file that is missing, changed, not listed, a
            link, or of a format that may run code; all of them in one message.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise MissingFileError(f"{folder}: no {MANIFEST}; expected a folder with a {kind} in it")
    if path.stat().st_size > _MAX_MANIFEST_BYTES:
        raise IntegrityError(f"{path}: larger than {_MAX_MANIFEST_BYTES:,} bytes")
    raw = path.read_bytes()
    try:
        values = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise IntegrityError(f"{path}: not valid JSON") from error
    if not isinstance(values, dict) or values.get("kind") != kind:
        raise IntegrityError(f"{path}: not the manifest of a {kind}")
    if values.get("format") != format_version:
        raise IntegrityError(
            f"{path}: format {values.get('format')!r}; this version reads format {format_version}. "
            "Make it again with this version"
        )
    _check_files(folder, values.get("files"), suffixes)
    return values, hashlib.sha256(raw).hexdigest()


def _check_files(folder: Path, listed: Any, suffixes: Set[str]) -> None:
    if not isinstance(listed, dict) or not all(_is_entry(*item) for item in listed.items()):
        raise IntegrityError(f"{folder / MANIFEST}: `files` must map paths to bytes and sha256")
    paths = _paths(folder)
    _refuse_formats(folder, {**paths, **{name: folder / name for name in listed}}, suffixes)
    problems = [f"{name} is missing" for name in sorted(listed.keys() - paths.keys())]
    problems += [f"{name} is not listed" for name in sorted(paths.keys() - listed.keys())]
    for name in sorted(listed.keys() & paths.keys()):
        # The size first: a truncated file of a gigabyte is found without reading it.
        if paths[name].stat().st_size != listed[name]["bytes"]:
            problems.append(f"{name} has another size than recorded")
        elif file_sha256(paths[name]) != listed[name]["sha256"]:
            problems.append(f"{name} was changed: its SHA-256 is not the recorded one")
    if problems:
        raise IntegrityError(f"{folder}: {summarise(problems)}. Fetch or build it again")


def _is_entry(name: Any, entry: Any) -> bool:
    path = PurePosixPath(name)
    return (
        not path.is_absolute()
        and ".." not in path.parts
        and isinstance(entry, dict)
        and isinstance(entry.get("bytes"), int)
        and isinstance(entry.get("sha256"), str)
    )


def _paths(folder: Path) -> dict[str, Path]:
    found = {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or not path.is_dir()
    }
    found.pop(MANIFEST, None)
    links = [name for name, path in found.items() if path.is_symlink() or not path.is_file()]
    if links:
        raise IntegrityError(f"{folder}: links and special files are refused: {summarise(links)}")
    return found


def _refuse_formats(folder: Path, paths: Mapping[str, Path], suffixes: Set[str]) -> None:
    bad = sorted(name for name, path in paths.items() if path.suffix.lower() not in suffixes)
    if bad:
        raise IntegrityError(
            f"{folder}: files of a format that may run code when read, or that has no place here: "
            f"{summarise(bad)}. Allowed: {', '.join(sorted(suffixes))}"
        )
