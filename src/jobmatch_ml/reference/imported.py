"""An imported classification on disk: JSON lines and a manifest, whole or not at all.

``manifest.json`` says what it is, under which licence, from which files (SHA-256) and how much;
each table is one file of JSON lines. Reading checks the tables against the manifest first, so that
a half-copied folder is named as such.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson

from jobmatch_ml.errors import FormatError, IntegrityError, MissingFileError
from jobmatch_ml.files import staged_folder, write_bytes

MANIFEST = "manifest.json"
# Raised whenever the tables change their shape: an older import is then refused with the remedy.
FORMAT = 1


@dataclass(frozen=True)
class ImportManifest:
    """What an import is made of.

    Args:
        name: ``rome`` or ``esco``.
        version: Version of the classification, as its files tell.
        licence: Licence of the data.
        attribution: The sentence that whoever shows the data has to show.
        counts: Rows by kind.
        sources: SHA-256 of each source file.
        warnings: What was odd in the source files.
        files: SHA-256 of each table of the import.
        format: Version of this layout.
    """

    name: str
    version: str
    licence: str
    attribution: str
    counts: Mapping[str, int]
    sources: Mapping[str, str]
    warnings: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    format: int = FORMAT

    def summary(self) -> dict[str, Any]:
        """Returns what a user wants to know of an import, for JSON: all but the checksums."""
        values = asdict(self)
        return {name: values[name] for name in values if name not in ("sources", "files")}


def write_import(
    folder: Path, manifest: ImportManifest, tables: Mapping[str, Iterable[Any]]
) -> ImportManifest:
    """Writes tables and manifest in the place of ``folder``; returns the manifest with checksums.

    Args:
        folder: Target; replaced as a whole when everything is written.
        manifest: Without ``files``.
        tables: Values for JSON, or dataclasses, by table name.

    Raises:
        FormatError: ``folder`` exists and is not an import: it is left alone.
    """
    if folder.exists() and not (folder / MANIFEST).is_file() and _occupied(folder):
        raise FormatError(
            f"{folder}: holds files that are not an import of {manifest.name}; name an empty or a "
            "new folder"
        )
    files = {}
    with staged_folder(folder) as staging:
        for name, rows in tables.items():
            data = b"".join(orjson.dumps(row) + b"\n" for row in rows)
            files[f"{name}.jsonl"] = hashlib.sha256(data).hexdigest()
            write_bytes(staging / f"{name}.jsonl", [data])
        complete = replace(manifest, files=files)
        write_bytes(
            staging / MANIFEST, [orjson.dumps(asdict(complete), option=orjson.OPT_INDENT_2)]
        )
    return complete


def read_manifest(folder: Path, *, name: str) -> ImportManifest:
    """Reads the manifest of an import.

    Raises:
        MissingFileError: There is no import of this name.
        FormatError: The manifest is of another kind or format, or not readable.
    """
    remedy = f"run `jobmatch {name} import DIR` with the folder of the official files"
    path = folder / MANIFEST
    if not path.is_file():
        raise MissingFileError(f"{folder}: no {name.upper()} import here; {remedy}")
    try:
        values = orjson.loads(path.read_bytes())
        manifest = ImportManifest(**{**values, "warnings": tuple(values["warnings"])})
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise FormatError(f"{path}: not the manifest of an import ({error}); {remedy}") from error
    if (manifest.name, manifest.format) != (name, FORMAT):
        raise FormatError(
            f"{path}: {manifest.name} in format {manifest.format}; expected {name} in format "
            f"{FORMAT}: {remedy}"
        )
    return manifest


def read_import_table(folder: Path, manifest: ImportManifest, table: str) -> list[Any]:
    """Returns the rows of one table of an import.

    Raises:
        IntegrityError: The file is missing or not the one that was written.
    """
    name = f"{table}.jsonl"
    try:
        data = (folder / name).read_bytes()
    except OSError:
        data = b""
    if hashlib.sha256(data).hexdigest() != manifest.files.get(name):
        raise IntegrityError(
            f"{folder / name}: missing or changed since the import; run `jobmatch {manifest.name} "
            "import DIR` again"
        )
    return [orjson.loads(line) for line in data.splitlines()]


def _occupied(folder: Path) -> bool:
    return not folder.is_dir() or any(folder.iterdir())
