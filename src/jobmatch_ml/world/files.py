"""Writing a world: fixed formats, checksums, and a folder that appears whole or not at all."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from jobmatch_ml.errors import InputError
from jobmatch_ml.files import staged_folder

MANIFEST = "world.json"
OWN_PARTS = (MANIFEST, "bronze", "candidates.jsonl", "interactions.parquet", "cvs", "truth")
"""What a build writes. Anything else in the folder (a datasheet) is kept through a rebuild."""

ROW_GROUP = 100_000
"""Rows of a Parquet file that are in memory at a time."""

PROPENSITY_SCHEMA = pa.schema(
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


class RowGroups:
    """A Parquet file written as its rows come: a row group whenever enough have gathered.

    The groups, and so the bytes, depend on the rows alone, not on how they were handed over.
    """

    def __init__(self, path: Path, schema: pa.Schema, *, rows: int = ROW_GROUP) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._writer = pq.ParquetWriter(path, schema, compression="zstd", compression_level=3)
        self._schema = schema
        self._rows = rows
        self._waiting: list[pa.Table] = []
        self._n_waiting = 0

    def write(self, table: pa.Table) -> None:
        """Adds rows."""
        self._waiting.append(table)
        self._n_waiting += len(table)
        while self._n_waiting >= self._rows:
            joined = pa.concat_tables(self._waiting).combine_chunks()
            self._writer.write_table(joined.slice(0, self._rows), row_group_size=self._rows)
            self._waiting = [joined.slice(self._rows)]
            self._n_waiting -= self._rows

    def __enter__(self) -> RowGroups:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None and self._n_waiting:
            joined = pa.concat_tables(self._waiting).combine_chunks()
            self._writer.write_table(joined, row_group_size=self._rows)
        self._writer.close()


def write_propensities(path: Path, rows: Sequence[tuple[str, int, float]]) -> None:
    """Writes the true probability that each position of each surface is looked at."""
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = [
        pa.array([row[column] for row in rows], type=field.type)
        for column, field in enumerate(PROPENSITY_SCHEMA)
    ]
    pq.write_table(
        pa.Table.from_arrays(columns, schema=PROPENSITY_SCHEMA), path, compression="zstd"
    )


def checksums(folder: Path) -> dict[str, str]:
    """Returns the SHA-256 of every file under a folder, by its relative path, in order."""
    return {
        path.relative_to(folder).as_posix(): _sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
