"""Bronze: raw offers as received. Finding files, reading whatever form they have, keeping a copy.

A file may hold ``{"resultats": [...]}``, a list of offers, one offer, or JSON lines; the contents
decide, the file's name does not. What cannot be read becomes a :class:`Broken`, never an exception.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, NamedTuple

import orjson

from jobmatch_ml.errors import InputError, MissingFileError

_PARTITION = re.compile(r"^ingestion_date=(.*)$")
_SUFFIXES = {".json", ".jsonl", ".ndjson"}
_BOM = b"\xef\xbb\xbf"
# Our own files hold one offer a line between these two.
_HEAD = b'{"resultats": ['
_TAIL = b"]}"


@dataclass(frozen=True, slots=True)
class OfferFile:
    """A file to read, and the day that its offers belong to."""

    path: Path
    ingestion_date: date
    is_bronze: bool


class Raw(NamedTuple):
    """One JSON value that should be an offer, with its place (``line 3``, ``offer 3``)."""

    path: Path
    place: str
    value: Any


class Broken(NamedTuple):
    """A line or a file that is not JSON."""

    path: Path
    place: str
    reason: str
    text: str


def find_offer_files(paths: Sequence[Path], *, default_day: date) -> list[OfferFile]:
    """Lists the files to read, in order of the paths given and by name inside folders.

    A folder is searched to its bottom for ``.json``, ``.jsonl`` and ``.ndjson`` files; where it has
    ``ingestion_date=YYYY-MM-DD`` partitions, only these are read. A partition's name says the day
    of its offers; other files are of ``default_day``.

    Raises:
        MissingFileError: A path does not exist.
        InputError: No path, a folder without such files, or a partition whose name is no day.
    """
    if not paths:
        raise InputError("no path to read offers from: name a file or a folder", field="paths")
    return [found for path in paths for found in _files_of(path, default_day)]


def _files_of(path: Path, default_day: date) -> list[OfferFile]:
    if path.is_dir():
        inside = sorted(each for each in path.rglob("*") if each.suffix.lower() in _SUFFIXES)
        files = [each for each in inside if each.is_file()]
        if not files:
            raise InputError(
                f"folder {path} holds no offers: expected .json, .jsonl or .ndjson files",
                field="paths",
            )
        partitioned = [each for each in files if _partition(each) is not None]
        return [_dated(each, default_day) for each in partitioned or files]
    if not path.exists():
        raise MissingFileError(
            f"{path} does not exist: expected a file of France Travail offers (JSON or JSON "
            "lines) or a folder of such files",
            field="paths",
        )
    return [_dated(path, default_day)]


def _partition(path: Path) -> str | None:
    names = [match[1] for part in path.absolute().parts if (match := _PARTITION.match(part))]
    return names[-1] if names else None


def _dated(path: Path, default_day: date) -> OfferFile:
    named = _partition(path)
    if named is None:
        return OfferFile(path, default_day, is_bronze=False)
    try:
        return OfferFile(path, date.fromisoformat(named), is_bronze=True)
    except ValueError as error:
        raise InputError(
            f"{path}: the partition 'ingestion_date={named}' is not a day; expected YYYY-MM-DD",
            field="paths",
        ) from error


def read_offers(path: Path) -> Iterator[Raw | Broken]:
    """Yields every record of a file, JSON lines one by one, other JSON after reading it whole."""
    try:
        with path.open("rb") as stream:
            first = _first_line(stream)
            if first is None:
                return
            if first == _HEAD and _ends_as_written(stream):
                yield from _read_own(path, stream)
                return
            stream.seek(0)
            if _parses(first):
                yield from _read_lines(path, stream)
            else:
                yield from _read_document(path, stream.read())
    except OSError as error:
        yield Broken(path, "file", f"the file cannot be read ({error.strerror})", "")


def _ends_as_written(stream: BinaryIO) -> bool:
    """Returns whether a file ends as ours do, leaving the stream after its first line."""
    start = stream.tell()
    stream.seek(-min(16, stream.seek(0, os.SEEK_END)), os.SEEK_END)
    is_whole = stream.read().rstrip().endswith(b"\n" + _TAIL)
    stream.seek(start)
    return is_whole


def _read_own(path: Path, lines: Iterable[bytes]) -> Iterator[Raw | Broken]:
    """Reads bronze as it is written here, one offer a line: a day of a million fits no memory."""
    for number, line in enumerate(lines, start=1):
        bare = line.strip().removesuffix(b",")
        if bare in (_TAIL, b""):
            continue
        try:
            yield Raw(path, f"offer {number}", orjson.loads(bare))
        except orjson.JSONDecodeError as error:
            yield Broken(path, f"offer {number}", _why(error), bare[:2000].decode(errors="replace"))


def _first_line(stream: BinaryIO) -> bytes | None:
    for line in stream:
        bare = line.removeprefix(_BOM).strip()
        if bare:
            return bare
    return None


def _parses(text: bytes) -> bool:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True


def _read_lines(path: Path, lines: Iterable[bytes]) -> Iterator[Raw | Broken]:
    for number, line in enumerate(lines, start=1):
        bare = line.removeprefix(_BOM).strip()
        if not bare:
            continue
        try:
            value = orjson.loads(bare)
        except orjson.JSONDecodeError as error:
            yield Broken(path, f"line {number}", _why(error), bare.decode(errors="replace"))
            continue
        yield from _unwrap(path, f"line {number}", value)


def _read_document(path: Path, text: bytes) -> Iterator[Raw | Broken]:
    try:
        value = orjson.loads(text.removeprefix(_BOM))
    except orjson.JSONDecodeError as error:
        lines = text.split(b"\n")
        if any(_parses(line.strip()) for line in lines[1:50]):
            # Values one below the other: JSON lines of which the first is broken.
            yield from _read_lines(path, lines)
            return
        yield Broken(path, "file", _why(error), text[:2000].decode(errors="replace"))
        return
    yield from _unwrap(path, "file", value)


def _unwrap(path: Path, place: str, value: Any) -> Iterator[Raw | Broken]:
    """Opens ``{"resultats": [...]}`` and lists; anything else is one record."""
    if isinstance(value, dict) and "id" not in value and "resultats" in value:
        value = value["resultats"]
        if not isinstance(value, list):
            reason = "`resultats` is not a list of offers"
            yield Broken(path, place, reason, orjson.dumps(value).decode()[:2000])
            return
    if isinstance(value, list):
        prefix = "" if place in {"file", "line 1"} else f"{place}, "
        for number, each in enumerate(value, start=1):
            yield Raw(path, f"{prefix}offer {number}", each)
    else:
        yield Raw(path, place, value)


def _why(error: orjson.JSONDecodeError) -> str:
    # The decoder's message says what and where, never what the text was.
    return f"broken JSON: {error.msg} (column {error.colno})"


def write_bronze(stream: BinaryIO, offers: Iterable[bytes]) -> None:
    """Writes a day's file of raw offers, given as JSON: one a line, so that it can be read so."""
    stream.write(_HEAD + b"\n")
    for number, offer in enumerate(offers):
        stream.write((b",\n" if number else b"") + offer)
    stream.write(b"\n" + _TAIL + b"\n")


class BronzeWriter:
    """Keeps raw offers as one file a day, each written whole or not at all.

    Files grow beside their final place under a temporary name; :meth:`finish` puts them there.
    Leaving the ``with`` block without it removes them. A day's file replaces the one before.
    """

    def __init__(self, bronze_dir: Path | None) -> None:
        self._dir = bronze_dir
        self._open: dict[date, tuple[Path, Path, BinaryIO]] = {}

    def __enter__(self) -> BronzeWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for temporary, _, stream in self._open.values():
            stream.close()
            temporary.unlink(missing_ok=True)
        self._open.clear()

    def add(self, day: date, value: Any) -> None:
        """Adds one raw record to a day; does nothing without a bronze folder."""
        if self._dir is None:
            return
        stream: BinaryIO
        if day not in self._open:
            final = bronze_file(self._dir, day)
            final.parent.mkdir(parents=True, exist_ok=True)
            temporary = final.with_name(f".{final.name}.part")
            stream = temporary.open("wb")
            stream.write(_HEAD + b"\n")
            self._open[day] = (temporary, final, stream)
        else:
            stream = self._open[day][2]
            stream.write(b",\n")
        stream.write(orjson.dumps(value))

    def finish(self) -> list[Path]:
        """Puts the files in their places and returns these."""
        written = []
        for day, (temporary, final, stream) in list(self._open.items()):
            stream.write(b"\n" + _TAIL + b"\n")
            stream.close()
            temporary.replace(final)
            del self._open[day]
            written.append(final)
        return written


def with_fetched(files: Sequence[OfferFile], bronze_dir: Path | None) -> list[OfferFile]:
    """Adds the fetched offers of each day that own files are of: these join them.

    A day is replaced by what is named of it, so own files alone would take the place of everything
    that was fetched that day. Days that were never fetched are replaced as ever.
    """
    named = {file.path.resolve() for file in files}
    days = sorted({file.ingestion_date for file in files if not file.is_bronze})
    fetched = [bronze_file(bronze_dir, day) for day in days] if bronze_dir else []
    beside = [
        OfferFile(path, day, is_bronze=True)
        for day, path in zip(days, fetched, strict=False)
        if fetched_mark(path).exists() and path.exists() and path.resolve() not in named
    ]
    return [*beside, *files]  # of an offer that comes twice the later counts: the own one


def fetched_mark(path: Path) -> Path:
    """Returns the empty file that says that a day's offers were fetched."""
    return path.with_name(".fetched")


def bronze_file(bronze_dir: Path, day: date) -> Path:
    """Returns where a day's raw offers lie under the bronze folder."""
    return (
        bronze_dir
        / "france_travail"
        / "offers"
        / f"ingestion_date={day.isoformat()}"
        / f"offer_{day.isoformat()}.json"
    )
