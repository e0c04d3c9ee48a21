"""Reading the catalogue: gold offers as one Parquet file. Needs Arrow alone, never the warehouse.

The service and the command line rank what this file holds. DuckDB lets one process open a database;
a Parquet file that is replaced whole can be read by any number.
"""

from __future__ import annotations

import hashlib
from dataclasses import fields
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from jobmatch_ml.errors import FormatError, MissingFileError, NotReadyError
from jobmatch_ml.settings import Settings
from jobmatch_ml.types import Offer

_OFFER_FIELDS = tuple(field.name for field in fields(Offer))
_LISTS = ("required_skills", "wished_skills")


def read_catalogue(path: Path) -> list[Offer]:
    """Reads the offers of a catalogue file, in order of their ids.

    Raises:
        MissingFileError: There is no such file.
        FormatError: The file is not Parquet, is cut short, or lacks columns.
    """
    table = _read_table(path)
    columns = [table.column(name).to_pylist() for name in _OFFER_FIELDS]
    for name in _LISTS:
        place = _OFFER_FIELDS.index(name)
        columns[place] = [tuple(labels or ()) for labels in columns[place]]
    return [Offer(*values) for values in zip(*columns, strict=True)]


def catalogue_hash(path: Path) -> str:
    """Returns the SHA-256 of a catalogue file; caches built from it are keyed by this.

    Raises:
        MissingFileError: There is no such file.
    """
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except (FileNotFoundError, IsADirectoryError) as error:
        raise _missing(path) from error


def find_catalogue(settings: Settings) -> Path:
    """Returns the catalogue to use: the one named, else one's own offers, else the demo's.

    Raises:
        MissingFileError: ``JOBMATCH_CATALOGUE`` names a file that is not there.
        NotReadyError: Nothing was ingested and no demo was built.
    """
    if settings.catalogue is not None:
        named = settings.under_root(settings.catalogue)
        if not named.is_file():
            raise _missing(named)
        return named
    for path in (settings.catalogue_path, settings.demo_catalogue_path):
        if path.is_file():
            return path
    raise NotReadyError("no offers yet: run `make demo` or `jobmatch offers ingest PATH`")


def _read_table(path: Path) -> pa.Table:
    try:
        schema = pq.read_schema(path)
        lacking = [name for name in _OFFER_FIELDS if name not in schema.names]
        if lacking:
            raise FormatError(
                f"catalogue {path} lacks the column(s) {', '.join(lacking)}: it is of another "
                "version. Run `jobmatch offers ingest PATH` again"
            )
        return pq.read_table(path, columns=list(_OFFER_FIELDS), partitioning=None)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise _missing(path) from error
    except (pa.ArrowException, OSError) as error:
        raise FormatError(
            f"catalogue {path} cannot be read as Parquet: it is damaged or another kind of file. "
            "Run `jobmatch offers ingest PATH` again"
        ) from error


def _missing(path: Path) -> MissingFileError:
    return MissingFileError(
        f"there is no catalogue at {path}: run `jobmatch offers ingest PATH` to make one",
        field="catalogue",
    )
