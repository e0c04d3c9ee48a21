"""Where fetched offers are kept, and how new ones join a day: by id, whole or not at all.

A day's file is written in the order of ids, so the same offers give the same bytes whatever the
order in which they came. Memory holds an index of the offers, never their texts.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Protocol

import orjson

from jobmatch_ml.errors import ConfigError, FormatError, NotReadyError
from jobmatch_ml.files import write_bytes
from jobmatch_ml.offers.bronze import (
    Broken,
    bronze_file,
    fetched_mark,
    read_offers,
    write_bronze,
)


class BronzeStore(Protocol):
    """Keeps one file of offers a day."""

    def address(self, day: date) -> str:
        """Names a day's file for people."""

    def exclusive(self, day: date) -> AbstractContextManager[None]:
        """Keeps other writers of the day away where the store can; see :meth:`replace`."""

    def read(self, day: date, copy: Path) -> object | None:
        """Copies a day's file to ``copy``; returns its version, ``None`` when there is none."""

    def replace(self, day: date, contents: Path, *, version: object | None) -> bool:
        """Puts a file in the day's place; false: another writer was faster, read again."""


class LocalBronze:
    """Bronze in a folder.

    Args:
        folder: The bronze folder; files lie where ``jobmatch offers ingest`` looks for them.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def address(self, day: date) -> str:
        """Returns the path of a day's file."""
        return str(bronze_file(self._folder, day))

    def exclusive(self, day: date) -> AbstractContextManager[None]:
        """Waits for other writers on this machine."""
        path = bronze_file(self._folder, day)
        return locked(path.with_name(f".{path.name}.lock"))

    def read(self, day: date, copy: Path) -> object | None:
        """Copies a day's file; see :class:`BronzeStore`."""
        path = bronze_file(self._folder, day)
        if not path.exists():
            return None
        shutil.copyfile(path, copy)
        return path

    def replace(self, day: date, contents: Path, *, version: object | None) -> bool:
        """Writes a day's file atomically; the lock has kept others away."""
        path = bronze_file(self._folder, day)
        with contents.open("rb") as stream:
            write_bytes(path, iter(lambda: stream.read(2**20), b""))
        fetched_mark(path).touch()
        return True


@dataclass(frozen=True, slots=True)
class MergeReport:
    """What new offers changed in a day.

    Args:
        fetched: Distinct new offers given.
        added: Of these, offers that the day did not hold.
        updated: Offers that it held with another content.
        held: Offers that the day holds now.
    """

    fetched: int
    added: int
    updated: int
    held: int


class _Span(NamedTuple):
    """Where an offer's JSON lies in a file: its first byte, and how many."""

    start: int
    length: int


class _Gathered(NamedTuple):
    """Offers on disk, a line each, and where each one is; the last one of an id counts."""

    lines: Path
    spans: dict[str, _Span]


def merge_into_bronze(
    parts: Sequence[Path], store: BronzeStore, day: date, *, scratch_dir: Path
) -> MergeReport:
    """Adds offers to a day: an offer met again replaces the one before.

    Args:
        parts: Files of JSON lines, one offer a line; the later of two wins.
        store: Where the day's file is.
        day: Ingestion day.
        scratch_dir: Has room for four files of the day's size, while this runs.

    Raises:
        FormatError: The day's file cannot be read; it is left as it is.
    """
    while True:
        with store.exclusive(day), tempfile.TemporaryDirectory(dir=scratch_dir) as scratch:
            existing = Path(scratch) / "existing.json"
            version = store.read(day, existing)
            held = _gather(
                _offers_of_day(existing if version is not None else None, store.address(day)),
                Path(scratch) / "held.jsonl",
            )
            fetched = _gather(_offers_of_parts(parts), Path(scratch) / "fetched.jsonl")
            merged = Path(scratch) / "merged.json"
            report = _merge(held, fetched, merged)
            if not report.held or (version is not None and _same(existing, merged)):
                return report
            if store.replace(day, merged, version=version):
                return report


def offer_key(value: Any) -> str:
    """Returns what makes an offer the same one: its id, else its contents."""
    if isinstance(value, dict) and value.get("id"):
        return str(value["id"])
    return "no-id-" + hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _offers_of_day(existing: Path | None, address: str) -> Iterator[Any]:
    for item in read_offers(existing) if existing else ():
        if isinstance(item, Broken):
            raise FormatError(
                f"{address}: {item.place} cannot be read ({item.reason}); nothing was added to "
                "it. Move the file away, or mend it, and run the same command again."
            )
        yield item.value


def _offers_of_parts(parts: Iterable[Path]) -> Iterator[Any]:
    # One after the other: a process may not have thousands of files open.
    for part in parts:
        with part.open("rb") as stream:
            yield from map(orjson.loads, stream)


def _gather(offers: Iterable[Any], lines: Path) -> _Gathered:
    """Writes offers as lines of one spelling, so that equal offers have equal bytes."""
    spans, start = {}, 0
    with lines.open("wb") as out:
        for value in offers:
            text = orjson.dumps(value)
            out.write(text + b"\n")
            spans[offer_key(value)] = _Span(start, len(text))
            start += len(text) + 1
    return _Gathered(lines, spans)


def _merge(held: _Gathered, fetched: _Gathered, merged: Path) -> MergeReport:
    before, new = held.spans, fetched.spans
    with held.lines.open("rb") as old, fetched.lines.open("rb") as now, merged.open("wb") as out:
        updated = sum(
            key in before and _text(old, before[key]) != _text(now, span)
            for key, span in new.items()
        )
        everything = sorted(before.keys() | new.keys())
        texts = (
            _text(now, new[key]) if key in new else _text(old, before[key]) for key in everything
        )
        write_bronze(out, texts)
    return MergeReport(len(new), len(new.keys() - before.keys()), updated, len(everything))


def _text(stream: BinaryIO, span: _Span) -> bytes:
    stream.seek(span.start)
    return stream.read(span.length)


def _same(one: Path, other: Path) -> bool:
    with one.open("rb") as left, other.open("rb") as right:
        digests = {hashlib.file_digest(each, "sha256").digest() for each in (left, right)}
    return len(digests) == 1


def open_bronze(target: str) -> BronzeStore:
    """Returns the bronze of a folder, or of a bucket: ``gs://bucket/prefix``.

    Raises:
        ConfigError: It is an address of another kind, or names no bucket.
        MissingExtraError: It is a bucket, and the library for it is not installed.
    """
    if target.startswith("gs://"):
        from jobmatch_ml.offers.bronze_gcs import GcsBronze

        return GcsBronze.open(target)
    if "://" in target:
        raise ConfigError(
            f"bronze cannot be kept in {target!r}: expected a folder, or gs://bucket/prefix",
            field="bronze_uri",
        )
    return LocalBronze(Path(target))


@contextmanager
def local_copy(store: BronzeStore, day: date) -> Iterator[Path]:
    """Yields a bronze folder that holds a copy of one day, and removes it afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        path = bronze_file(Path(folder), day)
        path.parent.mkdir(parents=True)
        store.read(day, path)
        yield Path(folder)


@contextmanager
def locked(path: Path, *, busy: str = "") -> Iterator[None]:
    """Holds a lock file for the block; the system lets go of it when the process ends.

    Args:
        path: The lock file, created if need be and left behind: it holds nothing.
        busy: The error's text when another process holds it; empty: wait for that process.

    Raises:
        NotReadyError: Another process holds it and ``busy`` is given.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (fcntl.LOCK_NB if busy else 0))
        except BlockingIOError:
            raise NotReadyError(busy) from None
        yield
    finally:
        os.close(handle)
