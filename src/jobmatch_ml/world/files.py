"""Writing a world: fixed formats, checksums, and a folder that appears whole or not at all."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from jobmatch_ml.errors import InputError
from jobmatch_ml.files import staged_folder
from jobmatch_ml.interactions.log import INTERACTION_SCHEMA
from jobmatch_ml.types import Interaction

MANIFEST = "world.json"
OWN_PARTS = (MANIFEST, "bronze", "candidates.jsonl", "interactions.parquet", "cvs", "truth")
"""What a build writes. Anything else in the folder (a datasheet) is kept through a rebuild."""

_PROPENSITY_SCHEMA = pa.schema(
    [
        pa.field("surface", pa.string(), nullable=False),
        pa.field("position", pa.int32(), nullable=False),
        pa.field("propensity", pa.float64(), nullable=False),
    ]
)


@contextmanager
def whole_folder(out_dir: Path) -> Iterator[Path]:
    """Yields a temporary sibling of ``out_dir`` that takes its place when the block succeeds.

    Raises:
        InputError: ``out_dir`` exists and is not a world; nothing is touched then.
    """
    if out_dir.exists() and not is_replaceable(out_dir):
        raise InputError(
            f"{out_dir} exists and holds no {MANIFEST}; expected a new folder or an earlier world. "
            "Choose another folder with --out",
            field="out",
        )
    with staged_folder(out_dir) as work:
        yield work
        _keep_other_files(out_dir, work)


def is_replaceable(folder: Path) -> bool:
    """Returns whether a build may take the folder's place: it is a world, or empty."""
    return folder.is_dir() and ((folder / MANIFEST).is_file() or not any(folder.iterdir()))


def _keep_other_files(out_dir: Path, work: Path) -> None:
    if not out_dir.exists():
        return
    for path in out_dir.iterdir():
        if path.name not in OWN_PARTS and path.is_file():
            shutil.copy2(path, work / path.name)
        elif path.name not in OWN_PARTS:
            shutil.copytree(path, work / path.name)


def write_json(path: Path, value: Any, *, indent: bool = False) -> None:
    """Writes JSON with a final newline."""
    path.parent.mkdir(parents=True, exist_ok=True)
    options = orjson.OPT_APPEND_NEWLINE | (orjson.OPT_INDENT_2 if indent else 0)
    path.write_bytes(orjson.dumps(value, option=options))


def write_json_lines(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Writes one JSON object a line."""
    path.write_bytes(b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows))


def write_interactions(path: Path, rows: Sequence[Interaction]) -> None:
    """Writes the log in its schema, Zstandard-compressed."""
    columns = [
        pa.array([getattr(row, field.name) for row in rows], type=field.type)
        for field in INTERACTION_SCHEMA
    ]
    table = pa.Table.from_arrays(columns, schema=INTERACTION_SCHEMA)
    pq.write_table(table, path, compression="zstd", compression_level=9)


def write_propensities(path: Path, rows: Sequence[tuple[str, int, float]]) -> None:
    """Writes the true probability that each position of each surface is looked at."""
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = [
        pa.array([row[column] for row in rows], type=field.type)
        for column, field in enumerate(_PROPENSITY_SCHEMA)
    ]
    pq.write_table(
        pa.Table.from_arrays(columns, schema=_PROPENSITY_SCHEMA), path, compression="zstd"
    )


def checksums(folder: Path) -> dict[str, str]:
    """Returns the SHA-256 of every file under a folder, by its relative path, in order."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
